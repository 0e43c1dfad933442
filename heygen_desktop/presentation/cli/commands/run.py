"""``heygen run``: run a model on an input and show what comes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from heygen_desktop.domain.entities.run import Json, RunState
from heygen_desktop.presentation.cli.files import STDIN, check_writable, read_text, stdin_is_given
from heygen_desktop.presentation.cli.session import Session

if TYPE_CHECKING:
    from heygen_desktop.application.tasks.task import Task


def run(
    session: Session,
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="The model: NAME, NAME@VERSION or NAME@ALIAS.")
    ],
    input_: Annotated[
        str | None,
        typer.Argument(
            metavar="INPUT",
            help="The main input, such as a prompt or, for a task that takes files, a file. What is "
            "piped in is taken where none is given, or with -.",
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
        int | None, typer.Option(help="Repeats a run. Without one, a random seed is used and kept.")
    ] = None,
    device: Annotated[
        str, typer.Option(help="auto, cpu, cuda:0; the setting's if not given.")
    ] = "",
) -> int:
    """Run a model on an input.

    Its output streams to stdout; what it cost goes to stderr. Ctrl-C stops it and keeps what it made.
    """
    from heygen_desktop.application.use_cases.runs.start_run import RunRequest
    from heygen_desktop.presentation.cli.running import account, run_to_end
    from heygen_desktop.presentation.saving import save_file

    params, files = _pairs(param, "--param"), _pairs(input_file, "--input")
    if output is not None:
        check_writable(output)
    model = session.application.get_model(name).model
    wanted = session.application.tasks.named(task or model.task, model=model.name)
    inputs = _inputs(session, wanted, input_, files)
    request = RunRequest(name, inputs, task, dict(params), seed, device)
    shows = output is None and not session.output.as_json
    done = run_to_end(session, request, shows=shows)
    if output is not None and done.state is RunState.SUCCEEDED:
        save_file(output, session.application.files.saved(wanted, done.output))
        session.output.note(f"Written to {output}")
    return account(session, done, shows=shows and not wanted.streamed)


def _inputs(
    session: Session, task: Task, given: str | None, files: dict[str, str]
) -> dict[str, Json]:
    """What was given is used, or refused: nothing is passed over in silence."""
    from heygen_desktop.application.forms import FieldKind
    from heygen_desktop.application.tasks.blob import blob_of

    main = task.main_input
    if given is not None and main in files:
        raise typer.BadParameter(f"{main} is given twice.", param_hint="INPUT")
    if given is None and main not in files and not stdin_is_given():
        raise _nothing_given(main)
    kept = {field.key for field in task.input_fields if field.kind is FieldKind.FILE}
    inputs = {key: _read(session, file, keeps=key in kept) for key, file in files.items()}
    if main not in inputs:
        is_read = main in kept or given in (None, STDIN)
        inputs[main] = _read(session, given or STDIN, keeps=main in kept) if is_read else given
    blob = blob_of(inputs[main])
    if given is None and (not inputs[main] or (blob is not None and not blob.size_bytes)):
        raise _nothing_given(main)
    return inputs


def _read(session: Session, source: str, *, keeps: bool) -> Json:
    """Return the text of a file or stdin, or the reference to a copy that is kept."""
    if not keeps:
        return read_text(Path(source))
    if source == STDIN:
        return session.application.files.keep(sys.stdin.buffer, name="standard input")
    return session.application.files(Path(source))


def _nothing_given(name: str) -> typer.BadParameter:
    return typer.BadParameter(f"Nothing was given for {name}.", param_hint="INPUT")


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
    """Return the parameters of every task, for the end of ``--help``.

    They are written down beside the code (``make reference``), because the schemas that they come
    from take longer to import than all the rest of the help. A test compares.
    """
    return Path(__file__).with_name("parameters.txt").read_text(encoding="utf-8")
