"""The reader of R data gives an author's lines back as they are, and refuses what is damaged."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from rdata import RDataError, RList, parse, read_lazy_database

from tests.unit.packaging import r_serialization as r


def test_the_character_vectors_of_a_package_come_back_by_name(tmp_path: Path) -> None:
    base = tmp_path / "Rdata"
    r.write_lazy_database(
        base,
        {"emma": r.strings(["EMMA", "", "CHAPTER I"]), "persuasion": r.strings(["Finis"])},
    )

    novels = read_lazy_database(base)

    assert novels == {"emma": ("EMMA", "", "CHAPTER I"), "persuasion": ("Finis",)}


@pytest.mark.parametrize("version", [2, 3])
def test_both_formats_in_use_are_read(version: int) -> None:
    assert parse(r.document(r.strings(["a line"]), version)) == ("a line",)


def test_a_string_is_read_in_the_encoding_it_names() -> None:
    item = struct.pack(">ii", 16, 2) + r.chars("£5") + r.chars("£6", latin1=True)

    assert parse(r.document(item)) == ("£5", "£6")


def test_a_missing_string_reads_as_na() -> None:
    item = struct.pack(">ii", 16, 1) + r.not_available()

    assert parse(r.document(item)) == ("NA",)


def test_a_list_knows_its_values_by_name() -> None:
    value = parse(r.document(r.named_list({"one": r.integers(1), "two": r.integers(2, 3)})))

    assert isinstance(value, RList)
    assert value.named("two") == (2, 3)
    assert value.named("three") is None


def test_a_name_used_twice_is_found_by_its_number() -> None:
    inner = r.named_list({"a": r.integers(1)})
    symbol_again = struct.pack(">i", 255 | 1 << 8)
    names = struct.pack(">i", 2 | 1 << 10) + symbol_again + r.strings(["list"]) + r.NIL

    value = parse(r.document(struct.pack(">ii", 19 | 1 << 9, 1) + inner + names))

    assert isinstance(value, RList)
    assert value.names == ("list",)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"A\n3\n", "not R's XDR serialization"),
        (r.document(r.NIL, version=4), "format 4"),
        (r.document(r.strings(["a line"]))[:-3], "ends too early"),
        (r.document(struct.pack(">ii", 14, 1) + bytes(8)), "kind 14"),
        (r.document(struct.pack(">i", 255 | 3 << 8)), "points nowhere"),
        (r.document(struct.pack(">ii", 9, -2)), "ends too early"),
        (r.document(struct.pack(">ii", 19, 1) * 100 + r.NIL), "nested too deeply"),
        (r.document(struct.pack(">ii", 9, 1) + b"\xff"), "damaged"),
    ],
)
def test_bytes_that_are_no_r_data_are_refused(content: bytes, complaint: str) -> None:
    with pytest.raises(RDataError, match=complaint):
        parse(content)


def test_a_damaged_index_is_refused(tmp_path: Path) -> None:
    base = tmp_path / "Rdata"
    r.write_lazy_database(base, {"emma": r.strings(["EMMA"])})
    base.with_suffix(".rdx").write_bytes(b"not gzip")

    with pytest.raises(RDataError, match="not a gzip file"):
        read_lazy_database(base)


@pytest.mark.parametrize(
    "store", [b"", b"\x00\x00\x00\x05nonsense", b"\x7f\xff\xff\xffx"], ids=["empty", "bad", "huge"]
)
def test_a_damaged_store_is_refused(tmp_path: Path, store: bytes) -> None:
    base = tmp_path / "Rdata"
    r.write_lazy_database(base, {"emma": r.strings(["EMMA"])})
    base.with_suffix(".rdb").write_bytes(store)

    with pytest.raises(RDataError):
        read_lazy_database(base)


def test_an_object_that_is_no_text_is_refused(tmp_path: Path) -> None:
    base = tmp_path / "Rdata"
    r.write_lazy_database(base, {"years": r.integers(1811, 1813)})

    with pytest.raises(RDataError, match="not a character vector"):
        read_lazy_database(base)
