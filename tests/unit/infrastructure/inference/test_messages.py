"""Messages come back as they were, and nothing that is not exactly one of them becomes one."""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, get_args

import orjson
import pytest
from heygen_desktop.application.ports.inference import Loaded, TaskResult
from heygen_desktop.domain.entities.ai_model import ModelId
from heygen_desktop.domain.entities.run import (
    Loading,
    Owner,
    Progress,
    RunFailure,
    RunFigures,
)
from heygen_desktop.domain.entities.worker import Worker
from heygen_desktop.domain.errors import (
    HeyGenError,
    InvalidParameterError,
    ModelLoadError,
    RunFailedError,
)
from heygen_desktop.infrastructure.inference import codec
from heygen_desktop.infrastructure.inference.framing import (
    MOST_BYTES,
    Frames,
    ProtocolViolation,
    UnsendableError,
    pack,
)
from heygen_desktop.infrastructure.inference.messages import (
    Alive,
    Cancel,
    Failed,
    Hello,
    ListWorkers,
    Load,
    Measured,
    Message,
    Run,
    Shutdown,
    Unload,
    Workers,
    decode,
    encode,
)
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.updates import produced
from tests.integration.inference.support import request, task

WORKER = Worker(
    Owner(7, 1.5),
    Owner(8, 2.5),
    ModelId("m1"),
    "tiny",
    "1.0.0",
    "cuda:0",
    "float16",
    1.5,
    datetime(2026, 1, 1, tzinfo=UTC),
    100,
    200,
    300,
    busy=True,
)
BATCH = replace(produced("Grüße 🙂", 3, 10.5), progress=Progress("frames", 3, 9))
FAILURE = RunFailure.of(ModelLoadError("tiny", "no such layer"))
MESSAGES: tuple[Message, ...] = (
    Load(request(device="cuda:0")),
    Run(request(), replace(task("x", params={"max_tokens": 3}), seed=-5)),
    Cancel(),
    Shutdown(),
    Unload("tiny", ""),
    ListWorkers(),
    Workers((WORKER, replace(WORKER, gpu_memory_bytes=None))),
    Hello(1, 77),
    Alive(12),
    Measured("cuda:0", "bfloat16", 10, 20, 30),
    Failed(FAILURE, fatal=True),
    Loading("reading weights", 0.5),
    Loading("importing torch"),
    Loaded(WORKER, was_loaded=True),
    BATCH,
    TaskResult({"text": "x", "more": [1, None, {"a": True}]}, RunFigures(tokens=3), "stop"),
)


def body_of(frame: bytes) -> bytes:
    frames = Frames()
    frames.feed(frame)
    body = frames.cut()
    assert body is not None
    return body


def changed(message: Message, path: str, value: object) -> bytes:
    """Return the body of a message in which the value at a dotted path is another."""
    document: Any = orjson.loads(body_of(encode(message)))
    *places, last = path.split(".")
    inner = document
    for place in places:
        inner = inner[int(place)] if isinstance(inner, list) else inner[place]
    inner[last] = value
    return orjson.dumps(document)


@pytest.mark.parametrize("message", MESSAGES, ids=lambda m: type(m).__name__)
def test_a_message_comes_back_as_it_was(message: Message) -> None:
    assert decode(body_of(encode(message))) == message


def test_every_message_is_covered() -> None:
    assert {type(message) for message in MESSAGES} == set(get_args(Message))


@pytest.mark.parametrize(
    ("message", "path", "value"),
    [
        (Alive(1), "step", -1),
        (Alive(1), "step", 2**60),
        (Alive(1), "step", True),
        (Alive(1), "step", 1.0),
        (Alive(1), "step", None),
        (Loading("x", 0.1), "fraction", 1.01),
        (Loading("x", 0.1), "fraction", -0.1),
        (Loading("x", 0.1), "fraction", "0.5"),
        (Loading("x", 0.1), "fraction", True),
        (Loading("x", 0.1), "stage", "x" * 501),
        (BATCH, "figures.tokens_per_second", 1e300),
        (BATCH, "figures.tokens", -1),
        (BATCH, "figures.more", 1),
        (BATCH, "progress.done", None),
        (BATCH, "progress.unit", "x" * 41),
        (BATCH, "text", ["x"]),
        (MESSAGES[-1], "output", "text"),
        (Failed(FAILURE), "fatal", 1),
        (Failed(FAILURE), "failure.details", {"deep": {}}),
        (Load(request()), "model.format", "floppy"),
        (Load(request()), "model.path", "x" * 5000),
        (Run(request(), task("x")), "task.seed", 2**63),
        (Workers((WORKER,)), "workers", {}),
        (Workers((WORKER,)), "workers.0.loaded_at", "yesterday"),
        (Workers((WORKER,)), "workers.0.loaded_at", "2026-01-01T00:00:00"),
    ],
)
def test_a_value_that_is_not_exactly_right_is_refused(
    message: Message, path: str, value: object
) -> None:
    with pytest.raises(ProtocolViolation, match=path.rpartition(".")[2]):
        decode(changed(message, path, value))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"{}",
        b'{"type": 5}',
        b'{"type": ["Alive"], "step": 1}',
        b'{"type": "Alive"}',
        b'{"type": "Alive", "step": 1, "more": 1}',
        b'{"type": "Alive", "step": NaN}',
        b'{"type": "Alive", "step": Infinity}',
        b'{"type": "Loading", "stage": "x", "fraction": 1e999}',
        b'{"type": "Loading", "stage": "\\ud800", "fraction": null}',
        b'{"type": "Alive", "step": 99999999999999999999999999}',
        b'{"type": "Owner", "pid": 1, "started_at": 1.0}',
        b"\x80\x04\x95",
        b"\xff\xfe",
    ],
)
def test_what_is_no_message_is_refused(body: bytes) -> None:
    with pytest.raises(ProtocolViolation):
        decode(body)


@given(st.binary())
def test_no_bytes_raise_anything_but_a_violation(body: bytes) -> None:
    with pytest.raises(ProtocolViolation):
        decode(body)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    )
)
def test_no_value_in_a_field_raises_anything_but_a_violation(value: object) -> None:
    body = orjson.dumps({"type": "Alive", "step": value})

    try:
        message = decode(body)
    except ProtocolViolation:
        return
    assert message == Alive(message.step if isinstance(message, Alive) else -1)


def test_an_error_arrives_as_it_was_raised() -> None:
    error = Failed(FAILURE).error()

    assert isinstance(error, ModelLoadError)
    assert (error.message, error.cause, error.remedy, error.details) == (
        FAILURE.message,
        FAILURE.cause,
        FAILURE.remedy,
        FAILURE.details,
    )


def test_an_error_that_only_a_later_version_knows_keeps_its_words() -> None:
    error = Failed(RunFailure("melted", "It melted.", "Heat.", "Cool it.")).error()

    assert type(error) is HeyGenError
    assert (error.message, error.cause, error.remedy) == ("It melted.", "Heat.", "Cool it.")


def test_an_error_without_words_or_with_too_many_is_told_all_the_same() -> None:
    silent = Failed(RunFailure("model_load_failed", "")).error()
    endless = Failed(RunFailure("run_failed", "x" * 9000, details={"a": "y" * 9000})).error()

    assert silent.message == "model_load_failed"
    assert (len(endless.message), len(str(endless.details["a"]))) == (8000, 8000)


def test_text_that_is_no_unicode_is_not_sent() -> None:
    with pytest.raises(InvalidParameterError, match="input"):
        encode(Run(request(), task("stray-\udcff")))
    with pytest.raises(ModelLoadError):
        encode(Load(request("stray-\udcff")))


def test_a_field_of_a_type_that_no_message_can_have_is_a_mistake_of_ours() -> None:
    with pytest.raises(TypeError, match="complex"):
        codec.read(complex, {})


@dataclass(frozen=True)
class Even:
    """A value that its own class refuses where it is odd."""

    number: int

    def __post_init__(self) -> None:
        if self.number % 2:
            raise ValueError("it is odd")


def test_what_a_class_itself_refuses_is_refused() -> None:
    assert codec.read(Even, {"number": 2}) == Even(2)

    with pytest.raises(ProtocolViolation, match="Even is refused: it is odd"):
        codec.read(Even, {"number": 3})


def test_a_frame_is_a_length_and_a_body() -> None:
    frame = pack(b"abc")

    assert frame == b"\x00\x00\x00\x03abc"
    assert body_of(frame) == b"abc"
    assert body_of(pack(b"")) == b""


def test_frames_are_whole_however_they_were_cut_up() -> None:
    frames, bodies = Frames(), []

    for byte in pack(b"one") + pack(b"") + pack(b"three"):
        frames.feed(bytes([byte]))
        while (body := frames.cut()) is not None:
            bodies.append(body)
    frames.end()

    assert bodies == [b"one", b"", b"three"]


@pytest.mark.parametrize("cut", [b"\x00", b"\x00\x00\x00", b"\x00\x00\x00\x05abcd"])
def test_the_end_inside_a_frame_is_a_violation(cut: bytes) -> None:
    frames = Frames()
    frames.feed(cut)

    assert frames.cut() is None
    with pytest.raises(ProtocolViolation, match="ended"):
        frames.end()


def test_a_length_past_the_limit_is_refused_before_its_body_comes() -> None:
    frames = Frames()
    frames.feed(struct.pack(">I", MOST_BYTES + 1))

    with pytest.raises(ProtocolViolation, match="8,388,609"):
        frames.cut()


def test_a_message_of_our_own_past_the_limit_is_refused_with_its_size() -> None:
    with pytest.raises(UnsendableError, match="8,388,609 bytes, not at most 8 MiB"):
        pack(b"x" * (MOST_BYTES + 1))
    with pytest.raises(InvalidParameterError, match="input"):
        encode(Run(request(), task("x" * MOST_BYTES)))
    with pytest.raises(RunFailedError):
        encode(TaskResult({"text": "x" * MOST_BYTES}, RunFigures(), "stop"))
