"""Take models out of memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from heygen_desktop.application.ports.inference import Inference
from heygen_desktop.application.ports.unit_of_work import UnitsOfWork
from heygen_desktop.application.use_cases.memory.list_loaded import ListLoaded
from heygen_desktop.domain.entities.worker import Worker
from heygen_desktop.domain.errors import ModelNotLoadedError
from heygen_desktop.domain.values.names import ModelReference


@dataclass(frozen=True)
class UnloadModel:
    """Stops the workers of a model; a run on one of them is cancelled."""

    units: UnitsOfWork
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
        self._forget(stopped)
        return stopped

    def all(self) -> Sequence[Worker]:
        """Stop every worker that is listed, and return them; none is not an error."""
        names = {worker.model for worker in self.loaded()}
        stopped = [worker for name in sorted(names) for worker in self.inference.unload(name)]
        self._forget(stopped)
        return stopped

    def _forget(self, stopped: Sequence[Worker]) -> None:
        with self.units() as unit:
            for worker in stopped:
                unit.workers.remove(worker.process)
            unit.commit()
