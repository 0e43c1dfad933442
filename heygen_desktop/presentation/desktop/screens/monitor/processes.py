"""Our processes as the table shows them: the workers, this window, and other programs that hold models."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from heygen_desktop.application.ports.metrics import Sample
from heygen_desktop.application.ports.processes import Program
from heygen_desktop.domain.entities.run import Owner
from heygen_desktop.domain.entities.worker import Worker


@dataclass(frozen=True)
class ProcessRow:
    """One process."""

    name: str
    doing: str
    process: Owner
    memory_bytes: int | None
    cpu_percent: float | None = None
    """100 is one core; None where it is not measured."""
    device: str = ""
    reference: str = ""
    """Of the model that a worker holds; other processes hold none."""
    is_busy: bool = False
    gpu_memory_bytes: int | None = None

    @property
    def key(self) -> str:
        """What the table calls it."""
        return str(self.process.pid)


def rows_of(
    programs: Sequence[Program], workers: Sequence[Worker], sample: Sample | None
) -> Iterator[ProcessRow]:
    """Yield the workers, with what the latest reading says of them, and the programs, this one first."""
    readings = {each.pid: each for each in sample.workers} if sample else {}
    for worker in workers:
        reference = f"{worker.model}@{worker.version}"
        reading = readings.get(worker.process.pid)
        yield ProcessRow(
            reference,
            "running" if worker.busy else "idle",
            worker.process,
            worker.memory_bytes,
            reading.cpu_percent if reading else None,
            worker.device,
            reference,
            worker.busy,
            reading.gpu_memory_bytes if reading else worker.gpu_memory_bytes,
        )
    for program in programs:
        name = "This window" if program.is_this else "Other program"
        yield ProcessRow(name, "", program.process, program.memory_bytes)
