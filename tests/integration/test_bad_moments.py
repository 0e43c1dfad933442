"""Ctrl-C, kill and crash at any time: the run is told as what it was, and no process is left."""

from __future__ import annotations

import signal
import sqlite3
import sys
from pathlib import Path

import psutil
import pytest

from tests.integration import bad_models
from tests.integration.heygen_home import LONG_RUN, HeygenHome, Started, lives, wait_for

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals"),
]


def test_ctrl_c_while_the_program_starts_leaves_a_home_that_works(home: HeygenHome) -> None:
    before = home.kept()
    with home.started("models", "list") as command:
        command.signal(signal.SIGINT)
        answer = command.ended()

    # The very first moment belongs to Python itself, which ends by the signal.
    assert answer.code in (130, -signal.SIGINT)
    assert home("models", "list").document["total"] == 1
    assert home.kept() == before


def test_ctrl_c_while_files_are_read_leaves_the_entry_without_its_checksum(
    home: HeygenHome, tmp_path: Path
) -> None:
    folder = bad_models.sparse(tmp_path / "sixty-gigabytes", 60 * 10**9)
    weights = str(folder / "model.safetensors")

    with home.started("models", "register", folder) as command:
        process = psutil.Process(command.process.pid)
        wait_for(lambda: weights in [file.path for file in process.open_files()])
        command.signal(signal.SIGINT)
        error = command.ended().refused(130)

    assert error["code"] == "interrupted"
    sparse, _starter = home("models", "list").document["items"]
    assert (sparse["name"], sparse["checksum"]) == ("sixty-gigabytes", "")


@pytest.mark.parametrize("words", [("logs", "--follow"), ("monitor", "--interval", "0.25")])
def test_ctrl_c_ends_what_would_go_on_for_ever(home: HeygenHome, words: tuple[str, ...]) -> None:
    with home.started(*words) as command:
        assert command.process.stdout is not None
        command.process.stdout.readline()
        command.signal(signal.SIGINT)
        answer = command.ended()

    assert answer.code == 130
    assert answer.err == "The command was interrupted.\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_text_is_made_tells_the_run_as_cancelled(
    home: HeygenHome, number: signal.Signals
) -> None:
    with home.started(*LONG_RUN) as command:
        wait_for(lambda: "running" in _states(home))
        workers = command.workers()
        command.signal(number)
        error = command.ended().refused(128 + number)

    assert error["code"] == "run_cancelled"
    assert workers
    wait_for(lambda: not any(map(lives, workers)), within_s=1)
    assert home.states() == ["cancelled", "cancelled"]


@pytest.mark.parametrize("state", ["loading", "running"])
def test_a_killed_command_leaves_no_worker_and_an_interrupted_run(
    home: HeygenHome, state: str
) -> None:
    with home.started(*LONG_RUN) as command:
        workers = _workers_at(home, command, state)
        command.process.kill()
        wait_for(lambda: not any(map(lives, workers)), within_s=1)

    assert home.states() == ["interrupted", "cancelled"]
    assert _is_whole(home)


@pytest.mark.parametrize("state", ["loading", "running"])
def test_a_killed_worker_is_a_failed_run_that_names_the_kill(home: HeygenHome, state: str) -> None:
    with home.started(*LONG_RUN) as command:
        for worker in _workers_at(home, command, state):
            worker.kill()
        error = command.ended().refused()

    assert error["code"] in ("worker_crashed", "worker_out_of_memory")
    assert "SIGKILL" in error["message"] + error["cause"]
    assert home.states() == ["failed", "cancelled"]
    assert _is_whole(home)


def _workers_at(home: HeygenHome, command: Started, state: str) -> list[psutil.Process]:
    wait_for(lambda: state in _states(home) and command.workers())
    return command.workers()


def _states(home: HeygenHome) -> list[str]:
    """Look without starting a process, as the moment would be gone."""
    with sqlite3.connect(home.database.as_uri() + "?mode=ro", uri=True) as connection:
        found = [row[0] for row in connection.execute("SELECT state FROM runs")]
    connection.close()
    return found


def _is_whole(home: HeygenHome) -> bool:
    connection = sqlite3.connect(home.database)
    try:
        return list(connection.execute("PRAGMA integrity_check")) == [("ok",)]
    finally:
        connection.close()
