"""A header is believed only where its length, its tensors and the size of the file agree."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path

import pytest
from heygen_desktop.domain.errors import ArtifactCorruptError
from heygen_desktop.infrastructure.artifacts.disk import Disk
from heygen_desktop.infrastructure.artifacts.safetensors_header import (
    MAX_HEADER_BYTES,
    parse_header,
    read_header,
)
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.factories.model_folders import framed, safetensors_bytes, safetensors_header

TWO = {"a": ("F32", (2, 3)), "b": ("BF16", (4,))}


def _read(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(content)
    read_header(Disk(), path)


def _reason(tmp_path: Path, content: bytes) -> str:
    with pytest.raises(ArtifactCorruptError) as caught:
        _read(tmp_path, content)
    return caught.value.cause


def _entry(
    dtype: object = "F32", shape: object = None, offsets: object = None
) -> dict[str, object]:
    return {
        "dtype": dtype,
        "shape": [2] if shape is None else shape,
        "data_offsets": [0, 8] if offsets is None else offsets,
    }


def test_the_tensors_come_in_the_order_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(safetensors_bytes(TWO))

    tensors = read_header(Disk(), path)

    assert [(t.name, t.dtype, t.shape, t.elements) for t in tensors] == [
        ("a", "F32", (2, 3), 6),
        ("b", "BF16", (4,), 4),
    ]
    assert [(t.begin, t.end) for t in tensors] == [(0, 24), (24, 32)]


def test_scalars_empty_tensors_and_packed_precisions_are_fine(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(safetensors_bytes({"s": ("F64", ()), "e": ("F32", (0, 9)), "p": ("F4", (6,))}))

    assert sum(tensor.elements for tensor in read_header(Disk(), path)) == 7


def test_spaces_after_the_header_are_fine(tmp_path: Path) -> None:
    text = json.dumps(safetensors_header(TWO)).encode() + b"    "

    _read(tmp_path, len(text).to_bytes(8, "little") + text + bytes(32))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "The file is empty."),
        (b"\x01\x02\x03", "The file has 3 bytes, too few"),
        ((2**63).to_bytes(8, "little") + b"{}", "claims 9,223,372,036,854,775,808 bytes"),
        ((2**64 - 1).to_bytes(8, "little") + b"{}", "claims 18,446,744,073,709,551,615 bytes"),
        ((100).to_bytes(8, "little") + b"{}", "cut short"),
        ((4).to_bytes(8, "little") + b"\xff\xfe{}", "not UTF-8"),
        ((4).to_bytes(8, "little") + b"{{{{", "not JSON"),
        ((0).to_bytes(8, "little"), "not JSON"),
        ((2).to_bytes(8, "little") + b"[]", "not a JSON object"),
        (framed({}) + b"\0", "1 extra bytes"),
        (framed({"a": 1}), "not described by"),
        (framed({"a": {"dtype": "F32"}}), "not described by"),
        (framed({"a": {**_entry(), "more": 1}}) + bytes(8), "not described by"),
        (framed({"a": _entry(dtype="F31")}) + bytes(8), "unknown precision 'F31'"),
        (framed({"a": _entry(dtype=["F32"])}) + bytes(8), "unknown precision a list"),
        (framed({"a": _entry(shape=[{}])}) + bytes(8), "holds an object, not a whole number"),
        (framed({"a": _entry(shape=[-2])}) + bytes(8), "'-2', not a whole number"),
        (framed({"a": _entry(shape=[2.0])}) + bytes(8), "'2.0', not a whole number"),
        (framed({"a": _entry(shape=[True, 2])}) + bytes(8), "'True', not a whole number"),
        (framed({"a": _entry(shape="2")}) + bytes(8), "not a list"),
        (framed({"a": _entry(shape=[2**70])}) + bytes(8), "not a whole number"),
        (framed({"a": _entry(shape=[2**62, 2**62])}) + bytes(8), "bytes that its shape needs"),
        (framed({"a": _entry(shape=[1] * 65)}) + bytes(8), "65 dimensions"),
        (framed({"a": _entry(shape=[3])}) + bytes(8), "bytes that its shape needs"),
        (framed({"a": _entry(dtype="F4", shape=[3], offsets=[0, 1])}) + b"\0", "shape needs"),
        (framed({"a": _entry(offsets=[8, 0])}) + bytes(8), "not a begin and an end"),
        (framed({"a": _entry(offsets=[0, 8, 9])}) + bytes(8), "not a begin and an end"),
        (framed({"a": _entry(offsets=[-8, 0])}) + bytes(8), "not a whole number"),
        (framed({"a": _entry()}) + bytes(7), "it is cut short"),
        (framed({"a": _entry(offsets=[2**40, 2**40 + 8])}) + bytes(8), "ends at byte"),
        (framed({"a": _entry()}) + bytes(9), "1 extra bytes"),
        (framed({"a": _entry(), "b": _entry(offsets=[4, 12])}) + bytes(12), "overlaps"),
        (framed({"a": _entry(), "b": _entry()}) + bytes(8), "overlaps"),
        (framed({"a": _entry(offsets=[4, 12])}) + bytes(12), "belong to nothing"),
        (framed({"__metadata__": {"a": 1}}), "__metadata__"),
        (framed({"__metadata__": "pt"}), "__metadata__"),
    ],
)
def test_a_header_that_lies_is_damage_with_its_reason(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    assert reason in _reason(tmp_path, content)


def test_a_tensor_named_twice_is_refused(tmp_path: Path) -> None:
    text = f'{{"a":{json.dumps(_entry())},"a":{json.dumps(_entry())}}}'.encode()

    assert "names 'a' twice" in _reason(tmp_path, len(text).to_bytes(8, "little") + text + bytes(8))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"[" * 100_000, "nests too deeply"),
        (b'{"a":NaN}', "holds NaN"),
        (b"[" + b"1," * 1_000_001, "more than 1,000,000 parts"),
        (b'{"a":' + b"1" * 5_000 + b"}", "cannot be read"),
    ],
)
def test_a_header_made_to_exhaust_the_reader_is_refused(
    tmp_path: Path, text: bytes, reason: str
) -> None:
    assert reason in _reason(tmp_path, len(text).to_bytes(8, "little") + text)


def test_a_header_beyond_the_cap_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    with path.open("wb") as file:
        file.write((MAX_HEADER_BYTES + 1).to_bytes(8, "little"))
        file.truncate(MAX_HEADER_BYTES + 100)

    tracemalloc.start()
    try:
        with pytest.raises(ArtifactCorruptError) as caught:
            read_header(Disk(), path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert "are not read" in caught.value.cause
    assert peak < 1024**2


def test_a_file_that_shrinks_while_it_is_read_is_cut_short() -> None:
    with pytest.raises(ValueError, match="cut short within its header"):
        parse_header(b"{}", 3, 11)


_VALID = safetensors_bytes(TWO)


@st.composite
def _mutated(draw: st.DrawFn) -> bytes:
    """A valid file with some bytes changed, a piece cut out, a piece put in, or another length."""
    content = bytearray(_VALID)
    for _ in range(draw(st.integers(0, 4))):
        content[draw(st.integers(0, len(content) - 1))] = draw(st.integers(0, 255))
    begin = draw(st.integers(0, len(content)))
    end = draw(st.integers(begin, min(len(content), begin + 16)))
    content[begin:end] = draw(st.binary(max_size=16))
    if draw(st.booleans()):
        content[:8] = draw(st.integers(0, 2**64 - 1)).to_bytes(8, "little")
    return bytes(content)


@settings(max_examples=300, deadline=None)
@given(content=st.one_of(_mutated(), st.binary(max_size=200)))
@example(content=_VALID)
def test_no_bytes_bring_anything_but_tensors_that_fit_or_damage(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "mutated.safetensors"
    path.write_bytes(content)

    try:
        tensors = read_header(Disk(), path)
    except ArtifactCorruptError as problem:
        assert problem.cause.endswith((".", "file"))
        return

    header_bytes = int.from_bytes(content[:8], "little")
    assert sum(t.end - t.begin for t in tensors) == len(content) - 8 - header_bytes


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
_ENTRY = st.fixed_dictionaries(
    {
        "dtype": st.sampled_from(["F32", "BOOL", "F4", "F99"]) | _JSON,
        "shape": st.lists(st.integers(-2, 2**65), max_size=4) | _JSON,
        "data_offsets": st.lists(st.integers(-2, 2**65), min_size=2, max_size=2) | _JSON,
    }
)


@settings(max_examples=300, deadline=None)
@given(
    header=st.dictionaries(st.text(max_size=12), _ENTRY | _JSON, max_size=4),
    data=st.integers(0, 64),
)
def test_no_json_brings_anything_but_tensors_that_fill_the_data_or_a_reason(
    header: dict[str, object], data: int
) -> None:
    text = json.dumps(header).encode()

    try:
        tensors = parse_header(text, len(text), 8 + len(text) + data)
    except ValueError as problem:
        assert str(problem)
        return

    assert sum(tensor.end - tensor.begin for tensor in tensors) == data
