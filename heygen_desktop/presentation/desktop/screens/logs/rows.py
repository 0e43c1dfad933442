"""Log records as the screen shows them: lines of the list, and the whole of one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from heygen_desktop.application.ports.logs import LogLevel, LogRecord
from heygen_desktop.domain.entities.run import Json
from heygen_desktop.presentation.wording import NOTHING, duration, printable, size, speed

_LONGEST_TEXT = 2000
_LONGEST_VALUE = 80
_CAUSES = ("cause", "reason")
_SUBJECTS = ("model", "key", "name")
"""What a record is about: it stands first, and says by itself what it is."""
_USUAL = ("version", "task", "environment", "front")
"""Alike in nearly all records: they stand last."""
_FIGURES: Mapping[str, tuple[str, Callable[[float], str]]] = {
    "tokens_per_second": ("speed", speed),
    "_bytes": ("", size),
    "_s": ("", duration),
}
"""Endings of names that tell a unit: what stands in their place, and how the figure is worded."""


@dataclass(frozen=True, slots=True)
class LogRow:
    """One line of the list. Slots, because there may be 200,000 of them."""

    position: int
    """Names the record; grows from line to line."""
    level: LogLevel
    category: str
    message: str
    """In one line."""
    cause: str
    """Why it happened, in one line; empty where nothing says so."""
    facts: str
    """What else the record carries, in one line, the telling first: ``starter tokens=12``."""
    searched: str
    """Lower case: what the text filter looks through."""
    record: LogRecord = field(repr=False)

    @property
    def time(self) -> str:
        """Local: ``14:05:09.123``; made for the lines in view alone."""
        local = self.record.time.astimezone()
        return f"{local:%H:%M:%S}.{local.microsecond // 1000:03d}"

    @property
    def run_id(self) -> str:
        """The run that it is of, or an empty string."""
        return self.record.ids.get("run_id", "")

    @property
    def as_text(self) -> str:
        """The line as it is copied."""
        parts = (self.record.time.isoformat(), self.level.name, self.category, self.message)
        return "\t".join((*parts, self.cause, self.facts, self.run_id))


@dataclass(frozen=True)
class LogDetail:
    """All of one record, worded."""

    message: str
    level: LogLevel
    cause: str
    """Why it happened; empty where nothing says so."""
    facts: tuple[tuple[str, str], ...]
    """Names and values: what it is about, what was measured, then when, where and the ids."""
    run_id: str
    exception: str
    as_json: str
    """The record as one JSON document."""
    as_text: str
    """The record in lines for a colleague."""


def row_of(record: LogRecord) -> LogRow:
    """Return the line of a record; control characters and line breaks are made visible."""
    message = _one_line(record.message)
    cause = _one_line(_cause(record))
    facts = _one_line("  ".join(_short(*fact) for fact in _facts(record)))
    ids = " ".join(record.ids.values())
    return LogRow(
        position=record.position,
        level=record.level,
        category=record.category,
        message=message,
        cause=cause,
        facts=facts,
        searched=f"{message}\n{record.category}\n{cause}\n{facts}\n{ids}".lower(),
        record=record,
    )


def detail_of(record: LogRecord) -> LogDetail:
    """Return all that is known of a record."""
    cause = _cause(record)
    facts = (
        *((_worded(name), value) for name, value in _facts(record)),
        ("Time", _full_time(record)),
        ("Category", record.category or NOTHING),
        *((_worded(name), value) for name, value in record.ids.items()),
        ("Logger", record.logger or NOTHING),
    )
    return LogDetail(
        message=printable(record.message, keep="\n"),
        level=record.level,
        cause=printable(cause, keep="\n"),
        facts=tuple((name, printable(value)) for name, value in facts),
        run_id=record.ids.get("run_id", ""),
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


def _cause(record: LogRecord) -> str:
    """Return why it happened: what the record says, or else the last line of the exception."""
    told = [_value(record.extra[name]) for name in _CAUSES if record.extra.get(name)]
    return next(iter((*told, *reversed(record.exception.splitlines()))), "")


def _facts(record: LogRecord) -> list[tuple[str, str]]:
    """Return what the record carries but for its cause, the telling first, as people read it."""
    first: list[tuple[str, str]] = []
    then: list[tuple[str, str]] = []
    last: list[tuple[str, str]] = []
    for name, value in _flat(record.extra):
        if name not in _CAUSES:
            place = first if name in _SUBJECTS else last if name in _USUAL else then
            place.append(_fact(name, value))
    return [*first, *then, *last]


def _flat(extra: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    """Yield each value under its own name; one that is not there is left out."""
    for name, value in extra.items():
        if isinstance(value, dict):
            yield from _flat(value)
        elif value is not None:
            yield name, value


def _fact(name: str, value: Json) -> tuple[str, str]:
    if type(value) is int or type(value) is float:
        shown, worded = _figure(name)
        return shown, worded(value)
    return name, _value(value)


@cache  # names are few, and asked of for each of 50,000 records
def _figure(name: str) -> tuple[str, Callable[[float], str]]:
    for ending, (instead, worded) in _FIGURES.items():
        if name.endswith(ending):
            return name.removesuffix(ending) + instead, worded
    return name, _rounded


def _rounded(value: float) -> str:
    if isinstance(value, int):
        return str(value)
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"


def _short(name: str, value: str) -> str:
    """Return a fact for the line; what it is about needs no name."""
    cut = value if len(value) <= _LONGEST_VALUE else f"{value[: _LONGEST_VALUE - 1]}…"
    return cut if name in _SUBJECTS else f"{name}={cut}"


def _value(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _one_line(text: str) -> str:
    """Return the text without line breaks; a long one is cut, the detail has it whole."""
    flat = text if text.isprintable() else printable(" ⏎ ".join(text.splitlines()))
    return flat if len(flat) <= _LONGEST_TEXT else f"{flat[:_LONGEST_TEXT]}…"
