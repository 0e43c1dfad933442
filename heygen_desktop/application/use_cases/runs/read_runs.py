"""The history of runs."""

from __future__ import annotations

from dataclasses import dataclass

from heygen_desktop.application.ports.unit_of_work import UnitsOfWork
from heygen_desktop.domain.entities.run import Run
from heygen_desktop.domain.errors import RunNotFoundError
from heygen_desktop.domain.repositories import RunFilter, RunPage


@dataclass(frozen=True)
class ListRuns:
    """Reads the runs that match, newest first."""

    units: UnitsOfWork

    def __call__(self, wanted: RunFilter | None = None) -> RunPage:
        """Return one slice and the number of all that match."""
        with self.units(read_only=True) as unit:
            return unit.runs.find(wanted or RunFilter())


@dataclass(frozen=True)
class GetRun:
    """Finds a run by its id or the beginning of it."""

    units: UnitsOfWork

    def __call__(self, run_id: str) -> Run:
        """Return the run. Raises RunNotFoundError."""
        with self.units(read_only=True) as unit:
            run = unit.runs.by_id(run_id)
        if run is None:
            raise RunNotFoundError(run_id)
        return run
