"""A day of readings in some thirty megabytes.

86,400 ``Sample`` objects would take hundreds of megabytes; each is kept as the bytes of its figures,
and made again when somebody looks at it. The times stand apart, so that a stretch is found fast.
"""

from __future__ import annotations

import marshal
import threading
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, overload

from heygen_desktop.application.ports.metrics import GpuSample, Sample, WorkerSample

DAY_OF_SAMPLES = 86_400


class DaySeries:
    """Fulfils ``SeriesStore``. Safe from any thread."""

    def __init__(self, capacity: int = DAY_OF_SAMPLES) -> None:
        if capacity < 1:
            raise ValueError("a series keeps at least one reading")
        self._capacity = capacity
        self._times = array("d")
        self._rows: list[bytes] = []
        self._is_in_order = True
        """Until the clock is set back for the first time."""
        self._lock = threading.Lock()

    def append(self, sample: Sample) -> None:
        at, row = sample.at.timestamp(), _packed(sample)
        with self._lock:
            self._is_in_order &= not self._times or self._times[-1] <= at
            self._times.append(at)
            self._rows.append(row)
            del self._times[: -self._capacity], self._rows[: -self._capacity]

    def latest(self) -> Sample | None:
        with self._lock:
            newest = (self._times[-1], self._rows[-1]) if self._rows else None
        return None if newest is None else _unpacked(*newest)

    def since(self, start: datetime) -> Sequence[Sample]:
        at = start.timestamp()
        with self._lock:
            first = bisect_left(self._times, at) if self._is_in_order else 0
            times, rows = self._times[first:], self._rows[first:]
        return _View([(when, row) for when, row in zip(times, rows, strict=True) if when >= at])


class _View(Sequence[Sample]):
    """Readings that are made when they are looked at."""

    def __init__(self, rows: Sequence[tuple[float, bytes]]) -> None:
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> Sample: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Sample]: ...
    def __getitem__(self, index: int | slice) -> Sample | Sequence[Sample]:
        if isinstance(index, slice):
            return _View(self._rows[index])
        return _unpacked(*self._rows[index])


def _packed(sample: Sample) -> bytes:
    """The figures in the order of the fields, without their names and without the moment."""
    _, *figures, gpus, workers = vars(sample).values()
    parts = ([tuple(vars(each).values()) for each in group] for group in (gpus, workers))
    return marshal.dumps((figures, *parts))


def _unpacked(at: float, row: bytes) -> Sample:
    # The bytes are our own and never left this process.
    figures, gpus, workers = marshal.loads(row)  # noqa: S302
    groups = (
        tuple(GpuSample(*each) for each in gpus),
        tuple(WorkerSample(*each) for each in workers),
    )
    fields: list[Any] = [datetime.fromtimestamp(at, UTC), *figures, *groups]  # Any: as in _packed
    return Sample(*fields)
