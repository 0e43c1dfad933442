"""What a program and a resident say to each other, one JSON document a message."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Literal, TypeVar

from pydantic import JsonValue, TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from heygen_desktop.application.ports.inference import (
    Loaded,
    LoadRequest,
    TaskRequest,
    TaskResult,
    Update,
)
from heygen_desktop.domain import errors
from heygen_desktop.domain.entities.run import Loading, Produced, RunFigures
from heygen_desktop.domain.entities.worker import Worker
from heygen_desktop.domain.errors import Detail, HeyGenError, WorkerProtocolError
from heygen_desktop.infrastructure.inference.framing import MOST_BYTES, FrameTooLargeError
from heygen_desktop.infrastructure.inference.messages import NotTextError

T = TypeVar("T")
MAX_MESSAGE_BYTES = MOST_BYTES


@dataclass(frozen=True)
class AskServes:
    """Is this model in your memory?"""

    model: LoadRequest
    say: Literal["serves"] = "serves"


@dataclass(frozen=True)
class AskLoad:
    """Load it and keep it."""

    model: LoadRequest
    say: Literal["load"] = "load"


@dataclass(frozen=True)
class AskRun:
    """Run a task on it."""

    model: LoadRequest
    run_id: str
    task: str
    inputs: dict[str, JsonValue]
    params: dict[str, JsonValue]
    seed: int
    say: Literal["run"] = "run"

    @classmethod
    def of(cls, model: LoadRequest, task: TaskRequest) -> AskRun:
        """Return the question for a task."""
        return cls(model, task.run_id, task.task, dict(task.inputs), dict(task.params), task.seed)

    @property
    def request(self) -> TaskRequest:
        """The task that is asked for."""
        return TaskRequest(self.run_id, self.task, self.inputs, self.params, self.seed)


@dataclass(frozen=True)
class AskUnload:
    """Let it go."""

    model: str
    version: str
    say: Literal["unload"] = "unload"


@dataclass(frozen=True)
class AskStop:
    """Stop what you do for me."""

    say: Literal["stop"] = "stop"


@dataclass(frozen=True)
class AnswerYesNo:
    """Whether it is so."""

    yes: bool
    say: Literal["yes-no"] = "yes-no"


@dataclass(frozen=True)
class AnswerLoading:
    """The model is on its way into memory."""

    update: Loading
    say: Literal["loading"] = "loading"


@dataclass(frozen=True)
class AnswerLoaded:
    """The model is in memory."""

    update: Loaded
    say: Literal["loaded"] = "loaded"


@dataclass(frozen=True)
class AnswerProduced:
    """A batch of output."""

    update: Produced
    say: Literal["produced"] = "produced"


@dataclass(frozen=True)
class AnswerWorkers:
    """The workers that were meant."""

    workers: tuple[Worker, ...]
    say: Literal["workers"] = "workers"


@dataclass(frozen=True)
class AnswerResult:
    """The end of a run."""

    output: dict[str, JsonValue]
    figures: RunFigures
    finish_reason: str
    say: Literal["result"] = "result"

    @classmethod
    def of(cls, result: TaskResult) -> AnswerResult:
        """Return the message that carries a result."""
        return cls(dict(result.output), result.figures, result.finish_reason)

    @property
    def result(self) -> TaskResult:
        """The result that came."""
        return TaskResult(self.output, self.figures, self.finish_reason)


@dataclass(frozen=True)
class AnswerError:
    """What went wrong, whole."""

    code: str
    message: str
    cause: str
    remedy: str
    details: dict[str, Detail] = field(default_factory=dict)
    say: Literal["error"] = "error"


Ask = AskServes | AskLoad | AskRun | AskUnload | AskStop
Answer = (
    AnswerYesNo
    | AnswerLoading
    | AnswerLoaded
    | AnswerProduced
    | AnswerWorkers
    | AnswerResult
    | AnswerError
)
_ASKS: TypeAdapter[Ask] = TypeAdapter(Ask)
_ANSWERS: TypeAdapter[Answer] = TypeAdapter(Answer)
_ERRORS: dict[str, type[HeyGenError]] = {
    kind.code: kind
    for kind in vars(errors).values()
    if inspect.isclass(kind) and issubclass(kind, HeyGenError)
}


def answer_of(update: Update) -> Answer:
    """Return the message that carries an update."""
    match update:
        case Loading():
            return AnswerLoading(update)
        case Loaded():
            return AnswerLoaded(update)
        case Produced():
            return AnswerProduced(update)


def answer_of_error(error: HeyGenError) -> AnswerError:
    """Return the message that carries an error."""
    return AnswerError(error.code, error.message, error.cause, error.remedy, error.details)


def error_of(answer: AnswerError) -> HeyGenError:
    """Return the error as it was raised over there."""
    kind = _ERRORS.get(answer.code, HeyGenError)
    error = kind.__new__(kind)
    HeyGenError.__init__(
        error, answer.message, cause=answer.cause, remedy=answer.remedy, details=answer.details
    )
    return error


def send(connection: Connection, message: Ask | Answer) -> None:
    """Send a message.

    Raises:
        OSError: The other side is gone.
        FrameTooLargeError, NotTextError: The message is one that cannot be sent.
    """
    adapter: TypeAdapter[Ask] | TypeAdapter[Answer] = (
        _ASKS if isinstance(message, Ask) else _ANSWERS
    )
    try:
        body = adapter.dump_json(message)  # type: ignore[arg-type]  # chosen by the message's own type
    except PydanticSerializationError as error:
        raise NotTextError(str(error)) from error
    if len(body) > MAX_MESSAGE_BYTES:
        raise FrameTooLargeError(len(body))
    connection.send_bytes(body)


def receive_ask(connection: Connection) -> Ask:
    """Return the next question. Raises EOFError, OSError, WorkerProtocolError."""
    return _checked(_ASKS, connection)


def receive_answer(connection: Connection) -> Answer:
    """Return the next answer. Raises EOFError, OSError, WorkerProtocolError."""
    return _checked(_ANSWERS, connection)


def _checked(adapter: TypeAdapter[T], connection: Connection) -> T:
    try:
        return adapter.validate_json(connection.recv_bytes(MAX_MESSAGE_BYTES))
    except ValidationError as error:
        raise WorkerProtocolError(
            f"a message of a resident: {error.error_count()} faults"
        ) from error
