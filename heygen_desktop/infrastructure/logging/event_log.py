"""What happened, told to the log: one record for each event, with ids and figures.

No prompt, output or value of a secret or setting is in a record. A path of the user is one thing told
at DEBUG only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from heygen_desktop.application.ports.events import EventStream
from heygen_desktop.application.ports.logs import LogLevel
from heygen_desktop.domain.entities.run import Run, RunState
from heygen_desktop.domain.events import (
    Event,
    ModelRegistered,
    ModelRemoved,
    ModelVerified,
    ProgramStarted,
    RunChanged,
    RunUpdate,
    SecretChanged,
    SettingChanged,
    WorkerStarted,
    WorkerStopped,
)
from heygen_desktop.domain.values.actor import Actor

if TYPE_CHECKING:
    from loguru import Logger

_RUN_MESSAGES = {
    RunState.QUEUED: "Run queued",
    RunState.LOADING: "Run waits for its model to load",
    RunState.RUNNING: "Run started",
    RunState.SUCCEEDED: "Run succeeded",
    RunState.FAILED: "Run failed",
    RunState.CANCELLED: "Run cancelled",
    RunState.INTERRUPTED: "Run interrupted",
}
LEVEL_KEY = "logging.level"
FLUSH_S = 5.0
"""The longest wait for events on their way; telling one takes microseconds."""
_RUN_LEVELS = {RunState.FAILED: LogLevel.ERROR, RunState.INTERRUPTED: LogLevel.WARNING}


class EventLog:
    """Listens to the stream from its making until ``close``."""

    def __init__(
        self,
        stream: EventStream,
        logger: Callable[[], Logger],
        on_level_changed: Callable[[], None],
    ) -> None:
        """Listen from now on.

        Args:
            stream: Where things happen.
            logger: Asked for with each record: where nothing happens, no log is begun.
            on_level_changed: Called where the level of the log was changed, before anything that
                happened later is told.
        """
        self._logger = logger
        self._on_level_changed = on_level_changed
        # By the very class, so that the table is read once and one event makes one record.
        self._writers: Mapping[
            type[Event], Callable[[Any], None]
        ] = {  # Any: each takes its own event
            ModelRegistered: self._model_registered,
            ModelVerified: self._model_verified,
            ModelRemoved: self._model_removed,
            RunChanged: self._run_changed,
            WorkerStarted: self._worker_started,
            WorkerStopped: self._worker_stopped,
            SettingChanged: self._setting_changed,
            SecretChanged: self._secret_changed,
            ProgramStarted: self._program_started,
        }
        self._subscription = stream.subscribe(self._write)

    def flush(self) -> None:
        """Wait until all that has happened before is told to the log."""
        self._subscription.flush(FLUSH_S)

    def close(self) -> None:
        """Tell what has happened before, and stop listening."""
        self.flush()
        self._subscription.close()

    def _write(self, event: Event) -> None:
        if isinstance(event, RunUpdate):
            return  # many a second, and nothing that the end of the run does not tell
        write = self._writers.get(type(event), self._something_happened)
        with self._logger().contextualize(**_who(event.actor)):
            write(event)

    def _tell(
        self, category: str, message: str, level: LogLevel = LogLevel.INFO, /, **extra: object
    ) -> None:
        self._logger().bind(category=category, **extra).log(level.name, message)

    def _model_registered(self, event: ModelRegistered) -> None:
        told = {"model": event.model, "version": event.version}
        self._tell(
            "models",
            "Model registered",
            **told,
            size_bytes=event.size_bytes,
            parameters=event.parameters,
        )
        self._tell("models", "Model lies at", LogLevel.DEBUG, **told, path=event.path)

    def _model_verified(self, event: ModelVerified) -> None:
        message = "Changed files taken" if event.was_changed else "Model verified"
        self._tell("models", message, model=event.model, version=event.version)

    def _model_removed(self, event: ModelRemoved) -> None:
        self._tell("models", "Model removed", model=event.model, version=event.version or "all")

    def _run_changed(self, event: RunChanged) -> None:
        run = event.run
        level = _RUN_LEVELS.get(run.state, LogLevel.INFO)
        self._tell(
            "runs",
            _RUN_MESSAGES[run.state],
            level,
            run_id=run.id,
            **_identity(run),
            **_settings(run),
            **_outcome(run),
        )

    def _worker_started(self, event: WorkerStarted) -> None:
        self._tell(
            "workers",
            "Worker started",
            model=event.model,
            version=event.version,
            pid=event.pid,
            device=event.device,
            load_s=event.load_s,
            memory_bytes=event.memory_bytes,
        )

    def _worker_stopped(self, event: WorkerStopped) -> None:
        self._tell(
            "workers",
            "Worker stopped" if event.expected else "Worker died",
            LogLevel.INFO if event.expected else LogLevel.ERROR,
            model=event.model,
            version=event.version,
            pid=event.pid,
            reason=event.reason,
        )

    def _setting_changed(self, event: SettingChanged) -> None:
        self._tell(
            "settings",
            "Setting changed",
            environment=event.environment,
            key=event.key,
            revision=event.revision,
        )
        if event.key == LEVEL_KEY:
            self._on_level_changed()

    def _secret_changed(self, event: SecretChanged) -> None:
        self._tell(
            "secrets",
            "Secret deleted" if event.deleted else "Secret set",
            environment=event.environment,
            name=event.name,
        )

    def _program_started(self, event: ProgramStarted) -> None:
        self._tell(
            "program",
            "Program started",
            front=event.front,
            version=event.version,
            environment=event.environment,
        )

    def _something_happened(self, event: Event) -> None:
        """Tell of an event that this table does not know yet, without its fields."""
        words = re.sub(r"(?<!^)(?=[A-Z])", " ", type(event).__name__).lower()
        self._tell("program", words.capitalize())


def _who(actor: Actor) -> dict[str, str]:
    known = {"user": actor.user, "front": actor.front}
    return {key: value for key, value in known.items() if value}


def _identity(run: Run) -> dict[str, object]:
    return {
        "model": run.model,
        "version": run.version,
        "task": run.task,
        "environment": run.environment,
    }


def _settings(run: Run) -> dict[str, object]:
    """Return seed, device and the parameters that are figures; a text parameter may be a prompt."""
    if run.state is not RunState.QUEUED:
        return {}
    figures = {
        k: v for k, v in run.params.items() if v is None or isinstance(v, bool | int | float)
    }
    return {"seed": run.seed, "device": run.device, "params": figures}


def _outcome(run: Run) -> dict[str, object]:
    if not run.state.is_final:
        return {}
    told: dict[str, object] = dict(run.figures.document())
    if run.finish_reason:
        told["finish_reason"] = run.finish_reason
    if run.failure is not None:
        told |= {"code": run.failure.code, "cause": run.failure.cause}
    return told
