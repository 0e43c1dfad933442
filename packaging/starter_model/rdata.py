"""Read the character vectors of an R package without R.

The novels the starter model learns from come as an R data package. R keeps the data of a package in
a lazy-load database: an index (`.rdx`, gzip) names each object with its place in the store (`.rdb`),
where every object is a zlib block of R's XDR serialization. Only the kinds of values such an index
and plain character vectors are made of are understood; anything else is refused by its number.
"""

from __future__ import annotations

import gzip
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

_MAX_OBJECT_BYTES = 64 * 1024 * 1024
_MAX_DEPTH = 64

_SYMBOL, _PAIRLIST, _CHARS, _LOGICALS, _INTEGERS = 1, 2, 9, 10, 13
_STRINGS, _LIST, _GLOBAL_NIL, _REFERENCE = 16, 19, 254, 255
_HAS_ATTRIBUTES, _HAS_TAG = 1 << 9, 1 << 10
_LATIN1, _NOT_AVAILABLE = 1 << 2, -1


class RDataError(ValueError):
    """The bytes are not R data of the kinds this reader understands."""


@dataclass(frozen=True)
class RList:
    """An R list: its values and, where it has them, their names."""

    values: tuple[RValue, ...]
    names: tuple[str, ...]

    def named(self, name: str) -> RValue:
        """Return the value of that name, or None when the list has none."""
        return dict(zip(self.names, self.values, strict=True)).get(name) if self.names else None


RValue = None | str | tuple[int, ...] | tuple[str, ...] | RList


def read_lazy_database(base: Path) -> dict[str, tuple[str, ...]]:
    """Return the character vectors of a lazy-load database by their names.

    Args:
        base: The path both files share, without `.rdx` and `.rdb`.

    Raises:
        RDataError: A file is damaged, or an object is not a character vector.
    """
    store = base.with_suffix(".rdb").read_bytes()
    places = _places(base.with_suffix(".rdx").read_bytes())
    return {name: _strings_at(store, *place) for name, place in places.items()}


def parse(serialized: bytes) -> RValue:
    """Return the value of one uncompressed XDR serialization (format 2 or 3).

    Raises:
        RDataError: It is cut short, or holds a kind of value that is not understood.
    """
    try:
        return _Reader(serialized).document()
    except (struct.error, UnicodeDecodeError) as error:
        raise RDataError(f"the R data is damaged: {error}") from error


def _places(index: bytes) -> dict[str, tuple[int, int]]:
    try:
        content = parse(gzip.decompress(index))
    except (OSError, EOFError, zlib.error) as error:
        raise RDataError(f"the index is not a gzip file: {error}") from error
    variables = content.named("variables") if isinstance(content, RList) else None
    if not isinstance(variables, RList):
        raise RDataError("the index names no variables")
    return {
        name: _place(name, value)
        for name, value in zip(variables.names, variables.values, strict=True)
    }


def _place(name: str, value: RValue) -> tuple[int, int]:
    if isinstance(value, tuple) and len(value) == 2:
        offset, length = value
        if isinstance(offset, int) and isinstance(length, int) and offset >= 0 and length > 4:
            return offset, length
    raise RDataError(f"the index gives no place for {name}")


def _strings_at(store: bytes, offset: int, length: int) -> tuple[str, ...]:
    value = parse(_inflate(store[offset : offset + length]))
    if isinstance(value, tuple) and all(isinstance(item, str) for item in value):
        return tuple(str(item) for item in value)
    raise RDataError(f"the object at {offset} is not a character vector")


def _inflate(block: bytes) -> bytes:
    size = int.from_bytes(block[:4], "big")
    if size > _MAX_OBJECT_BYTES:
        raise RDataError(f"an object claims {size} bytes")
    try:
        content = zlib.decompressobj().decompress(block[4:], size + 1)
    except zlib.error as error:
        raise RDataError(f"an object cannot be decompressed: {error}") from error
    if len(content) != size:
        raise RDataError(f"an object has {len(content)} bytes where {size} were announced")
    return content


class _Reader:
    """Walks one serialization from its first byte to its last."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 0
        self._symbols: list[str] = []

    def document(self) -> RValue:
        if self._bytes(2) != b"X\n":
            raise RDataError("this is not R's XDR serialization")
        version, _writer, _reader = self._integer(), self._integer(), self._integer()
        if version == 3:
            self._bytes(self._integer())  # the name of the writer's native encoding
        elif version != 2:
            raise RDataError(f"serialization format {version} is not known")
        return self._item(depth=0)

    def _bytes(self, count: int) -> bytes:
        end = self._at + count
        if count < 0 or end > len(self._content):
            raise RDataError("the R data ends too early")
        taken, self._at = self._content[self._at : end], end
        return taken

    def _integer(self) -> int:
        return int.from_bytes(self._bytes(4), "big", signed=True)

    def _item(self, depth: int) -> RValue:
        if depth > _MAX_DEPTH:
            raise RDataError("the R data is nested too deeply")
        flags = self._integer()
        kind = flags & 0xFF
        if kind == _GLOBAL_NIL:
            return None
        if kind == _SYMBOL:
            return self._symbol(depth)
        if kind == _REFERENCE:
            return self._referred(flags >> 8)
        if kind == _CHARS:
            return self._chars(flags >> 12)
        if kind == _PAIRLIST:
            return self._pairlist(flags, depth)
        return self._vector(kind, flags, depth)

    def _symbol(self, depth: int) -> str:
        name = self._item(depth + 1)
        if not isinstance(name, str):
            raise RDataError("a symbol has no name")
        self._symbols.append(name)
        return name

    def _referred(self, number: int) -> str:
        if not 1 <= number <= len(self._symbols):
            raise RDataError(f"reference {number} points nowhere")
        return self._symbols[number - 1]

    def _chars(self, levels: int) -> str:
        length = self._integer()
        if length == _NOT_AVAILABLE:
            return "NA"
        return self._bytes(length).decode("latin-1" if levels & _LATIN1 else "utf-8")

    def _pairlist(self, flags: int, depth: int) -> RList:
        names: list[str] = []
        values: list[RValue] = []
        while flags & 0xFF == _PAIRLIST:
            if flags & _HAS_ATTRIBUTES:
                self._item(depth + 1)
            names.append(str(self._item(depth + 1)) if flags & _HAS_TAG else "")
            values.append(self._item(depth + 1))
            flags = self._integer()
        if flags & 0xFF != _GLOBAL_NIL:
            raise RDataError("a pair list has no end")
        return RList(tuple(values), tuple(names))

    def _vector(self, kind: int, flags: int, depth: int) -> RValue:
        length = self._integer()
        value: RValue
        if kind == _STRINGS:
            value = tuple(str(self._item(depth + 1)) for _ in range(length))
        elif kind in (_INTEGERS, _LOGICALS):
            value = struct.unpack(f">{length}i", self._bytes(4 * length))
        elif kind == _LIST:
            value = RList(tuple(self._item(depth + 1) for _ in range(length)), ())
        else:
            raise RDataError(f"values of kind {kind} are not understood")
        return self._with_attributes(value, depth) if flags & _HAS_ATTRIBUTES else value

    def _with_attributes(self, value: RValue, depth: int) -> RValue:
        attributes = self._item(depth + 1)
        names = attributes.named("names") if isinstance(attributes, RList) else None
        if isinstance(value, RList) and isinstance(names, tuple):
            return RList(value.values, tuple(str(name) for name in names))
        return value
