"""Reading damaged, foreign, long and rotating files."""

from __future__ import annotations

import os
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from heygen_desktop.application.ports.logs import LogLevel, LogQuery, LogRecord
from heygen_desktop.infrastructure.logging.files import LogFile
from heygen_desktop.infrastructure.logging.lines import LineEncoder, PendingRecord
from heygen_desktop.infrastructure.logging.reader import BLOCK_BYTES, LogFolder
from heygen_desktop.infrastructure.logging.redaction import Redactor

AT = datetime(2026, 1, 1, tzinfo=UTC)


class Home:
    """A log folder with a writer on it."""

    def __init__(self, folder: Path, *, max_bytes: int = 10**9, kept_files: int = 100) -> None:
        self.folder = folder
        self.logs = LogFolder(folder, flush=lambda: None)
        self.file = LogFile(folder, max_bytes=max_bytes, kept_files=kept_files)
        self._encoder = LineEncoder(Redactor())

    def line(self, message: str, *, level: int = 20, second: int = 0) -> bytes:
        at = AT + timedelta(seconds=second)
        return self._encoder.encode(PendingRecord(at, level, "tests", message, {}, ""))

    def log(self, *messages: str) -> None:
        self.file.append(b"".join(self.line(message) for message in messages))

    def raw(self, text: bytes) -> None:
        with (self.folder / "heygen.jsonl").open("ab") as file:
            file.write(text)

    def messages(self, **wanted: object) -> list[str]:
        query = LogQuery(**wanted)  # type: ignore[arg-type]  # each test names fields of LogQuery
        return [record.message for record in self.logs.query(query)]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    made = Home(tmp_path)
    yield made
    made.file.close()


@pytest.fixture
def turning(tmp_path: Path) -> Iterator[Home]:
    """Return a home whose files are full after two or three records."""
    made = Home(tmp_path, max_bytes=300, kept_files=3)
    yield made
    made.file.close()


def test_damaged_and_foreign_lines_are_passed_over(home: Home) -> None:
    home.log("a")
    home.raw(b'{"time":"2026\n\x00\xff\xfe\n\nTraceback (most recent call last):\r\n')
    home.raw(b'{"message":"b","level":"INFO","time":"2026-01-01T00:00:00Z"}\n')
    home.log("c")

    assert home.messages() == ["a", "b", "c"]
    assert [record.message for record in home.logs.tail(0)[0]] == ["a", "b", "c"]


def test_a_folder_that_is_not_there_is_an_empty_log(tmp_path: Path) -> None:
    logs = LogFolder(tmp_path / "none", flush=lambda: None)

    assert list(logs.query(LogQuery())) == []
    assert logs.tail(0) == ([], 0)
    assert logs.tail(50) == ([], 0)


def test_a_half_written_line_is_waited_for(home: Home) -> None:
    home.log("a")
    _, cursor = home.logs.tail(0)
    line = home.line("b")

    home.raw(line[:30])
    first, cursor = home.logs.tail(cursor)
    home.raw(line[30:])
    second, _ = home.logs.tail(cursor)

    assert list(first) == []
    assert [record.message for record in second] == ["b"]


def test_a_tail_that_begins_in_a_half_written_line_gets_it_whole(home: Home) -> None:
    line = home.line("b")
    home.log("a")
    home.raw(line[:30])

    first, cursor = home.logs.tail(0)
    home.raw(line[30:])
    second, _ = home.logs.tail(cursor)

    assert [record.message for record in (*first, *second)] == ["a", "b"]


def test_lines_across_block_edges_are_found_whole(home: Home) -> None:
    count = 3 * BLOCK_BYTES // 1000
    for number in range(count):
        home.file.append(home.line(f"{number} " + "x" * (900 + number % 7)))

    found = home.messages(limit=count)

    assert [message.split()[0] for message in found] == [str(number) for number in range(count)]


def test_a_line_longer_than_a_block_is_read(home: Home) -> None:
    home.log("a")
    home.raw(home.line("MARK").replace(b"MARK", b"b" * (2 * BLOCK_BYTES)))
    home.log("c")

    assert [message[0] for message in home.messages()] == ["a", "b", "c"]


def test_an_endless_line_hides_nothing_else(home: Home) -> None:
    home.log("a")
    _, cursor = home.logs.tail(0)
    home.raw(b"x" * (6 * BLOCK_BYTES) + b"\n")
    home.log("c")

    later = []
    for _ in range(3):
        records, cursor = home.logs.tail(cursor)
        later += [record.message for record in records]

    assert home.messages() == ["a", "c"]
    assert later == ["c"]


def test_a_long_absence_is_caught_up_in_parts(home: Home) -> None:
    home.log("0")
    _, cursor = home.logs.tail(0)
    home.file.append(b"".join(home.line("y" * 1000) for _ in range(8000)))

    caught: list[LogRecord] = []
    calls = 0
    while records := home.logs.tail(cursor)[0]:
        _, cursor = home.logs.tail(cursor)
        caught += records
        calls += 1

    assert len(caught) == 8000
    assert calls == 3


def test_a_tail_follows_across_rotations(turning: Home) -> None:
    turning.log("start")
    records, cursor = turning.logs.tail(0)
    seen = [record.message for record in records]
    for number in range(50):
        turning.log(f"record {number}")
        if number % 3 == 0:
            records, cursor = turning.logs.tail(cursor)
            seen += [record.message for record in records]

    records, cursor = turning.logs.tail(cursor)
    seen += [record.message for record in records]

    assert seen == ["start", *(f"record {number}" for number in range(50))]


def test_a_tail_that_slept_through_pruning_gets_what_is_left(turning: Home) -> None:
    turning.log("start")
    _, cursor = turning.logs.tail(0)
    for number in range(50):
        turning.log(f"record {number}")

    records, _ = turning.logs.tail(cursor)

    numbers = [int(record.message.split()[1]) for record in records]
    assert numbers == list(range(numbers[0], 50))
    assert numbers[0] > 30


def test_a_log_that_was_deleted_begins_anew_without_repeating(home: Home) -> None:
    home.log("a", "b")
    _, cursor = home.logs.tail(0)
    (home.folder / "heygen.jsonl").unlink()
    home.log("c")

    records, _ = home.logs.tail(cursor)

    assert [record.message for record in records] == ["c"]


def test_a_cursor_from_beyond_the_end_starts_at_the_end(home: Home) -> None:
    home.log("a")

    nothing, cursor = home.logs.tail(10**9)
    home.log("b")
    records, _ = home.logs.tail(cursor)

    assert list(nothing) == []
    assert [record.message for record in records] == ["b"]


def test_a_file_rotated_between_listing_and_reading_is_read_once(turning: Home) -> None:
    turning.log("a", "b")
    with (
        turning.logs._segments.opened() as segments
    ):  # the moment between is not to be had otherwise
        turning.log("c", "d")
        text = segments[0].read(0, 10_000)

    assert text.count(b"\n") == 2
    assert turning.messages() == ["a", "b", "c", "d"]


def test_files_older_than_the_moment_asked_for_are_not_read(turning: Home) -> None:
    for number in range(6):
        turning.log(f"record {number}")
    for path in turning.folder.glob("heygen-*"):
        path.write_bytes(path.read_bytes().replace(b"2026-01-01", b"2027-01-01"))
        os.utime(path, (0, 0))

    found = turning.messages(since=AT)

    assert found
    assert len(found) < 6


def test_lines_of_another_layout_are_filtered_as_well(home: Home) -> None:
    home.raw(b'{"level":"ERROR","time":"2026-01-01T00:00:05Z","message":"late error"}\n')
    home.raw(b'{"level":"INFO","time":"2026-01-01T00:00:05Z","message":"late info"}\n')
    home.raw(b'{"level":"ERROR","time":"2025-01-01T00:00:05Z","message":"early error"}\n')

    assert home.messages(level=LogLevel.ERROR, since=AT) == ["late error"]


def test_reading_the_log_needs_no_database_settings_or_logger() -> None:
    code = (
        "import sys; import heygen_desktop.infrastructure.logging.reader; "
        "print([m for m in ('sqlalchemy', 'pydantic', 'loguru', 'asyncio') if m in sys.modules])"
    )

    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert printed.stdout == "[]\n"


MANY = 25_000


@pytest.fixture
def many(tmp_path: Path) -> Home:
    """Return a home of two files with more records than are held in memory at once."""
    made = Home(tmp_path)
    lines = [
        made.line(f"record {n}", level=40 if n % 10 == 0 else 20, second=n) for n in range(MANY)
    ]
    (tmp_path / "heygen-20260101T000000Z-0001.jsonl").write_bytes(b"".join(lines[:9000]))
    made.raw(b"".join(lines[9000:]))
    return made


@pytest.mark.parametrize("limit", [10_001, 20_000, MANY - 1, MANY, MANY + 1, 10**9])
def test_a_stream_of_many_gives_the_newest_oldest_first(many: Home, limit: int) -> None:
    streamed = list(many.logs.stream(LogQuery(limit=limit)))

    assert streamed == list(many.logs.query(LogQuery(limit=limit)))
    assert len(streamed) == min(limit, MANY)
    assert streamed[-1].message == f"record {MANY - 1}"


def test_a_stream_of_many_is_narrowed_like_a_query(many: Home) -> None:
    many.raw(b"damaged\n" + b"x" * 3_000_000 + b"\n" + many.line("half written")[:-1])
    since = AT + timedelta(seconds=12_000)
    for wanted in (
        LogQuery(level=LogLevel.ERROR, limit=20_000),
        LogQuery(text="RECORD 1", limit=10_500),
        LogQuery(since=since, limit=20_000),
        LogQuery(text="nowhere", limit=20_000),
    ):
        assert list(many.logs.stream(wanted)) == list(many.logs.query(wanted))


def test_a_stream_takes_the_memory_of_a_few_records(many: Home) -> None:
    tracemalloc.start()
    try:
        count = sum(1 for _ in many.logs.stream(LogQuery(limit=10**6)))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert count == MANY
    assert peak < 8 * 1024 * 1024  # all records together are 30 MiB


def test_what_is_logged_during_a_stream_is_not_in_it(many: Home) -> None:
    stream = many.logs.stream(LogQuery(limit=10**6))
    first = next(stream)
    many.raw(many.line("meanwhile"))

    rest = list(stream)

    assert (first.message, rest[-1].message, len(rest)) == (
        "record 0",
        f"record {MANY - 1}",
        MANY - 1,
    )


def test_an_empty_file_is_an_empty_log(home: Home) -> None:
    home.raw(b"")

    assert home.messages() == []


@pytest.mark.parametrize("limit", [5, 10**6])
def test_what_was_logged_before_a_question_is_seen_by_it(home: Home, limit: int) -> None:
    logs = LogFolder(home.folder, flush=lambda: home.log("waiting in memory"))

    asked = [record.message for record in logs.query(LogQuery(limit=limit))]
    streamed = [record.message for record in logs.stream(LogQuery(limit=limit))]

    assert (len(asked), len(streamed)) == (1, 2)
