"""Put a run into the queue."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from heygen_desktop.application.models import CurrentSettings, find_model
from heygen_desktop.application.ports.clock import Clock, Ids
from heygen_desktop.application.ports.events import EventStream
from heygen_desktop.application.ports.processes import Processes
from heygen_desktop.application.ports.unit_of_work import UnitsOfWork
from heygen_desktop.application.tasks.task import Tasks
from heygen_desktop.domain.entities.run import Json, Run, RunId
from heygen_desktop.domain.errors import InvalidParameterError
from heygen_desktop.domain.events import RunChanged
from heygen_desktop.domain.values.actor import Actor

MAX_SEED = 2**63 - 1


@dataclass(frozen=True)
class RunRequest:
    """What the user asks to have run; what is empty is filled in."""

    model: str
    """``NAME``, ``NAME@VERSION`` or ``NAME@ALIAS``."""
    inputs: Mapping[str, Json]
    task: str = ""
    """Empty: the model's own."""
    params: Mapping[str, Json] = field(default_factory=dict)
    """Those that are not given come from the settings, then from the task's schema."""
    seed: int | None = None
    """None: drawn, and kept with the run, so that it can be repeated."""
    device: str = ""
    """Empty: the one of the settings."""


@dataclass(frozen=True)
class QueueRun:
    """Checks a request and persists it as a queued run."""

    units: UnitsOfWork
    settings: CurrentSettings
    events: EventStream
    clock: Clock
    ids: Ids
    processes: Processes
    environment: str
    actor: Actor
    tasks: Tasks

    def __call__(self, request: RunRequest) -> Run:
        """Return the queued run; ``ExecuteRun`` executes it, in this process.

        Raises:
            ModelNotFoundError, InvalidParameterError, ArtifactUnsupportedError
        """
        if request.seed is not None and not 0 <= request.seed <= MAX_SEED:
            raise InvalidParameterError("seed", request.seed, f"from 0 to {MAX_SEED}")
        chosen, owner = self.settings(), self.processes.current()  # asked before others must wait
        with self.units() as unit:
            model, version = find_model(unit, request.model)
            task = self.tasks.named(request.task or model.task, model=model.name)
            run = Run(
                id=RunId(self.ids.new()),
                model_id=model.id,
                model=model.name,
                version=str(version.version),
                task=task.tag,
                params=task.checked_params({**task.defaults(chosen), **request.params}),
                inputs=task.checked_inputs(request.inputs),
                seed=secrets.randbelow(2**31) if request.seed is None else request.seed,
                device=request.device or chosen.inference.device,
                environment=self.environment,
                owner=owner,
                queued_at=self.clock.now(),
                actor=self.actor,
            )
            unit.runs.add(run)
            unit.commit()
        self.events.publish(RunChanged(run.queued_at, run))
        return run
