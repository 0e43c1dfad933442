"""What a command shows to a person, as plain values; how it looks is decided elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """Rows under headers; a header that begins with ``>`` has its column set to the right."""

    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


@dataclass(frozen=True)
class Facts:
    """Names and values of one thing, one to a line."""

    rows: Sequence[tuple[str, str]]


Shown = str | Table | Facts
