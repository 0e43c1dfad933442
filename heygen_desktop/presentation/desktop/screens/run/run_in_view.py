"""The run in view: its text as it grows, its state and its figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from heygen_desktop.application.tasks.parts import Part
from heygen_desktop.domain.entities.run import Run
from heygen_desktop.domain.events import RunLoading, RunProduced
from heygen_desktop.presentation.desktop.screens.run.known_runs import KnownRun, KnownRuns
from heygen_desktop.presentation.desktop.screens.run.rows import RunFacts


class RunCardDisplay(Protocol):
    """The card in which a run is read."""

    def show_output(self, given: str, text: str, parts: Sequence[Part]) -> None:
        """Show this run's output in place of another's: its parts, or the text where there are none."""

    def append_output(self, text: str) -> None: ...


class RunDisplay(Protocol):
    """What is needed of the view to show one run."""

    @property
    def card(self) -> RunCardDisplay: ...
    def show_no_run(self) -> None: ...
    def show_run(self, facts: RunFacts) -> None: ...


class RunInView:
    """Keeps the reading pane true to one of the known runs."""

    def __init__(self, view: RunDisplay, known: KnownRuns, now: Callable[[], datetime]) -> None:
        self._view = view
        self._known = known
        self._now = now
        self.current: KnownRun | None = None
        """None before the first."""

    def show(self, known: KnownRun) -> None:
        """Put this run in view, or show it anew."""
        self.current = known
        self._show_output(known)
        self.show_facts()

    def leave(self) -> None:
        """Have no run in view."""
        self.current = None
        self._view.show_no_run()

    def produced(self, event: RunProduced) -> None:
        """Note new output of any run, and show it where the run is in view."""
        known = self._known.find(event.run_id)
        if known is not None:
            known.produce(event)
        if known is not None and known is self.current:
            self._view.card.append_output(event.update.text)
            self.show_facts()

    def loading(self, event: RunLoading) -> None:
        """Note how far the load of any run is, and show it where the run is in view."""
        known = self._known.find(event.run_id)
        if known is not None:
            known.load(event)
            self.show_facts()

    def changed(self, run: Run) -> None:
        """Note the new state of any run, and show it where the run is in view."""
        known = self._known.find(run.id)
        before = known.text if known is not None else ""
        known = self._known.note(run)
        if known is self.current:
            self._show_change(known, before)

    def show_facts(self) -> None:
        """Show state and figures as they are now; the text stays untouched."""
        if self.current is not None:
            self._view.show_run(self.current.facts(self._now()))

    def _show_change(self, known: KnownRun, before: str) -> None:
        """Leave the text alone where it is the same: the person may be reading or selecting it."""
        text = known.text
        if known.parts or not text.startswith(before):
            self._show_output(known)
        else:
            self._view.card.append_output(text[len(before) :])
        self.show_facts()

    def _show_output(self, known: KnownRun) -> None:
        self._view.card.show_output(known.given, known.text, known.parts)
