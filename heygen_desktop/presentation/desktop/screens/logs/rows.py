"""Log records as the screen shows them: lines of the list, and the whole of one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from heygen_desktop.application.ports.logs import LogLevel, LogRecord
from heygen_desktop.domain.entities.run import Json
from heygen_desktop.presentation.wording import NOTHING, printable

_LONGEST_TEXT = 2000
_LONGEST_VALUE = 80


@dataclass(frozen=True, slots=True)
class LogRow:
    """One line of the list. Slots, because there may be 200,000 of them."""

    position: int
    """Names the record; grows from line to line."""
    time: str
    """Local: ``14:05:09.123``."""
    level: LogLevel
    category: str
    message: str
    """In one line."""
    facts: str
    """What the record carries, in one line: ``model=starter tokens=12``."""
    run_id: str
    searched: str
    """Lower case: what the text filter looks through."""
    record: LogRecord = field(repr=False)

    @property
    def as_text(self) -> str:
        """The line as it is copied."""
        parts = (self.record.time.isoformat(), self.level.name, self.category, self.message)
        return "\t".join((*parts, self.facts, self.run_id))


@dataclass(frozen=True)
class LogDetail:
    """All of one record, worded."""

    message: str
    level: LogLevel
    facts: tuple[tuple[str, str], ...]
    """Names and values: time, category, logger, ids."""
    run_id: str
    extra: str
    """Indented JSON, or empty."""
    exception: str
    as_json: str
    """The record as one JSON document."""
    as_text: str
    """The record in lines for a colleague."""


def row_of(record: LogRecord) -> LogRow:
    """Return the line of a record; control characters and line breaks are made visible."""
    message = _one_line(record.message)
    facts = _facts(record.extra)
    local = record.time.astimezone()
    ids = " ".join(record.ids.values())
    return LogRow(
        position=record.position,
        time=f"{local:%H:%M:%S}.{local.microsecond // 1000:03d}",
        level=record.level,
        category=record.category,
        message=message,
        facts=facts,
        run_id=record.ids.get("run_id", ""),
        searched=f"{message}\n{record.category}\n{facts}\n{ids}".lower(),
        record=record,
    )


def detail_of(record: LogRecord) -> LogDetail:
    """Return all that is known of a record."""
    extra = json.dumps(record.extra, indent=2, ensure_ascii=False, default=str)
    facts = (
        ("Time", _full_time(record)),
        ("Category", record.category or NOTHING),
        ("Logger", record.logger or NOTHING),
        *((_worded(name), value) for name, value in record.ids.items()),
    )
    return LogDetail(
        message=printable(record.message, keep="\n"),
        level=record.level,
        facts=tuple((name, printable(value)) for name, value in facts),
        run_id=record.ids.get("run_id", ""),
        extra=printable(extra, keep="\n") if record.extra else "",
        exception=printable(record.exception, keep="\n\t"),
        as_json=json.dumps(_document(record), indent=2, ensure_ascii=False, default=str),
        as_text=_as_text(record),
    )


def _document(record: LogRecord) -> dict[str, Json]:
    document: dict[str, Json] = {
        "time": record.time.isoformat(),
        "level": record.level.name,
        "category": record.category,
        "message": record.message,
        "logger": record.logger,
        **record.ids,
    }
    if record.extra:
        document["extra"] = dict(record.extra)
    if record.exception:
        document["exception"] = record.exception
    return document


def _as_text(record: LogRecord) -> str:
    lines = [
        f"{record.time.isoformat()} {record.level.name} {record.category}: {record.message}",
        *(f"{name}: {value}" for name, value in record.ids.items()),
        *(f"{name}: {_value(value)}" for name, value in record.extra.items()),
    ]
    return "\n".join((*lines, *((record.exception,) if record.exception else ())))


def _full_time(record: LogRecord) -> str:
    local = record.time.astimezone()
    return f"{local:%Y-%m-%d %H:%M:%S}.{local.microsecond // 1000:03d} {local:%Z}".strip()


def _worded(name: str) -> str:
    """Return an id's name for people: ``run_id`` is Run id."""
    return name.replace("_", " ").capitalize()


def _facts(extra: Mapping[str, Json]) -> str:
    parts = (f"{key}={_short(value)}" for key, value in extra.items() if value is not None)
    return _one_line("  ".join(parts))


def _short(value: Json) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    if type(value) is int:
        return str(value)
    text = _value(value)
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"


def _value(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _one_line(text: str) -> str:
    """Return the text without line breaks; a long one is cut, the detail has it whole."""
    flat = text if text.isprintable() else printable(" ⏎ ".join(text.splitlines()))
    return flat if len(flat) <= _LONGEST_TEXT else f"{flat[:_LONGEST_TEXT]}…"
