"""What every ``Logs`` keeps, whether it reads files or a list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from heygen_desktop.application.ports.logs import LogLevel, LogQuery, LogRecord, Logs
from heygen_desktop.infrastructure.logging.files import LogFile
from heygen_desktop.infrastructure.logging.lines import LineEncoder, PendingRecord
from heygen_desktop.infrastructure.logging.reader import LogFolder
from heygen_desktop.infrastructure.logging.redaction import Redactor

from tests.fakes.logs import FakeLogs

START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


class Bench:
    """A log and the way to write to it."""

    def __init__(self, logs: Logs, write: Callable[[LogRecord], None]) -> None:
        self.logs = logs
        self._write = write
        self._count = 0

    def log(
        self,
        message: str,
        *,
        level: LogLevel = LogLevel.INFO,
        category: str = "program",
        ids: Mapping[str, str] | None = None,
    ) -> None:
        at = START + timedelta(seconds=self._count)
        self._count += 1
        self._write(LogRecord(at, level, category, message, "tests", ids or {}))

    def messages(self, **wanted: object) -> list[str]:
        query = LogQuery(**wanted)  # type: ignore[arg-type]  # each test names fields of LogQuery
        return [record.message for record in self.logs.query(query)]


@pytest.fixture(params=["fake", "files", "rotated files"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Bench:
    if request.param == "fake":
        fake = FakeLogs()
        return Bench(fake, fake.add_record)
    max_bytes = 10_000_000 if request.param == "files" else 500
    file = LogFile(tmp_path, max_bytes=max_bytes, kept_files=100_000)
    request.addfinalizer(file.close)
    encoder = LineEncoder(Redactor())

    def write(record: LogRecord) -> None:
        extra = {"category": record.category, **record.ids, **record.extra}
        pending = PendingRecord(
            record.time, record.level, record.logger, record.message, extra, record.exception
        )
        file.append(encoder.encode(pending))

    return Bench(LogFolder(tmp_path, flush=lambda: None), write)


class TestLogs:
    def test_an_empty_log_has_no_records(self, bench: Bench) -> None:
        assert list(bench.logs.query(LogQuery())) == []
        assert bench.logs.tail(0) == ([], 0)

    def test_the_file_lies_in_the_folder(self, bench: Bench) -> None:
        assert bench.logs.file.parent == bench.logs.folder

    def test_records_come_oldest_first(self, bench: Bench) -> None:
        for name in "abc":
            bench.log(name)

        assert bench.messages() == ["a", "b", "c"]

    def test_a_record_comes_back_as_it_was_logged(self, bench: Bench) -> None:
        bench.log("hello", level=LogLevel.ERROR, category="runs", ids={"run_id": "r1"})

        (record,) = bench.logs.query(LogQuery())

        assert record.time == START
        assert record.level is LogLevel.ERROR
        assert record.category == "runs"
        assert record.logger == "tests"
        assert record.ids == {"run_id": "r1"}

    def test_the_limit_keeps_the_newest(self, bench: Bench) -> None:
        for number in range(20):
            bench.log(str(number))

        assert bench.messages(limit=3) == ["17", "18", "19"]

    def test_a_limit_of_nothing_gives_nothing(self, bench: Bench) -> None:
        bench.log("a")

        assert bench.messages(limit=0) == []

    def test_a_level_keeps_itself_and_what_is_above(self, bench: Bench) -> None:
        for level in LogLevel:
            bench.log(level.name, level=level)

        assert bench.messages(level=LogLevel.WARNING) == ["WARNING", "ERROR", "CRITICAL"]

    def test_text_is_found_in_message_category_and_ids_whatever_its_case(
        self, bench: Bench
    ) -> None:
        bench.log("a Needle here")
        bench.log("b", category="needles")
        bench.log("c", ids={"request_id": "NEEDLE-7"})
        bench.log("d")

        assert bench.messages(text="nEEdle") == ["a Needle here", "b", "c"]

    def test_text_is_not_found_in_a_name_of_a_field(self, bench: Bench) -> None:
        bench.log("a", ids={"run_id": "x"})

        assert bench.messages(text="run_id") == []

    def test_text_with_accents_quotes_and_backslashes_is_found(self, bench: Bench) -> None:
        bench.log('the "ÉTÉ" of C:\\temp')

        assert len(bench.messages(text='"été"')) == 1
        assert len(bench.messages(text="c:\\TEMP")) == 1

    def test_since_keeps_that_moment_and_later(self, bench: Bench) -> None:
        for name in "abcd":
            bench.log(name)

        assert bench.messages(since=START + timedelta(seconds=2)) == ["c", "d"]

    def test_a_run_id_is_matched_whole(self, bench: Bench) -> None:
        bench.log("a", ids={"run_id": "r1"})
        bench.log("b", ids={"run_id": "r12"})
        bench.log("c r1")

        assert bench.messages(run_id="r1") == ["a"]

    def test_a_request_id_is_matched_whole(self, bench: Bench) -> None:
        bench.log("a", ids={"request_id": "q1"})
        bench.log("b", ids={"run_id": "q1"})

        assert bench.messages(request_id="q1") == ["a"]

    def test_all_that_is_wanted_must_hold(self, bench: Bench) -> None:
        bench.log("slow", level=LogLevel.ERROR, ids={"run_id": "r1"})
        bench.log("slow", ids={"run_id": "r1"})
        bench.log("fast", level=LogLevel.ERROR, ids={"run_id": "r1"})

        assert bench.messages(text="slow", level=LogLevel.ERROR, run_id="r1") == ["slow"]

    @pytest.mark.parametrize("limit", [0, 2, 1_000_000])
    def test_a_stream_gives_what_a_query_gives(self, bench: Bench, limit: int) -> None:
        for name in ("1 x", "b", "2 x", "3 x"):
            bench.log(name)
        wanted = LogQuery(text="x", limit=limit)

        streamed = list(bench.logs.stream(wanted))

        assert streamed == list(bench.logs.query(wanted))
        assert [each.message for each in streamed] == ["1 x", "2 x", "3 x"][max(0, 3 - limit) :]

    def test_positions_grow_from_record_to_record(self, bench: Bench) -> None:
        for name in "abcdefgh":
            bench.log(name)

        positions = [record.position for record in bench.logs.query(LogQuery())]

        assert positions == sorted(set(positions))
        assert positions[0] > 0

    def test_a_tail_gives_each_record_once(self, bench: Bench) -> None:
        bench.log("a")
        first, cursor = bench.logs.tail(0)
        nothing, cursor = bench.logs.tail(cursor)
        for name in "bcdefg":
            bench.log(name)
        later, cursor = bench.logs.tail(cursor)

        assert [record.message for record in first] == ["a"]
        assert list(nothing) == []
        assert [record.message for record in later] == list("bcdefg")
        assert list(bench.logs.tail(cursor)[0]) == []

    def test_a_tail_begins_with_the_newest_thousand(self, bench: Bench) -> None:
        for number in range(1005):
            bench.log(str(number))

        records, _ = bench.logs.tail(0)

        assert [records[0].message, records[-1].message, len(records)] == ["5", "1004", 1000]

    def test_a_position_of_a_query_is_a_cursor_for_the_tail(self, bench: Bench) -> None:
        for name in "abc":
            bench.log(name)
        second = bench.logs.query(LogQuery())[1]

        later, _ = bench.logs.tail(second.position)

        assert [record.message for record in later] == ["c"]
