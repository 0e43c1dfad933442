"""Ask a run to stop, in whichever process and state it is."""

from __future__ import annotations

from dataclasses import dataclass

from heygen_desktop.application.ports.clock import Clock
from heygen_desktop.application.ports.events import EventStream
from heygen_desktop.application.ports.processes import Processes
from heygen_desktop.application.ports.unit_of_work import UnitOfWork, UnitsOfWork
from heygen_desktop.domain.entities.run import Run, RunState
from heygen_desktop.domain.errors import InvalidTransitionError, RunNotFoundError
from heygen_desktop.domain.events import RunChanged


@dataclass(frozen=True)
class CancelRun:
    """Leaves word for the process that executes the run; it looks four times a second."""

    units: UnitsOfWork
    processes: Processes
    events: EventStream
    clock: Clock

    def __call__(self, run_id: str) -> Run:
        """Return the run as it is now; it reaches its end soon after.

        A run whose process is gone is ended here.

        Raises:
            RunNotFoundError: There is no such run.
            InvalidTransitionError: It has ended already.
        """
        with self.units(read_only=True) as unit:
            owner = _running(unit, run_id).owner
        is_orphan = self.processes.is_gone(owner)
        with self.units() as unit:
            run = _running(unit, run_id)
            unit.runs.request_cancel(run.id)
            if is_orphan:
                run = run.become(RunState.CANCELLED, at=self.clock.now())
                unit.runs.save(run)
            unit.commit()
        if is_orphan:
            self.events.publish(RunChanged(self.clock.now(), run))
        return run


def _running(unit: UnitOfWork, run_id: str) -> Run:
    run = unit.runs.by_id(run_id)
    if run is None:
        raise RunNotFoundError(run_id)
    if run.state.is_final:
        raise InvalidTransitionError("run", run.state, RunState.CANCELLED)
    return run
