"""What a person does with the history: name runs, pin them, take them away and bring them back."""

from __future__ import annotations

from dataclasses import dataclass

from heygen_desktop.application.ports.clock import Clock, Ids
from heygen_desktop.application.ports.events import EventStream
from heygen_desktop.application.ports.unit_of_work import UnitOfWork, UnitsOfWork
from heygen_desktop.domain.entities.run import Run
from heygen_desktop.domain.errors import RunNotFoundError
from heygen_desktop.domain.events import HistoryChanged
from heygen_desktop.domain.repositories import RunFilter

LONGEST_TITLE = 200


@dataclass(frozen=True)
class Removal:
    """Runs that were taken away, and the name under which they come back."""

    id: str
    count: int


@dataclass(frozen=True)
class KeepHistory:
    """Changes how runs stand in the history; what a run has done stays as it is."""

    units: UnitsOfWork
    events: EventStream
    clock: Clock
    ids: Ids

    def rename(self, run_id: str, title: str) -> str:
        """Give a run a name of one line, and return the one before; empty is none.

        Raises:
            RunNotFoundError: There is no such run.
        """
        with self.units() as unit:
            run = _stored(unit, run_id)
            words = " ".join(title.split())[:LONGEST_TITLE]
            unit.runs.label(run.id, title=words, is_pinned=run.is_pinned)
            unit.commit()
        self._tell()
        return run.title

    def pin(self, run_id: str, is_pinned: bool) -> bool:
        """Let a run stand above the others, or not, and return whether it did before.

        Raises:
            RunNotFoundError: There is no such run.
        """
        with self.units() as unit:
            run = _stored(unit, run_id)
            unit.runs.label(run.id, title=run.title, is_pinned=is_pinned)
            unit.commit()
        self._tell()
        return run.is_pinned

    def remove(self, wanted: RunFilter) -> Removal:
        """Take the runs that match and have ended out of the history, until ``purge``."""
        removal = self.ids.new()
        with self.units() as unit:
            count = unit.runs.remove(wanted, removal)
            unit.commit()
        self._tell()
        return Removal(removal, count)

    def restore(self, removal: Removal) -> None:
        """Bring back what was taken away together."""
        with self.units() as unit:
            unit.runs.restore(removal.id)
            unit.commit()
        self._tell()

    def purge(self) -> None:
        """Forget for good what was taken away: nobody can bring it back any more."""
        with self.units() as unit:
            unit.runs.purge()
            unit.commit()

    def _tell(self) -> None:
        self.events.publish(HistoryChanged(self.clock.now()))


def _stored(unit: UnitOfWork, run_id: str) -> Run:
    run = unit.runs.by_id(run_id)
    if run is None:
        raise RunNotFoundError(run_id)
    return run
