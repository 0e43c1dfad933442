"""The protocol: what fits through it, and that nothing else does."""

from __future__ import annotations

import io
import struct

import orjson
import pytest
from heygen_desktop.infrastructure.inference.framing import (
    MOST_BYTES,
    FrameTooLargeError,
    ProtocolViolation,
    pack,
    read_frame,
)
from heygen_desktop.infrastructure.inference.messages import (
    Alive,
    Cancel,
    Chunk,
    Done,
    Failed,
    FromWorker,
    Hello,
    Load,
    LoadedInfo,
    LoadingStage,
    Run,
    Shutdown,
    ToWorker,
    decode_from_worker,
    decode_to_worker,
    encode,
)
from hypothesis import given
from hypothesis import strategies as st

FROM_WORKER: tuple[FromWorker, ...] = (
    Hello(1, 77),
    Alive(12),
    LoadingStage("reading weights", 0.5),
    LoadingStage("importing torch", None),
    LoadedInfo("cuda:0", "bfloat16", 2.5, 10, 20, 30),
    Chunk("r1", "Grüße 🙂", 3, 9, 2, 10.5, 0.1, 1000, None),
    Done("r1", {"text": "x", "more": [1, None, {"a": True}]}, "stop", 3, 2, 10.0, 0.1, 1000, None),
    Failed("", "load", "no", "trace", True, 1, 2, 3),
)
TO_WORKER: tuple[ToWorker, ...] = (
    Load("/m", "safetensors", "auto", "auto", 1),
    Run("r1", "text-generation", {"prompt": "x"}, {"max_tokens": 3}, -5),
    Cancel("r1"),
    Shutdown(),
)


def body_of(frame: bytes) -> bytes:
    body = read_frame(io.BytesIO(frame))
    assert body is not None
    return body


def changed(message: FromWorker, **changes: object) -> bytes:
    return orjson.dumps({**orjson.loads(body_of(encode(message))), **changes})


@pytest.mark.parametrize("message", FROM_WORKER, ids=lambda m: type(m).__name__)
def test_a_message_of_a_worker_comes_back_as_it_was(message: FromWorker) -> None:
    assert decode_from_worker(body_of(encode(message))) == message


@pytest.mark.parametrize("message", TO_WORKER, ids=lambda m: type(m).__name__)
def test_a_message_of_the_program_comes_back_as_it_was(message: ToWorker) -> None:
    assert decode_to_worker(body_of(encode(message))) == message


@pytest.mark.parametrize("message", TO_WORKER, ids=lambda m: type(m).__name__)
def test_a_worker_may_not_speak_as_the_program(message: ToWorker) -> None:
    with pytest.raises(ProtocolViolation, match="in this direction"):
        decode_from_worker(body_of(encode(message)))


@pytest.mark.parametrize(
    ("message", "field", "value"),
    [
        (Alive(1), "step", -1),
        (Alive(1), "step", 2**60),
        (Alive(1), "step", True),
        (Alive(1), "step", 1.0),
        (Alive(1), "step", None),
        (Hello(1, 2), "pid", 0),
        (LoadingStage("x", 0.1), "fraction", 1.01),
        (LoadingStage("x", 0.1), "fraction", -0.1),
        (LoadingStage("x", 0.1), "fraction", "0.5"),
        (LoadingStage("x", 0.1), "fraction", True),
        (LoadingStage("x", 0.1), "stage", "x" * 501),
        (FROM_WORKER[5], "tokens_per_second", 1e300),
        (FROM_WORKER[5], "text", ["x"]),
        (FROM_WORKER[6], "finish_reason", "because"),
        (FROM_WORKER[6], "output", "text"),
        (FROM_WORKER[7], "kind", "other"),
        (FROM_WORKER[7], "fatal", 1),
        (FROM_WORKER[7], "reason", "x" * 8001),
    ],
)
def test_a_value_that_is_not_exactly_right_is_refused(
    message: FromWorker, field: str, value: object
) -> None:
    with pytest.raises(ProtocolViolation, match=field):
        decode_from_worker(changed(message, **{field: value}))


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
        b'{"type": "LoadingStage", "stage": "x", "fraction": 1e999}',
        b'{"type": "LoadingStage", "stage": "\\ud800", "fraction": null}',
        b'{"type": "Alive", "step": 99999999999999999999999999}',
        b"\x80\x04\x95",
        b"\xff\xfe",
        b'{"type": "Alive", "step": ' + b"[" * 100_000,
    ],
)
def test_a_body_that_is_no_message_is_refused(body: bytes) -> None:
    with pytest.raises(ProtocolViolation):
        decode_from_worker(body)


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_but_a_violation(body: bytes) -> None:
    with pytest.raises(ProtocolViolation):
        decode_from_worker(body)


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
        message = decode_from_worker(body)
    except ProtocolViolation:
        return
    assert message == Alive(message.step if isinstance(message, Alive) else -1)


def test_a_frame_is_a_length_and_a_body() -> None:
    frame = pack(b"abc")

    assert frame == b"\x00\x00\x00\x03abc"
    assert read_frame(io.BytesIO(frame)) == b"abc"
    assert read_frame(io.BytesIO(pack(b""))) == b""


def test_the_end_between_two_frames_is_an_end() -> None:
    assert read_frame(io.BytesIO(b"")) is None


@pytest.mark.parametrize("cut", [b"\x00", b"\x00\x00\x00", b"\x00\x00\x00\x05abcd"])
def test_the_end_inside_a_frame_is_a_violation(cut: bytes) -> None:
    with pytest.raises(ProtocolViolation, match="ended"):
        read_frame(io.BytesIO(cut))


class Counting(io.BytesIO):
    """Notes the largest read that was asked for."""

    largest = 0

    def read(self, size: int | None = -1) -> bytes:
        self.largest = max(self.largest, size or 0)
        return super().read(size)


def test_a_length_past_the_limit_is_refused_before_anything_is_allocated() -> None:
    stream = Counting(struct.pack(">I", MOST_BYTES + 1) + b"x")

    with pytest.raises(ProtocolViolation, match="8,388,609"):
        read_frame(stream)

    assert stream.largest == 4


def test_a_message_of_our_own_past_the_limit_is_refused_with_its_size() -> None:
    with pytest.raises(FrameTooLargeError) as caught:
        encode(Run("r1", "t", {"prompt": "x" * MOST_BYTES}, {}, 1))

    assert caught.value.size_bytes > MOST_BYTES
