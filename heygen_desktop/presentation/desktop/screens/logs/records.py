"""The records that the screen reads and holds, and those of them that its filter lets through.

Off the UI thread it reads everything of a source once, then what is new. Filtering a long list takes
longer than a frame, so it is a function of values that any thread may call; the book that keeps the
result is touched by the presenter alone.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from heygen_desktop.application.ports.logs import LogLevel, LogQuery, Logs
from heygen_desktop.presentation.desktop.screens.logs.rows import LogRow, row_of

NEWEST = 1000
"""So many are read first: the screen shows them while it reads the others."""
HISTORY = 50_000
"""So many records are read back when the screen opens; a run's own are found however old they are."""
MOST = 200_000
"""So many records are held; when one more comes, the oldest tenth goes."""


@dataclass(frozen=True)
class Source:
    """Whose records are shown: all, or those of one run or request."""

    run_id: str = ""
    request_id: str = ""

    @classmethod
    def parse(cls, argument: str) -> Source:
        """Return what another screen asks for: ``run:ID``, ``request:ID`` or a run's bare id."""
        kind, _, rest = argument.partition(":")
        if kind == "request" and rest:
            return cls(request_id=rest)
        return cls(run_id=rest if kind == "run" and rest else argument)

    @property
    def title(self) -> str:
        """What the chip says, or an empty string where nothing is narrowed."""
        if self.run_id:
            return f"Run {self.run_id}"
        return f"Request {self.request_id}" if self.request_id else ""

    def query(self, limit: int) -> LogQuery:
        """The same for the log: the newest so many."""
        return LogQuery(run_id=self.run_id, request_id=self.request_id, limit=limit)


Batch = tuple[Sequence[LogRow], int]
"""Records as they were read, and where the next reading goes on."""


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
        last = self.rows[-1].position if self.rows else 0
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


def read_newest(log: Logs, source: Source, wanted: Filter, limit: int) -> tuple[Batch, Filtered]:
    """Return the newest records of a source, and what the filter lets through."""
    # The cursor first: what is written meanwhile is read twice, and passed over by its position.
    _, cursor = log.tail(0)
    rows = [row_of(record) for record in log.query(source.query(limit))]
    return (rows, cursor), filtered(rows, wanted)


def read_new(log: Logs, source: Source, cursor: int) -> Batch:
    """Return what was written since the cursor."""
    records, following = log.tail(cursor)
    query = source.query(HISTORY)
    return [row_of(record) for record in records if query.matches(record)], following
