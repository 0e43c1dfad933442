"""How an end of a process becomes an error that a person can act on."""

from __future__ import annotations

from pathlib import Path

import pytest
from heygen_desktop.domain.errors import (
    RunCancelledError,
    WorkerCrashedError,
    WorkerOutOfMemoryError,
    WorkerProtocolError,
)
from heygen_desktop.infrastructure.inference import endings
from heygen_desktop.infrastructure.inference.endings import Ending, system_kill_count


@pytest.mark.parametrize(
    ("ending", "how"),
    [
        (Ending(-11), "signal SIGSEGV"),
        (Ending(-6), "signal SIGABRT"),
        (Ending(-99), "signal 99"),
        (Ending(3), "exit code 3"),
        (Ending(0), "exit code 0"),
        (Ending(-15, asked="unloaded"), "unloaded"),
        (Ending(-9, violation="It lied."), "protocol violation: It lied."),
    ],
)
def test_an_end_is_told_in_a_few_words(ending: Ending, how: str) -> None:
    assert ending.how == how


def test_a_crash_carries_phase_output_tokens_and_memory() -> None:
    ending = Ending(-11, last_output="boom", peak_memory_bytes=5)

    error = ending.error("running", device="cpu", tokens=3)

    assert isinstance(error, WorkerCrashedError)
    assert error.details == {
        "phase": "running",
        "how": "signal SIGSEGV",
        "last_output": "boom",
        "tokens": 3,
        "peak_memory_bytes": 5,
    }


@pytest.mark.parametrize(
    ("kills", "words"),
    [(2, "it counted 2 such kill(s)"), (None, "runs out.")],
)
def test_a_kill_is_told_with_what_the_system_counted(kills: int | None, words: str) -> None:
    error = Ending(-9, system_kills=kills).error("loading", device="cpu", tokens=0)

    assert isinstance(error, WorkerOutOfMemoryError)
    assert words in error.cause


def test_a_kill_that_the_system_did_not_count_came_from_somebody() -> None:
    error = Ending(-9, system_kills=0).error("running", device="cpu", tokens=0)

    assert isinstance(error, WorkerCrashedError)
    assert "SIGKILL, sent by a person or another program" in error.message


def test_an_end_that_we_asked_for_is_a_cancelled_run() -> None:
    error = Ending(-9, asked="closed", violation="x").error("running", device="cpu", tokens=4)

    assert isinstance(error, RunCancelledError)
    assert error.details == {"phase": "running", "tokens": 4}


def test_a_violation_is_told_whatever_the_signal_was() -> None:
    error = Ending(-9, violation="It lied.").error("running", device="cpu", tokens=4)

    assert isinstance(error, WorkerProtocolError)
    assert error.cause == "It lied."


def test_the_systems_count_is_read_where_there_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted, silent = tmp_path / "counted", tmp_path / "silent"
    counted.write_text("pgfault 12\noom_kill 7\nlast 1\n", encoding="ascii")
    silent.write_text("pgfault 12\n", encoding="ascii")

    found = []
    for file in (counted, silent, tmp_path / "missing"):
        monkeypatch.setattr(endings, "_VMSTAT", file)
        found.append(system_kill_count())

    assert found == [7, None, None]
