"""The log screen: filters above, the list, one record beside it, and what is shown below."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QStyle,
    QWidget,
)

from heygen_desktop.presentation.desktop.ports import Memory
from heygen_desktop.presentation.desktop.problems import Problem
from heygen_desktop.presentation.desktop.screens.logs.contract import LogsState
from heygen_desktop.presentation.desktop.screens.logs.detail import DetailPanel
from heygen_desktop.presentation.desktop.screens.logs.record_list import LEVEL_TONES, RecordList
from heygen_desktop.presentation.desktop.screens.logs.rows import LogDetail, LogRow
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_2, SPACE_3, SPACE_4
from heygen_desktop.presentation.desktop.widgets.buttons import Chip, button, shortcut, toggle
from heygen_desktop.presentation.desktop.widgets.empty_state import EmptyState
from heygen_desktop.presentation.desktop.widgets.labels import ElidedLabel, label, page_title
from heygen_desktop.presentation.desktop.widgets.layout import column, row
from heygen_desktop.presentation.desktop.widgets.problem import ProblemBanner
from heygen_desktop.presentation.desktop.widgets.search_field import SearchField

_TICK_MS = 500
_WIDE = 1080
"""From this width on the record stands beside the list, else below it."""


class LogsScreen(QWidget):
    """Passive: shows what it is told and speaks through signals."""

    tick = Signal()
    levels_chosen = Signal(object)
    text_searched = Signal(str)
    filters_cleared = Signal()
    source_cleared = Signal()
    source_requested = Signal(str)
    run_requested = Signal(str)
    follow_requested = Signal(bool)
    pause_requested = Signal(bool)
    record_selected = Signal(object)
    folder_requested = Signal()
    retry_requested = Signal()

    def __init__(self, theme: Theme, memory: Memory) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.setAccessibleName("Logs")
        self.search = SearchField("Filter messages, facts and ids", theme.icon("magnify"))
        self.search.setToolTip("Filter (Ctrl+F)")
        self.chips = {
            level: Chip(level.name.capitalize(), tone) for level, tone in LEVEL_TONES.items()
        }
        self.source = button("", self.source_cleared.emit)
        self.source.setIcon(theme.icon("close"))
        self.source.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self.source.setToolTip("Show all records")
        self.follow = toggle(
            "Follow", "Follow the newest record (End)", theme.icon("arrow-collapse-down")
        )
        self.pause = toggle("Pause", "Pause the list (Space)", theme.icon("pause"))
        self.problem = ProblemBanner(can_retry=True)
        self.list = RecordList(theme, memory)
        self.new = button("", lambda: self.follow_requested.emit(True), "primary")
        self.detail = DetailPanel(theme)
        self.empty = EmptyState(
            theme.icon("text-box-search-outline", "text_quiet"), "", "", "Clear filters"
        )
        self.reading: QLabel = label("Reading the log…", "quiet")
        self.reading.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.records = label("", "small")
        self.file = ElidedLabel("", "small")
        self.file.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self._pages = QStackedWidget()
        self._text = ""
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._lay_out(theme)
        self._connect()

    def set_live(self, live: bool) -> None:
        (self._timer.start if live else self._timer.stop)()

    def show_reading(self) -> None:
        self._pages.setCurrentWidget(self.reading)

    def show_rows(self, rows: Sequence[LogRow]) -> None:
        self.list.show_rows(rows)
        self._pages.setCurrentWidget(self._framed)

    def add_rows(self, rows: Sequence[LogRow], dropped: int) -> None:
        self.list.add_rows(rows, dropped)

    def show_nothing(self, title: str, sentence: str, *, can_clear: bool) -> None:
        self.list.show_rows(())
        self.empty.show_words(title, sentence)
        for made in self.empty.findChildren(QPushButton):
            made.setVisible(can_clear)
        self._pages.setCurrentWidget(self.empty)

    def show_state(self, state: LogsState) -> None:
        for level, chip in self.chips.items():
            chip.setChecked(level in state.levels)
            chip.show_count(state.counts.get(level, 0))
        self._show_text(state.text)
        self.source.setText(state.source)
        self.source.setAccessibleName(f"Show all records, not only those of {state.source}")
        self.source.setVisible(bool(state.source))
        for made, on in ((self.follow, state.following), (self.pause, state.paused)):
            with QSignalBlocker(made):
                made.setChecked(on)
        word = "Resume" if state.paused else "Pause"
        self.pause.setText(f"{word} ({state.held:,} new)" if state.held else word)
        self.pause.setAccessibleName(self.pause.text())
        self.records.setText(state.records)
        self.file.show_text(state.file)
        self._show_unseen(state.unseen)
        if state.following:
            self.list.scroll_to_end()

    def _show_text(self, text: str) -> None:
        """Put another text into the field; what is being typed there stays while nothing else is told."""
        if text != self._text:
            self._text = text
            self.list.mark_hits(text)
            if self.search.text() != text:
                with QSignalBlocker(self.search):
                    self.search.setText(text)

    def _show_unseen(self, count: int) -> None:
        self.new.setText(f"↓ {count:,} new")
        self.new.setAccessibleName(f"Show {count} new records")
        self.new.setVisible(count > 0)
        self._place_new()

    def show_detail(self, detail: LogDetail | None) -> None:
        self.detail.show_detail(detail)

    def show_problem(self, problem: Problem | None) -> None:
        self.problem.show_problem(problem)

    def open_folder(self, folder: Path) -> bool:
        return QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def focus_search(self) -> None:
        """Put the cursor into the text filter."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = self.width() >= _WIDE
        self.splitter.setOrientation(
            Qt.Orientation.Horizontal if beside else Qt.Orientation.Vertical
        )
        self._place_new()

    def _connect(self) -> None:
        self._timer.timeout.connect(self.tick)
        for chip in self.chips.values():
            chip.clicked.connect(self._say_levels)
        self.search.search_requested.connect(self.text_searched)
        self.empty.action_requested.connect(self.filters_cleared)
        self.follow.toggled.connect(self.follow_requested)
        self.pause.toggled.connect(self.pause_requested)
        self.problem.retry_requested.connect(self.retry_requested)
        self.list.row_selected.connect(self.record_selected)
        self.list.left_end.connect(lambda: self.follow_requested.emit(False))
        self.list.reached_end.connect(lambda: self.follow_requested.emit(True))
        self.list.pause_pressed.connect(self.pause.toggle)
        self.detail.closed.connect(self._close_detail)
        self.detail.run_requested.connect(self.run_requested)
        self.detail.run_filter_requested.connect(
            lambda run_id: self.source_requested.emit(f"run:{run_id}")
        )
        shortcut(self, "Ctrl+F", self.focus_search)

    def _say_levels(self) -> None:
        chosen = frozenset(level for level, chip in self.chips.items() if chip.isChecked())
        self.levels_chosen.emit(chosen)

    def _close_detail(self) -> None:
        self.list.clear_selection()
        self.list.setFocus()

    def _lay_out(self, theme: Theme) -> None:
        folder = button("Open log folder", self.folder_requested.emit, "flat")
        folder.setIcon(theme.icon("folder-open-outline"))
        framed = QFrame()
        framed.setProperty("role", "card")
        column(self.list, on=framed, margins=(1, 1, 1, 1))
        self._framed = framed
        for page in (self.reading, framed, self.empty):
            self._pages.addWidget(page)
        self.splitter.addWidget(self._pages)
        self.splitter.addWidget(self.detail)
        self.splitter.setSizes([720, 420])
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(SPACE_2)
        self.splitter.setStyleSheet("QSplitter::handle { background: transparent; }")
        self.new.setParent(framed)
        self.new.hide()
        column(
            row(page_title("Logs"), None, self.follow, self.pause, folder),
            row(self.search, *self.chips.values(), self.source),
            self.problem,
            (self.splitter, 1),
            row(self.records, (self.file, 1)),
            on=self,
            margins=(SPACE_4, SPACE_3, SPACE_4, SPACE_2),
            spacing=SPACE_3,
        )

    def _place_new(self) -> None:
        self.new.adjustSize()
        place = self._framed.rect().adjusted(0, 0, 0, -SPACE_3)
        low = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom
        self.new.setGeometry(
            QStyle.alignedRect(Qt.LayoutDirection.LeftToRight, low, self.new.size(), place)
        )
        self.new.raise_()
