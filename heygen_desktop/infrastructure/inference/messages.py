"""What the program and its worker processes say to each other, and the distrust in reading it.

Each message is a frozen dataclass whose fields carry their own rule. ``encode`` makes the bytes of
a frame, ``decode`` checks every type, size and number before it makes a message. Nothing is ever
unpickled: a worker that an artifact has taken over can send text and numbers, within limits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar, get_args

import orjson

from heygen_desktop.domain.entities.run import Json
from heygen_desktop.infrastructure.inference import rules
from heygen_desktop.infrastructure.inference.framing import ProtocolViolation, pack

PROTOCOL_VERSION = 1
_ID = 200
_PATH = 4096
_LINE = 500
_TEXT = 4_000_000
_EVIDENCE = 8000

FAILURE_KINDS = (
    "cancelled",
    "prompt_too_long",
    "oom",
    "device",
    "unsupported",
    "invalid",
    "load",
    "run",
)


@dataclass(frozen=True)
class Load:
    """To the worker: bring this model into memory. Sent once, first."""

    path: str = field(metadata=rules.text(_PATH))
    format: str = field(metadata=rules.text(_ID))
    device: str = field(metadata=rules.text(_ID))
    dtype: str = field(metadata=rules.text(_ID))
    threads: int = field(metadata=rules.whole(1, 4096))


@dataclass(frozen=True)
class Run:
    """To the worker: do this task. Only one at a time."""

    run_id: str = field(metadata=rules.text(_ID))
    task: str = field(metadata=rules.text(_ID))
    inputs: Mapping[str, Json] = field(metadata=rules.mapping())
    params: Mapping[str, Json] = field(metadata=rules.mapping())
    seed: int = field(metadata=rules.whole(-(2**63), 2**63 - 1))


@dataclass(frozen=True)
class Cancel:
    """To the worker: stop that run; answered by Failed(kind="cancelled") unless it ended before."""

    run_id: str = field(metadata=rules.text(_ID))


@dataclass(frozen=True)
class Shutdown:
    """To the worker: end now."""


@dataclass(frozen=True)
class Hello:
    """From the worker: I am up, and speak this version."""

    protocol: int = field(metadata=rules.whole(0, 1_000_000))
    pid: int = field(metadata=rules.whole(1, 2**31))


@dataclass(frozen=True)
class Alive:
    """From the worker, every second, from a thread of its own: I live."""

    step: int = field(metadata=rules.whole())
    """Grows while a task makes progress (each layer of each token counts)."""


@dataclass(frozen=True)
class LoadingStage:
    """From the worker: what it does on the way to a loaded model."""

    stage: str = field(metadata=rules.text(_LINE))
    fraction: float | None = field(metadata=rules.optional(rules.number(0, 1)))


@dataclass(frozen=True)
class LoadedInfo:
    """From the worker: the model is in memory."""

    device: str = field(metadata=rules.text(_ID))
    dtype: str = field(metadata=rules.text(_ID))
    load_s: float = field(metadata=rules.number())
    memory_bytes: int = field(metadata=rules.whole())
    peak_memory_bytes: int = field(metadata=rules.whole())
    gpu_memory_bytes: int | None = field(metadata=rules.optional(rules.whole()))


@dataclass(frozen=True)
class Chunk:
    """From the worker: a batch of output, at most 30 a second."""

    run_id: str = field(metadata=rules.text(_ID))
    text: str = field(metadata=rules.text(_TEXT))
    tokens: int = field(metadata=rules.whole())
    limit: int = field(metadata=rules.whole())
    prompt_tokens: int = field(metadata=rules.whole())
    tokens_per_second: float | None = field(metadata=rules.optional(rules.number()))
    time_to_first_token_s: float | None = field(metadata=rules.optional(rules.number()))
    peak_host_bytes: int = field(metadata=rules.whole())
    peak_device_bytes: int | None = field(metadata=rules.optional(rules.whole()))


@dataclass(frozen=True)
class Done:
    """From the worker: the task ended by itself."""

    run_id: str = field(metadata=rules.text(_ID))
    output: Mapping[str, Json] = field(metadata=rules.mapping())
    finish_reason: str = field(metadata=rules.one_of("stop", "length"))
    tokens: int = field(metadata=rules.whole())
    prompt_tokens: int = field(metadata=rules.whole())
    tokens_per_second: float | None = field(metadata=rules.optional(rules.number()))
    time_to_first_token_s: float | None = field(metadata=rules.optional(rules.number()))
    peak_host_bytes: int = field(metadata=rules.whole())
    peak_device_bytes: int | None = field(metadata=rules.optional(rules.whole()))


@dataclass(frozen=True)
class Failed:
    """From the worker: the load or the task did not succeed."""

    run_id: str = field(metadata=rules.text(_ID))
    """Empty where the load failed."""
    kind: str = field(metadata=rules.one_of(*FAILURE_KINDS))
    reason: str = field(metadata=rules.text(_EVIDENCE))
    evidence: str = field(default="", metadata=rules.text(_EVIDENCE))
    fatal: bool = field(default=False, metadata=rules.flag())
    """The worker cannot go on (a poisoned device context) and ends after this message."""
    tokens: int = field(default=0, metadata=rules.whole())
    prompt_tokens: int = field(default=0, metadata=rules.whole())
    context_tokens: int = field(default=0, metadata=rules.whole())


ToWorker = Load | Run | Cancel | Shutdown
FromWorker = Hello | Alive | LoadingStage | LoadedInfo | Chunk | Done | Failed
_M = TypeVar("_M", bound=ToWorker | FromWorker)
_TO_WORKER: Mapping[str, type[ToWorker]] = {kind.__name__: kind for kind in get_args(ToWorker)}
_FROM_WORKER: Mapping[str, type[FromWorker]] = {
    kind.__name__: kind for kind in get_args(FromWorker)
}


class NotTextError(ValueError):
    """A message of our own holds text that is no Unicode, such as a file name of stray bytes."""


def encode(message: ToWorker | FromWorker) -> bytes:
    """Return the frame of a message.

    Raises:
        FrameTooLargeError: It does not fit.
        NotTextError: A text in it cannot be written.
    """
    content = {entry.name: getattr(message, entry.name) for entry in fields(message)}
    try:
        body = orjson.dumps({"type": type(message).__name__, **content})
    except orjson.JSONEncodeError as error:
        raise NotTextError(str(error)) from error
    return pack(body)


def decode_from_worker(body: bytes) -> FromWorker:
    """Return the message of a worker.

    Raises:
        ProtocolViolation: It is not exactly one of the messages that a worker may send.
    """
    return _decode(body, _FROM_WORKER)


def decode_to_worker(body: bytes) -> ToWorker:
    """Return the message of the program.

    Raises:
        ProtocolViolation: It is not exactly one of the messages that the program may send.
    """
    return _decode(body, _TO_WORKER)


def _decode(body: bytes, known: Mapping[str, type[_M]]) -> _M:
    raw = _object(body)
    name = raw.pop("type", None)
    kind = known.get(name) if isinstance(name, str) else None
    if kind is None:
        raise ProtocolViolation(f"There is no message {str(name)[:40]!r} in this direction.")
    names = {entry.name for entry in fields(kind)}
    if set(raw) != names:
        odd = ", ".join(sorted(str(key)[:40] for key in set(raw) ^ names)[:5])
        raise ProtocolViolation(f"The fields of {name} are wrong: {odd}.")
    for entry in fields(kind):
        rule = entry.metadata["rule"]
        if not rule.holds(raw[entry.name]):
            raise ProtocolViolation(f"{name}.{entry.name} is not {rule.wants}.")
    return kind(**raw)


def _object(body: bytes) -> dict[str, Any]:  # Any: its values are checked by rule, one by one
    try:
        raw = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise ProtocolViolation(f"A message is not JSON: {error}.") from error
    if type(raw) is not dict:
        raise ProtocolViolation("A message is not a JSON object.")
    return raw
