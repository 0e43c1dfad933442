"""Which lines may hold a wanted record, by the bytes of their block and then of the line.

These looks may say yes too often, never no too often, for lines that this program wrote.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import orjson

from heygen_desktop.application.ports.logs import LogLevel, LogQuery
from heygen_desktop.infrastructure.logging.redaction import clean

# {"time":"2026-01-01T00:00:00.000000+00:00","level":"INFO",...: always the same places.
_TIME = slice(9, 41)
_BEFORE_LEVEL = slice(41, 52)
_BEFORE_LEVEL_BYTES = b'","level":"'
_LEVEL_AT = 52
_LEVEL_BY_LETTER = {ord(level.name[0]): level for level in LogLevel}


class LineFilter:
    """One query, prepared: which lines are worth parsing."""

    def __init__(self, wanted: LogQuery) -> None:
        self._level = wanted.level
        self._lowered_needle = _needle(wanted.text).lower() if wanted.text.isascii() else b""
        self._needles = tuple(
            b'"%s"' % _needle(each) for each in (wanted.run_id, wanted.request_id) if each
        )
        self._since = _as_written(wanted.since)

    def candidates(self, block: bytes) -> Iterator[tuple[int, bytes]]:
        """Yield (offset of its end, line) of each line that may match, the last line first."""
        for end, line in self._lines_with_needle(block):
            if self._may_match(line):
                yield end, line

    def _lines_with_needle(self, block: bytes) -> Iterator[tuple[int, bytes]]:
        if self._needles:
            return _lines_with(self._needles[0], block, block)
        if self._lowered_needle:
            return _lines_with(self._lowered_needle, block.lower(), block)
        return _lines_backwards(block)

    def _may_match(self, line: bytes) -> bool:
        """Dismiss by the level and the time at their fixed places, without parsing."""
        return line[_BEFORE_LEVEL] != _BEFORE_LEVEL_BYTES or (
            line[_TIME] >= self._since
            and _LEVEL_BY_LETTER.get(line[_LEVEL_AT], LogLevel.CRITICAL) >= self._level
        )


def _lines_backwards(block: bytes) -> Iterator[tuple[int, bytes]]:
    end = len(block)
    for line in reversed(block.splitlines(keepends=True)):
        yield end, line
        end -= len(line)


def _lines_with(needle: bytes, searched: bytes, block: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the lines of ``block`` in whose place ``searched`` (it, or it in lower case) has the needle."""
    found, ends = -1, []
    while (found := searched.find(needle, found + 1)) >= 0:
        end = block.find(b"\n", found) + 1 or len(block)
        ends.append(end)
        found = end - 1
    for end in reversed(ends):
        yield end, block[block.rfind(b"\n", 0, end - 1) + 1 : end]


def _needle(text: str) -> bytes:
    """Return the bytes by which a line holds the text, quotes and backslashes escaped."""
    return orjson.dumps(clean(text))[1:-1]


def _as_written(moment: datetime | None) -> bytes:
    """Return the moment as the lines write it; such texts sort as their moments do."""
    if moment is None:
        return b""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").encode()
