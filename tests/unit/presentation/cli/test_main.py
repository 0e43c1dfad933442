"""The table of commands: it says what the commands say, and brings in only what is typed."""

from __future__ import annotations

import subprocess
import sys

import pytest
from heygen_desktop.presentation.cli.main import WORDS, make_command_line
from heygen_desktop.presentation.cli.session import Services
from typer.main import get_command
from typer.testing import CliRunner


def _nothing(_choices: object) -> None:
    raise AssertionError("help builds nothing")


LINE = make_command_line(Services(build=_nothing))  # type: ignore[arg-type]  # it is never called

_LOADED = """
import sys
from heygen_desktop.__main__ import command_line
try:
    command_line(sys.argv[1:])
finally:
    print(*(name for name in sys.modules if name.startswith("heygen_desktop.")), sep="\\n")
    print(*(name for name in ("pydantic", "sqlalchemy", "loguru", "psutil") if name in sys.modules))
"""


def _loaded_by(*words: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", _LOADED, *words],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout.split()


@pytest.mark.parametrize("word", [word for word in WORDS if not WORDS[word].verbs])
def test_the_list_says_of_a_command_what_its_own_help_begins_with(word: str) -> None:
    command = get_command(LINE).commands[word]  # type: ignore[attr-defined]  # typer's class is private

    assert command.help.splitlines()[0] == WORDS[word].about


def test_a_word_that_is_nearly_one_is_answered_with_the_one_that_was_meant() -> None:
    answer = CliRunner().invoke(LINE, ["modles"])

    assert answer.exit_code == 2
    assert "Did you mean 'models'?" in answer.stderr


@pytest.mark.parametrize("words", [("--version",), ("--help",)])
def test_what_needs_no_command_brings_in_none_and_no_heavy_library(words: tuple[str, ...]) -> None:
    loaded = _loaded_by(*words)

    assert [name for name in loaded if ".commands." in name] == []
    assert {"pydantic", "sqlalchemy", "loguru", "psutil"}.isdisjoint(loaded)


def test_a_command_brings_in_its_own_module_alone() -> None:
    loaded = _loaded_by("models", "list", "--help")

    assert [name for name in loaded if ".commands." in name] == [
        "heygen_desktop.presentation.cli.commands.models"
    ]
