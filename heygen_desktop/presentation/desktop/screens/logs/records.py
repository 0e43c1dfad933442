"""The records that the screen holds, and those of them that its filter lets through.

Filtering a long list takes longer than a frame, so it is a function of values that any thread may
call; the book that keeps the result is touched by the presenter alone.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from heygen_desktop.application.ports.logs import LogLevel
from heygen_desktop.presentation.desktop.screens.logs.rows import LogRow

MOST = 200_000
"""So many records are held; when one more comes, the oldest tenth goes."""


@dataclass(frozen=True)
class Filter:
    """Which of the held records are listed."""

    levels: frozenset[LogLevel] = frozenset(LogLevel)
    text: str = ""
    """Part of the message, the category, a fact or an id; case is ignored."""


@dataclass(frozen=True)
class Filtered:
    """What a filter made of some records."""

    wanted: Filter = field(default_factory=Filter)
    rows: Sequence[LogRow] = ()
    counts: Mapping[LogLevel, int] = field(default_factory=dict)
    """Records of each level that hold the text, listed or not."""


def filtered(rows: Sequence[LogRow], wanted: Filter) -> Filtered:
    """Return the rows that the filter lets through, in their order."""
    needle = wanted.text.lower()
    found = [row for row in rows if needle in row.searched] if needle else rows
    every = wanted.levels == frozenset(LogLevel)
    shown = found if every else [row for row in found if row.level in wanted.levels]
    return Filtered(wanted, list(shown), Counter(row.level for row in found))


class RecordBook:
    """The newest records, oldest first, and what is listed of them."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self.rows: list[LogRow] = []
        self.listed: list[LogRow] = []
        self.counts: Counter[LogLevel] = Counter()
        self.wanted = Filter()
        """What the list was made with."""
        self.dropped = 0
        """How many older ones were let go since the last ``start``."""

    @property
    def last_position(self) -> int:
        """The position of the newest record, 0 where there is none."""
        return self.rows[-1].position if self.rows else 0

    def start(self, rows: Sequence[LogRow], found: Filtered) -> None:
        """Begin anew with these."""
        self.rows = list(rows)
        self.dropped = 0
        self.show(found)

    def show(self, found: Filtered) -> None:
        """List what another filter let through."""
        self.wanted = found.wanted
        self.listed = list(found.rows)
        self.counts = Counter(found.counts)

    def add(self, rows: Sequence[LogRow]) -> tuple[Sequence[LogRow], int]:
        """Add newer records; those that are here already are passed over.

        Returns:
            The lines that come to the end of the list, and how many leave its top to make room.
        """
        last = self.last_position
        new = [row for row in rows if row.position > last]
        found = filtered(new, self.wanted)
        self.rows.extend(new)
        self.listed.extend(found.rows)
        self.counts.update(found.counts)
        return found.rows, self._make_room() if len(self.rows) > self._most else 0

    def row_at(self, position: int) -> LogRow | None:
        """Return the listed line of that record, or None."""
        at = bisect_left(self.listed, position, key=lambda row: row.position)
        found = self.listed[at : at + 1]
        return found[0] if found and found[0].position == position else None

    def _make_room(self) -> int:
        excess = len(self.rows) - self._most + self._most // 10
        gone = filtered(self.rows[:excess], self.wanted)
        self.counts.subtract(gone.counts)
        del self.rows[:excess]
        del self.listed[: len(gone.rows)]
        self.dropped += excess
        return len(gone.rows)
