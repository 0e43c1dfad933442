"""Readings by script, and a series that is a list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from heygen_desktop.application.ports.metrics import GpuSample, Sample, WorkerRef, WorkerSample

NO_GPU = "No NVIDIA driver was found on this machine."
GIB = 1024**3


def a_sample(
    at: datetime = datetime(2026, 1, 1, tzinfo=UTC),
    *,
    cpu_percent: float = 12.5,
    memory_used_bytes: int = 4 * GIB,
    gpus: tuple[GpuSample, ...] = (),
    workers: tuple[WorkerSample, ...] = (),
) -> Sample:
    """Return a reading of a quiet machine with two cores; ``replace`` changes the rest of it."""
    return Sample(
        at=at,
        cpu_percent=cpu_percent,
        cpu_per_core_percent=(cpu_percent, cpu_percent),
        memory_used_bytes=memory_used_bytes,
        memory_total_bytes=16 * GIB,
        swap_used_bytes=0,
        disk_read_bytes_per_s=0.0,
        disk_write_bytes_per_s=0.0,
        network_received_bytes_per_s=0.0,
        network_sent_bytes_per_s=0.0,
        gpus=gpus,
        workers=workers,
    )


class FakeMetrics:
    """Gives the scripted readings in turn, then the last of them again and again."""

    def __init__(self, *script: Sample, gpu_problem: str = NO_GPU) -> None:
        self.script = list(script) or [a_sample()]
        self.gone: set[int] = set()
        """Pids of workers that have ended."""
        self.asked: list[tuple[WorkerRef, ...]] = []
        """The workers of every call."""
        self._problem = gpu_problem

    def sample(self, workers: Sequence[WorkerRef]) -> Sample:
        self.asked.append(tuple(workers))
        reading = self.script[min(len(self.asked), len(self.script)) - 1]
        scripted = {worker.pid: worker for worker in reading.workers}
        measured = tuple(
            scripted.get(ref.pid) or WorkerSample(ref.pid, ref.model, 50.0, GIB, None)
            for ref in workers
            if ref.pid not in self.gone
        )
        later = timedelta(seconds=max(0, len(self.asked) - len(self.script)))
        return replace(reading, at=reading.at + later, workers=measured)

    def gpu_problem(self) -> str:
        return "" if any(reading.gpus for reading in self.script) else self._problem


class FakeSeries:
    """Keeps the newest ``capacity`` readings."""

    def __init__(self, samples: Iterable[Sample] = (), *, capacity: int = 86_400) -> None:
        self.samples = list(samples)
        self._capacity = capacity

    def append(self, sample: Sample) -> None:
        self.samples.append(sample)
        del self.samples[: -self._capacity]

    def latest(self) -> Sample | None:
        return self.samples[-1] if self.samples else None

    def since(self, start: datetime) -> Sequence[Sample]:
        return [sample for sample in self.samples if sample.at >= start]
