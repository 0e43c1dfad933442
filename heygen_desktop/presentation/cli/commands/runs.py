"""``heygen runs``: what was run, and stopping what runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from heygen_desktop.application.documents import list_document, run_document
from heygen_desktop.domain.entities.run import Run, RunState
from heygen_desktop.domain.repositories import RunFilter
from heygen_desktop.presentation.cli.session import Session
from heygen_desktop.presentation.cli.shown import Facts, Table
from heygen_desktop.presentation.wording import moment, run_cost, shortened, size, speed

if TYPE_CHECKING:
    from heygen_desktop.application.tasks.task import Task

_SUMMARY = 28
"""Characters of an input or output in the list."""
RunRef = Annotated[str, typer.Argument(metavar="RUN", help="A run's id, or how it begins.")]


def list_(
    session: Session,
    model: Annotated[str, typer.Option(help="Only of this model.")] = "",
    state: Annotated[
        list[RunState] | None, typer.Option(help="Only in this state; may be given again.")
    ] = None,
    search: Annotated[
        str, typer.Option(help="Only with all of these words in name, input, output or model.")
    ] = "",
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="At most this many.")] = 20,
) -> None:
    """List the runs, the newest first."""
    wanted = RunFilter(model, tuple(state or ()), limit, search=search)
    page = session.application.list_runs(wanted)
    if not page.runs and search:
        session.output.note("No run has all of these words.")
    elif not page.runs:
        session.output.note("No run is recorded. 'heygen quickstart' makes the first.")
    table = Table(
        ("RUN", "MODEL", "STATE", "INPUT", "OUTPUT", ">SPEED", ">PEAK", "QUEUED"),
        [_row(run, session.application.tasks.of(run.task)) for run in page.runs],
    )
    session.output.answer(
        list_document(page.runs, run_document, total=page.total), *([table] if page.runs else [])
    )


def _row(run: Run, task: Task) -> tuple[str, ...]:
    figures = run.figures
    return (
        run.id,
        f"{run.model}@{run.version}",
        run.state,
        shortened(task.input_summary(run.inputs), _SUMMARY),
        shortened(task.output_summary(run.output), _SUMMARY),
        speed(figures.tokens_per_second),
        size(figures.peak_memory_bytes),
        moment(run.queued_at),
    )


def show(session: Session, run: RunRef) -> None:
    """Show one run.

    Its input, parameters, output, cost and, where it failed, why.
    """
    from heygen_desktop.application.tasks.parts import parts_of
    from heygen_desktop.presentation.cli.running import shown_parts, told_run

    found = session.application.get_run(run)
    task = session.application.tasks.of(found.task)
    parts = (*parts_of(task.input, found.inputs), *task.parts(found.output))
    session.output.answer(told_run(session, found), _facts(found), *shown_parts(parts))


def _facts(run: Run) -> Facts:
    rows = [
        ("run", run.id),
        *([("name", run.title)] if run.title else []),
        ("model", f"{run.model}@{run.version}"),
        ("task", run.task),
        ("state", run.state),
        ("device", run.device),
        ("seed", str(run.seed)),
        ("params", ", ".join(f"{key}={value}" for key, value in run.params.items())),
        ("queued", moment(run.queued_at)),
        ("ended", moment(run.finished_at)),
        ("cost", run_cost(run.figures)),
    ]
    if run.failure is not None:
        rows += [("error", run.failure.message), ("cause", run.failure.cause)]
        rows += [("remedy", run.failure.remedy)]
    return Facts(rows)


def cancel(session: Session, run: RunRef) -> None:
    """Ask a run to stop.

    It may run in the window or in another terminal.
    """
    from heygen_desktop.presentation.cli.running import told_run

    asked = session.application.cancel_run(run)
    words = "is cancelled" if asked.state is RunState.CANCELLED else "was asked to stop"
    session.output.answer(told_run(session, asked), f"Run {asked.id} {words}.")
