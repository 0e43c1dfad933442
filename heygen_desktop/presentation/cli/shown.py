"""What a command shows to a person, as plain values; how it looks is decided elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from heygen_desktop.application.tasks.parts import Part, TablePart, TextPart


@dataclass(frozen=True)
class Table:
    """Rows under headers; a header that begins with ``>`` has its column set to the right."""

    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]

    @property
    def headers(self) -> tuple[str, ...]:
        """The headers as they are shown."""
        return tuple(column.removeprefix(">") for column in self.columns)

    @property
    def right(self) -> tuple[bool, ...]:
        """Which columns stand to the right, as numbers do."""
        return tuple(column.startswith(">") for column in self.columns)


@dataclass(frozen=True)
class Facts:
    """Names and values of one thing, one to a line."""

    rows: Sequence[tuple[str, str]]


Shown = str | Table | Facts


def shown_parts(parts: Sequence[Part]) -> list[Shown]:
    """Return what a run made or was given: a text alone as it is, else all under their titles."""
    texts = [(part.title, part.text) for part in parts if isinstance(part, TextPart)]
    tables = [Table(part.columns, part.rows) for part in parts if isinstance(part, TablePart)]
    if len(parts) == len(texts) == 1:
        return [texts[0][1]]
    return [*([Facts(texts)] if texts else []), *tables]
