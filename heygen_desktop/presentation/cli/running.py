"""Running a model in front of a person: tokens as they come, a polite stop, and the account at the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from heygen_desktop.application.documents import Document, error_body, run_document
from heygen_desktop.application.ports.logs import LogQuery
from heygen_desktop.application.tasks.parts import Part, TablePart, TextPart
from heygen_desktop.domain.entities.run import Run, RunState
from heygen_desktop.domain.errors import HeyGenError, RunCancelledError
from heygen_desktop.domain.events import Event, RunLoading, RunProduced
from heygen_desktop.presentation.cli.output import Output, ReaderGoneError
from heygen_desktop.presentation.cli.session import FAILURE, SUCCESS, Session
from heygen_desktop.presentation.cli.shown import Facts, Shown, Table
from heygen_desktop.presentation.wording import run_cost

if TYPE_CHECKING:
    from heygen_desktop.application.use_cases.runs.start_run import RunRequest

_LOOK_EVERY_S = 0.05
STOPPING = "Stopping the run; press Ctrl-C again to quit at once."


class RunFollower:
    """Shows what one run produces, and carries the user's wish to stop to it.

    It is called on a thread of its own, where what it raises is only logged; so trouble with stdout is
    kept here, stops the run, and is raised by ``check`` after it.
    """

    def __init__(self, output: Output, asked_to_stop: Callable[[], bool], *, shows: bool) -> None:
        self._output = output
        self._asked_to_stop = asked_to_stop
        self._shows = shows
        self._has_told = False
        self._last = "\n"
        self._trouble: ReaderGoneError | HeyGenError | None = None

    def __call__(self, event: Event) -> None:
        """Take an event of the run."""
        if isinstance(event, RunLoading):
            self._output.loading(event.update)
        elif isinstance(event, RunProduced):
            self._produced(event.update.text)

    def should_stop(self) -> bool:
        """Whether the run should end: Ctrl-C, SIGTERM, or nobody reads any more."""
        if self._asked_to_stop() and not self._has_told:
            self._has_told = True
            self._output.note(STOPPING if self._last == "\n" else f"\n{STOPPING}")
        return self._has_told or self._trouble is not None

    def check(self) -> None:
        """End the line of output. Raises what went wrong with stdout meanwhile."""
        self._output.clear_status()
        self._end_line()
        if self._trouble is not None:
            raise self._trouble

    def _produced(self, text: str) -> None:
        if not self._shows:
            return
        try:
            self._output.stream(text)
        except (ReaderGoneError, HeyGenError) as error:
            self._trouble = error
            self._shows = False
        self._last = text[-1:] or self._last

    def _end_line(self) -> None:
        if self._shows and self._last != "\n":
            self._last = "\n"
            self._output.stream("\n")


def run_to_end(session: Session, request: RunRequest, *, shows: bool) -> Run:
    """Run it here; return it in its final state, once all it made was shown.

    Args:
        shows: Whether its output goes to stdout as it comes.

    Raises:
        HeyGenError: It could not be queued, or stored, or stdout cannot take its output.
        ReaderGoneError: Nobody reads stdout any more; the run was cancelled.
    """
    follower = RunFollower(session.output, session.stopping.asked, shows=shows)
    with session.stopping.politely():
        handle = session.application.start_run(request, follower)
        while (done := handle.wait(_LOOK_EVERY_S)) is None:
            if follower.should_stop():
                handle.cancel()
    follower.check()
    return done


def account(session: Session, run: Run, *, shows: bool = False, **more: Document | str) -> int:
    """Say how the run ended, and return the exit code.

    Args:
        shows: Whether its output goes to stdout now, because none of it came meanwhile.
        more: What else the document of a success has.
    """
    document = told_run(session, run)
    if run.state is RunState.SUCCEEDED:
        parts = session.application.tasks.of(run.task).parts(run.output) if shows else ()
        answer: Document = {"run": document, "output": dict(run.output), **more}
        session.output.answer(answer, *shown_parts(parts))
        session.output.note(run_cost(run.figures))
        return session.stopping.exit_code or SUCCESS
    error = document["error"]
    if not isinstance(error, dict):
        is_loaded = run.figures.load_s is not None or run.output
        error = error_body(RunCancelledError("running" if is_loaded else "loading"))
    if session.stopping.asked():
        session.output.failure(error, brief=True, more={"run": document})
        if run.output:
            session.output.note(f"What it made is kept: heygen runs show {run.id}")
        return session.stopping.exit_code
    session.output.failure(error, more={"run": document})
    return FAILURE


def told_run(session: Session, run: Run) -> Document:
    """Return the run's document with its log lines."""
    return run_document(run, session.application.logs.query(LogQuery(run_id=run.id)))


def shown_parts(parts: Sequence[Part]) -> list[Shown]:
    """Return what a run made or was given: a text alone as it is, else all under their titles."""
    texts = [(part.title, part.text) for part in parts if isinstance(part, TextPart)]
    tables = [Table(part.columns, part.rows) for part in parts if isinstance(part, TablePart)]
    if len(parts) == len(texts) == 1:
        return [texts[0][1]]
    return [*([Facts(texts)] if texts else []), *tables]
