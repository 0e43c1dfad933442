"""Rates, shares and workers from counters that a test sets."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from heygen_desktop.application.ports.metrics import WorkerRef
from heygen_desktop.infrastructure.devices.nvidia import NO_GPU, NvidiaDriver
from heygen_desktop.infrastructure.monitoring.sampler import (
    Counters,
    CpuTimes,
    MachineSampler,
    ProcessCounters,
)

from tests.fakes.clock import FakeClock
from tests.fakes.nvml import GIB, FakeNvml

START = Counters(
    cores=(CpuTimes(100, 200), CpuTimes(100, 200)),
    memory_total_bytes=1000,
    memory_available_bytes=300,
    swap_used_bytes=5,
    traffic={
        "disk_read_bytes_per_s": 1000,
        "disk_write_bytes_per_s": 2000,
        "network_received_bytes_per_s": 3000,
        "network_sent_bytes_per_s": 4000,
    },
)


class ScriptedMachine:
    def __init__(self) -> None:
        self.counters = START
        self.processes: dict[int, ProcessCounters] = {}

    def read(self) -> Counters:
        return self.counters

    def process(self, pid: int) -> ProcessCounters | None:
        return self.processes.get(pid)


class Bench:
    def __init__(self) -> None:
        self.clock = FakeClock()
        self.machine = ScriptedMachine()
        self.nvml = FakeNvml(count=0)
        driver = NvidiaDriver(load=lambda: self.nvml, monotonic=self.clock.monotonic)
        self.sampler = MachineSampler(self.clock, self.machine, driver)


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_memory_in_use_is_what_a_new_program_could_not_have(bench: Bench) -> None:
    sample = bench.sampler.sample([])

    assert (sample.memory_used_bytes, sample.memory_total_bytes, sample.swap_used_bytes) == (
        700,
        1000,
        5,
    )


def test_shares_are_since_the_last_reading(bench: Bench) -> None:
    first = bench.sampler.sample([])
    bench.machine.counters = replace(START, cores=(CpuTimes(101, 202), CpuTimes(102, 202)))
    second = bench.sampler.sample([])

    assert (first.cpu_percent, first.cpu_per_core_percent) == (0.0, (0.0, 0.0))
    assert (second.cpu_percent, second.cpu_per_core_percent) == (75.0, (50.0, 100.0))


def test_a_core_that_appears_starts_the_comparison_anew(bench: Bench) -> None:
    bench.sampler.sample([])
    bench.machine.counters = replace(START, cores=(*START.cores, CpuTimes(9, 10)))

    assert bench.sampler.sample([]).cpu_per_core_percent == (0.0, 0.0, 0.0)


def test_times_that_go_backwards_are_no_use_at_all(bench: Bench) -> None:
    bench.sampler.sample([])
    bench.machine.counters = replace(START, cores=(CpuTimes(90, 201), CpuTimes(100, 190)))

    assert bench.sampler.sample([]).cpu_per_core_percent == (0.0, 0.0)


def test_rates_are_per_second_since_the_last_reading(bench: Bench) -> None:
    bench.sampler.sample([])
    bench.clock.advance(2)
    bench.machine.counters = replace(
        START,
        traffic={name: count * 12 // 10 for name, count in START.traffic.items()},
    )
    sample = bench.sampler.sample([])

    assert (sample.disk_read_bytes_per_s, sample.disk_write_bytes_per_s) == (100, 200)
    assert (sample.network_received_bytes_per_s, sample.network_sent_bytes_per_s) == (300, 400)


def test_a_counter_that_goes_backwards_is_a_rate_of_nothing(bench: Bench) -> None:
    bench.sampler.sample([])
    bench.clock.advance(1)
    bench.machine.counters = replace(START, traffic={**START.traffic, "disk_read_bytes_per_s": 10})

    assert bench.sampler.sample([]).disk_read_bytes_per_s == 0


def test_two_readings_at_one_moment_have_no_rate(bench: Bench) -> None:
    bench.sampler.sample([])
    bench.machine.counters = replace(
        START, traffic={**START.traffic, "disk_read_bytes_per_s": 9000}
    )

    assert bench.sampler.sample([]).disk_read_bytes_per_s == 0


def test_a_worker_on_one_and_a_half_cores_uses_150_percent(bench: Bench) -> None:
    refs = [WorkerRef(7, "tiny")]
    bench.machine.processes[7] = ProcessCounters(10.0, 1000)
    (first,) = bench.sampler.sample(refs).workers
    bench.clock.advance(2)
    bench.machine.processes[7] = ProcessCounters(13.0, 2000)
    (second,) = bench.sampler.sample(refs).workers

    assert (first.cpu_percent, first.memory_bytes) == (0.0, 1000)
    assert (second.cpu_percent, second.memory_bytes) == (150.0, 2000)


def test_a_worker_that_ended_is_left_out(bench: Bench) -> None:
    bench.machine.processes[7] = ProcessCounters(10.0, 1000)

    workers = bench.sampler.sample([WorkerRef(6, "gone"), WorkerRef(7, "here")]).workers

    assert [worker.model for worker in workers] == ["here"]


def test_a_workers_gpu_memory_is_known_by_its_pid(bench: Bench) -> None:
    bench.nvml.count = 1
    bench.machine.processes = {7: ProcessCounters(1, 1), 8: ProcessCounters(1, 1)}

    sample = bench.sampler.sample([WorkerRef(7, "a"), WorkerRef(8, "b")])

    assert [gpu.name for gpu in sample.gpus] == ["Big GPU"]
    assert [worker.gpu_memory_bytes for worker in sample.workers] == [GIB, None]


def test_why_there_is_no_gpu_is_told(bench: Bench) -> None:
    assert bench.sampler.gpu_problem() == NO_GPU


def test_readings_from_several_threads_compare_with_each_other(bench: Bench) -> None:
    bench.sampler.sample([])
    bench.machine.counters = replace(START, cores=(CpuTimes(101, 202), CpuTimes(102, 202)))
    shares: list[float] = []

    thread = threading.Thread(target=lambda: shares.append(bench.sampler.sample([]).cpu_percent))
    thread.start()
    thread.join()

    assert shares == [75.0]
