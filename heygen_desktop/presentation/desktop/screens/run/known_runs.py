"""Every run that the screen knows: pages of the history, and over them what events say is newer."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from datetime import datetime

from heygen_desktop.domain.entities.run import Loading, Run, RunFigures, RunState
from heygen_desktop.domain.events import RunLoading, RunProduced
from heygen_desktop.presentation.desktop.screens.run.rows import (
    RunRow,
    StateLine,
    Strip,
    duration_of,
    load_text,
    run_row,
    state_line,
)
from heygen_desktop.presentation.desktop.wording import (
    bytes_text,
    count_text,
    duration_text,
    number_text,
)

SPEEDS_KEPT = 60


class KnownRun:
    """A run, and what its events have added since it was stored."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.is_stopping = False
        self.hears_events = False
        self.speeds: deque[float] = deque(maxlen=SPEEDS_KEPT)
        self._loading = Loading("")
        self._pieces: list[str] = []
        self._newest: RunFigures | None = None

    @property
    def text(self) -> str:
        """The output as far as it is known."""
        if self.run.state.is_final or not self._pieces:
            return str(self.run.output.get("text", ""))
        return "".join(self._pieces)

    @property
    def speed(self) -> float | None:
        """Tokens a second, live or final."""
        return self._figures().tokens_per_second

    @property
    def tokens(self) -> int:
        """Tokens so far, or in all."""
        return self._figures().tokens

    def load(self, event: RunLoading) -> None:
        """Note how far the load is."""
        self._loading = event.update

    def produce(self, event: RunProduced) -> None:
        """Note new output."""
        self._pieces.append(event.update.text)
        self._newest = event.update.figures
        if self._newest.tokens_per_second is not None:
            self.speeds.append(self._newest.tokens_per_second)

    def state_line(self) -> StateLine:
        """Return what happens to it now."""
        stage, fraction = self._loading.stage, self._loading.fraction
        return state_line(self.run, stage=stage, fraction=fraction, stopping=self.is_stopping)

    def row(self, now: datetime) -> RunRow:
        """Return its line of the history."""
        return run_row(self.run, tokens=self.tokens, speed=self.speed, now=now)

    def strip(self, now: datetime) -> Strip:
        """Return its figures."""
        figures = self._figures()
        limit = self.run.params.get("max_tokens")
        most = limit if isinstance(limit, int) else None
        of = "" if most is None else f" of {count_text(most)}"
        return Strip(
            first_token=duration_text(figures.time_to_first_token_s),
            speed=number_text(figures.tokens_per_second, "tok/s"),
            tokens=f"{count_text(figures.tokens)}{of}",
            memory=bytes_text(figures.peak_memory_bytes),
            load=load_text(figures.load_s),
            elapsed=duration_text(duration_of(self.run, now)),
            left=duration_text(self._left_s(figures, most)),
        )

    def _left_s(self, figures: RunFigures, most: int | None) -> float | None:
        """At the latest: the model may end its text before max_tokens."""
        if self.run.state is not RunState.RUNNING or most is None or not figures.tokens_per_second:
            return None
        return max(0, most - figures.tokens) / figures.tokens_per_second

    def _figures(self) -> RunFigures:
        if self._newest is None or self.run.state.is_final:
            return self.run.figures
        return self._newest


class KnownRuns:
    """Runs by id; what an event said is never undone by a page that was read before it."""

    def __init__(self) -> None:
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
        followed = self._runs.get(run.id)
        if followed is None:
            followed = self._runs[run.id] = KnownRun(run)
            self._stored += run.state is RunState.QUEUED
        followed.run = run
        followed.hears_events = True
        return followed

    def take_page(self, runs: Sequence[Run], total: int) -> None:
        """Take what is stored; runs whose end is known, or that events follow, stay as they are."""
        self._stored = total
        for run in runs:
            followed = self._runs.get(run.id)
            if followed is None:
                self._runs[run.id] = KnownRun(run)
            elif run.state.is_final or not followed.hears_events:
                followed.run = run

    def rows(self, now: datetime) -> list[RunRow]:
        """Return the history, newest first."""
        ordered = sorted(
            self._runs.values(), key=lambda f: (f.run.queued_at, f.run.id), reverse=True
        )
        return [followed.row(now) for followed in ordered]

    def active(self) -> list[KnownRun]:
        """Return the runs that have not ended."""
        return [f for f in self._runs.values() if not f.run.state.is_final]
