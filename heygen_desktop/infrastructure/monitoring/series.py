"""A day of readings in some twenty megabytes.

86,400 ``Sample`` objects would take hundreds of megabytes; their figures stand in numpy columns, in
blocks of ten minutes that are made when they are needed. Readings are made again when somebody looks
at one. Rows are only ever added, so a view stays true while the series goes on.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, overload

from heygen_desktop.application.ports.metrics import GpuSample, Sample, WorkerSample

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Column = NDArray[np.float64]

DAY_OF_SAMPLES = 86_400
BLOCK_SAMPLES = 600
_MOST_WORKERS_IN_A_BLOCK = 64
_FIGURES = 8
_GPU_FIGURES = 5
_WORKER_FIGURES = 3


def _columns(rows: int, figures: int) -> Column:
    """Return an empty table; not-a-number stands for "was not there"."""
    import numpy as np  # noqa: PLC0415  its 100 ms belong to the first reading, not to the start-up

    return np.full((rows, figures), np.nan)


class _Block:
    """Some minutes of readings with the same number of cores."""

    def __init__(self, rows: int, cores: int) -> None:
        self.count = 0
        self.rows = rows
        self.cores = cores
        self.times = _columns(rows, 1)[:, 0]
        self._figures = _columns(rows, _FIGURES)
        self._cores = _columns(rows, cores)
        # Replaced, never changed, so that a reader on another thread can walk through them.
        self._gpus: dict[tuple[int, str], Column] = {}
        self._workers: dict[tuple[int, str], Column] = {}

    def has_room_for(self, sample: Sample) -> bool:
        known = len(self._workers.keys() | {(each.pid, each.model) for each in sample.workers})
        fits = self.count == 0 or known <= _MOST_WORKERS_IN_A_BLOCK
        return self.count < self.rows and self.cores == len(sample.cpu_per_core_percent) and fits

    def append(self, sample: Sample) -> None:
        row = self.count
        self._figures[row] = _figures(sample)
        self._cores[row] = sample.cpu_per_core_percent
        for gpu in sample.gpus:
            self._gpus = self._with_column(self._gpus, (gpu.index, gpu.name), _GPU_FIGURES)
            self._gpus[gpu.index, gpu.name][row] = _gpu_figures(gpu)
        for worker in sample.workers:
            self._workers = self._with_column(
                self._workers, (worker.pid, worker.model), _WORKER_FIGURES
            )
            self._workers[worker.pid, worker.model][row] = _worker_figures(worker)
        self.times[row] = sample.at.timestamp()
        self.count = row + 1

    def _with_column(
        self, columns: dict[tuple[int, str], Column], key: tuple[int, str], figures: int
    ) -> dict[tuple[int, str], Column]:
        return columns if key in columns else {**columns, key: _columns(self.rows, figures)}

    def sample(self, row: int) -> Sample:
        cpu, used, total, swap, read, write, received, sent = self._figures[row].tolist()
        return Sample(
            at=datetime.fromtimestamp(float(self.times[row]), UTC),
            cpu_percent=cpu,
            cpu_per_core_percent=tuple(self._cores[row].tolist()),
            memory_used_bytes=int(used),
            memory_total_bytes=int(total),
            swap_used_bytes=int(swap),
            disk_read_bytes_per_s=read,
            disk_write_bytes_per_s=write,
            network_received_bytes_per_s=received,
            network_sent_bytes_per_s=sent,
            gpus=_gpus_at(self._gpus, row),
            workers=_workers_at(self._workers, row),
        )


_Place = tuple[_Block, int]


class _View(Sequence[Sample]):
    """Readings that are made when they are looked at."""

    def __init__(self, places: Sequence[_Place]) -> None:
        self._places = places

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, index: int) -> Sample: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Sample]: ...
    def __getitem__(self, index: int | slice) -> Sample | Sequence[Sample]:
        if isinstance(index, slice):
            return _View(self._places[index])
        block, row = self._places[index]
        return block.sample(row)


class DaySeries:
    """Fulfils ``SeriesStore``. Safe from any thread."""

    def __init__(self, capacity: int = DAY_OF_SAMPLES) -> None:
        if capacity < 1:
            raise ValueError("a series keeps at least one reading")
        self._capacity = capacity
        self._blocks: deque[_Block] = deque()
        self._total = 0
        self._lock = threading.Lock()

    def append(self, sample: Sample) -> None:
        with self._lock:
            if not self._blocks or not self._blocks[-1].has_room_for(sample):
                rows = min(BLOCK_SAMPLES, self._capacity)
                self._blocks.append(_Block(rows, len(sample.cpu_per_core_percent)))
            self._blocks[-1].append(sample)
            self._total += 1
            if self._total - self._blocks[0].count >= self._capacity:
                self._total -= self._blocks.popleft().count

    def since(self, start: datetime) -> Sequence[Sample]:
        with self._lock:
            blocks = [(block, block.count) for block in self._blocks]
        return _View(_places(blocks, start.timestamp())[-self._capacity :])


def _places(blocks: Sequence[tuple[_Block, int]], start: float) -> list[_Place]:
    """Return where the readings of that moment and later stand, clocks set back included."""
    return [
        (block, row)
        for block, count in blocks
        for row in (block.times[:count] >= start).nonzero()[0].tolist()
    ]


def _figures(sample: Sample) -> tuple[float, ...]:
    return (
        sample.cpu_percent,
        sample.memory_used_bytes,
        sample.memory_total_bytes,
        sample.swap_used_bytes,
        sample.disk_read_bytes_per_s,
        sample.disk_write_bytes_per_s,
        sample.network_received_bytes_per_s,
        sample.network_sent_bytes_per_s,
    )


def _gpu_figures(gpu: GpuSample) -> tuple[float, ...]:
    return (
        _or_nan(gpu.utilisation_percent),
        gpu.memory_used_bytes,
        gpu.memory_total_bytes,
        _or_nan(gpu.temperature_c),
        _or_nan(gpu.power_w),
    )


def _worker_figures(worker: WorkerSample) -> tuple[float, ...]:
    return worker.cpu_percent, worker.memory_bytes, _or_nan(worker.gpu_memory_bytes)


def _gpus_at(columns: dict[tuple[int, str], Column], row: int) -> tuple[GpuSample, ...]:
    found = []
    for (index, name), figures in columns.items():
        use, used, total, heat, power = figures[row].tolist()
        if total == total:  # not-a-number is the one value that differs from itself
            found.append(
                GpuSample(
                    index,
                    name,
                    _or_none(use),
                    int(used),
                    int(total),
                    _or_none(heat),
                    _or_none(power),
                )
            )
    return tuple(found)


def _workers_at(columns: dict[tuple[int, str], Column], row: int) -> tuple[WorkerSample, ...]:
    found = []
    for (pid, model), figures in columns.items():
        cpu, memory, gpu = figures[row].tolist()
        if memory == memory:  # see above
            held = None if gpu != gpu else int(gpu)
            found.append(WorkerSample(pid, model, cpu, int(memory), held))
    return tuple(found)


def _or_nan(value: float | None) -> float:
    return float("nan") if value is None else value


def _or_none(value: float) -> float | None:
    return None if value != value else value
