"""Whether a record is wanted: first by the bytes of its block and line, then by its fields.

The first two looks may say yes too often, never no too often, for lines that this program wrote.
"""

from __future__ import annotations

from datetime import UTC, datetime

import orjson

from heygen_desktop.application.ports.logs import LogLevel, LogQuery, LogRecord

# {"time":"2026-01-01T00:00:00.000000+00:00","level":"INFO",...: always the same places.
_TIME = slice(9, 41)
_BEFORE_LEVEL = slice(41, 52)
_BEFORE_LEVEL_BYTES = b'","level":"'
_LEVEL_AT = 52
_LEVEL_BY_LETTER = {ord(level.name[0]): level for level in LogLevel}


class LineFilter:
    """One query, prepared."""

    def __init__(self, wanted: LogQuery) -> None:
        self._wanted = wanted
        self._text = wanted.text.lower()
        self._lowered_needle = _needle(wanted.text).lower() if wanted.text.isascii() else b""
        self._needles = tuple(_needle(each) for each in (wanted.run_id, wanted.request_id) if each)
        self._since = _as_written(wanted.since)

    def may_match(self, block: bytes) -> bool:
        """Whether some line of the block may match."""
        return all(needle in block for needle in self._needles) and (
            not self._lowered_needle or self._lowered_needle in block.lower()
        )

    def may_match_line(self, line: bytes) -> bool:
        """Whether the line may match, at a tenth of the price of parsing it."""
        if line[_BEFORE_LEVEL] == _BEFORE_LEVEL_BYTES and (
            line[_TIME] < self._since
            or _LEVEL_BY_LETTER.get(line[_LEVEL_AT], LogLevel.CRITICAL) < self._wanted.level
        ):
            return False
        return self.may_match(line)

    def matches(self, record: LogRecord) -> bool:
        """Whether the record is wanted."""
        wanted = self._wanted
        return (
            record.level >= wanted.level
            and (wanted.since is None or record.time >= wanted.since)
            and (not wanted.run_id or record.ids.get("run_id") == wanted.run_id)
            and (not wanted.request_id or record.ids.get("request_id") == wanted.request_id)
            and self._holds_text(record)
        )

    def _holds_text(self, record: LogRecord) -> bool:
        text = self._text
        return (
            not text
            or text in record.message.lower()
            or text in record.category.lower()
            or any(text in each.lower() for each in record.ids.values())
        )


def _needle(text: str) -> bytes:
    """Return the bytes by which a line holds the text, quotes and backslashes escaped."""
    return orjson.dumps(text.encode("utf-8", "replace").decode())[1:-1]


def _as_written(moment: datetime | None) -> bytes:
    """Return the moment as the lines write it; such texts sort as their moments do."""
    if moment is None:
        return b""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").encode()
