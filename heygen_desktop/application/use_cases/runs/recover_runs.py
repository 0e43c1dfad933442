"""After a crash: say of each run that nobody executes any more that it was interrupted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from heygen_desktop.application.ports.clock import Clock
from heygen_desktop.application.ports.events import EventStream
from heygen_desktop.application.ports.processes import Processes
from heygen_desktop.application.ports.unit_of_work import UnitsOfWork
from heygen_desktop.domain.entities.run import Run, RunFailure, RunState
from heygen_desktop.domain.events import RunChanged


@dataclass(frozen=True)
class RecoverRuns:
    """Looks at every unfinished run at the start of a front."""

    units: UnitsOfWork
    processes: Processes
    events: EventStream
    clock: Clock

    def __call__(self) -> Sequence[Run]:
        """Return the runs that were ended as interrupted."""
        with self.units(read_only=True) as unit:
            orphans = [r for r in unit.runs.active() if self.processes.is_gone(r.owner)]
        if not orphans:
            return []
        now, gone = self.clock.now(), {run.id for run in orphans}
        with self.units() as unit:
            # What a process stored last, before it went, is seen only by reading after it went.
            still_open = [run for run in unit.runs.active() if run.id in gone]
            ended = [_interrupted(run, now) for run in still_open]
            for run in ended:
                unit.runs.save(run)
            unit.commit()
        for run in ended:
            self.events.publish(RunChanged(now, run))
        return ended


def _interrupted(run: Run, at: datetime) -> Run:
    return replace(run.become(RunState.INTERRUPTED, at=at), failure=_WHY)


_WHY = RunFailure(
    code="run_interrupted",
    message="The program ended before this run did.",
    cause="It was closed, killed, or the machine went down while the run was under way.",
    remedy="Run it again; its input, parameters and seed are kept.",
)
