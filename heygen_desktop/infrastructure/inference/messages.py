"""What the processes of a home say to each other: the program, its workers, and residents.

One union for all of them. Which message is in place is for the one who hears it to decide; that it is
one of these, with nothing but what its fields may hold, is decided here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, get_args

from heygen_desktop.application.ports.inference import (
    Loaded,
    LoadRequest,
    TaskRequest,
    TaskResult,
)
from heygen_desktop.domain.entities.run import Loading, Produced, RunFailure
from heygen_desktop.domain.entities.worker import Worker
from heygen_desktop.domain.errors import (
    HeyGenError,
    InvalidParameterError,
    ModelLoadError,
    RunFailedError,
)
from heygen_desktop.infrastructure.inference import codec
from heygen_desktop.infrastructure.inference.framing import (
    READ_BYTES,
    Frames,
    ProtocolViolation,
    UnsendableError,
    pack,
)

PROTOCOL_VERSION = 2
_LONGEST = 8000
"""Characters of one sentence or detail of an error; what is beyond is left out."""
_Word = Annotated[str, range(200)]


@dataclass(frozen=True)
class Load:
    """Bring this model into memory and keep it. To a worker: once, first."""

    model: LoadRequest


@dataclass(frozen=True)
class Run:
    """Do this task on this model; to a worker, on the one that it holds. One at a time."""

    model: LoadRequest
    task: TaskRequest


@dataclass(frozen=True)
class Cancel:
    """Stop what you do for me."""


@dataclass(frozen=True)
class Shutdown:
    """To a worker: end now."""


@dataclass(frozen=True)
class Unload:
    """To a resident: let the model go; an empty version means all."""

    model: str
    version: str


@dataclass(frozen=True)
class ListWorkers:
    """To a resident: what do you hold?"""


@dataclass(frozen=True)
class Workers:
    """From a resident: the workers that were meant."""

    workers: tuple[Worker, ...]


@dataclass(frozen=True)
class Hello:
    """From a worker: I am up, and speak this version."""

    protocol: int
    pid: int


@dataclass(frozen=True)
class Alive:
    """A sign of life, every second."""

    step: int = 0
    """Grows while a task makes progress (each layer of each token counts)."""


@dataclass(frozen=True)
class Measured:
    """From a worker: the model is in memory, on that device and in that precision."""

    device: _Word
    dtype: _Word
    memory_bytes: int
    peak_host_bytes: int
    device_bytes: int | None
    """What it holds on the GPU; None where it uses none."""


@dataclass(frozen=True)
class Failed:
    """What went wrong, whole."""

    failure: RunFailure
    fatal: bool = False
    """The worker cannot go on (a poisoned device context) and ends after this message."""

    def error(self) -> HeyGenError:
        """Return the error as it was raised over there."""
        told = self.failure
        kind = _KINDS.get(told.code, HeyGenError)
        error = kind.__new__(kind)
        HeyGenError.__init__(
            error,
            told.message[:_LONGEST] or told.code,
            cause=told.cause[:_LONGEST],
            remedy=told.remedy[:_LONGEST],
            details={
                name[:200]: value[:_LONGEST] if isinstance(value, str) else value
                for name, value in told.details.items()
            },
        )
        return error


Message = (
    Load | Run | Cancel | Shutdown | Unload | ListWorkers | Workers | Hello | Alive | Measured
) | (Failed | Loading | Loaded | Produced | TaskResult)
_MESSAGES: Mapping[str, type[Message]] = {kind.__name__: kind for kind in get_args(Message)}


def encode(message: Message) -> bytes:
    """Return the frame of a message.

    Raises:
        InvalidParameterError: The input of a run is too large, or holds text that is no Unicode.
        ModelLoadError: The path of a model does.
        RunFailedError: An output is too large.
    """
    try:
        return pack(codec.dump(message, type=type(message).__name__))
    except UnsendableError as error:
        raise _unsendable(message, error) from error


def _unsendable(message: Message, error: UnsendableError) -> HeyGenError:
    match message:
        case Load(model):
            reason = "Its path holds bytes that are no text; rename the folder."
            return ModelLoadError(model.model, reason)
        case Run():
            return InvalidParameterError("The input", error.given, error.expected)
        case _:
            return RunFailedError(f"What it made cannot be handed over: {error}.")


def decode(body: bytes) -> Message:
    """Return the message that a frame holds.

    Raises:
        ProtocolViolation: It is not exactly one of the messages.
    """
    raw = codec.parsed(body)
    name = raw.pop("type", None)
    kind = _MESSAGES.get(name) if isinstance(name, str) else None
    if kind is None:
        raise ProtocolViolation(f"There is no message {str(name)[:40]!r}.")
    return codec.read(kind, raw)


def heard(read: Callable[[int], bytes]) -> Iterator[Message]:
    """Yield the messages that come through a pipe, until its end.

    Args:
        read: Waits for bytes and returns at most so many; none at the end.

    Raises:
        ProtocolViolation: Something else came, or it ended inside a message.
    """
    frames = Frames()
    while data := read(READ_BYTES):
        frames.feed(data)
        while (body := frames.cut()) is not None:
            yield decode(body)
    frames.end()


def _tree(kind: type[HeyGenError]) -> Iterator[type[HeyGenError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _tree(child)


_KINDS: Mapping[str, type[HeyGenError]] = {kind.code: kind for kind in _tree(HeyGenError)}
