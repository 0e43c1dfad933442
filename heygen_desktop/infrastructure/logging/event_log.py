"""What happened, told to the log: one record for each event, with ids and figures.

No prompt, output or value of a secret or setting is in a record. A path of the user is one thing told
at DEBUG only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from heygen_desktop.application.ports.events import EventStream
from heygen_desktop.application.ports.logs import LogLevel
from heygen_desktop.domain.entities.run import Run, RunState
from heygen_desktop.domain.events import (
    ChangedElsewhere,
    EnvironmentChanged,
    Event,
    HistoryChanged,
    ModelChanged,
    ModelRegistered,
    ModelRemoved,
    ModelVerified,
    ProgramStarted,
    RunChanged,
    RunUpdate,
    SecretChanged,
    SettingChanged,
    SettingsChanged,
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
    RunState.CANCELLED: "Run stopped",
    RunState.INTERRUPTED: "Run interrupted",
}
_RUN_LEVELS = {RunState.FAILED: LogLevel.ERROR, RunState.INTERRUPTED: LogLevel.WARNING}
# Category, message, and the fields that are told: what is not named here stays out of the log.
_RECORDS: Mapping[type[Event], tuple[str, str, tuple[str, ...]]] = {
    ModelRegistered: (
        *("models", "Model registered"),
        ("model", "version", "size_bytes", "parameters"),
    ),
    ModelVerified: ("models", "Model verified", ("model", "version")),
    ModelChanged: ("models", "Model changed", ("model",)),
    ModelRemoved: ("models", "Model removed", ("model", "version")),
    WorkerStarted: (
        *("workers", "Worker started"),
        ("model", "version", "pid", "device", "load_s", "memory_bytes"),
    ),
    WorkerStopped: ("workers", "Worker stopped", ("model", "version", "pid", "reason")),
    EnvironmentChanged: ("settings", "Environment changed", ("environment", "former")),
    SettingChanged: ("settings", "Setting changed", ("environment", "key", "revision")),
    SecretChanged: ("secrets", "Secret set", ("environment", "name")),
    HistoryChanged: ("runs", "History changed", ()),
    ProgramStarted: ("program", "Program started", ("front", "version", "environment")),
}
LEVEL_KEY = "logging.level"
FLUSH_S = 5.0
"""The longest wait for events on their way; telling one takes microseconds."""


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
        self._subscription = stream.subscribe(self._write)

    def flush(self) -> None:
        """Wait until all that has happened before is told to the log."""
        self._subscription.flush(FLUSH_S)

    def close(self) -> None:
        """Tell what has happened before, and stop listening."""
        self.flush()
        self._subscription.close()

    def _write(self, event: Event) -> None:
        # Updates are many a second; the end of the run tells it all, and of elsewhere, who did it.
        if not isinstance(event, RunUpdate | ChangedElsewhere):
            self._tell_all(event)
        if isinstance(event, SettingsChanged) and event.concerns(LEVEL_KEY):
            self._on_level_changed()

    def _tell_all(self, event: Event) -> None:
        with self._logger().contextualize(**_who(event.actor)):
            self._tell(*_record_of(event))
            if isinstance(event, ModelRegistered):
                path = {"model": event.model, "version": event.version, "path": event.path}
                self._tell("models", "Model lies at", path, LogLevel.DEBUG)

    def _tell(
        self, category: str, message: str, extra: Mapping[str, object], level: LogLevel
    ) -> None:
        self._logger().bind(category=category, **extra).log(level.name, message)


def _record_of(event: Event) -> tuple[str, str, Mapping[str, object], LogLevel]:
    """Return category, message, extra and level."""
    if isinstance(event, RunChanged):
        return _run_record(event.run)
    # By the very class: of an event that the table does not know, no field is told.
    category, message, names = _RECORDS.get(type(event), ("program", _words_of(event), ()))
    told = {name: getattr(event, name) for name in names if getattr(event, name) != ""}
    match event:
        case WorkerStopped(expected=False):
            return category, "Worker died", told, LogLevel.ERROR
        case SecretChanged(deleted=True):
            message = "Secret deleted"
        case ModelVerified(was_changed=True):
            message = "Changed files taken"
    return category, message, told, LogLevel.INFO


def _run_record(run: Run) -> tuple[str, str, Mapping[str, object], LogLevel]:
    names = ("model", "version", "task", "environment")
    identity = {"run_id": run.id, **{name: getattr(run, name) for name in names}}
    level = _RUN_LEVELS.get(run.state, LogLevel.INFO)
    return "runs", _RUN_MESSAGES[run.state], identity | _settings(run) | _outcome(run), level


def _words_of(event: Event) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", " ", type(event).__name__).capitalize()


def _who(actor: Actor) -> dict[str, str]:
    known = {"user": actor.user, "front": actor.front}
    return {key: value for key, value in known.items() if value}


def _settings(run: Run) -> dict[str, object]:
    """Return what tells runs apart before they have figures.

    Of one that begins, seed and wait; of a new one, seed, device and the parameters that are figures,
    as a text parameter may be a prompt.
    """
    if run.state is RunState.RUNNING and run.started_at is not None:
        return {"seed": run.seed, "waited_s": (run.started_at - run.queued_at).total_seconds()}
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
