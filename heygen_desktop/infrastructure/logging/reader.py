"""The log read back: queries from the newest line backwards, and a tail that follows rotation.

Files are read in blocks of a MiB, never mapped: a log that is cut short under a mapping kills the
process, and a longer block would hold the interpreter while the window wants to paint. Before a line is
parsed it must hold the bytes of what is looked for; most lines are dismissed by a search of their block.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import orjson

from heygen_desktop.application.ports.logs import LogLevel, LogQuery, LogRecord
from heygen_desktop.domain.entities.run import Json
from heygen_desktop.infrastructure.logging.files import CURRENT_NAME
from heygen_desktop.infrastructure.logging.lines import ID_KEYS
from heygen_desktop.infrastructure.logging.matching import LineFilter
from heygen_desktop.infrastructure.logging.segments import Segment, Segments

BLOCK_BYTES = 1024 * 1024
_NEWEST = 1000
_FEW = 10_000
"""So many records at most are held in memory to be turned round; for more the files are read twice."""
_MOST_IN_A_TAIL_BYTES = 4 * BLOCK_BYTES
_LONGEST_LINE_BYTES = 4 * BLOCK_BYTES


class LogFolder:
    """Fulfils ``Logs`` over ``heygen.jsonl`` and the rotated files beside it. Safe from any thread.

    A position is the place of a line's end in all files put end to end, as this object has seen them.
    """

    def __init__(self, folder: Path, *, flush: Callable[[], object]) -> None:
        """Read the files of ``folder``; ``flush`` brings what waits in memory to the disk."""
        self._folder = folder
        self._flush = flush
        self._segments = Segments(folder)

    @property
    def folder(self) -> Path:
        return self._folder

    @property
    def file(self) -> Path:
        return self._folder / CURRENT_NAME

    def query(self, wanted: LogQuery) -> Sequence[LogRecord]:
        self._flush()
        with self._segments.opened() as segments:
            return _newest(segments, wanted)

    def stream(self, wanted: LogQuery) -> Iterator[LogRecord]:
        if wanted.limit <= _FEW:
            yield from self.query(wanted)
            return
        self._flush()
        with self._segments.opened() as segments:
            first = _first_place(segments, wanted)
            for segment in _young_enough(segments, wanted.since):
                yield from _forwards(segment, wanted, first)

    def tail(self, cursor: int) -> tuple[Sequence[LogRecord], int]:
        with self._segments.opened() as segments:
            if cursor > 0:
                end = segments[-1].end if segments else 0
                return _after(segments, min(cursor, end))
            newest = _newest(segments, LogQuery(limit=_NEWEST))
        # The last line may be half written; the cursor stands before it.
        return newest, max((record.position for record in newest), default=0)


def _newest(segments: Sequence[Segment], wanted: LogQuery) -> list[LogRecord]:
    return list(islice(_backwards(segments, wanted), wanted.limit))[::-1]


def _first_place(segments: Sequence[Segment], wanted: LogQuery) -> int:
    """Return where the records begin that a limit lets through: 0 where there are not so many."""
    blocks = (block for segment in segments for _, block in blocks_backwards(segment))
    if sum(block.count(b"\n") + (not block.endswith(b"\n")) for block in blocks) <= wanted.limit:
        return 0
    oldest = deque(islice(_backwards(segments, wanted), wanted.limit), maxlen=1)
    return oldest[0].position if oldest else 0


def _young_enough(segments: Sequence[Segment], since: datetime | None) -> list[Segment]:
    """Leave out the files whose every line was written before that moment."""
    return [each for each in segments if since is None or each.modified_at >= since.timestamp()]


def _backwards(segments: Sequence[Segment], wanted: LogQuery) -> Iterator[LogRecord]:
    """Yield the matching records, the newest first."""
    keep = LineFilter(wanted)
    for segment in reversed(_young_enough(segments, wanted.since)):
        for start, block in blocks_backwards(segment):
            for end, line in keep.candidates(block):
                record = parse_record(line, segment.base + start + end)
                if record is not None and wanted.matches(record):
                    yield record


def _forwards(segment: Segment, wanted: LogQuery, first: int) -> Iterator[LogRecord]:
    """Yield the matching records, the oldest first, from the one at position ``first`` on."""
    keep = LineFilter(wanted)
    places = [(start, len(block)) for start, block in blocks_backwards(segment)]
    for start, size in reversed(places):
        for end, line in reversed(list(keep.candidates(segment.read(start, size)))):
            position = segment.base + start + end
            record = parse_record(line, position) if position >= first else None
            if record is not None and wanted.matches(record):
                yield record


def blocks_backwards(segment: Segment) -> Iterator[tuple[int, bytes]]:
    """Yield (offset, whole lines) from the end of the file to its start, a MiB or so at a time."""
    stop, carried = segment.size, b""
    while stop > 0:
        start = max(0, stop - BLOCK_BYTES)
        block = segment.read(start, stop - start) + carried
        head = 0 if start == 0 else block.find(b"\n") + 1
        if start > 0 and head in (0, len(block)):
            # The inside of a line longer than a block: read on, and pass it over where it is endless.
            carried = block if len(block) < _LONGEST_LINE_BYTES else b""
        else:
            carried = block[:head]
            yield start + head, block[head:]
        stop = start


def _after(segments: Sequence[Segment], cursor: int) -> tuple[list[LogRecord], int]:
    """Return the records of whole lines after the cursor, at most some MiB of them, and the place."""
    records: list[LogRecord] = []
    left = _MOST_IN_A_TAIL_BYTES
    for segment in segments:
        if segment.end <= cursor or left <= 0:
            continue
        start = max(0, cursor - segment.base)
        text = segment.read(start, min(left, segment.size - start))
        # One line longer than all that is read at once is passed over; half a line is waited for.
        taken = text if len(text) >= _MOST_IN_A_TAIL_BYTES and b"\n" not in text else _whole(text)
        records += _records(taken, segment.base + start)
        cursor = segment.base + start + len(taken)
        left -= len(text)
    return records, cursor


def _whole(text: bytes) -> bytes:
    return text[: text.rfind(b"\n") + 1]


def _records(lines: bytes, position: int) -> Iterator[LogRecord]:
    for line in lines.splitlines(keepends=True):
        position += len(line)
        record = parse_record(line, position)
        if record is not None:
            yield record


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
