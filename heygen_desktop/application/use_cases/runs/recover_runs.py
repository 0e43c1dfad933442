"""After a crash: say of each run that nobody executes any more that it was interrupted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

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
        now = self.clock.now()
        with self.units(read_only=True) as unit:
            orphans = [r for r in unit.runs.active() if not self.processes.is_alive(r.owner)]
        if not orphans:
            return []
        ended = [replace(r.become(RunState.INTERRUPTED, at=now), failure=_WHY) for r in orphans]
        with self.units() as unit:
            for run in ended:
                unit.runs.save(run)
            unit.commit()
        for run in ended:
            self.events.publish(RunChanged(now, run))
        return ended


_WHY = RunFailure(
    code="run_interrupted",
    message="The program ended before this run did.",
    cause="It was closed, killed, or the machine went down while the run was under way.",
    remedy="Run it again; its prompt, parameters and seed are kept.",
)
