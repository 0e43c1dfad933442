"""Runs that go on while a person looks elsewhere: how far they are, and that a long one has ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Protocol

from heygen_desktop.domain.entities.run import Run, RunState
from heygen_desktop.domain.events import Event, RunChanged, RunLoading, RunProduced
from heygen_desktop.presentation.desktop.ports import Events, Navigation, Notices, Signal
from heygen_desktop.presentation.desktop.wording import duration_text

RUN_SCREEN = "run"
LONG = timedelta(seconds=10)
"""From the queue to the end; who waits no longer than this has hardly turned away."""
_ENDS = {
    RunState.SUCCEEDED: "is done",
    RunState.FAILED: "failed",
    RunState.INTERRUPTED: "was interrupted",
}
"""Who cancels a run knows that it ended."""
_MANY_ENDS = {**_ENDS, RunState.SUCCEEDED: "done", RunState.INTERRUPTED: "interrupted"}


class RunWatchView(Protocol):
    """What is needed of the window."""

    @property
    def attention_moved(self) -> Signal:
        """Another screen is in view, or another window in front."""

    @property
    def looked_at(self) -> str:
        """The id of the screen in view; empty while another window is in front."""

    def show_progress(self, text: str) -> None:
        """Say in the window's title how far a run is; an empty text says nothing."""

    def show_unseen(self, screen_id: str, number: int) -> None:
        """Mark a screen with so many things that nobody has looked at."""


class RunWatch:
    """Tells of runs where the person is. Used on the UI thread."""

    def __init__(
        self,
        view: RunWatchView,
        events: Events,
        notices: Notices,
        navigation: Navigation,
        tell_outside: Callable[[str, str, str], object],
    ) -> None:
        """Begin to watch.

        Args:
            view: The window.
            events: What happens to runs.
            notices: Tell it where the window is in front, with another screen.
            navigation: Shows a run.
            tell_outside: Tells it where another window is in front; gets a title, a text and a run's id.
        """
        self._view = view
        self._notices = notices
        self._navigation = navigation
        self._tell_outside = tell_outside
        self._models: dict[str, str] = {}
        """The models of the runs under way, by the runs' ids."""
        self._unseen: list[RunState] = []
        """How the runs ended that nobody has looked at."""
        self._subscription = events.subscribe(self._happened)
        view.attention_moved.connect(self._look)

    def show(self, run_id: str) -> None:
        """Bring a run into view."""
        self._navigation.show(RUN_SCREEN, f"run:{run_id}")

    def close(self) -> None:
        """Stop listening; safe to repeat."""
        self._subscription.close()

    def _happened(self, event: Event) -> None:
        if isinstance(event, RunChanged):
            self._changed(event.run)
        elif isinstance(event, RunProduced):
            self._show_progress(event.run_id, event.update.progress.fraction)
        elif isinstance(event, RunLoading):
            self._show_progress(event.run_id, None)

    def _changed(self, run: Run) -> None:
        if not run.state.is_final:
            self._models[run.id] = run.model
            return
        self._models.pop(run.id, None)
        self._view.show_progress("")
        ended = run.finished_at
        if run.state in _ENDS and ended is not None and ended - run.queued_at >= LONG:
            self._tell(run, (ended - (run.started_at or run.queued_at)).total_seconds())

    def _show_progress(self, run_id: str, fraction: float | None) -> None:
        model = self._models.get(run_id)
        if model is not None:
            done = "" if fraction is None else f"{int(100 * fraction)} % · "
            self._view.show_progress(f"{done}{model}")

    def _tell(self, run: Run, took_s: float) -> None:
        if self._view.looked_at == RUN_SCREEN:
            return
        self._unseen.append(run.state)
        self._view.show_unseen(RUN_SCREEN, len(self._unseen))
        title = f"{run.model} {_ENDS[run.state]}"
        text = run.failure.message if run.failure else f"It took {_words(took_s)}."
        if not self._view.looked_at:
            self._tell_outside(title, text, run.id)
        elif len(self._unseen) == 1:
            act = ("Show", lambda: self.show(run.id))
            self._notices.notify(f"{title}. {text}", act=act, about=RUN_SCREEN)
        else:
            show = ("Show", lambda: self._navigation.show(RUN_SCREEN))
            self._notices.notify(_many(self._unseen), act=show, about=RUN_SCREEN)

    def _look(self) -> None:
        if self._unseen and self._view.looked_at == RUN_SCREEN:
            self._unseen.clear()
            self._view.show_unseen(RUN_SCREEN, 0)


def _many(ends: Sequence[RunState]) -> str:
    """Say in a sentence how several runs ended: ``12 runs done, 2 failed.``"""
    counts = [(ends.count(state), words) for state, words in _MANY_ENDS.items()]
    first, *more = (f"{count} {words}" for count, words in counts if count)
    return ", ".join((first.replace(" ", " runs ", 1), *more)) + "."


def _words(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 60 else duration_text(seconds)
