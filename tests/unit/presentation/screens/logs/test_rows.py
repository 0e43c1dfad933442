"""How records are worded, in a line and in full."""

from __future__ import annotations

import json

from heygen_desktop.application.ports.logs import LogLevel, LogRecord
from heygen_desktop.presentation.desktop.screens.logs.rows import detail_of, row_of

from tests.fakes.logs import FakeLogs


def a_record() -> LogRecord:
    return FakeLogs().add(
        "Run failed",
        level=LogLevel.ERROR,
        category="runs",
        ids={"run_id": "r1", "request_id": "q1"},
        extra={
            "model": "llama",
            "tokens": 12,
            "load_s": 0.123456,
            "params": {"seed": 1},
            "x": None,
        },
        exception="Traceback\n  line",
    )


def test_a_line_names_the_facts_but_not_what_is_missing() -> None:
    row = row_of(a_record())

    assert row.facts == 'model=llama  tokens=12  load_s=0.1235  params={"seed": 1}'
    assert row.run_id == "r1"
    assert row.as_text.split("\t")[1:4] == ["ERROR", "runs", "Run failed"]


def test_a_line_stays_one_line_whatever_was_logged() -> None:
    row = row_of(FakeLogs().add("One\nTwo\x1b[31m", extra={"text": "a\nb"}))

    assert row.message == "One ⏎ Two\N{REPLACEMENT CHARACTER}[31m"
    assert "\n" not in row.facts


def test_endless_messages_and_values_are_cut_in_the_line_only() -> None:
    record = FakeLogs().add("m" * 5000, extra={"text": "v" * 500})

    row = row_of(record)

    assert len(row.message) == 2001
    assert len(row.facts) < 100
    assert len(detail_of(record).message) == 5000


def test_the_whole_record_has_every_field() -> None:
    detail = detail_of(a_record())

    assert dict(detail.facts)["Run id"] == "r1"
    assert dict(detail.facts)["Logger"] == "tests"
    assert json.loads(detail.extra)["params"] == {"seed": 1}
    assert detail.exception == "Traceback\n  line"


def test_a_record_is_copied_as_json_that_can_be_read_back() -> None:
    document = json.loads(detail_of(a_record()).as_json)

    assert document["level"] == "ERROR"
    assert document["run_id"] == "r1"
    assert document["extra"]["tokens"] == 12
    assert document["exception"].startswith("Traceback")


def test_a_record_is_copied_as_lines_for_a_colleague() -> None:
    lines = detail_of(a_record()).as_text.splitlines()

    assert lines[0].endswith("ERROR runs: Run failed")
    assert "run_id: r1" in lines
    assert "model: llama" in lines
    assert lines[-1] == "  line"


def test_a_bare_record_has_neither_extra_nor_exception() -> None:
    record = FakeLogs().add("Program started")

    detail = detail_of(record)

    assert (detail.extra, detail.exception, detail.run_id) == ("", "", "")
    assert json.loads(detail.as_json).keys() == {"time", "level", "category", "message", "logger"}
    assert detail.as_text.count("\n") == 0
