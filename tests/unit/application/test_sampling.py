"""Readings of the machine are taken whoever looks, as often as the settings say now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from heygen_desktop.application.application import Application
from heygen_desktop.application.ports.metrics import GpuSample, WorkerSample
from heygen_desktop.application.use_cases.monitoring import SETTLE_S, joined
from heygen_desktop.domain.errors import DatabaseBusyError

from tests.factories.application import fake_application
from tests.factories.parts import FakeParts
from tests.fakes.clock import FAKE_START
from tests.fakes.metrics import a_sample

KEY = "monitoring.interval_s"


class Watch:
    """A wait that moves the clock, until so many seconds have passed since the first reading kept."""

    def __init__(self, parts: FakeParts, seconds: float) -> None:
        self.naps: list[float] = []
        self.at: dict[float, Callable[[], object]] = {}
        """What happens once so many seconds have passed."""
        self._parts = parts
        self._left = seconds + SETTLE_S
        self._passed = 0.0

    def __call__(self, seconds: float) -> bool:
        self.naps.append(seconds)
        self._parts.clock.advance(seconds)
        self._left -= seconds
        self._passed += seconds
        for moment in [moment for moment in self.at if moment <= self._passed]:
            self.at.pop(moment)()
        return self._left <= 0


@pytest.fixture
def parts() -> FakeParts:
    return FakeParts()


@pytest.fixture
def application(parts: FakeParts) -> Application:
    return fake_application(parts)


@pytest.mark.parametrize(("interval_s", "readings"), [(0.25, 40), (1.0, 10), (4.0, 3)])
def test_a_reading_is_taken_at_once_and_then_at_the_interval_of_the_settings(
    application: Application, parts: FakeParts, interval_s: float, readings: int
) -> None:
    application.change_setting.set("development", KEY, interval_s)

    application.keep_sampling(Watch(parts, 10))

    assert len(parts.series.samples) == readings
    assert application.watch_machine.latest() == parts.series.samples[-1]


def test_a_changed_interval_holds_within_a_second(
    application: Application, parts: FakeParts
) -> None:
    application.change_setting.set("development", KEY, 60)
    watch = Watch(parts, 20)
    watch.at[10] = lambda: application.change_setting.set("development", KEY, 2)

    application.keep_sampling(watch)

    assert max(watch.naps) <= 1
    assert len(parts.series.samples) == 1 + 5


def test_a_reading_that_fails_is_left_out_and_the_next_one_is_taken(
    application: Application, parts: FakeParts, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[int] = []
    real = parts.metrics.sample

    def fail_first(workers: object) -> object:
        taken.append(1)
        if len(taken) == 1:
            raise DatabaseBusyError("heygen.db", 5.0)
        return real([])

    monkeypatch.setattr(parts.metrics, "sample", fail_first)

    application.keep_sampling(Watch(parts, 3))

    assert len(parts.series.samples) == len(taken) - 1 == 3


def test_the_first_reading_is_only_what_the_next_is_compared_with(
    application: Application, parts: FakeParts
) -> None:
    without_rates = a_sample(FAKE_START, cpu_percent=0.0)
    parts.metrics.script = [without_rates, a_sample(FAKE_START + timedelta(seconds=1))]

    application.keep_sampling(Watch(parts, 0.1))

    assert parts.series.samples == [parts.metrics.script[1]]


def test_an_end_that_is_asked_for_before_the_first_reading_is_heard(
    application: Application, parts: FakeParts
) -> None:
    application.keep_sampling(Watch(parts, -SETTLE_S))

    assert parts.series.samples == []
    assert parts.events.listeners == 0


def test_curves_are_kept_over_a_restart_with_their_peaks(parts: FakeParts) -> None:
    script = [a_sample(FAKE_START + timedelta(seconds=second)) for second in range(150)]
    script[70] = replace(script[70], cpu_percent=99.0)
    parts.metrics.script = [script[0], *script]
    fake_application(parts).keep_sampling(Watch(parts, 149.5))
    taken = len(parts.series.samples)

    parts.series.samples.clear()
    fake_application(parts).keep_sampling(Watch(parts, 0.1))

    kept = parts.series.samples[:-1]
    assert taken == 150
    assert len(kept) == 5
    assert kept[-1].at == script[149].at
    assert max(sample.cpu_percent for sample in kept) == 99.0
    assert [each.at for each in kept] == sorted(each.at for each in kept)


def test_curves_are_kept_for_a_day(parts: FakeParts) -> None:
    with parts.units() as unit:
        unit.readings.add([a_sample(FAKE_START - timedelta(hours=hours)) for hours in (-1, 1, 30)])
        unit.commit()
    parts.metrics.script = [a_sample(FAKE_START)] * 2

    fake_application(parts).keep_sampling(Watch(parts, 0.1))

    assert [each.at for each in parts.series.samples[:-1]] == [FAKE_START - timedelta(hours=1)]
    with parts.units(read_only=True) as unit:
        oldest = unit.readings.since(FAKE_START - timedelta(days=9))[0].at
    assert oldest == FAKE_START - timedelta(hours=1)


def test_a_database_that_is_busy_keeps_nobody_from_measuring(parts: FakeParts) -> None:
    parts.units.commit_error = DatabaseBusyError("heygen.db", 5.0)
    parts.metrics.script = [a_sample(FAKE_START + timedelta(seconds=s)) for s in range(100)]

    fake_application(parts).keep_sampling(Watch(parts, 99.5))

    assert len(parts.series.samples) == 100


def test_joined_readings_have_the_highest_use_of_everything() -> None:
    gpu = GpuSample(0, "H200", None, 10, 100, 50.0, None)
    worker = WorkerSample(7, "tiny@1.0.0", 80.0, 10, None)
    first = replace(
        a_sample(FAKE_START),
        cpu_per_core_percent=(10.0, 90.0),
        gpus=(gpu,),
        workers=(worker, replace(worker, pid=8)),
    )
    last = replace(
        a_sample(FAKE_START + timedelta(seconds=1)),
        cpu_per_core_percent=(20.0, 80.0),
        gpus=(replace(gpu, utilisation_percent=30.0, memory_used_bytes=5),),
        workers=(replace(worker, memory_bytes=30, cpu_percent=1.0),),
    )

    [both] = joined([first, last])

    assert both.at == last.at
    assert both.cpu_per_core_percent == (20.0, 90.0)
    assert both.gpus == (replace(gpu, utilisation_percent=30.0),)
    assert both.workers == (replace(worker, memory_bytes=30), replace(worker, pid=8))


def test_joined_readings_have_the_mean_of_each_rate() -> None:
    rates = (0.0, 0.0, 60e6)
    samples = [
        replace(
            a_sample(FAKE_START + timedelta(seconds=second)),
            disk_write_bytes_per_s=rate,
            network_received_bytes_per_s=rate,
        )
        for second, rate in enumerate(rates)
    ]

    [joint] = joined(samples)

    assert (joint.disk_write_bytes_per_s, joint.network_received_bytes_per_s) == (20e6, 20e6)


def test_nobody_listens_once_it_has_ended(application: Application, parts: FakeParts) -> None:
    application.keep_sampling(Watch(parts, 2))

    assert parts.events.listeners == 0
    assert application.watch_machine.latest() is not None


def test_before_the_first_reading_there_is_none(application: Application) -> None:
    assert application.watch_machine.latest() is None
