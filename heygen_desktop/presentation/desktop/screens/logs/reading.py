"""What the log screen reads off the UI thread: everything of a source once, then what is new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from heygen_desktop.application.ports.logs import LogQuery, Logs
from heygen_desktop.presentation.desktop.screens.logs.records import Filter, Filtered, filtered
from heygen_desktop.presentation.desktop.screens.logs.rows import LogRow, row_of

NEWEST = 1000
"""So many are read first: the screen shows them while it reads the others."""
HISTORY = 50_000
"""So many records are read back when the screen opens; a run's own are found however old they are."""


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


@dataclass(frozen=True)
class Batch:
    """Records as they were read."""

    rows: Sequence[LogRow]
    cursor: int
    """Where the next reading goes on."""


def read_newest(log: Logs, source: Source, wanted: Filter, limit: int) -> tuple[Batch, Filtered]:
    """Return the newest records of a source, and what the filter lets through."""
    # The cursor first: what is written meanwhile is read twice, and passed over by its position.
    _, cursor = log.tail(0)
    rows = [row_of(record) for record in log.query(source.query(limit))]
    return Batch(rows, cursor), filtered(rows, wanted)


def read_new(log: Logs, source: Source, cursor: int) -> Batch:
    """Return what was written since the cursor."""
    records, following = log.tail(cursor)
    query = source.query(HISTORY)
    return Batch([row_of(record) for record in records if query.matches(record)], following)
