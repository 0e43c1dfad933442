"""Write R's XDR serialization, so that the reader is tested without a file made by R."""

from __future__ import annotations

import gzip
import struct
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

NIL = struct.pack(">i", 254)
_UTF8, _LATIN1 = 1 << 3, 1 << 2


def document(item: bytes, version: int = 3) -> bytes:
    """Return a whole serialization of one item."""
    encoding = struct.pack(">i", 5) + b"UTF-8" if version == 3 else b""
    return b"X\n" + struct.pack(">iii", version, 0x30400, 0x30500) + encoding + item


def chars(text: str, *, latin1: bool = False) -> bytes:
    """Return one string."""
    content = text.encode("latin-1" if latin1 else "utf-8")
    flags = 9 | (_LATIN1 if latin1 else _UTF8) << 12
    return struct.pack(">ii", flags, len(content)) + content


def not_available() -> bytes:
    """Return R's missing string."""
    return struct.pack(">ii", 9, -1)


def strings(texts: Sequence[str]) -> bytes:
    """Return a character vector."""
    return struct.pack(">ii", 16, len(texts)) + b"".join(chars(text) for text in texts)


def integers(*values: int) -> bytes:
    """Return an integer vector."""
    return struct.pack(f">ii{len(values)}i", 13, len(values), *values)


def named_list(items: Mapping[str, bytes]) -> bytes:
    """Return a list with names."""
    symbol = struct.pack(">i", 1) + chars("names")
    names = struct.pack(">i", 2 | 1 << 10) + symbol + strings(list(items)) + NIL
    return struct.pack(">ii", 19 | 1 << 9, len(items)) + b"".join(items.values()) + names


def write_lazy_database(base: Path, objects: Mapping[str, bytes]) -> None:
    """Write the two files in which R keeps the data of a package."""
    store = b""
    places = {}
    for name, item in objects.items():
        content = document(item)
        block = struct.pack(">i", len(content)) + zlib.compress(content)
        places[name] = integers(len(store), len(block))
        store += block
    index = document(named_list({"variables": named_list(places), "compressed": integers(1)}))
    base.with_suffix(".rdb").write_bytes(store)
    base.with_suffix(".rdx").write_bytes(gzip.compress(index))
