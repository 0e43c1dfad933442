"""The page of all commands in the documentation is what the commands themselves say."""

from __future__ import annotations

from pathlib import Path

from heygen_desktop.application.application import Application
from heygen_desktop.application.tasks.registry import TASKS
from heygen_desktop.presentation.cli.commands.run import epilog
from heygen_desktop.presentation.cli.main import make_command_line
from heygen_desktop.presentation.cli.reference import command_reference, task_parameters
from heygen_desktop.presentation.cli.session import LaunchChoices, Services

PAGE = Path(__file__).parents[4] / "docs" / "cli.md"


def _nothing(_choices: LaunchChoices) -> Application:
    raise AssertionError("the reference builds nothing")


def reference() -> str:
    return command_reference(make_command_line(Services(_nothing)))


def test_every_command_has_its_section() -> None:
    headings = [line for line in reference().splitlines() if line.startswith("## ")]

    assert headings[0] == "## `heygen`"
    assert "## `heygen models register`" in headings
    assert "## `heygen self-test`" in headings
    assert len(headings) == len(set(headings)) == 32


def test_the_page_in_the_docs_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference(), (
        "docs/cli.md is stale; write it anew: make reference"
    )


def test_the_help_of_run_ends_with_the_parameters_that_the_schemas_of_the_tasks_have() -> None:
    assert epilog() == task_parameters(TASKS), "parameters.txt is stale: make reference"
