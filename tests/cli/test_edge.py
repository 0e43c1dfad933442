"""What all commands have in common: options on both sides, errors as words, exit codes."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from heygen_desktop.domain.errors import HomeUnwritableError, RunCancelledError
from heygen_desktop.presentation.cli.main import make_command_line
from heygen_desktop.presentation.cli.session import LaunchChoices, Services
from heygen_desktop.presentation.cli.usage import usage_error
from typer.main import get_command

from tests.cli.terminal import Terminal


def commands() -> Iterator[tuple[str, Any]]:
    def nothing(_choices: LaunchChoices) -> Any:
        raise AssertionError("help builds nothing")

    yield from _below(get_command(make_command_line(Services(nothing))), "heygen")


def _below(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    yield name, command
    for child, inner in getattr(command, "commands", {}).items():
        yield from _below(inner, f"{name} {child}")


EVERY = dict(commands())


def test_the_tree_has_every_command_of_the_contract() -> None:
    assert EVERY.keys() >= {
        f"heygen {words}"
        for words in (
            "quickstart", "run", "ps", "load", "unload", "monitor", "logs", "doctor", "self-test",
            "models register", "models scan", "models list", "models show", "models remove",
            "runs list", "runs show", "runs cancel", "env list", "env show", "env get", "env set",
            "env unset", "secret set", "secret list", "secret delete",
        )
    }  # fmt: skip


@pytest.mark.parametrize("name", EVERY)
def test_every_command_takes_json_home_and_env_and_says_what_it_does(name: str) -> None:
    command = EVERY[name]
    options = {option for parameter in command.params for option in parameter.opts}

    assert options >= {"--json", "--home", "--env"}
    assert command.help


@pytest.mark.parametrize("name", [name for name in EVERY if not hasattr(EVERY[name], "commands")])
def test_every_parameter_of_every_command_is_explained(name: str) -> None:
    unexplained = [
        parameter.name
        for parameter in EVERY[name].params
        if not getattr(parameter, "help", None) and parameter.name != "help"
    ]

    assert unexplained == []


@pytest.mark.parametrize(
    "words",
    [
        ["--json", "--home", "/a", "--env", "testing", "models", "list"],
        ["models", "--json", "--home", "/a", "--env", "testing", "list"],
        ["models", "list", "--json", "--home", "/a", "--env", "testing"],
        ["--home", "/b", "--env", "staging", "models", "list", "--json", "--home", "/a", "--env", "testing"],
    ],
)  # fmt: skip
def test_common_options_stand_before_or_after_and_the_nearest_wins(
    terminal: Terminal, words: list[str]
) -> None:
    answer = terminal.run(*words)

    assert answer.document == {"items": [], "total": 0}
    assert terminal.launched == [LaunchChoices(Path("/a"), "testing")]


def test_the_application_is_closed_after_a_command(with_starter: Terminal) -> None:
    with_starter.run("models", "list")

    assert with_starter.parts.closed == ["closed"]


def test_the_application_is_closed_after_a_failure(terminal: Terminal) -> None:
    terminal.run("models", "show", "nothing")

    assert terminal.parts.closed == ["closed"]


def test_a_program_that_cannot_start_says_why(terminal: Terminal) -> None:
    terminal.trouble = HomeUnwritableError("/proc/x", "Permission denied.")

    answer = terminal.run("models", "list", "--json")

    assert (answer.code, answer.document["error"]["code"]) == (1, "home_unwritable")


def test_an_unknown_command_is_wrong_usage(terminal: Terminal) -> None:
    answer = terminal.run("modles", "--json")

    assert (answer.code, answer.document["error"]["code"]) == (2, "wrong_usage")
    assert "modles" in answer.err


def test_a_mistake_of_the_program_is_told_with_its_traceback(with_starter: Terminal) -> None:
    with_starter.parts.diagnostics.before_checks = lambda: 1 / 0

    answer = with_starter.run("doctor", "--json")

    assert answer.code == 1
    assert answer.document["error"]["code"] == "unexpected"
    assert answer.document["error"]["cause"] == "ZeroDivisionError: division by zero"
    assert "Traceback (most recent call last)" in answer.err
    assert with_starter.parts.closed == ["closed"]


def test_ctrl_c_ends_any_command_with_130_and_no_traceback(with_starter: Terminal) -> None:
    with_starter.parts.diagnostics.before_checks = lambda: signal.raise_signal(signal.SIGINT)

    person = with_starter.run("doctor")
    script = with_starter.run("doctor", "--json")

    assert (person.code, person.out, person.err) == (130, "", "The command was interrupted.\n")
    assert script.document["error"]["code"] == "interrupted"
    assert script.document["error"]["details"] == {"signal": "SIGINT"}


def test_ctrl_c_that_a_library_rewords_is_still_ctrl_c(with_starter: Terminal) -> None:
    def reworded() -> None:
        try:
            signal.raise_signal(signal.SIGINT)
        except BaseException as error:
            raise ValueError("error building a validator") from error

    with_starter.parts.diagnostics.before_checks = reworded

    answer = with_starter.run("doctor")

    assert (answer.code, answer.err) == (130, "The command was interrupted.\n")


def test_sigterm_ends_a_command_with_143(with_starter: Terminal) -> None:
    with_starter.parts.diagnostics.before_checks = lambda: signal.raise_signal(signal.SIGTERM)

    assert with_starter.run("doctor").code == 143


def test_signals_are_heard_by_whom_they_were_before(terminal: Terminal) -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)

    terminal.run("doctor")

    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


def test_a_cancel_that_nobody_here_asked_for_is_a_failure(with_starter: Terminal) -> None:
    def cancelled() -> None:
        raise RunCancelledError("loading")

    with_starter.parts.diagnostics.before_checks = cancelled

    answer = with_starter.run("doctor", "--json")

    assert (answer.code, answer.document["error"]["code"]) == (1, "run_cancelled")


def test_the_real_clock_speaks_utc() -> None:
    services = Services(lambda _choices: Terminal().application())

    assert services.now().utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        (["nonsense"], "No such command 'nonsense'."),
        (["models", "show"], "Missing argument 'NAME'."),
        (["run", "a", "b", "--param", "c"], "'c' is not KEY=VALUE."),
        (["runs", "list", "--colour"], "No such option: --colour"),
    ],
)
def test_wrong_usage_has_its_document_too(terminal: Terminal, words: list[str], cause: str) -> None:
    answer = terminal.run(*words, "--json")

    error = answer.document["error"]
    assert (answer.code, error["code"]) == (2, "wrong_usage")
    assert cause in error["cause"]
    assert error["cause"].endswith(".")
    assert error["details"]["command"] in error["message"]
    assert error["remedy"].endswith("--help' shows how it is used.")
    assert answer.err.startswith("Usage: heygen")


def test_wrong_usage_without_json_says_nothing_on_stdout(terminal: Terminal) -> None:
    for words in (["nonsense"], ["run", "--nonsense", "--", "--json"]):
        answer = terminal.run(*words)

        assert (answer.code, answer.out) == (2, "")


def test_where_typer_says_no_sentence_one_is_said_for_it() -> None:
    assert usage_error(None)["cause"] == "Something is missing after it."
