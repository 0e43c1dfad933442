"""Every run that the screen knows: pages of the history, and over them what events say is newer."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace
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
    QueueRow,
    RunFacts,
    RunRow,
    Strip,
    details_of,
    duration_of,
    load_text,
    made_text,
    problem_of_run,
    queue_row,
    reference_of,
    run_row,
    state_line,
)
from heygen_desktop.presentation.desktop.wording import (
    bytes_text,
    duration_text,
    number_text,
    relative_text,
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
        self._row_of: Run | None = None
        self._row: RunRow

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
            is_under_way=not run.state.is_final,
        )

    @property
    def can_stop(self) -> bool:
        """Whether it is under way and nobody has asked it to stop."""
        return not self.run.state.is_final and not self.is_stopping

    def row(self, now: datetime) -> RunRow:
        """Return its line of the history; thousands are asked four times a second."""
        run, is_new = self.run, self._row_of is not self.run
        if is_new or not run.state.is_final or self._row.when != relative_text(run.queued_at, now):
            self._row_of = run
            self._row = run_row(
                run,
                self.task,
                output=self.output,
                speed=self._figures().tokens_per_second,
                now=now,
                stopping=self.is_stopping,
            )
        return self._row

    def queue_row(self, place: int, now: datetime) -> QueueRow:
        """Return its line of the queue, where it has that place; 0 once it is at work."""
        is_ours = self.hears_events
        return queue_row(
            self.run, self.task, place, is_ours=is_ours, now=now, stopping=self.is_stopping
        )

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
        self._listed: set[str] = set()
        """Those that the history shows."""
        self._stored = 0

    @property
    def listed(self) -> Set[str]:
        """The ids of those that the history shows."""
        return frozenset(self._listed)

    @property
    def unheard(self) -> Set[str]:
        """The ids of those that were under way when they were read, and of which no event tells."""
        return {known.run.id for known in self.under_way() if not known.hears_events}

    @property
    def total(self) -> int:
        """How many runs match, those that no page has brought yet included."""
        return max(self._stored, len(self._listed))

    def find(self, run_id: str) -> KnownRun | None:
        """Return the run of exactly that id, or None."""
        return self._runs.get(run_id)

    def newest(self) -> KnownRun | None:
        """Return the run that was queued last, or None before the first."""
        return max(self._runs.values(), key=lambda f: f.run.queued_at, default=None)

    def note(self, run: Run) -> KnownRun:
        """Take a run's newest state, as an event or the queue brings it."""
        known = self._runs.get(run.id)
        if known is None:
            known = self._runs[run.id] = self._new(run)
            self._listed.add(run.id)
            self._stored += run.state is RunState.QUEUED
        known.run = _marked_as(known.run, run)
        known.hears_events = True
        return known

    def begin(self, run: Run) -> KnownRun:
        """Take a run that was just queued; its events may have told more already."""
        return self._runs.get(run.id) or self.note(run)

    def take(self, runs: Iterable[Run]) -> None:
        """Take what is stored; runs whose end is known, or that events follow, keep their state."""
        for run in runs:
            known = self._runs.setdefault(run.id, self._new(run))
            is_newer = run.state.is_final or not known.hears_events
            known.run = run if is_newer else _marked_as(run, known.run)

    def take_page(
        self,
        runs: Sequence[Run],
        total: int,
        *,
        asked: Set[str] = frozenset(),
        is_all: bool = True,
    ) -> Set[str]:
        """List these of so many that match.

        Args:
            asked: What was listed when the page was asked for.
            is_all: Whether every run matches; what is under way is listed then, too.

        Returns:
            The ids of those that the page would hold if they still were there.
        """
        self.take(runs)
        self._stored = total
        self._listed = {run.id for run in runs}
        if not is_all:
            return frozenset()
        gone = self._missing(runs, total, asked)
        self._listed |= {known.run.id for known in self.under_way()} - gone
        return gone

    def look_at(self, run: Run) -> None:
        """List a run beside those that match."""
        self.take([run])
        self._listed.add(run.id)

    def forget(self, run_ids: Iterable[str]) -> None:
        """List these no more, as runs that are gone."""
        for run_id in run_ids:
            self._runs.pop(run_id, None)
            self._listed.discard(run_id)

    def rows(self, now: datetime) -> list[RunRow]:
        """Return the history: what is pinned, then the rest, each the newest first."""
        listed = (self._runs[run_id] for run_id in self._listed)
        ordered = sorted(listed, key=lambda known: _rank(known.run), reverse=True)
        return [known.row(now) for known in ordered]

    def queue(self, now: datetime) -> list[QueueRow]:
        """Return what is at work, then what waits, in the order in which it begins."""
        place, rows = 0, []
        for known in self.under_way():
            place += known.run.state is RunState.QUEUED
            rows.append(known.queue_row(place, now))
        return rows

    def under_way(self) -> list[KnownRun]:
        """Return the runs that have not ended: those at work, then those that begin next."""
        active = (known for known in self._runs.values() if not known.run.state.is_final)
        return sorted(active, key=_turn)

    def queued_here(self) -> list[KnownRun]:
        """Return the runs of this program that wait for their turn."""
        under_way = self.under_way()
        return [
            f for f in under_way if f.run.state is RunState.QUEUED and f.can_stop and f.hears_events
        ]

    def _missing(self, page: Sequence[Run], total: int, asked: Set[str]) -> Set[str]:
        """Return those that ended, stand where the page does, and are not in it."""
        last = _rank(page[-1])[:2] if page and len(page) < total else None
        known = (self._runs[run_id] for run_id in asked - self._listed if run_id in self._runs)
        return {
            each.run.id
            for each in known
            if each.run.state.is_final and (last is None or _rank(each.run)[:2] > last)
        }

    def _new(self, run: Run) -> KnownRun:
        return KnownRun(run, self._tasks.of(run.task))


def _rank(run: Run) -> tuple[bool, datetime, str]:
    """The higher stands above the lower in the history."""
    return run.is_pinned, run.queued_at, run.id


def _turn(known: KnownRun) -> tuple[bool, int, datetime]:
    run = known.run
    return run.state is RunState.QUEUED, -run.priority, run.queued_at


def _marked_as(marked: Run, run: Run) -> Run:
    """Return the run with what a person may have changed meanwhile as it is known of the other."""
    return replace(run, title=marked.title, is_pinned=marked.is_pinned, priority=marked.priority)
