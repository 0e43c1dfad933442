"""``heygen doctor``, ``heygen self-test`` and ``heygen --version``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from heygen_desktop import __version__
from heygen_desktop.application.ports.diagnostics import Check, CheckState
from heygen_desktop.domain.errors import HomeUnwritableError, WorkerCrashedError
from heygen_desktop.domain.events import Event, RunChanged

from tests.cli.terminal import Terminal
from tests.factories.parts import FakeParts


def test_the_version_is_told() -> None:
    terminal = Terminal()

    assert terminal.run("--version").out == f"heygen {__version__}\n"
    assert terminal.run("--json", "--version").document["version"] == __version__
    assert terminal.launched == []


def test_the_bare_word_shows_the_commands() -> None:
    answer = Terminal().run()

    assert answer.code == 0
    assert "quickstart" in answer.out


def test_a_healthy_machine_has_no_problem_to_mend(terminal: Terminal) -> None:
    person = terminal.run("doctor")
    script = terminal.run("doctor", "--json")

    assert (person.code, person.err) == (0, "Everything needed works.\n")
    assert person.out.splitlines()[1].split() == ["ok", "Database", "SQLite", "answers."]
    assert script.document["problems"] == 0
    assert script.document["total"] == 1


def test_a_problem_comes_with_its_remedy(terminal: Terminal) -> None:
    terminal.parts.diagnostics.found = [
        Check("Secrets", CheckState.PROBLEM, "No keyring.", "Install one.")
    ]

    answer = terminal.run("doctor")

    assert "-> Install one." in answer.out
    assert answer.err == "1 problem to fix.\n"


@pytest.fixture
def logging(terminal: Terminal) -> Terminal:
    """A program that logs what runs do, as the real one does."""

    def write(event: Event) -> None:
        if isinstance(event, RunChanged):
            terminal.parts.logs.add("Run changed", ids={"run_id": event.run.id})

    terminal.parts.events.subscribe(write)
    return terminal


STEPS = [
    "start", "register the starter model", "run it", "read the log", "read the machine",
    "change a setting", "keep a secret", "unload the model",
]  # fmt: skip


def test_the_self_test_takes_every_step(logging: Terminal) -> None:
    answer = logging.run("self-test")

    lines = answer.out.splitlines()
    assert answer.code == 0
    assert [line.split("  ")[-1].split(":")[0] for line in lines[:-1]] == STEPS
    assert all(line.startswith("ok ") for line in lines[:-1])
    assert lines[-1] == "All of it works."


def test_the_self_test_works_in_a_home_of_its_own_and_leaves_nothing(logging: Terminal) -> None:
    answer = logging.run("self-test", "--json", "--home", "/mine", "--env", "production")

    [choices] = logging.launched
    assert answer.document["passed"] is True
    assert [item["name"] for item in answer.document["items"]] == STEPS
    assert choices.home is not None
    assert choices.home != Path("/mine")
    assert not choices.home.exists()
    assert choices.settings == {"secrets.store": "vault"}
    assert logging.parts.closed == ["closed"]


def crash(parts: FakeParts) -> None:
    parts.inference.trouble = WorkerCrashedError("loading", "signal 11")


def say_nothing(parts: FakeParts) -> None:
    parts.inference.words = (" ", "\n")


def log_nothing(parts: FakeParts) -> None:
    parts.logs.query = lambda wanted: []  # type: ignore[method-assign]  # a log that lost its records


@pytest.mark.parametrize(
    ("spoil", "step"),
    [(crash, "run it"), (say_nothing, "run it"), (log_nothing, "read the log")],
)
def test_the_self_test_fails_where_something_does_not_work(
    logging: Terminal, spoil: Callable[[FakeParts], None], step: str
) -> None:
    spoil(logging.parts)

    person = logging.run("self-test")
    logging.parts.units.state.models.clear()
    script = logging.run("self-test", "--json")

    assert person.code == 1
    assert person.out.splitlines()[-1].startswith(f"FAILED  {step}: ")
    assert script.code == 1
    assert script.document["error"]["code"] == "self_test_failed"
    assert script.document["items"][-1]["state"] == "failed"


def test_the_self_test_tells_when_the_program_does_not_even_start(terminal: Terminal) -> None:
    terminal.trouble = HomeUnwritableError("/tmp/x", "Read-only file system.")

    answer = terminal.run("self-test", "--json")

    assert answer.code == 1
    assert [item["name"] for item in answer.document["items"]] == ["start"]
    assert "Read-only" in answer.document["error"]["cause"]
