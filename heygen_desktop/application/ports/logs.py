"""Reading the structured log back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from pathlib import Path
from typing import Protocol

from heygen_desktop.domain.entities.run import Json


class LogLevel(IntEnum):
    """Levels, in order; the numbers are loguru's."""

    DEBUG = 10
    INFO = 20
    WARNING = 30
    ERROR = 40
    CRITICAL = 50


@dataclass(frozen=True)
class LogRecord:
    """One line of the log."""

    time: datetime
    level: LogLevel
    category: str
    """models, runs, workers, settings, secrets, program, ..."""
    message: str
    logger: str
    ids: Mapping[str, str] = field(default_factory=dict)
    """request_id, run_id, session_id, user: those that are there."""
    extra: Mapping[str, Json] = field(default_factory=dict)
    exception: str = ""
    """The traceback, redacted; empty where there is none."""
    position: int = 0
    """Grows from record to record within one program's life; a cursor for ``tail``."""


@dataclass(frozen=True)
class LogQuery:
    """Which records are wanted; an empty field does not narrow."""

    level: LogLevel = LogLevel.DEBUG
    """Only this level and above."""
    text: str = ""
    """Occurs in message, category or an id; case is ignored."""
    since: datetime | None = None
    run_id: str = ""
    request_id: str = ""
    limit: int = 1000
    """At most this many, the newest."""

    def matches(self, record: LogRecord) -> bool:
        """Whether the record is wanted."""
        return (
            record.level >= self.level
            and (self.since is None or record.time >= self.since)
            and (not self.run_id or record.ids.get("run_id") == self.run_id)
            and (not self.request_id or record.ids.get("request_id") == self.request_id)
            and (not self.text or self._is_text_in(record))
        )

    def _is_text_in(self, record: LogRecord) -> bool:
        text = self.text.lower()
        searched = (record.message, record.category, *record.ids.values())
        return any(text in each.lower() for each in searched)


class Logs(Protocol):
    """The log of this home, rotated files included. A question waits for what was logged before (2 s)."""

    @property
    def folder(self) -> Path:
        """Where the files lie."""

    @property
    def file(self) -> Path:
        """The file that is written now."""

    def query(self, wanted: LogQuery) -> Sequence[LogRecord]:
        """Return the matching records, oldest first. A line that is no record is passed over."""

    def stream(self, wanted: LogQuery) -> Iterator[LogRecord]:
        """Yield the same as ``query`` one by one: any number of them take the memory of a few."""

    def tail(self, cursor: int) -> tuple[Sequence[LogRecord], int]:
        """Return the records after ``cursor`` (0: the newest 1,000), oldest first, and the next cursor."""
