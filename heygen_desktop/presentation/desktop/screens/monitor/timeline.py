"""Readings as columns over time, joined into buckets where a chart has fewer pixels than readings."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import dropwhile

from heygen_desktop.application.ports.metrics import Sample

NAN = float("nan")
POINTS = 720
"""So many points a chart shows at most; a screen has about as many pixels for it."""
_GAP_S = 8.0
"""Nothing was measured for so long, and for longer than usual: the line is broken there, not drawn across."""
_USUAL_STEPS = 2.5


class Timeline:
    """Columns of figures by name; each bucket keeps its highest reading, so that no peak is lost."""

    def __init__(self, span_s: float) -> None:
        """Make an empty one.

        Args:
            span_s: How long a stretch it is for; up to 15 minutes every reading stays by itself.
        """
        self.bucket_s = span_s / POINTS if span_s > 900 else 0.0
        self.times: list[float] = []
        """Seconds since the epoch, growing; a bucket stands at its beginning."""
        self.columns: dict[str, list[float]] = {}
        """Not-a-number where a thing was not measured."""
        self.names: dict[str, str] = {}
        """What GPUs and workers are called, by column."""
        self.latest: Sample | None = None
        self._gap_s = max(_GAP_S, _USUAL_STEPS * self.bucket_s)
        self._step_s = 0.0
        """Between the latest reading and the one before it."""

    @property
    def end(self) -> float:
        """The moment of the latest reading, 0 where there is none."""
        return self.latest.at.timestamp() if self.latest else 0.0

    def add(self, samples: Iterable[Sample]) -> None:
        """Add readings; those that are not later than the latest are passed over."""
        for sample in samples:
            if sample.at.timestamp() > self.end:
                self._add(sample)

    def forget_before(self, start: float) -> None:
        """Let go of the points before a moment, but for the one that leads into it."""
        gone = len(self.times) - sum(1 for _ in dropwhile(lambda at: at < start, self.times)) - 1
        if gone > 0:
            del self.times[:gone]
            for column in self.columns.values():
                del column[:gone]
            for name in [key for key, values in self.columns.items() if _is_empty(values)]:
                del self.columns[name]

    def _add(self, sample: Sample) -> None:
        at = sample.at.timestamp()
        if self.latest is not None:
            step_s = at - self.end
            if step_s > max(self._gap_s, _USUAL_STEPS * self._step_s):
                self._append(self.end + 0.001, {})
            self._step_s = step_s
        place = at - at % self.bucket_s if self.bucket_s else at
        figures = self._figures(sample)
        self.latest = sample
        if self.times and place <= self.times[-1]:
            self._join(figures)
        else:
            self._append(place, figures)

    def _append(self, at: float, figures: dict[str, float]) -> None:
        for name in figures.keys() - self.columns.keys():
            self.columns[name] = [NAN] * len(self.times)
        self.times.append(at)
        for name, column in self.columns.items():
            column.append(figures.get(name, NAN))

    def _join(self, figures: dict[str, float]) -> None:
        for name, figure in figures.items():
            column = self.columns.setdefault(name, [NAN] * len(self.times))
            # Not-a-number compares as False, and so gives way to a figure.
            column[-1] = column[-1] if column[-1] >= figure else figure

    def _figures(self, sample: Sample) -> dict[str, float]:
        figures = {
            "cpu": sample.cpu_percent,
            "memory": float(sample.memory_used_bytes),
            "memory/workers": float(sum(worker.memory_bytes for worker in sample.workers)),
            "disk/read": sample.disk_read_bytes_per_s,
            "disk/write": sample.disk_write_bytes_per_s,
            "network/received": sample.network_received_bytes_per_s,
            "network/sent": sample.network_sent_bytes_per_s,
        }
        for number, share in enumerate(sample.cpu_per_core_percent):
            figures[f"core/{number}"] = share
        for gpu in sample.gpus:
            self.names[f"gpu-use/{gpu.index}"] = self.names[f"gpu-memory/{gpu.index}"] = gpu.name
            figures[f"gpu-memory/{gpu.index}"] = float(gpu.memory_used_bytes)
            if gpu.utilisation_percent is not None:
                figures[f"gpu-use/{gpu.index}"] = gpu.utilisation_percent
        for worker in sample.workers:
            self.names[f"worker/{worker.pid}"] = worker.model
            figures[f"worker/{worker.pid}"] = float(worker.memory_bytes)
        return figures


def timeline_of(samples: Iterable[Sample], start: float, end: float) -> Timeline:
    """Return the readings from ``start`` to ``end`` (seconds since the epoch), oldest first."""
    timeline = Timeline(end - start)
    for sample in samples:
        if sample.at.timestamp() > end:
            break
        timeline.add((sample,))
    return timeline


def _is_empty(values: list[float]) -> bool:
    return all(value != value for value in values)
