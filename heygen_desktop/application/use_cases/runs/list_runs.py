"""The history of runs."""

from __future__ import annotations

from dataclasses import dataclass

from heygen_desktop.application.ports.unit_of_work import UnitsOfWork
from heygen_desktop.domain.repositories.runs import RunFilter, RunPage


@dataclass(frozen=True)
class ListRuns:
    """Reads the runs that match, newest first."""

    units: UnitsOfWork

    def __call__(self, wanted: RunFilter | None = None) -> RunPage:
        """Return one slice and the number of all that match."""
        with self.units(read_only=True) as unit:
            return unit.runs.find(wanted or RunFilter())
