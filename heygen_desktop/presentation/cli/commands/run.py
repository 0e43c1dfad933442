"""``heygen run``: run a model on an input and show what comes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from heygen_desktop.application.tasks.registry import TASKS
from heygen_desktop.application.use_cases.runs.start_run import RunRequest
from heygen_desktop.domain.entities.run import Json, RunState
from heygen_desktop.presentation.cli.files import (
    STDIN,
    check_writable,
    read_stdin,
    read_text,
    stdin_is_given,
)
from heygen_desktop.presentation.cli.running import account, run_to_end
from heygen_desktop.presentation.cli.session import Session
from heygen_desktop.presentation.saving import save_file


def run(
    session: Session,
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="The model: NAME, NAME@VERSION or NAME@ALIAS.")
    ],
    input_: Annotated[
        str | None,
        typer.Argument(
            metavar="INPUT",
            help="The main input, such as a prompt. What is piped in is taken where none is given, "
            "or with -.",
            show_default=False,
        ),
    ] = None,
    task: Annotated[str, typer.Option(help="The task; the model's own where none is given.")] = "",
    param: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY=VALUE", help="A parameter of the task; may be given again."),
    ] = None,
    input_file: Annotated[
        list[str] | None,
        typer.Option(
            "--input",
            metavar="KEY=FILE",
            help="An input of the task, read from a file, or stdin for -; again for more.",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            readable=False,
            help="Write the output there, whole, instead of to stdout.",
        ),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="Repeats a run; drawn and kept with it where none is given.")
    ] = None,
    device: Annotated[
        str, typer.Option(help="auto, cpu, cuda:0; the setting's if not given.")
    ] = "",
) -> int:
    """Run a model on an input.

    Its output streams to stdout; what it cost goes to stderr. Ctrl-C stops it and keeps what it made.
    """
    params, files = _pairs(param, "--param"), _pairs(input_file, "--input")
    if output is not None:
        check_writable(output)
    model = session.application.get_model(name).model
    wanted = session.application.tasks.named(task or model.task, model=model.name)
    inputs = _inputs(wanted.main_input, input_, files)
    request = RunRequest(name, inputs, task, dict(params), seed, device)
    shows = output is None and not session.output.as_json
    done = run_to_end(session, request, shows=shows)
    if output is not None and done.state is RunState.SUCCEEDED:
        save_file(output, wanted.as_text(done.output).encode())
        session.output.note(f"Written to {output}")
    return account(session, done, shows=shows and not wanted.streamed)


def _inputs(main: str, given: str | None, files: dict[str, str]) -> dict[str, Json]:
    """What was given is used, or refused: nothing is passed over in silence."""
    if given is not None and main in files:
        raise typer.BadParameter(f"{main} is given twice.", param_hint="INPUT")
    inputs: dict[str, Json] = {key: read_text(Path(file)) for key, file in files.items()}
    if main not in inputs:
        inputs[main] = _main_input(main, given)
    return inputs


def _main_input(name: str, given: str | None) -> str:
    if given is not None:
        return read_stdin() if given == STDIN else given
    piped = read_stdin() if stdin_is_given() else ""
    if not piped:
        raise typer.BadParameter(f"Nothing was given for {name}.", param_hint="INPUT")
    return piped


def _pairs(given: list[str] | None, option: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for each in given or ():
        key, equals, value = each.partition("=")
        if not (key.strip() and equals):
            raise typer.BadParameter(f"{each!r} is not KEY=VALUE.", param_hint=option)
        if key.strip() in pairs:
            raise typer.BadParameter(f"{key.strip()} is given twice.", param_hint=option)
        pairs[key.strip()] = value
    return pairs


def epilog() -> str:
    """Return the parameters of every task, from their schemas, for the end of ``--help``."""
    blocks = []
    for task in TASKS:
        lines = [f"Parameters of {task.tag}:"]
        for field in task.param_fields:
            lines.append(f"  {field.key}  {field.expected}; {field.default} unless set")
            lines.append(f"      {field.help}")
        blocks.append("\b\n" + "\n".join(lines))
    return "\n\n".join(blocks)
