"""After a crash: end what nobody executes any more, and take up what only waited."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from heygen_desktop.application.ports.clock import Clock
from heygen_desktop.application.ports.events import EventStream
from heygen_desktop.application.ports.processes import Processes
from heygen_desktop.application.ports.unit_of_work import UnitsOfWork
from heygen_desktop.domain.entities.run import Run, RunFailure, RunState
from heygen_desktop.domain.events import RunChanged

if TYPE_CHECKING:  # a command only ends what was left open, and needs neither
    from heygen_desktop.application.settings.effective import SettingsInUse
    from heygen_desktop.application.use_cases.runs.dispatcher import Dispatcher


@dataclass(frozen=True)
class RecoverRuns:
    """Says of runs under way whose process is gone that they were interrupted.

    Those that only waited are left for a front that stays: a command would end before their turn.
    """

    units: UnitsOfWork
    processes: Processes
    events: EventStream
    clock: Clock

    def __call__(self) -> Sequence[Run]:
        """Return the runs that were ended."""
        now = self.clock.now()
        return self._change(
            lambda run: run.state is not RunState.QUEUED, lambda run: _interrupted(run, now)
        )

    def _change(
        self, is_meant: Callable[[Run], bool], changed: Callable[[Run], Run]
    ) -> Sequence[Run]:
        """Store what is meant and has lost its process as it is changed, and tell of it."""
        with self.units(read_only=True) as unit:
            owners = {run.owner for run in unit.runs.active() if is_meant(run)}
        gone = {owner for owner in owners if self.processes.is_gone(owner)}
        if not gone:
            return []
        with self.units() as unit:
            # What a process stored last, before it went, is seen only by reading after it went.
            found = [run for run in unit.runs.active() if is_meant(run) and run.owner in gone]
            runs = [changed(run) for run in found]
            for run in runs:
                unit.runs.save(run)
            unit.commit()
        for run in runs:
            self.events.publish(RunChanged(self.clock.now(), run))
        return runs


@dataclass(frozen=True)
class ResumeRuns(RecoverRuns):
    """Takes up the runs that waited in a program that is gone; for a front that stays."""

    dispatcher: Dispatcher
    settings: SettingsInUse

    def __call__(self) -> Sequence[Run]:
        """Return the runs that wait here now, in their order; settings are followed from now on."""
        self.dispatcher.follow_settings()
        owner = self.processes.current()
        taken = self._change(
            lambda run: run.state is RunState.QUEUED, lambda run: replace(run, owner=owner)
        )
        if taken:
            self.dispatcher.take_all(taken, self.settings())
        return taken


def _interrupted(run: Run, at: datetime) -> Run:
    return replace(run.become(RunState.INTERRUPTED, at=at), failure=_WHY)


_WHY = RunFailure(
    code="run_interrupted",
    message="The program ended before this run did.",
    cause="It was closed, killed, or the machine went down while the run was under way.",
    remedy="Run it again; its input, parameters and seed are kept.",
)
