"""What every source of readings, and every series of them, keeps."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from heygen_desktop.application.ports.metrics import (
    GpuSample,
    Metrics,
    SeriesStore,
    WorkerRef,
    WorkerSample,
)
from heygen_desktop.infrastructure.devices.host import Host
from heygen_desktop.infrastructure.devices.nvidia import NvidiaDriver
from heygen_desktop.infrastructure.monitoring.sampler import MachineSampler, PsutilMachine
from heygen_desktop.infrastructure.monitoring.series import DaySeries

from tests.fakes.clock import FakeClock
from tests.fakes.metrics import FakeMetrics, FakeSeries, a_sample

START = datetime(2026, 1, 1, tzinfo=UTC)


def an_ended_pid() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


class Bench:
    def __init__(self, metrics: Metrics, gone: int) -> None:
        self.metrics = metrics
        self.gone = gone


@pytest.fixture(params=["fake", "machine"])
def bench(request: pytest.FixtureRequest) -> Bench:
    gone = an_ended_pid()
    if request.param == "fake":
        fake = FakeMetrics()
        fake.gone.add(gone)
        return Bench(fake, gone)
    clock = FakeClock()
    driver = NvidiaDriver(monotonic=clock.monotonic)
    request.addfinalizer(driver.close)
    return Bench(MachineSampler(clock, PsutilMachine(Host()), driver), gone)


class TestMetrics:
    def test_a_reading_has_a_time_zone(self, bench: Bench) -> None:
        assert bench.metrics.sample([]).at.tzinfo is not None

    def test_shares_lie_between_0_and_100(self, bench: Bench) -> None:
        for _ in range(3):
            sample = bench.metrics.sample([])

            assert 0 <= sample.cpu_percent <= 100
            assert all(0 <= core <= 100 for core in sample.cpu_per_core_percent)

    def test_there_is_a_core_and_memory_in_use(self, bench: Bench) -> None:
        sample = bench.metrics.sample([])

        assert len(sample.cpu_per_core_percent) >= 1
        assert 0 < sample.memory_used_bytes < sample.memory_total_bytes

    def test_the_first_rates_are_nothing(self, bench: Bench) -> None:
        sample = bench.metrics.sample([])

        assert sample.disk_read_bytes_per_s == sample.disk_write_bytes_per_s == 0
        assert sample.network_received_bytes_per_s == sample.network_sent_bytes_per_s == 0

    def test_a_living_worker_is_measured_under_its_model(self, bench: Bench) -> None:
        (worker,) = bench.metrics.sample([WorkerRef(os.getpid(), "tiny")]).workers

        assert (worker.pid, worker.model) == (os.getpid(), "tiny")
        assert worker.memory_bytes > 1_000_000
        assert worker.cpu_percent >= 0

    def test_a_worker_that_is_gone_is_left_out(self, bench: Bench) -> None:
        refs = [WorkerRef(bench.gone, "gone"), WorkerRef(os.getpid(), "here")]

        assert [worker.model for worker in bench.metrics.sample(refs).workers] == ["here"]

    def test_there_is_a_problem_exactly_where_there_is_no_gpu(self, bench: Bench) -> None:
        problem = bench.metrics.gpu_problem()

        assert bool(problem) == (not bench.metrics.sample([]).gpus)


MakeSeries = Callable[[int], SeriesStore]


@pytest.fixture(params=["fake", "memory"])
def make_series(request: pytest.FixtureRequest) -> MakeSeries:
    if request.param == "fake":
        return lambda capacity: FakeSeries(capacity=capacity)
    return DaySeries


def fill(series: SeriesStore, count: int) -> None:
    for number in range(count):
        series.append(a_sample(START + timedelta(seconds=number), cpu_percent=number % 100))


class TestSeriesStore:
    def test_a_new_series_is_empty(self, make_series: MakeSeries) -> None:
        assert len(make_series(10).since(START)) == 0
        assert make_series(10).latest() is None

    def test_a_reading_comes_back_as_it_was(self, make_series: MakeSeries) -> None:
        gpus = (
            GpuSample(0, "Big", 50.0, 2**33, 2**37, 45.0, 300.5),
            GpuSample(1, "Bare", None, 0, 2**37, None, None),
        )
        workers = (
            WorkerSample(7, "tiny", 150.0, 2**30, None),
            WorkerSample(8, "large", 0.0, 2**31, 2**33),
        )
        sample = a_sample(START + timedelta(microseconds=1), gpus=gpus, workers=workers)
        series = make_series(10)

        series.append(sample)

        assert list(series.since(START)) == [sample]
        assert series.latest() == sample

    def test_gpus_and_workers_come_and_go(self, make_series: MakeSeries) -> None:
        gpu = GpuSample(0, "Big", 50.0, 1, 2, 45.0, 300.5)
        samples = [
            a_sample(START, gpus=(gpu,)),
            a_sample(START + timedelta(seconds=1), workers=(WorkerSample(7, "a", 1.0, 2, None),)),
            a_sample(START + timedelta(seconds=2), workers=(WorkerSample(8, "b", 1.0, 2, 3),)),
        ]
        series = make_series(10)

        for sample in samples:
            series.append(sample)

        assert list(series.since(START)) == samples

    def test_readings_come_from_that_moment_on(self, make_series: MakeSeries) -> None:
        series = make_series(10)
        fill(series, 5)

        found = series.since(START + timedelta(seconds=3))

        assert [sample.cpu_percent for sample in found] == [3, 4]

    def test_the_oldest_makes_room(self, make_series: MakeSeries) -> None:
        series = make_series(700)
        fill(series, 2000)

        found = series.since(START)

        assert len(found) == 700
        assert [found[0].at, found[-1].at] == [
            START + timedelta(seconds=1300),
            START + timedelta(seconds=1999),
        ]

    def test_what_was_asked_for_stays_while_the_series_goes_on(
        self, make_series: MakeSeries
    ) -> None:
        series = make_series(5)
        fill(series, 5)
        found = series.since(START)
        before = list(found)

        series.append(a_sample(START + timedelta(seconds=9)))

        assert list(found) == before

    def test_a_part_of_the_readings_can_be_taken(self, make_series: MakeSeries) -> None:
        series = make_series(10)
        fill(series, 6)

        part = series.since(START)[-2:]

        assert [sample.cpu_percent for sample in part] == [4, 5]
        with pytest.raises(IndexError):
            part[2]
