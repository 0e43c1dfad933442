"""The lower part of the screen: the history of runs, and behind it the queue."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QTabBar, QWidget

from heygen_desktop.presentation.desktop.ports import Memory
from heygen_desktop.presentation.desktop.screens.run.history import HistoryPane
from heygen_desktop.presentation.desktop.screens.run.queue import QueuePane
from heygen_desktop.presentation.desktop.screens.run.rows import RunsShown
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_1, SPACE_3
from heygen_desktop.presentation.desktop.widgets.layout import column, row

_HISTORY, _QUEUE = 0, 1


class RunsPane(QWidget):
    """Two lists under one head; the number of those that wait stands on the tab."""

    selected = Signal(str)
    stop_requested = Signal(str)

    def __init__(self, theme: Theme, memory: Memory) -> None:
        super().__init__()
        self.history = HistoryPane(theme, memory)
        self.queue = QueuePane(theme, memory)
        self._tabs = QTabBar()
        self._tabs.setDrawBase(False)
        self._tabs.setAccessibleName("History and queue")
        self._tabs.addTab("History")
        self._tabs.addTab("Queue")
        self._heads, self._bodies = QStackedWidget(), QStackedWidget()
        for pane in (self.history, self.queue):
            self._heads.addWidget(pane.head)
            self._bodies.addWidget(pane)
            pane.selected.connect(self._say_selected)
            pane.stop_requested.connect(self.stop_requested)
        self._tabs.currentChanged.connect(self._heads.setCurrentIndex)
        self._tabs.currentChanged.connect(self._bodies.setCurrentIndex)
        margins = (SPACE_3, 0, SPACE_3, 0)
        head = row(self._tabs, (self._heads, 1), margins=margins, spacing=SPACE_3)
        column(head, (self._bodies, 1), on=self, spacing=0, margins=(0, SPACE_1, 0, 0))

    def show_runs(self, shown: RunsShown) -> None:
        """Show history and queue."""
        self.history.show_runs(shown)
        self.queue.show_runs(shown)
        self._tabs.setTabText(_QUEUE, f"Queue  {len(shown.queue):,}" if shown.queue else "Queue")

    def select(self, run_id: str) -> None:
        """Put this run in focus in both lists, or in neither where it is empty."""
        self.history.select(run_id)
        self.queue.select(run_id)

    def show_queue(self) -> None:
        """Bring the queue forward."""
        self._tabs.setCurrentIndex(_QUEUE)

    def focus_search(self) -> None:
        """Bring the history forward, its search ready to be written."""
        self._tabs.setCurrentIndex(_HISTORY)
        self.history.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.history.search.selectAll()

    def _say_selected(self, run_id: str) -> None:
        self.select(run_id)  # the other list may have had another one in focus
        self.selected.emit(run_id)
