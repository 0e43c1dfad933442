"""A program with a queue is killed, and the next one goes on with what waited."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from heygen_desktop.application.application import Application
from heygen_desktop.bootstrap import LaunchOptions, build
from heygen_desktop.domain.entities.run import RunState

from tests.integration.heygen_home import wait_for

pytestmark = pytest.mark.slow

PROGRAM = """
import sys, threading
from pathlib import Path
from heygen_desktop.application.use_cases.runs.start_run import RunRequest
from heygen_desktop.bootstrap import LaunchOptions, build

application = build(LaunchOptions(home=Path(sys.argv[1]), front="desktop"), environ={})
application.ensure_starter_model()

def tell(event):
    if type(event).__name__ == "RunProduced":
        print("under way", flush=True)

long = {"max_tokens": 490, "temperature": 2}
application.start_run(RunRequest("starter", {"prompt": "Once"}, params=long), tell)
for word in ("It", "So"):
    application.start_run(RunRequest("starter", {"prompt": word}, params={"max_tokens": 3}))
threading.Event().wait()
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home whose program was killed while one run was at work and two waited."""
    home = tmp_path / "home"
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(home)],
        stdout=subprocess.PIPE,
        env={**os.environ, "HEYGEN__SECRETS__STORE": "vault"},
    )
    try:
        assert program.stdout is not None
        assert program.stdout.readline() == b"under way\n"
    finally:
        program.kill()
        program.communicate(timeout=30)
    return home


@pytest.fixture
def next_program(home: Path) -> Iterator[Application]:
    application = build(LaunchOptions(home=home, front="desktop"), environ={})
    yield application
    application.close()


def states(application: Application) -> list[tuple[str, RunState]]:
    runs = application.list_runs().runs
    return sorted((str(run.inputs["prompt"]), run.state) for run in runs)


def test_what_waited_in_a_program_that_was_killed_is_run_by_the_next_one(
    next_program: Application,
) -> None:
    before = states(next_program)

    next_program.resume_runs()

    assert before == [
        ("It", RunState.QUEUED),
        ("Once", RunState.INTERRUPTED),
        ("So", RunState.QUEUED),
    ]
    wait_for(
        lambda: (
            states(next_program)
            == [
                ("It", RunState.SUCCEEDED),
                ("Once", RunState.INTERRUPTED),
                ("So", RunState.SUCCEEDED),
            ]
        )
    )


def test_a_command_leaves_the_queue_to_a_program_that_stays(home: Path) -> None:
    application = build(LaunchOptions(home=home), environ={})

    found = states(application)
    application.close()

    assert [state for _, state in found] == [
        RunState.QUEUED,
        RunState.INTERRUPTED,
        RunState.QUEUED,
    ]
