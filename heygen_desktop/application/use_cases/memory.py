"""What is in memory, whichever process holds it, and taking it out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from heygen_desktop.application.ports.inference import Inference
from heygen_desktop.application.ports.processes import Processes, Program
from heygen_desktop.application.ports.unit_of_work import UnitsOfWork
from heygen_desktop.domain.entities.run import Owner
from heygen_desktop.domain.entities.worker import Worker
from heygen_desktop.domain.errors import ModelNotLoadedError
from heygen_desktop.domain.values.names import ModelReference


@dataclass(frozen=True)
class ListLoaded:
    """Joins the workers of this process with those that others have registered."""

    units: UnitsOfWork
    own_workers: Callable[[], Sequence[Worker]]
    """Those of this process."""
    processes: Processes

    def __call__(self) -> Sequence[Worker]:
        """Return every living worker, by model and version."""
        own = {worker.process: worker for worker in self.own_workers()}
        with self.units(read_only=True) as unit:
            registered = unit.workers.all()
        dead = [w for w in registered if self.processes.is_gone(w.process)]
        others = [self._measured(w) for w in registered if w not in dead and w.process not in own]
        if dead:
            self.forget(dead)
        return sorted([*own.values(), *others], key=lambda w: (w.model, w.version, w.process.pid))

    def here(self) -> Sequence[Worker]:
        """Return every living worker of this machine."""
        return [worker for worker in self() if self.processes.is_here(worker.process)]

    def programs(self, workers: Sequence[Worker]) -> Sequence[Program]:
        """Return this program, and those that hold the others of these workers of this machine."""
        this = self.processes.current()
        owners = dict.fromkeys((this, *(worker.owner for worker in workers)))
        return [Program(each, self.processes.memory_bytes(each), each == this) for each in owners]

    def _measured(self, worker: Worker) -> Worker:
        memory = self.processes.memory_bytes(worker.process)
        if memory is None:
            return worker
        peak = max(memory, worker.peak_memory_bytes)
        return replace(worker, memory_bytes=memory, peak_memory_bytes=peak)

    def forget(self, gone: Sequence[Worker]) -> None:
        """List these no more, for any process."""
        with self.units() as unit:
            for worker in gone:
                unit.workers.remove(worker.process)
            unit.commit()


@dataclass(frozen=True)
class EndWorker:
    """Ends a worker process at once, also one that no longer answers; a run on it fails."""

    processes: Processes
    loaded: ListLoaded

    def __call__(self, process: Owner) -> Worker:
        """Return the worker that was ended.

        Raises:
            ModelNotLoadedError: The process is no worker of this home on this machine.
        """
        for worker in self.loaded.here():
            if worker.process == process:
                self.processes.end(process)
                return worker
        raise ModelNotLoadedError(f"process {process.pid}")


@dataclass(frozen=True)
class UnloadModel:
    """Stops the workers of a model; a run on one of them is cancelled."""

    inference: Inference
    loaded: ListLoaded

    def __call__(self, reference: str) -> Sequence[Worker]:
        """Return the workers that were stopped.

        Args:
            reference: ``NAME`` for all its versions, or ``NAME@VERSION``.

        Raises:
            ModelNotLoadedError: No worker holds it.
        """
        wanted = ModelReference.parse(reference)
        stopped = self.inference.unload(wanted.name, wanted.selector)
        if not stopped:
            raise ModelNotLoadedError(reference)
        self.loaded.forget(stopped)
        return stopped

    def all(self) -> Sequence[Worker]:
        """Stop every worker that is listed, and return them; none is not an error."""
        names = {worker.model for worker in self.loaded()}
        stopped = [worker for name in sorted(names) for worker in self.inference.unload(name)]
        self.loaded.forget(stopped)
        return stopped
