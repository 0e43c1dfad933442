"""``heygen logs``: reading, narrowing and following."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from heygen_desktop.application.ports.logs import LogLevel
from heygen_desktop.application.use_cases.runs.start_run import RunRequest
from heygen_desktop.domain.errors import InvalidParameterError
from heygen_desktop.presentation.cli.commands.logs import moment_of

from tests.cli.terminal import Terminal

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def log(terminal: Terminal) -> Terminal:
    logs = terminal.parts.logs
    logs.add("Program started", at=NOON - timedelta(hours=3), ids={"session_id": "s1"})
    logs.add(
        "Model registered",
        category="models",
        extra={"speed": 41.250001, "parameters": 5, "files": ["a"]},
    )
    logs.add("Worker died", level=LogLevel.ERROR, ids={"run_id": "abc"}, exception="Traceback: x")
    logs.add("Slow disk", level=LogLevel.WARNING, at=NOON, ids={"request_id": "r9"})
    return terminal


def test_lines_come_oldest_first_with_what_they_name(log: Terminal) -> None:
    lines = log.run("logs").out.splitlines()

    assert [line.split("  ")[-1] for line in lines] == [
        "Program started", "parameters=5", "run_id=abc", "Traceback: x", "request_id=r9",
    ]  # fmt: skip
    assert "models     Model registered  speed=41.25  parameters=5" in lines[1]
    assert "  ERROR     program    Worker died" in lines[2]


def test_a_script_gets_the_records_as_they_are_on_disk(log: Terminal) -> None:
    document = log.run("logs", "--json").document

    assert document["total"] == 4
    assert document["items"][0].keys() >= {"time", "level", "category", "message", "logger"}
    assert document["items"][2]["run_id"] == "abc"


@pytest.mark.parametrize(
    ("narrowing", "messages"),
    [
        (["--level", "warning"], ["Worker died", "Slow disk"]),
        (["--level", "ERROR"], ["Worker died"]),
        (["--grep", "MODEL"], ["Model registered"]),
        (["--request", "r9"], ["Slow disk"]),
        (["--since", "1h"], ["Slow disk"]),
        (["--limit", "1"], ["Slow disk"]),
    ],
)
def test_the_log_can_be_narrowed(log: Terminal, narrowing: list[str], messages: list[str]) -> None:
    document = log.run("logs", "--json", *narrowing).document

    assert [record["message"] for record in document["items"]] == messages


def test_the_lines_of_a_run_are_found_by_the_beginning_of_its_id(with_starter: Terminal) -> None:
    run = with_starter.application().start_run(RunRequest("starter", {"prompt": "x"})).run
    with_starter.parts.logs.add("Run queued", ids={"run_id": run.id})
    with_starter.parts.logs.add("Something else")

    document = with_starter.run("logs", "--run", run.id[:11], "--json").document

    assert [record["message"] for record in document["items"]] == ["Run queued"]


def test_a_run_that_does_not_exist_is_an_error(log: Terminal) -> None:
    assert log.run("logs", "--run", "zzz").code == 1


def test_no_match_says_where_was_looked(log: Terminal) -> None:
    answer = log.run("logs", "--grep", "nothing like it")

    assert (answer.code, answer.out) == (0, "")
    assert "heygen.jsonl" in answer.err


def test_following_shows_what_is_there_and_then_what_comes(log: Terminal) -> None:
    log.pauses = 1

    def meanwhile() -> None:
        log.parts.logs.add("Came later", level=LogLevel.WARNING)
        log.parts.logs.add("Too quiet", level=LogLevel.INFO)

    log.before_pause = meanwhile

    answer = log.run("logs", "--follow", "--level", "warning", "--limit", "1", "--json")

    assert answer.code == 130
    assert [record["message"] for record in answer.records] == ["Slow disk", "Came later"]


@pytest.mark.parametrize(
    ("text", "seconds"), [("30s", 30), ("10m", 600), (" 2 h ", 7200), ("7d", 604_800)]
)
def test_a_time_may_be_said_as_how_long_ago(text: str, seconds: int) -> None:
    assert moment_of(text, NOON) == NOON - timedelta(seconds=seconds)


def test_a_time_may_be_an_iso_time() -> None:
    assert moment_of("2026-01-01T11:00:00+00:00", NOON) == NOON - timedelta(hours=1)
    assert moment_of("2026-01-01", NOON).tzinfo is not None


@pytest.mark.parametrize("text", ["yesterday", "5 weeks", "999999999d"])
def test_a_time_that_is_neither_is_refused(text: str) -> None:
    with pytest.raises(InvalidParameterError):
        moment_of(text, NOON)


def test_a_wrong_time_is_told_with_what_is_expected(log: Terminal) -> None:
    answer = log.run("logs", "--since", "lately", "--json")

    assert (answer.code, answer.document["error"]["code"]) == (1, "invalid_parameter")
    assert "10m, 2h, 7d" in answer.document["error"]["remedy"]
