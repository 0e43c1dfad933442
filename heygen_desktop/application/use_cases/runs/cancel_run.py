"""Ask runs to stop, in whichever process and state they are; and change the order of those that wait."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass

from heygen_desktop.application.ports.clock import Clock
from heygen_desktop.application.ports.events import EventStream
from heygen_desktop.application.ports.processes import Processes
from heygen_desktop.application.ports.unit_of_work import UnitOfWork, UnitsOfWork
from heygen_desktop.application.use_cases.runs.dispatcher import Dispatcher
from heygen_desktop.domain.entities.run import Run, RunId, RunState
from heygen_desktop.domain.errors import InvalidTransitionError, RunNotFoundError
from heygen_desktop.domain.events import HistoryChanged, RunChanged


@dataclass(frozen=True)
class CancelRun:
    """Stops a run of this process; leaves word for another, which looks four times a second."""

    units: UnitsOfWork
    dispatcher: Dispatcher
    processes: Processes
    events: EventStream
    clock: Clock

    def __call__(self, run_id: str) -> Run:
        """Return the run as it is now; what is at work reaches its end soon after.

        Ended right here is a run of another process that only waits, whose process is gone, or whose
        process is on another machine and has not answered the same wish before.

        Raises:
            RunNotFoundError: There is no such run.
            InvalidTransitionError: It has ended already.
        """
        with self.units(read_only=True) as unit:
            run = _open(unit, run_id)
        if self.dispatcher.stop(run.id):
            return run
        is_gone = self.processes.is_gone(run.owner)
        is_here = self.processes.is_here(run.owner)
        with self.units() as unit:
            run = _open(unit, run.id)
            asked_before = bool(unit.runs.cancel_requested([run.id]))
            unit.runs.request_cancel(run.id)
            if run.state is RunState.QUEUED or is_gone or (asked_before and not is_here):
                run = run.become(RunState.CANCELLED, at=self.clock.now())
                unit.runs.save(run)
            unit.commit()
        if run.state.is_final:
            self.events.publish(RunChanged(self.clock.now(), run))
        return run

    def all_waiting(self) -> Sequence[Run]:
        """Ask every run that waits to stop, and return them."""
        with self.units(read_only=True) as unit:
            waiting = [run for run in unit.runs.active() if run.state is RunState.QUEUED]
        for run in waiting:
            with contextlib.suppress(InvalidTransitionError):  # it has ended meanwhile
                self(run.id)
        return waiting


@dataclass(frozen=True)
class ArrangeRuns:
    """Changes which of the runs that wait in this process begins first; a restart keeps it."""

    units: UnitsOfWork
    dispatcher: Dispatcher
    events: EventStream
    clock: Clock

    def __call__(self, run_ids: Sequence[RunId]) -> None:
        """Let these begin in this order, before those that are not named."""
        changed = self.dispatcher.arrange(run_ids)
        with self.units() as unit:
            for run in changed:
                unit.runs.prioritise(run.id, run.priority)
            unit.commit()
        self.events.publish(HistoryChanged(self.clock.now()))


def _open(unit: UnitOfWork, run_id: str) -> Run:
    run = unit.runs.by_id(run_id)
    if run is None:
        raise RunNotFoundError(run_id)
    if run.state.is_final:
        raise InvalidTransitionError("run", run.state, RunState.CANCELLED)
    return run
