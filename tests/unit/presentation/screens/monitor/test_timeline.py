"""Readings over time, and the charts and tables made of them."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from heygen_desktop.application.ports.metrics import GpuSample, Sample, WorkerSample
from heygen_desktop.presentation.desktop.screens.monitor.charts import Chart, Unit, frame_of
from heygen_desktop.presentation.desktop.screens.monitor.export import csv_of
from heygen_desktop.presentation.desktop.screens.monitor.timeline import (
    POINTS,
    Timeline,
    timeline_of,
)

from tests.fakes.metrics import GIB, a_sample

START = datetime(2026, 1, 1, tzinfo=UTC)
GPU = GpuSample(0, "H200", 40.0, 10 * GIB, 140 * GIB, 50.0, 300.0)
WORKER = WorkerSample(4242, "llama@1.0.0", 80.0, 2 * GIB, None)


def readings(count: int, step_s: float = 1.0) -> list[Sample]:
    moments = (START + timedelta(seconds=number * step_s) for number in range(count))
    return [a_sample(at, cpu_percent=float(number % 100)) for number, at in enumerate(moments)]


def charts_of(*samples: Sample) -> dict[str, Chart]:
    timeline = timeline_of(samples, START.timestamp(), START.timestamp() + 60)
    frame = frame_of(timeline, START.timestamp(), START.timestamp() + 60)
    return {chart.id: chart for chart in frame.charts}


def test_short_ranges_keep_every_reading() -> None:
    timeline = timeline_of(readings(300), START.timestamp(), START.timestamp() + 300)

    assert len(timeline.times) == 300
    assert timeline.columns["cpu"][:3] == [0.0, 1.0, 2.0]


def test_long_ranges_keep_the_peaks_of_what_they_join() -> None:
    samples = readings(7200)
    samples[3601] = replace(samples[3601], cpu_percent=99.9)

    timeline = timeline_of(samples, START.timestamp(), START.timestamp() + 7200)

    assert len(timeline.times) <= POINTS + 1
    assert 99.9 in timeline.columns["cpu"]


def test_a_reading_is_added_once_and_none_after_the_end() -> None:
    timeline = timeline_of(readings(20), START.timestamp(), START.timestamp() + 9)

    timeline.add(readings(10))

    assert len(timeline.times) == 10


def test_a_time_without_readings_breaks_the_line() -> None:
    late = a_sample(START + timedelta(seconds=30), cpu_percent=5.0)

    timeline = timeline_of([a_sample(START), late], START.timestamp(), START.timestamp() + 60)

    assert len(timeline.times) == 3
    assert math.isnan(timeline.columns["cpu"][1])


@pytest.mark.parametrize("step_s", [10.0, 30.0])
def test_readings_at_long_intervals_are_one_line_until_some_are_missing(step_s: float) -> None:
    samples = [*readings(10, step_s), a_sample(START + timedelta(seconds=20 * step_s))]

    timeline = timeline_of(samples, START.timestamp(), START.timestamp() + 900)

    broken = [at for at, value in enumerate(timeline.columns["cpu"]) if math.isnan(value)]
    assert broken == [1, 11]


def test_what_is_older_than_the_view_is_let_go_but_for_one_point() -> None:
    timeline = timeline_of(readings(60), START.timestamp(), START.timestamp() + 60)

    timeline.forget_before(START.timestamp() + 50)
    timeline.forget_before(START.timestamp() + 50)

    assert timeline.times[0] == START.timestamp() + 49
    assert len(timeline.columns["cpu"]) == len(timeline.times) == 11


def test_a_model_that_left_long_ago_has_no_line() -> None:
    samples = readings(60)
    samples[3] = replace(samples[3], workers=(WORKER,))
    timeline = timeline_of(samples, START.timestamp(), START.timestamp() + 60)
    assert "worker/4242" in timeline.columns

    timeline.forget_before(START.timestamp() + 30)

    assert "worker/4242" not in timeline.columns


def test_a_model_that_came_late_has_no_figures_before() -> None:
    with_worker = replace(a_sample(START + timedelta(seconds=1)), workers=(WORKER,))

    charts = charts_of(a_sample(START), with_worker)

    line = charts["workers"].lines[0]
    assert line.name == "llama@1.0.0"
    assert math.isnan(line.values[0])
    assert line.values[1] == 2 * GIB
    assert charts["memory"].lines[1].values == (0.0, 2 * GIB)


def test_joined_readings_take_a_figure_over_none() -> None:
    timeline = Timeline(86_400)
    first = a_sample(START)

    timeline.add([first, replace(first, at=START + timedelta(seconds=1), workers=(WORKER,))])
    timeline.add([a_sample(START + timedelta(seconds=2))])

    assert timeline.columns["worker/4242"] == [2 * GIB]


def test_two_models_of_one_name_are_told_apart() -> None:
    charts = charts_of(replace(a_sample(START), workers=(WORKER, replace(WORKER, pid=4243))))

    assert [line.name for line in charts["workers"].lines] == [
        "llama@1.0.0 (4242)",
        "llama@1.0.0 (4243)",
    ]


def test_cores_are_faint_and_their_whole_is_bold() -> None:
    lines = charts_of(a_sample(START))["cpu"].lines

    assert [line.name for line in lines] == ["core 0", "core 1", "all cores"]
    assert [line.is_faint for line in lines] == [True, True, False]
    assert lines[-1].is_bold


def test_scales_are_of_the_machine_or_of_what_was_measured() -> None:
    busy = replace(a_sample(START), disk_read_bytes_per_s=50e6)

    charts = charts_of(busy)

    assert charts["cpu"].top == 100.0
    assert charts["memory"].top == 16 * GIB
    assert round(charts["disk"].top) == 55_000_000
    assert charts["network"].top == 1e6


def test_gpus_have_charts_only_where_there_are_gpus() -> None:
    with_gpus = charts_of(replace(a_sample(START), gpus=(GPU, replace(GPU, index=1))))

    assert "gpu" not in charts_of(a_sample(START))
    assert [line.name for line in with_gpus["gpu"].lines] == ["H200 (0)", "H200 (1)"]
    assert with_gpus["gpu-memory"].top == 140 * GIB


def test_a_gpu_that_does_not_tell_its_use_still_has_its_memory() -> None:
    charts = charts_of(replace(a_sample(START), gpus=(replace(GPU, utilisation_percent=None),)))

    assert charts["gpu"].lines == []
    assert charts["gpu"].note == "The driver does not say."
    assert charts["gpu-memory"].lines[0].values == (10 * GIB,)


def test_nothing_measured_gives_empty_charts() -> None:
    charts = charts_of()

    assert charts["cpu"].lines[-1].values == ()
    assert charts["memory"].top == 1.0
    assert charts["workers"].note.startswith("No model is in memory.")


def test_figures_carry_their_unit() -> None:
    assert Unit.PERCENT.text(12.4) == "12 %"
    assert Unit.BYTES.text(2e9) == "2.0 GB"
    assert Unit.RATE.text(1.5e6) == "1.5 MB/s"
    assert Unit.BYTES.text(math.nan) == "–"


def test_the_table_has_a_column_for_everything_that_was_there_once() -> None:
    rows = list(
        csv.DictReader(
            io.StringIO(
                csv_of(
                    [a_sample(START), replace(a_sample(START), gpus=(GPU,), workers=(WORKER,))]
                ).decode("utf-8")
            )
        )
    )

    assert rows[0]["at"] == START.isoformat()
    assert rows[0]["core_1_percent"] == "12.5"
    assert rows[0]["gpu_0_percent"] == ""
    assert rows[1]["gpu_0_memory_used_bytes"] == str(10 * GIB)
    assert rows[1]["worker_4242_llama@1.0.0_memory_bytes"] == str(2 * GIB)


def test_a_table_of_nothing_is_its_header() -> None:
    assert csv_of([]).decode("utf-8").startswith("at,cpu_percent")
