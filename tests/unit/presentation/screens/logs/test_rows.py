"""How records are worded, in a line and in full."""

from __future__ import annotations

import json

import pytest
from heygen_desktop.application.ports.logs import LogLevel, LogRecord
from heygen_desktop.domain.entities.run import Json
from heygen_desktop.presentation.desktop.screens.logs.rows import detail_of, row_of

from tests.fakes.logs import FakeLogs


def a_record() -> LogRecord:
    return FakeLogs().add(
        "Run failed",
        level=LogLevel.ERROR,
        category="runs",
        ids={"run_id": "r1", "request_id": "q1"},
        extra={
            "front": "cli",
            "model": "llama",
            "tokens": 12,
            "load_s": 0.123456,
            "peak_memory_bytes": 390045696,
            "params": {"seed": 1},
            "x": None,
            "cause": "It needs 9.1 GB.",
        },
        exception="Traceback\n  line",
    )


def test_a_line_leads_with_what_differs_and_leaves_out_what_is_missing() -> None:
    row = row_of(a_record())

    assert row.facts == "llama  tokens=12  load=0.12 s  peak_memory=390 MB  seed=1  front=cli"
    assert row.run_id == "r1"
    assert row.as_text.split("\t")[1:5] == ["ERROR", "runs", "Run failed", "It needs 9.1 GB."]


def test_the_cause_of_a_failure_is_in_the_line_that_tells_of_it() -> None:
    died = FakeLogs().add("Worker died", extra={"pid": 7, "reason": "killed by signal 9"})
    raised = FakeLogs().add("A listener failed", exception="Traceback\n  line\nKeyError: 'x'\n")
    fine = FakeLogs().add("Run started")

    assert [row_of(each).cause for each in (a_record(), died, raised, fine)] == [
        "It needs 9.1 GB.",
        "killed by signal 9",
        "KeyError: 'x'",
        "",
    ]


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("tokens_per_second", 82.9538549735404, "speed=83.0 tokens/s"),
        ("temperature", 0.8, "temperature=0.8"),
        ("ratio", 1234.5678, "ratio=1,235"),
        ("seed", 1011676818, "seed=1011676818"),
        ("front", True, "front=true"),
    ],
)
def test_figures_are_rounded_to_what_is_meaningful(name: str, value: Json, told: str) -> None:
    assert row_of(FakeLogs().add("Told", extra={name: value})).facts == told


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
    assert detail.cause == "It needs 9.1 GB."
    assert detail.facts[:2] == (("Model", "llama"), ("Tokens", "12"))
    assert ("Peak memory", "390 MB") in detail.facts
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


def test_a_bare_record_has_neither_cause_nor_exception() -> None:
    record = FakeLogs().add("Program started")

    detail = detail_of(record)

    assert (detail.cause, detail.exception, detail.run_id) == ("", "", "")
    assert json.loads(detail.as_json).keys() == {"time", "level", "category", "message", "logger"}
    assert detail.as_text.count("\n") == 0
