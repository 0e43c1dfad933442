"""Start a run: check what is asked for, queue it, and let the dispatcher do the rest."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from heygen_desktop.application.models import find_model
from heygen_desktop.application.ports.clock import Clock, Ids
from heygen_desktop.application.ports.events import EventStream
from heygen_desktop.application.ports.processes import Processes
from heygen_desktop.application.ports.unit_of_work import UnitsOfWork
from heygen_desktop.application.runtimes import Runtimes
from heygen_desktop.application.settings.effective import EffectiveSettings, SettingsInUse
from heygen_desktop.application.tasks.task import Tasks
from heygen_desktop.application.use_cases.runs.dispatcher import (
    Dispatcher,
    OnUpdate,
    RunHandle,
    tell,
)
from heygen_desktop.application.use_cases.runs.keep_files import KeepFiles
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
    priority: int = 0
    """Of two that wait, the one with the higher number begins first."""


@dataclass(frozen=True)
class StartRun:
    """Persists a request as a queued run, and puts it in line."""

    units: UnitsOfWork
    settings: SettingsInUse
    dispatcher: Dispatcher
    events: EventStream
    clock: Clock
    ids: Ids
    processes: Processes
    actor: Actor
    tasks: Tasks
    runtimes: Runtimes
    kept: KeepFiles

    def __call__(self, request: RunRequest, on_update: OnUpdate | None = None) -> RunHandle:
        """Return a hold on the run at once; how it goes on is told by events.

        Args:
            request: What is wanted.
            on_update: Gets each event of this run, in order, on a thread of its own.

        Raises:
            ModelNotFoundError, InvalidParameterError, ArtifactUnsupportedError, BlobMissingError
        """
        chosen = self.settings()
        run = self._queued(request, chosen)
        told = None if on_update is None else tell(self.events, run.id, on_update)
        self.events.publish(RunChanged(run.queued_at, run))
        return self.dispatcher.take(run, chosen, told)

    def _queued(self, request: RunRequest, chosen: EffectiveSettings) -> Run:
        if request.seed is not None and not 0 <= request.seed <= MAX_SEED:
            raise InvalidParameterError("seed", request.seed, f"from 0 to {MAX_SEED}")
        owner = self.processes.current()  # asked before others must wait
        self.kept.require(request.inputs)
        with self.units() as unit:
            model, version = find_model(unit, request.model)
            task = self.tasks.named(request.task or model.task, model=model.name)
            runtime = self.runtimes.of(version.artifact.format, model=model.name, task=task.tag)
            run = Run(
                id=RunId(self.ids.new()),
                model_id=model.id,
                model=model.name,
                version=str(version.version),
                task=task.tag,
                params=task.checked_params({**task.defaults(chosen.settings), **request.params}),
                inputs=task.checked_inputs(request.inputs),
                seed=secrets.randbelow(2**31) if request.seed is None else request.seed,
                device=runtime.device(request.device, chosen.settings.inference.device),
                environment=chosen.environment,
                owner=owner,
                queued_at=self.clock.now(),
                actor=self.actor,
                priority=request.priority,
            )
            unit.runs.add(run)
            unit.commit()
        return run
