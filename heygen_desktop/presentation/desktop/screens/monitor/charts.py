"""What the screen draws: charts of lines, made from a timeline. No toolkit here."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from heygen_desktop.presentation.desktop.screens.monitor.timeline import Timeline
from heygen_desktop.presentation.wording import NOTHING, percent, size, size_rate

_LEAST_RATE = 1e6
_LEAST_WORKER_BYTES = 100e6
_ROOM = 1.1


class Unit(Enum):
    """What the figures of a chart are."""

    PERCENT = "percent"
    BYTES = "bytes"
    RATE = "rate"
    """Bytes a second."""

    def text(self, value: float) -> str:
        """Return a figure with its unit; not-a-number was not measured."""
        if math.isnan(value):
            return NOTHING
        return {Unit.PERCENT: percent, Unit.BYTES: size, Unit.RATE: size_rate}[self](value)


@dataclass(frozen=True)
class Line:
    """One line of a chart."""

    name: str
    values: Sequence[float]
    """One for each moment of the frame; not-a-number where nothing was measured."""
    colour: int
    """Which of the theme's chart colours."""
    is_bold: bool = False
    is_faint: bool = False
    """One of many: thin, and with the others in one entry of the legend."""


@dataclass(frozen=True)
class Chart:
    """Lines over one scale from 0 to ``top``."""

    id: str
    title: str
    unit: Unit
    top: float
    lines: Sequence[Line]
    note: str = ""
    """What stands there while there is no line."""
    faint_name: str = ""
    """What the legend calls the faint lines."""


@dataclass(frozen=True)
class Frame:
    """All charts over one stretch of time; moments are seconds since the epoch."""

    start: float
    end: float
    times: Sequence[float]
    charts: Sequence[Chart]


def frame_of(timeline: Timeline, start: float, end: float) -> Frame:
    """Return the charts; those of GPUs only where a GPU was measured."""
    charts = [
        _cpu(timeline),
        _memory(timeline),
        _pair(timeline, "disk", "Disk", ("read", "write")),
        _pair(timeline, "network", "Network", ("received", "sent")),
        *_gpus(timeline),
        _workers(timeline),
    ]
    return Frame(start, end, tuple(timeline.times), charts)


def _cpu(timeline: Timeline) -> Chart:
    cores = _columns(timeline, "core/")
    lines = [
        Line(f"core {name.removeprefix('core/')}", values, 1 + at, is_faint=True)
        for at, (name, values) in enumerate(cores)
    ]
    total = Line("all cores", _column(timeline, "cpu"), 0, is_bold=True)
    return Chart("cpu", "CPU", Unit.PERCENT, 100.0, (*lines, total), faint_name="each core")


def _memory(timeline: Timeline) -> Chart:
    total = timeline.latest.memory_total_bytes if timeline.latest else 0
    lines = (
        Line("used", _column(timeline, "memory"), 1, is_bold=True),
        Line("by models", _column(timeline, "memory/workers"), 3),
    )
    return Chart("memory", "Memory", Unit.BYTES, float(total or 1), lines)


def _pair(timeline: Timeline, kind: str, title: str, ways: tuple[str, str]) -> Chart:
    lines = [Line(way, _column(timeline, f"{kind}/{way}"), at) for at, way in enumerate(ways)]
    return Chart(kind, title, Unit.RATE, _top(lines, _LEAST_RATE), lines)


def _gpus(timeline: Timeline) -> list[Chart]:
    use, memory = _named(timeline, "gpu-use/"), _named(timeline, "gpu-memory/")
    gpus = timeline.latest.gpus if timeline.latest else ()
    total = max((float(gpu.memory_total_bytes) for gpu in gpus), default=_top(memory, 1.0))
    if not memory:
        return []
    return [
        Chart("gpu", "GPU", Unit.PERCENT, 100.0, use, "The driver does not say."),
        Chart("gpu-memory", "GPU memory", Unit.BYTES, total, memory),
    ]


def _workers(timeline: Timeline) -> Chart:
    lines = _named(timeline, "worker/")
    return Chart(
        "workers",
        "Memory of each model",
        Unit.BYTES,
        _top(lines, _LEAST_WORKER_BYTES),
        lines,
        "No model is in memory. Load or run one to see how much it takes.",
    )


def _named(timeline: Timeline, prefix: str) -> list[Line]:
    """Return the lines of GPUs or workers; equal names are told apart by their number."""
    columns = _columns(timeline, prefix)
    called = [timeline.names[name] for name, _ in columns]
    return [
        Line(
            f"{title} ({name.removeprefix(prefix)})" if called.count(title) > 1 else title,
            values,
            at,
        )
        for at, ((name, values), title) in enumerate(zip(columns, called, strict=True))
    ]


def _columns(timeline: Timeline, prefix: str) -> list[tuple[str, tuple[float, ...]]]:
    columns = timeline.columns.items()
    found = [(name, tuple(values)) for name, values in columns if name.startswith(prefix)]
    return sorted(found, key=lambda each: int(each[0].removeprefix(prefix)))


def _column(timeline: Timeline, name: str) -> tuple[float, ...]:
    return tuple(timeline.columns.get(name, ()))


def _top(lines: Sequence[Line], least: float) -> float:
    highest = (value for line in lines for value in line.values if value == value)
    return max(least, _ROOM * max(highest, default=0.0))
