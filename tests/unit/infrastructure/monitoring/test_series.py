"""The bounds of a day of readings."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from heygen_desktop.application.ports.metrics import WorkerSample
from heygen_desktop.infrastructure.monitoring.series import DaySeries

from tests.fakes.metrics import a_sample

START = datetime(2026, 1, 1, tzinfo=UTC)


def test_a_series_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        DaySeries(0)


def test_a_clock_that_was_set_back_hides_no_reading() -> None:
    series = DaySeries()
    for second in (10, 11, 3, 12):
        series.append(a_sample(START + timedelta(seconds=second)))

    found = series.since(START + timedelta(seconds=10))

    assert [sample.at.second for sample in found] == [10, 11, 12]


def test_a_machine_that_gains_a_core_is_followed() -> None:
    series = DaySeries()
    samples = [a_sample(START), replace(a_sample(START), cpu_per_core_percent=(1.0, 2.0, 3.0))]
    for sample in samples:
        series.append(sample)

    assert list(series.since(START)) == samples


def test_many_short_lived_workers_are_all_remembered() -> None:
    series = DaySeries()
    for pid in range(200):
        worker = WorkerSample(pid, "tiny", 1.0, 2, None)
        series.append(a_sample(START + timedelta(seconds=pid), workers=(worker,)))

    assert [sample.workers[0].pid for sample in series.since(START)] == list(range(200))


def test_a_day_of_readings_takes_less_than_forty_megabytes() -> None:
    # In a process of its own: what other tests hold must not count.
    program = """
import resource
from datetime import timedelta
from heygen_desktop.application.ports.metrics import GpuSample, WorkerSample
from heygen_desktop.infrastructure.monitoring.series import DaySeries
from tests.fakes.metrics import a_sample
sample = a_sample(gpus=(GpuSample(0, "g", 1.0, 2, 3, 4.0, 5.0),), workers=(WorkerSample(1, "m", 1.0, 2, 3),))
series = DaySeries()
series.append(sample)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for _ in range(100_000):
    series.append(sample)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert int(done.stdout) < 40


def test_no_heavy_library_is_imported_before_the_first_reading() -> None:
    program = """
import sys
import heygen_desktop.infrastructure.monitoring.series
import heygen_desktop.infrastructure.monitoring.sampler
import heygen_desktop.infrastructure.devices.nvidia
print([name for name in ("numpy", "pynvml") if name in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout == "[]\n"
