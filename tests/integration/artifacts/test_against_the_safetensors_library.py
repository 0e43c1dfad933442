"""Our header parser and the library that loads the weights come to the same verdict."""

from __future__ import annotations

import importlib
from types import ModuleType

import pytest
from heygen_desktop.infrastructure.artifacts.safetensors_header import LENGTH_BYTES, parse_header
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.factories.model_folders import safetensors_bytes

VALID = safetensors_bytes({"a": ("F32", (2, 3)), "b": ("BF16", (4,)), "c": ("I64", ())})
Shapes = dict[str, tuple[int, ...]]
PIECES = st.sampled_from(
    [b"0", b"24", b"8", b"6", b"true", b'"a"', b"F16", b"F64", b"[", b"]", b"{", b",", b" ", b"1e3"]
)


@st.composite
def _nearly_valid(draw: st.DrawFn) -> bytes:
    """The header with pieces put in and bytes changed, and a length that fits it again."""
    header_bytes = int.from_bytes(VALID[:LENGTH_BYTES], "little")
    header = bytearray(VALID[LENGTH_BYTES : LENGTH_BYTES + header_bytes])
    for _ in range(draw(st.integers(0, 2))):
        place = draw(st.integers(0, len(header) - 1))
        header[place : place + draw(st.integers(0, 2))] = draw(PIECES)
    data = VALID[LENGTH_BYTES + header_bytes :]
    return len(header).to_bytes(LENGTH_BYTES, "little") + bytes(header) + data


@pytest.fixture(scope="module")
def library() -> ModuleType:
    return importlib.import_module("safetensors")


@settings(max_examples=400, deadline=None)
@given(content=_nearly_valid())
@example(content=VALID)
def test_a_header_is_believed_here_exactly_where_the_library_believes_it(
    library: ModuleType, content: bytes
) -> None:
    assert _our_shapes(content) == _their_shapes(library, content)


def _our_shapes(content: bytes) -> Shapes | None:
    length = int.from_bytes(content[:LENGTH_BYTES], "little")
    text = content[LENGTH_BYTES : LENGTH_BYTES + length]
    try:
        return {tensor.name: tensor.shape for tensor in parse_header(text, length, len(content))}
    except ValueError:
        return None


def _their_shapes(library: ModuleType, content: bytes) -> Shapes | None:
    try:
        return {name: tuple(entry["shape"]) for name, entry in library.deserialize(content)}
    except library.SafetensorError:
        return None
