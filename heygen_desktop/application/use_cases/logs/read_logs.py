"""Query the log and follow it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from heygen_desktop.application.ports.logs import LogQuery, LogRecord, Logs


@dataclass(frozen=True)
class ReadLogs:
    """Reads what was written down; everything logged before the call is seen."""

    logs: Logs

    @property
    def file(self) -> Path:
        """The file that is written now."""
        return self.logs.file

    def query(self, wanted: LogQuery) -> Sequence[LogRecord]:
        """Return the newest matching records, oldest first."""
        self.logs.flush()
        return self.logs.query(wanted)

    def stream(self, wanted: LogQuery) -> Iterator[LogRecord]:
        """Yield the same as ``query`` one by one, however many there are."""
        self.logs.flush()
        return self.logs.stream(wanted)

    def tail(self, cursor: int) -> tuple[Sequence[LogRecord], int]:
        """Return the records after the cursor, and the next cursor; begin with 0."""
        return self.logs.tail(cursor)
