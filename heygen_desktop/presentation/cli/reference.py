"""The reference of all commands as Markdown, made from the commands themselves: it cannot go stale."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Any

import typer
from typer.main import get_command

from heygen_desktop.application.application import Application
from heygen_desktop.application.tasks.registry import TASKS
from heygen_desktop.application.tasks.task import Task
from heygen_desktop.presentation.cli.main import make_command_line
from heygen_desktop.presentation.cli.session import LaunchChoices, Services
from heygen_desktop.presentation.wording import typed

_WIDTH = 92
_INTRODUCTION = """\
# The command line

This page is made from the commands themselves, by `make reference`; a test compares. Every command
takes `--json --home --env`, before or after its name.

Answers go to stdout, everything else to stderr. Under `--json` stdout gets one JSON document and nothing
else (`monitor` and `logs --follow` print one line of JSON for each reading or record).

| exit code | meaning |
|---|---|
| 0 | it worked |
| 1 | it failed: `error:`, cause and remedy on stderr, `{"error": {...}}` under `--json` |
| 2 | wrong usage: what is wrong on stderr, `{"error": {...}}` under `--json` |
| 130 | interrupted with Ctrl-C (143: asked to end by SIGTERM) |
"""


def command_reference(root: typer.Typer) -> str:
    """Return the Markdown: each command with its help, in the order in which they are listed."""
    parts = [_INTRODUCTION]
    for path, text in _helps(get_command(root), "heygen", None):
        parts.append(f"## `{path}`\n\n```text\n{text}\n```\n")
    return "\n".join(parts)


def task_parameters(tasks: Iterable[Task]) -> str:
    """Return the parameters of every task, from their schemas, as ``heygen run --help`` ends."""
    blocks = []
    for task in tasks:
        lines = [f"Parameters of {task.tag}:"]
        for field in task.param_fields:
            lines.append(
                f"  {field.key}  {field.expected}; {typed(field.default) or field.empty} unless set"
            )
            lines.append(f"      {field.help}")
        blocks.append("\b\n" + "\n".join(lines))
    return "\n\n".join(blocks)


def _helps(command: Any, name: str, parent: Any) -> Iterator[tuple[str, str]]:
    """Walk the tree; its classes are private to typer, so they are taken as they come."""
    context = command.make_context(
        name,
        [],
        parent=parent,
        resilient_parsing=True,
        max_content_width=_WIDTH,
        terminal_width=_WIDTH,
    )
    yield context.command_path, "\n".join(line.rstrip() for line in context.get_help().splitlines())
    for child, inner in getattr(command, "commands", {}).items():
        yield from _helps(inner, child, context)


def _unbuilt(_choices: LaunchChoices) -> Application:
    raise RuntimeError("help needs no application")


if __name__ == "__main__":
    if sys.argv[1:] == ["parameters"]:
        sys.stdout.write(task_parameters(TASKS))
    else:
        sys.stdout.write(command_reference(make_command_line(Services(_unbuilt))))
