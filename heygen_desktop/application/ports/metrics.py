"""Readings of what the machine and the workers spend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class GpuSample:
    """One GPU at one moment."""

    index: int
    name: str
    utilisation_percent: float | None
    memory_used_bytes: int
    memory_total_bytes: int
    temperature_c: float | None
    power_w: float | None


@dataclass(frozen=True)
class WorkerSample:
    """One worker process at one moment."""

    pid: int
    model: str
    cpu_percent: float
    """100 is one core."""
    memory_bytes: int
    gpu_memory_bytes: int | None


@dataclass(frozen=True)
class Sample:
    """One reading of everything."""

    at: datetime
    cpu_percent: float
    """0 to 100, of the whole machine, since the last reading."""
    cpu_per_core_percent: tuple[float, ...]
    memory_used_bytes: int
    """In use and not to be had for a new program: total minus available."""
    memory_total_bytes: int
    swap_used_bytes: int
    disk_read_bytes_per_s: float
    disk_write_bytes_per_s: float
    network_received_bytes_per_s: float
    network_sent_bytes_per_s: float
    gpus: tuple[GpuSample, ...]
    workers: tuple[WorkerSample, ...]


@dataclass(frozen=True)
class WorkerRef:
    """A worker to be measured."""

    pid: int
    model: str


class Metrics(Protocol):
    """Reads the machine; a whole reading takes about a millisecond."""

    def sample(self, workers: Sequence[WorkerRef]) -> Sample:
        """Return a reading; rates are since the last call, 0 in the first. A worker that is gone is left out."""

    def gpu_problem(self) -> str:
        """Return why a GPU is not in the readings, in one sentence, or an empty string."""


class SeriesStore(Protocol):
    """Readings over time, at most 24 hours at one a second, in bounded memory."""

    def append(self, sample: Sample) -> None:
        """Keep a reading; the oldest makes room."""

    def latest(self) -> Sample | None:
        """Return the newest reading, or None before the first."""

    def since(self, start: datetime) -> Sequence[Sample]:
        """Return the readings at or after ``start``, oldest first."""


class ReadingRegister(Protocol):
    """Readings that outlast the program: a few for each minute."""

    def add(self, samples: Sequence[Sample]) -> None:
        """Keep them; one of the same moment takes the place of the one that is there."""

    def since(self, start: datetime) -> Sequence[Sample]:
        """Return those at or after ``start``, oldest first; shares are kept to a tenth, sizes to a byte."""

    def forget_before(self, moment: datetime) -> None:
        """Let go of those that are older."""
