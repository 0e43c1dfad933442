"""Run: one execution of a task on a version, from the queue to its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, NewType

from heygen_desktop.domain.entities.ai_model import ModelId
from heygen_desktop.domain.errors import Detail, HeyGenError, InvalidTransitionError
from heygen_desktop.domain.values.actor import Actor

RunId = NewType("RunId", str)
Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]


class RunState(StrEnum):
    """Where a run is in its life."""

    QUEUED = "queued"
    LOADING = "loading"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"
    """The program that executed it ended before it did."""

    @property
    def is_final(self) -> bool:
        """Whether nothing will happen to it any more."""
        return self not in _ACTIVE


_ACTIVE = frozenset({RunState.QUEUED, RunState.LOADING, RunState.RUNNING})
_ENDS = frozenset({RunState.SUCCEEDED, RunState.FAILED, RunState.CANCELLED, RunState.INTERRUPTED})
RUN_TRANSITIONS: dict[RunState, frozenset[RunState]] = {
    RunState.QUEUED: frozenset({RunState.LOADING, RunState.RUNNING}) | _ENDS - {RunState.SUCCEEDED},
    RunState.LOADING: frozenset({RunState.RUNNING}) | _ENDS - {RunState.SUCCEEDED},
    RunState.RUNNING: _ENDS,
    RunState.SUCCEEDED: frozenset(),
    RunState.FAILED: frozenset(),
    RunState.CANCELLED: frozenset(),
    RunState.INTERRUPTED: frozenset(),
}


@dataclass(frozen=True)
class RunFigures:
    """What a run cost, or has cost so far. None means that the figure was not taken.

    These are the only names of the figures: documents, the database and the pipe follow them.
    """

    time_to_first_token_s: float | None = None
    """From the moment the loaded model got the input to the first token."""
    tokens_per_second: float | None = None
    """Tokens after the first, over the time after the first."""
    tokens: int = 0
    prompt_tokens: int = 0
    peak_memory_bytes: int | None = None
    """Host and device together; alone where a run of 0.1.0 on a GPU did not tell them apart."""
    load_s: float | None = None
    """0 where the model was in memory already."""
    peak_host_bytes: int | None = None
    """Resident memory of the worker at its highest."""
    peak_device_bytes: int | None = None
    """Memory of the GPU at its highest; None where the run used none."""

    def document(self) -> dict[str, Json]:
        """Return the figures by name."""
        return asdict(self)

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> RunFigures:  # Any: as it was stored
        """Return the figures of a document; those that only a later version knows are left out."""
        known = {entry.name for entry in fields(cls)}
        return cls(**{name: figure for name, figure in document.items() if name in known})


@dataclass(frozen=True)
class Progress:
    """How far a piece of work is."""

    unit: Annotated[str, range(40)]
    """What is counted: ``tokens``, ``steps``, ``frames``, ``bytes``."""
    done: int
    total: int | None = None
    """At most so many; None where nobody knows."""

    @property
    def fraction(self) -> float | None:
        """From 0 to 1, or None where the total is not known."""
        return min(self.done / self.total, 1.0) if self.total else None


@dataclass(frozen=True)
class Loading:
    """The model is on its way into memory."""

    stage: Annotated[str, range(500)]
    """What the worker does now, in a few words: starting, importing torch, reading weights."""
    fraction: Annotated[float, range(2)] | None = None
    """0 to 1 where it is known."""


@dataclass(frozen=True)
class Produced:
    """A batch of output, at most 30 a second: one value from the worker to the screen."""

    text: str = field(repr=False)
    """The new text, not the whole; batches joined are the output. Empty where none is made."""
    progress: Progress
    figures: RunFigures
    """All so far."""

    def after(self, earlier: Produced) -> Produced:
        """Return one batch in place of the earlier and this one."""
        return replace(self, text=earlier.text + self.text)


@dataclass(frozen=True)
class RunFailure:
    """A failure as it is stored: the five parts of an error of this program."""

    code: str
    message: str
    cause: str = ""
    remedy: str = ""
    details: Mapping[str, Detail] = field(default_factory=dict)

    @classmethod
    def of(cls, error: HeyGenError) -> RunFailure:
        """Return what is kept of an error."""
        return cls(error.code, error.message, error.cause, error.remedy, dict(error.details))


@dataclass(frozen=True)
class Owner:
    """The process that executes a run or holds a worker; pids are reused, start times are not."""

    pid: int
    started_at: float
    """Seconds since the epoch, as the operating system gives it."""
    host: str = ""
    """The name of its machine; empty where it was noted before machines were: this one."""


@dataclass(frozen=True)
class Run:
    """One run. Frozen: each step returns the run in its next state."""

    id: RunId
    model_id: ModelId
    model: str
    """The model's name when the run was made; it stays readable after the model is removed."""
    version: str
    task: str
    params: Mapping[str, Json]
    """Validated by the task's schema."""
    inputs: Mapping[str, Json]
    """The task's typed input, such as {"prompt": ...}."""
    seed: int
    device: str
    environment: str
    owner: Owner
    queued_at: datetime
    state: RunState = RunState.QUEUED
    started_at: datetime | None = None
    finished_at: datetime | None = None
    figures: RunFigures = field(default_factory=RunFigures)
    output: Mapping[str, Json] = field(default_factory=dict)
    """The task's typed output, such as {"text": ...}; what was made so far when it was stopped."""
    failure: RunFailure | None = None
    finish_reason: str = ""
    """``stop`` (the model ended it), ``length`` (max_tokens), or empty."""
    actor: Actor = field(default_factory=Actor)
    """Who asked for it."""
    dtype: str = ""
    """The precision in which the model computed; empty until it was loaded, and in runs of 0.1.0."""
    priority: int = 0
    """Of two that wait, the one with the higher number begins first."""
    title: str = ""
    """What a person calls it; empty where nobody has named it."""
    is_pinned: bool = False
    """It stands above the others, and stays when the history is cleared."""

    def become(self, state: RunState, *, at: datetime) -> Run:
        """Return the run in its next state, with the moment noted.

        Raises:
            InvalidTransitionError: The life of a run has no such step.
        """
        if state not in RUN_TRANSITIONS[self.state]:
            raise InvalidTransitionError("run", self.state, state)
        started = self.started_at or (at if state in (RunState.LOADING, RunState.RUNNING) else None)
        return replace(
            self, state=state, started_at=started, finished_at=at if state.is_final else None
        )

    def fail(self, error: HeyGenError, *, at: datetime) -> Run:
        """Return the run as failed, with the error kept."""
        return replace(self.become(RunState.FAILED, at=at), failure=RunFailure.of(error))
