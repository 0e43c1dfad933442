"""Every run that the screen knows: pages of the history, and over them what events say is newer."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from datetime import datetime

from heygen_desktop.application.tasks.parts import Part, TextPart
from heygen_desktop.application.tasks.task import Task, Tasks
from heygen_desktop.domain.entities.run import (
    Json,
    Loading,
    Progress,
    Run,
    RunFigures,
    RunState,
)
from heygen_desktop.domain.events import RunLoading, RunProduced
from heygen_desktop.presentation.desktop.screens.run.rows import (
    RunFacts,
    RunRow,
    Strip,
    details_of,
    duration_of,
    load_text,
    made_text,
    problem_of_run,
    reference_of,
    run_row,
    state_line,
)
from heygen_desktop.presentation.desktop.wording import (
    bytes_text,
    duration_text,
    number_text,
)

SPEEDS_KEPT = 60


class KnownRun:
    """A run, and what its events have added since it was stored."""

    def __init__(self, run: Run, task: Task) -> None:
        self.run = run
        self.task = task
        self.is_stopping = False
        self.hears_events = False
        self.speeds: deque[float] = deque(maxlen=SPEEDS_KEPT)
        self._loading = Loading("")
        self._pieces: list[str] = []
        self._produced: list[RunProduced] = []
        """The first and the newest."""

    @property
    def given(self) -> str:
        """The main input, as it stands before the output."""
        return self.task.input_text(self.run.inputs) + ("" if self.task.continues else "\n\n")

    @property
    def output(self) -> Mapping[str, Json]:
        """The output as far as it is known."""
        if self.run.state.is_final or not self._pieces:
            return self.run.output
        return self.task.unfinished("".join(self._pieces))

    @property
    def text(self) -> str:
        """The output as text."""
        return self.task.as_text(self.output)

    @property
    def parts(self) -> Sequence[Part]:
        """What there is to show beside a text alone."""
        parts = self.task.parts(self.output)
        return () if len(parts) < 2 and all(isinstance(p, TextPart) for p in parts) else parts

    def load(self, event: RunLoading) -> None:
        """Note how far the load is."""
        self._loading = event.update

    def produce(self, event: RunProduced) -> None:
        """Note new output."""
        if event.update.text:
            self._pieces.append(event.update.text)
        self._produced = [*self._produced[:1], event]
        speed = event.update.figures.tokens_per_second
        if speed is not None:
            self.speeds.append(speed)

    def facts(self, now: datetime) -> RunFacts:
        """Return what is shown of it now."""
        run, is_stopping = self.run, self.is_stopping
        return RunFacts(
            model=reference_of(run),
            state=state_line(run, self.task, self._loading, stopping=is_stopping),
            strip=self._strip(now),
            speeds=tuple(self.speeds),
            failure=problem_of_run(run.failure) if run.failure else None,
            details=details_of(run, self.task),
            can_stop=not run.state.is_final and not is_stopping,
        )

    def row(self, now: datetime) -> RunRow:
        """Return its line of the history."""
        speed = self._figures().tokens_per_second
        return run_row(self.run, self.task, output=self.output, speed=speed, now=now)

    def _strip(self, now: datetime) -> Strip:
        figures = self._figures()
        return Strip(
            first_token=duration_text(figures.time_to_first_token_s),
            speed=number_text(figures.tokens_per_second, "tok/s"),
            made=made_text(self._progress()),
            memory=bytes_text(figures.peak_memory_bytes),
            load=load_text(figures.load_s),
            elapsed=duration_text(duration_of(self.run, now)),
            left=duration_text(self._left_s()),
        )

    def _progress(self) -> Progress | None:
        newest = self._produced[-1].update.progress if self._produced else None
        if self.run.state.is_final and self.run.figures.tokens:
            return Progress("tokens", self.run.figures.tokens, newest.total if newest else None)
        return newest

    def _left_s(self) -> float | None:
        """At the speed so far, and at the latest: a model may end earlier."""
        if self.run.state is not RunState.RUNNING or not self._produced:
            return None
        first, newest = self._produced[0], self._produced[-1]
        made = newest.update.progress.done - first.update.progress.done
        took_s = (newest.at - first.at).total_seconds()
        total = newest.update.progress.total
        if total is None or made <= 0 or took_s <= 0:
            return None
        return max(0, total - newest.update.progress.done) * took_s / made

    def _figures(self) -> RunFigures:
        if not self._produced or self.run.state.is_final:
            return self.run.figures
        return self._produced[-1].update.figures


class KnownRuns:
    """Runs by id; what an event said is never undone by a page that was read before it."""

    def __init__(self, tasks: Tasks) -> None:
        self._tasks = tasks
        self._runs: dict[str, KnownRun] = {}
        self._stored = 0

    @property
    def total(self) -> int:
        """How many runs there are, those that no page has brought yet included."""
        return max(self._stored, len(self._runs))

    def find(self, run_id: str) -> KnownRun | None:
        """Return the run of exactly that id, or None."""
        return self._runs.get(run_id)

    def note(self, run: Run) -> KnownRun:
        """Take a run's newest state, as an event or the queue brings it."""
        known = self._runs.get(run.id)
        if known is None:
            known = self._runs[run.id] = self._new(run)
            self._stored += run.state is RunState.QUEUED
        known.run = run
        known.hears_events = True
        return known

    def take_page(self, runs: Sequence[Run], total: int) -> None:
        """Take what is stored; runs whose end is known, or that events follow, stay as they are."""
        self._stored = total
        for run in runs:
            known = self._runs.get(run.id)
            if known is None:
                self._runs[run.id] = self._new(run)
            elif run.state.is_final or not known.hears_events:
                known.run = run

    def rows(self, now: datetime) -> list[RunRow]:
        """Return the history, newest first."""
        ordered = sorted(
            self._runs.values(), key=lambda f: (f.run.queued_at, f.run.id), reverse=True
        )
        return [known.row(now) for known in ordered]

    def active(self) -> list[KnownRun]:
        """Return the runs that have not ended."""
        return [f for f in self._runs.values() if not f.run.state.is_final]

    def _new(self, run: Run) -> KnownRun:
        return KnownRun(run, self._tasks.of(run.task))
