"""A line of the log back into a record, forgiving what other programs or a crash left there."""

from __future__ import annotations

from datetime import UTC, datetime

import orjson

from heygen_desktop.application.ports.logs import LogLevel, LogRecord
from heygen_desktop.domain.entities.run import Json
from heygen_desktop.infrastructure.logging.lines import ID_KEYS


def parse_record(line: bytes, position: int = 0) -> LogRecord | None:
    """Return the record of a line, or None where the line is none: no JSON, no time, no message."""
    try:
        fields = orjson.loads(line)
        time = datetime.fromisoformat(fields["time"])
        level = LogLevel[fields["level"]]
        message = fields["message"]
    except (ValueError, KeyError, TypeError):
        return None
    if not isinstance(message, str):
        return None
    return LogRecord(
        time=time if time.tzinfo else time.replace(tzinfo=UTC),
        level=level,
        category=_text(fields.get("category", "")),
        message=message,
        logger=_text(fields.get("logger", "")),
        ids={key: _text(fields[key]) for key in ID_KEYS if key in fields},
        extra=_mapping(fields.get("extra")),
        exception=_text(fields.get("exception", "")),
        position=position,
    )


def _text(value: Json) -> str:
    return value if isinstance(value, str) else str(value)


def _mapping(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}
