"""One record, one line of JSON: fixed order of keys, redacted, of bounded length.

The order and the width of ``time`` never change, so that a reader finds the level of a line at a
fixed byte without parsing it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple

import orjson

from heygen_desktop.application.ports.logs import LogLevel
from heygen_desktop.domain.entities.run import Json
from heygen_desktop.infrastructure.logging.redaction import Redactor

ID_KEYS = ("request_id", "run_id", "session_id", "user")
_LEVEL_NAMES = {int(level): level.name for level in LogLevel}
LONGEST_LINE_BYTES = 256 * 1024
_LONGEST_TEXT = 32 * 1024
_LONGEST_EXTRA_TEXT = 4 * 1024
_LONGEST_EXAMINED_TEXT = 256 * 1024
"""Beyond this a text is cut before the rules see it; far beyond what is kept of it."""
_DEEPEST = 6
_MOST_ITEMS = 100
# Dataclasses go through str(), because fields with repr=False (prompts, values) must not appear.
_OPTIONS = orjson.OPT_APPEND_NEWLINE | orjson.OPT_NON_STR_KEYS | orjson.OPT_PASSTHROUGH_DATACLASS


class PendingRecord(NamedTuple):
    """What the caller's thread leaves for the writer: no formatting has been done yet."""

    time: datetime
    level: int
    logger: str
    message: str
    extra: Mapping[str, object]
    exception: str


class LineEncoder:
    """Turns records into lines; used by the writer thread alone."""

    def __init__(self, redactor: Redactor, *, session_id: str = "") -> None:
        self._redactor = redactor
        self._session_id = session_id

    def encode(self, record: PendingRecord) -> bytes:
        """Return the line with its newline, at most 256 KiB. Never raises: odd values become text."""
        fields = self._fields(record)
        try:
            line = orjson.dumps(fields, default=_as_text, option=_OPTIONS)
        except Exception:  # noqa: BLE001  any object may be logged, and its own methods run here
            return self._carefully(fields)
        if len(line) > LONGEST_LINE_BYTES or self._redactor.suspects(line):
            return self._carefully(fields)
        return line

    def _fields(self, record: PendingRecord) -> dict[str, object]:
        fields: dict[str, object] = {
            "time": record.time.astimezone(UTC).isoformat(timespec="microseconds"),
            "level": _LEVEL_NAMES.get(record.level) or level_of(record.level).name,
            "category": "program",
            "message": record.message,
            "logger": record.logger,
        }
        extra = dict(record.extra)
        fields["category"] = extra.pop("category", "program")
        if self._session_id:
            extra.setdefault("session_id", self._session_id)
        for key in ID_KEYS:
            if key in extra:
                fields[key] = extra.pop(key)
        if extra:
            fields["extra"] = extra
        if record.exception:
            fields["exception"] = record.exception
        return fields

    def _carefully(self, fields: Mapping[str, object]) -> bytes:
        """Redact first and shorten after, so that no cut hides half of a secret from the rules."""
        plain = {key: _plain(value, _DEEPEST) for key, value in fields.items()}
        redacted = self._redactor.mapping(plain)
        line = orjson.dumps(
            {key: _shortened(value, _LONGEST_TEXT) for key, value in redacted.items()},
            option=_OPTIONS,
        )
        if len(line) <= LONGEST_LINE_BYTES:
            return line
        kept = {key: redacted[key] for key in ("time", "level")}
        kept |= {
            key: _shortened(str(redacted[key]), 4096) for key in ("category", "message", "logger")
        }
        return orjson.dumps({**kept, "extra": {"left_out_bytes": len(line)}}, option=_OPTIONS)


def level_of(number: int) -> LogLevel:
    """Return the level of the log that a loguru or logging number belongs to (SUCCESS is INFO)."""
    return next((each for each in reversed(LogLevel) if number >= each), LogLevel.DEBUG)


def _as_text(value: object) -> str:
    try:
        return str(value)
    except Exception:  # noqa: BLE001  any object may be logged; its __str__ is not ours
        return f"<{type(value).__name__}>"


def _plain(value: object, depth: int) -> Json:
    if value is None or isinstance(value, bool | int | float):
        return value if not isinstance(value, int) or -(2**63) <= value < 2**64 else str(value)
    if depth == 0:
        return "..."
    if isinstance(value, Mapping):
        items = list(value.items())[:_MOST_ITEMS]
        return {_clean(_as_text(key)): _plain(each, depth - 1) for key, each in items}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(each, depth - 1) for each in list(value)[:_MOST_ITEMS]]
    return _clean(_as_text(value))


def _clean(text: str) -> str:
    """Return text that UTF-8 can hold; a lone surrogate becomes a question mark."""
    return text[:_LONGEST_EXAMINED_TEXT].encode("utf-8", "replace").decode()


def _shortened(value: Json, longest: int) -> Json:
    if isinstance(value, str) and len(value) > longest:
        return f"{value[:longest]} ... ({len(value)} characters)"
    if isinstance(value, list):
        return [_shortened(each, _LONGEST_EXTRA_TEXT) for each in value]
    if isinstance(value, dict):
        return {key: _shortened(each, _LONGEST_EXTRA_TEXT) for key, each in value.items()}
    return value
