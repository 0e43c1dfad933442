"""The monitor: a row of controls over a grid of charts that share one axis of time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
from PySide6.QtCore import QBuffer, QIODevice, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QWidget,
)

from heygen_desktop.presentation.desktop.ports import Memory
from heygen_desktop.presentation.desktop.problems import Problem
from heygen_desktop.presentation.desktop.screens.monitor.cards import (
    LOOK_CLOSER,
    ChartCard,
    ProcessCard,
)
from heygen_desktop.presentation.desktop.screens.monitor.charts import Frame
from heygen_desktop.presentation.desktop.screens.monitor.contract import MonitorState
from heygen_desktop.presentation.desktop.screens.monitor.marks import Mark
from heygen_desktop.presentation.desktop.screens.monitor.processes import ProcessRow
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_1, SPACE_2, SPACE_3, SPACE_4
from heygen_desktop.presentation.desktop.widgets.buttons import button, shortcut, toggle
from heygen_desktop.presentation.desktop.widgets.cards import Card
from heygen_desktop.presentation.desktop.widgets.confirm import ConfirmDialog
from heygen_desktop.presentation.desktop.widgets.labels import ElidedLabel, page_title, restyle
from heygen_desktop.presentation.desktop.widgets.layout import column, row, scrolling
from heygen_desktop.presentation.desktop.widgets.problem import ProblemBanner

_RANGES = {60: "1 min", 300: "5 min", 900: "15 min", 3600: "1 h", 86_400: "24 h"}
_PAUSE = ("pause", "Pause", "Pause the charts (P or Space)", "flat")
_LIVE = ("play", "Live", "Back to what happens now (Esc)", "primary")
_WIDE = 1200
"""From this width on there are three columns, else two."""


class _Charts(QFrame):
    """Hands its keys to the screen, before the area that scrolls takes the arrows."""

    def __init__(self, take: Callable[[QKeyEvent], None]) -> None:
        super().__init__()
        self._take = take

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._take(event)


class MonitorScreen(QWidget):
    """Passive: shows what it is told and speaks through signals."""

    tick = Signal()
    range_chosen = Signal(int)
    zoom_requested = Signal(object, object)
    live_requested = Signal()
    pause_toggled = Signal()
    run_requested = Signal(str)
    unload_requested = Signal(object)
    end_requested = Signal(object)
    csv_requested = Signal()
    picture_requested = Signal()
    retry_requested = Signal()

    def __init__(self, theme: Theme, memory: Memory) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.setAccessibleName("Monitor")
        self._theme = theme
        self._frame: Frame | None = None
        self._marks: Sequence[Mark] = ()
        self._at: float | None = None
        self._words = ""
        self._cards: dict[str, ChartCard] = {}
        self.processes = ProcessCard(theme, memory)
        self._placed: tuple[int, list[Card]] = (0, [])
        self.ranges = {seconds: toggle(text) for seconds, text in _RANGES.items()}
        self.pause = button("", self.pause_toggled.emit, "flat")
        self.state = ElidedLabel("", "quiet")
        self.no_gpu = ElidedLabel("", "small")
        self.no_gpu.hide()
        self.problem = ProblemBanner(can_retry=True)
        self.grid = QGridLayout()
        self.body = _Charts(self.keyPressEvent)
        self.body.setAccessibleName("Charts")
        self.body.setAccessibleDescription(LOOK_CLOSER)
        self.body.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._timer = QTimer(self)
        self._lay_out()
        self._connect()

    def tick_every(self, seconds: float) -> None:
        if seconds:
            self._timer.start(round(1000 * seconds))
        else:
            self._timer.stop()

    def show_frame(self, frame: Frame) -> None:
        self._frame = frame
        times = np.asarray(frame.times, dtype=np.float64)
        for chart in frame.charts:
            card = self._cards.get(chart.id)
            if card is None:
                card = self._add_card(ChartCard(self._theme, chart), chart.id)
            card.show_chart(chart, times, frame)
            card.show_values(self._at)
        self._place_cards()

    def show_span(self, start: float, end: float) -> None:
        for card in self._cards.values():
            card.plot.show_span(start, end)

    def show_marks(self, marks: Sequence[Mark]) -> None:
        self._marks = marks
        for card in self._cards.values():
            card.plot.marks.show_marks(marks)

    def show_state(self, state: MonitorState) -> None:
        for seconds, made in self.ranges.items():
            made.setChecked(seconds == state.range_s)
        icon, text, tip, kind = _PAUSE if state.is_live else _LIVE
        self.pause.setIcon(self._theme.icon(icon, "text_soft" if state.is_live else "on_accent"))
        self.pause.setText(text)
        self.pause.setAccessibleName(text)
        self.pause.setToolTip(tip)
        restyle(self.pause, "kind", kind)
        self._words = state.words
        self._show_words()

    def show_no_gpu(self, why: str) -> None:
        self.no_gpu.show_text(f"No GPU is measured: {why} 'heygen doctor' says what to do.")
        self.no_gpu.setVisible(bool(why))

    def show_processes(self, rows: Sequence[ProcessRow]) -> None:
        self.processes.show_rows(rows)

    def ask_confirmation(self, title: str, consequence: str, action: str) -> bool:
        return ConfirmDialog.ask(self, title, consequence, action)

    def show_problem(self, problem: Problem | None) -> None:
        self.problem.show_problem(problem)

    def ask_where(self, title: str, name: str, kinds: str) -> Path | None:
        chosen, _ = QFileDialog.getSaveFileName(self, title, str(Path.home() / name), kinds)
        return Path(chosen) if chosen else None

    def picture(self) -> bytes:
        picture = QPixmap(self.body.size())
        picture.fill(self._theme.colour("window"))
        painter = QPainter(picture)
        for card in self._placed[1]:  # and not the ring around them, where the keys are there
            painter.drawPixmap(card.pos(), card.grab())
        painter.end()
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        picture.save(buffer, "PNG")
        return bytes(buffer.data().data())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pause with Space (not as a shortcut: it presses a focused button), look closer with + and -."""
        span = self._span_of(Qt.Key(event.key()))
        if event.key() == Qt.Key.Key_Space:
            self.pause_toggled.emit()
        elif span is not None:
            self.zoom_requested.emit(*span)
        else:
            super().keyPressEvent(event)

    def _span_of(self, key: Qt.Key) -> tuple[float, float] | None:
        """Return the stretch of time that a key leads to, or None."""
        if self._frame is None:
            return None
        start, end = self._frame.start, self._frame.end
        quarter = (end - start) / 4
        steps = {
            Qt.Key.Key_Plus: (quarter, -quarter),
            Qt.Key.Key_Equal: (quarter, -quarter),
            Qt.Key.Key_Minus: (-2 * quarter, 2 * quarter),
            Qt.Key.Key_Left: (-quarter, -quarter),
            Qt.Key.Key_Right: (quarter, quarter),
        }
        step = steps.get(key)
        return None if step is None else (start + step[0], end + step[1])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_cards()

    def _add_card(self, card: ChartCard, chart_id: str) -> ChartCard:
        self._cards[chart_id] = card
        card.plot.marks.show_marks(self._marks)
        card.hovered.connect(self._hover)
        card.span_chosen.connect(self.zoom_requested)
        card.mark_clicked.connect(self.run_requested)
        return card

    def _hover(self, at: object) -> None:
        """Stand the crosshair at the same moment in every chart."""
        self._at = at if isinstance(at, float) else None
        for card in self._cards.values():
            card.show_values(self._at)
        self._show_words()

    def _show_words(self) -> None:
        at = self._at
        self.state.show_text(
            self._words if at is None else f"At {datetime.fromtimestamp(at):%H:%M:%S}"
        )

    def _place_cards(self) -> None:
        """Fill the grid row by row; the last card takes what is left of its row."""
        if self._frame is None:
            return
        order = [*(self._cards[chart.id] for chart in self._frame.charts), self.processes]
        columns = 3 if self.width() >= _WIDE else 2
        if (columns, order) == self._placed:
            return
        self._placed = (columns, order)
        for card in (*self._cards.values(), self.processes):
            self.grid.removeWidget(card)
            card.setVisible(card in order)
        for at, card in enumerate(order):
            left = columns - at % columns if at == len(order) - 1 else 1
            self.grid.addWidget(card, at // columns, at % columns, 1, left)
        for at in range(3):
            self.grid.setColumnStretch(at, 1 if at < columns else 0)

    def _connect(self) -> None:
        self._timer.timeout.connect(self.tick)
        for seconds, made in self.ranges.items():
            made.clicked.connect(lambda _on, seconds=seconds: self.range_chosen.emit(seconds))
        self.processes.unload_requested.connect(self.unload_requested)
        self.processes.end_requested.connect(self.end_requested)
        self.problem.retry_requested.connect(self.retry_requested)
        shortcut(self, "P", self.pause_toggled.emit)
        shortcut(self, "Esc", self.live_requested.emit)

    def _lay_out(self) -> None:
        self.body.setLayout(self.grid)
        self.processes.setParent(self.body)
        self.processes.hide()
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.grid.setSpacing(SPACE_3)
        area = scrolling(self.body, "Charts")
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column(
            self._controls(),
            self.problem,
            (area, 1),
            self.no_gpu,
            on=self,
            margins=(SPACE_4, SPACE_3, SPACE_4, SPACE_2),
            spacing=SPACE_3,
        )

    def _controls(self) -> QHBoxLayout:
        csv = self._save_button("CSV", "table-arrow-down", self.csv_requested.emit)
        png = self._save_button("PNG", "image-outline", self.picture_requested.emit)
        return row(
            page_title("Monitor"),
            SPACE_3,
            *self.ranges.values(),
            SPACE_2,
            (self.state, 1),
            self.pause,
            csv,
            png,
            spacing=SPACE_1,
        )

    def _save_button(self, form: str, icon: str, save: Callable[[], object]) -> QPushButton:
        made = button(form, save, "flat")
        made.setIcon(self._theme.icon(icon))
        made.setToolTip(f"Save what is in view as {form}")
        made.setAccessibleName(f"Save as {form}")
        return made
