"""The log as a list: what a screen or command of the log is tested against."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from heygen_desktop.application.ports.logs import LogLevel, LogQuery, LogRecord
from heygen_desktop.domain.entities.run import Json

NEWEST = 1000
"""How many records ``tail(0)`` gives."""


class FakeLogs:
    """Holds records in the order in which they were added."""

    def __init__(self, folder: Path = Path("logs")) -> None:
        self.records: list[LogRecord] = []
        self._folder = folder

    @property
    def folder(self) -> Path:
        return self._folder

    @property
    def file(self) -> Path:
        return self._folder / "heygen.jsonl"

    def add(
        self,
        message: str,
        *,
        level: LogLevel = LogLevel.INFO,
        category: str = "program",
        ids: Mapping[str, str] | None = None,
        extra: Mapping[str, Json] | None = None,
        at: datetime | None = None,
        exception: str = "",
    ) -> LogRecord:
        """Add a record as the program would log it; without ``at`` one second after the last."""
        record = LogRecord(
            time=at or self._next_time(),
            level=level,
            category=category,
            message=message,
            logger="tests",
            ids=dict(ids or {}),
            extra=dict(extra or {}),
            exception=exception,
            position=len(self.records) + 1,
        )
        self.records.append(record)
        return record

    def add_record(self, record: LogRecord) -> None:
        """Add a record as it is, but for its position."""
        self.records.append(replace(record, position=len(self.records) + 1))

    def query(self, wanted: LogQuery) -> Sequence[LogRecord]:
        found = [record for record in self.records if _matches(record, wanted)]
        return found[-wanted.limit :] if wanted.limit > 0 else []

    def stream(self, wanted: LogQuery) -> Iterator[LogRecord]:
        return iter(self.query(wanted))

    def tail(self, cursor: int) -> tuple[Sequence[LogRecord], int]:
        end = len(self.records)
        return self.records[max(0, end - NEWEST) if cursor <= 0 else cursor :], end

    def _next_time(self) -> datetime:
        if not self.records:
            return datetime(2026, 1, 1, tzinfo=UTC)
        return self.records[-1].time + timedelta(seconds=1)


def _matches(record: LogRecord, wanted: LogQuery) -> bool:
    return (
        record.level >= wanted.level
        and (wanted.since is None or record.time >= wanted.since)
        and (not wanted.run_id or record.ids.get("run_id") == wanted.run_id)
        and (not wanted.request_id or record.ids.get("request_id") == wanted.request_id)
        and _contains(record, wanted.text.lower())
    )


def _contains(record: LogRecord, text: str) -> bool:
    searched = (record.message, record.category, *record.ids.values())
    return not text or any(text in each.lower() for each in searched)
