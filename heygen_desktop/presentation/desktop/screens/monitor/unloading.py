"""The Monitor's story of our processes: who they are now, and taking a model out of memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from heygen_desktop.domain.entities.run import Owner
from heygen_desktop.presentation.desktop.ports import Notices
from heygen_desktop.presentation.desktop.screens.monitor.contract import MonitorView
from heygen_desktop.presentation.desktop.screens.monitor.processes import ProcessRow
from heygen_desktop.presentation.desktop.work import Work

_LOOK = "processes"
_RUN_CANCELLED = "The run on it is cancelled. It can be started again."
_RUN_FAILS = "The run on it fails, and what it has written so far is kept."
_GONE = "Its model leaves memory at once; it can be loaded again."


@dataclass(frozen=True)
class ProcessUseCases:
    """What is asked of the application about processes."""

    look: Callable[[], Sequence[ProcessRow]]
    unload: Callable[[str], object]
    end: Callable[[Owner], object]


class Processes:
    """The presenter's part that keeps the table true and acts on a worker."""

    def __init__(
        self, view: MonitorView, use_cases: ProcessUseCases, work: Work, notices: Notices
    ) -> None:
        self._view = view
        self._use_cases = use_cases
        self._work = work
        self._notices = notices
        view.unload_requested.connect(self.unload)
        view.end_requested.connect(self.end)

    def look(self) -> None:
        """Show what there is now; one question at a time."""
        if not self._work.is_open(_LOOK):
            self._work.ask(_LOOK, lambda _: self._use_cases.look(), self._view.show_processes)

    def unload(self, row: ProcessRow) -> None:
        """Take a model out of memory; one at work is asked about, for its run ends with it."""
        title = f"Unload {row.name} while it works?"
        if not row.is_busy or self._view.ask_confirmation(title, _RUN_CANCELLED, "Unload"):
            self._change(
                lambda: self._use_cases.unload(row.reference), f"{row.name} has left memory."
            )

    def end(self, row: ProcessRow) -> None:
        """End a worker at once, which cannot be taken back."""
        title = f"End the process of {row.name}?"
        if self._view.ask_confirmation(title, _RUN_FAILS if row.is_busy else _GONE, "End"):
            self._change(
                lambda: self._use_cases.end(row.process), f"The process of {row.name} was ended."
            )

    def _change(self, change: Callable[[], object], words: str) -> None:
        def changed(_result: object) -> None:
            self._notices.notify(words)
            self.look()

        self._work.change(change, changed)
