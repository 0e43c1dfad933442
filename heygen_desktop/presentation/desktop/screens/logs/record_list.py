"""The list of log lines. It paints the lines in view and knows nothing of the others.

A table view costs four times as much for each picture and grows with every row it is told of; this one
costs the same for a thousand records as for a million.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QStandardItemModel,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QHeaderView

from heygen_desktop.application.ports.logs import LogLevel
from heygen_desktop.presentation.desktop.ports import Memory
from heygen_desktop.presentation.desktop.screens.logs.rows import LogRow
from heygen_desktop.presentation.desktop.theme.fonts import code_font
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_2, SPACE_3
from heygen_desktop.presentation.desktop.widgets.table import kept_columns

_LINE = 24
_HEADER = 32
_COLUMNS = (
    ("time", "Time", 116),
    ("level", "Level", 88),
    ("category", "Category", 96),
    ("message", "Message", 240),
    ("run", "Run", 128),
)
_MESSAGE = 3
_NAME = "Log records"
LEVEL_TONES = {
    LogLevel.DEBUG: "neutral",
    LogLevel.INFO: "info",
    LogLevel.WARNING: "warning",
    LogLevel.ERROR: "danger",
    LogLevel.CRITICAL: "danger",
}


class RecordList(QAbstractScrollArea):
    """Lines from the oldest to the newest; one of them is current, and a range may be selected."""

    row_selected = Signal(object)
    """The position of the current line's record, or 0."""
    left_end = Signal()
    """The person scrolled up, away from the newest line."""
    reached_end = Signal()
    """The person scrolled down to the newest line."""
    pause_pressed = Signal()

    def __init__(self, theme: Theme, memory: Memory) -> None:
        super().__init__()
        self._theme = theme
        self._memory = memory
        self._rows: list[LogRow] = []
        self._current = -1
        self._anchor = -1
        self._at_end = True
        self._moved_by_us = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(_NAME)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumHeight(_HEADER + 3 * _LINE)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setViewportMargins(0, _HEADER, 0, 0)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._code = code_font()
        self._metrics = QFontMetrics(self._code)
        self.header = self._make_header()
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        theme.changed.connect(self.viewport().update)

    def rows(self) -> Sequence[LogRow]:
        """Return every line, oldest first."""
        return self._rows

    def show_rows(self, rows: Sequence[LogRow]) -> None:
        """Take these lines; the current one stays current where it is among them."""
        kept = self._rows[self._current].position if self._current >= 0 else 0
        top = self._rows[self.verticalScrollBar().value()].position if self._rows else 0
        self._rows = list(rows)
        at = self._at(kept)
        found = kept and at < len(self._rows) and self._rows[at].position == kept
        self._current = self._anchor = at if found else -1
        if kept and not found:
            self.row_selected.emit(0)
        self._fit_scroll_bar()
        self._move_to(self.verticalScrollBar().maximum() if self._at_end else self._at(top))

    def add_rows(self, rows: Sequence[LogRow], dropped: int) -> None:
        """Add lines at the end and take ``dropped`` off the top; what is in view stays in view."""
        del self._rows[:dropped]
        self._rows.extend(rows)
        if dropped:
            had_current = self._current >= 0
            self._current = max(-1, self._current - dropped)
            self._anchor = max(-1, self._anchor - dropped)
            if had_current and self._current < 0:
                self.row_selected.emit(0)
            self._move_to(self.verticalScrollBar().value() - dropped)
        self._fit_scroll_bar()

    def scroll_to_end(self) -> None:
        """Bring the newest line into view."""
        self._move_to(self.verticalScrollBar().maximum())

    def clear_selection(self) -> None:
        """Make no line the current one."""
        self._current = self._anchor = -1
        self.viewport().update()
        self.row_selected.emit(0)

    def selected_rows(self) -> Sequence[LogRow]:
        """Return the lines that are selected, oldest first."""
        first, last = sorted((self._current, self._anchor))
        return self._rows[first : last + 1] if first >= 0 else []

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            lines = (row.as_text for row in self.selected_rows())
            QGuiApplication.clipboard().setText("\n".join(lines))
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self._select_all()
        elif event.key() == Qt.Key.Key_Space:
            self.pause_pressed.emit()
        elif (target := self._target_of(event)) is not None:
            extend = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._go_to(target, extend=extend)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self._row_under(event.position().toPoint())
        if at >= 0:
            extend = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._go_to(at, extend=extend)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = self._row_under(event.position().toPoint())
        if at >= 0 and at != self._current:
            self._go_to(at, extend=True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.header.setGeometry(0, 0, self.viewport().width(), _HEADER)
        self._share_width()
        self._fit_scroll_bar()
        if self._at_end:
            self.scroll_to_end()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        area = self.viewport().rect()
        painter.fillRect(area, self._theme.colour("card"))
        painter.setFont(self._code)
        tokens = self._theme.tokens
        pens = {level: QColor(tokens.tone(tone).text) for level, tone in LEVEL_TONES.items()}
        text, soft = self._theme.colour("text"), self._theme.colour("text_quiet")
        first, last = sorted((self._current, self._anchor))
        selected = range(first, last + 1) if first >= 0 else range(0)
        top = self.verticalScrollBar().value()
        cells = self._cells()
        for line, row in enumerate(self._rows[top : top + area.height() // _LINE + 1]):
            y = line * _LINE
            if top + line in selected:
                painter.fillRect(0, y, area.width(), _LINE, self._theme.colour("selected"))
            self._paint_row(painter, row, y, cells, (pens[row.level], text, soft))
        painter.end()

    def _paint_row(
        self,
        painter: QPainter,
        row: LogRow,
        y: int,
        cells: Sequence[tuple[int, int]],
        pens: tuple[QColor, QColor, QColor],
    ) -> None:
        level, text, soft = pens
        base = y + (_LINE + self._metrics.ascent() - self._metrics.descent()) // 2
        x, width = cells[_MESSAGE]
        message = self._elided(row.message, width)
        parts = [
            (cells[0], row.time, soft),
            (cells[1], row.level.name, level),
            (cells[2], row.category, soft),
            ((x, width), message, level if row.level >= LogLevel.ERROR else text),
            (cells[4], row.run_id, soft),
        ]
        left = width - self._metrics.horizontalAdvance(message) - SPACE_3
        if row.facts and left > _LINE:
            parts.append(((x + width - left, left), row.facts, soft))
        for (cell_x, cell_width), words, pen in parts:
            painter.setPen(pen)
            painter.drawText(cell_x, base, self._elided(words, cell_width))

    def _elided(self, words: str, width: int) -> str:
        if self._metrics.averageCharWidth() * len(words) <= width:
            return words
        # Measuring two thousand letters to show fifty would cost more than painting them.
        likely = words[: max(1, 2 * width // max(1, self._metrics.averageCharWidth()))]
        return self._metrics.elidedText(likely, Qt.TextElideMode.ElideRight, width)

    def _cells(self) -> list[tuple[int, int]]:
        """Return x and width of each column's text."""
        header = self.header
        starts = [header.sectionViewportPosition(at) + SPACE_3 for at in range(len(_COLUMNS))]
        return [(x, header.sectionSize(at) - SPACE_3 - SPACE_2) for at, x in enumerate(starts)]

    def _make_header(self) -> QHeaderView:
        header = QHeaderView(Qt.Orientation.Horizontal, self)
        model = QStandardItemModel(0, len(_COLUMNS), header)
        model.setHorizontalHeaderLabels([title for _, title, _ in _COLUMNS])
        header.setModel(model)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setMinimumSectionSize(56)
        header.setSectionsClickable(False)
        kept = self._kept_widths()
        for at, (key, _, width) in enumerate(_COLUMNS):
            header.resizeSection(at, kept.get(key, width))
        header.setSectionResizeMode(_MESSAGE, QHeaderView.ResizeMode.Fixed)
        header.sectionResized.connect(self._column_resized)
        return header

    def _kept_widths(self) -> dict[str, int]:
        kept = kept_columns(self._memory, _NAME)
        return {key: width for key, width in kept.items() if isinstance(width, int) and width > 0}

    def _column_resized(self, at: int, _old: int, _new: int) -> None:
        if at == _MESSAGE:
            return
        keys = enumerate(key for key, _, _ in _COLUMNS)
        widths = {key: self.header.sectionSize(at) for at, key in keys if at != _MESSAGE}
        self._memory.remember(f"table/{_NAME}", json.dumps(widths))
        self._share_width()

    def _share_width(self) -> None:
        """Give the message the room that the other columns leave."""
        others = sum(self.header.sectionSize(at) for at in range(len(_COLUMNS)) if at != _MESSAGE)
        self.header.resizeSection(_MESSAGE, max(_COLUMNS[_MESSAGE][2], self.width() - others - 10))
        self.viewport().update()

    def _at(self, position: int) -> int:
        """Return where the record stands, or where it would."""
        return bisect_left(self._rows, position, key=lambda row: row.position)

    def _fit_scroll_bar(self) -> None:
        lines = max(1, self.viewport().height() // _LINE)
        bar = self.verticalScrollBar()
        self._moved_by_us = True
        bar.setPageStep(lines)
        bar.setRange(0, max(0, len(self._rows) - lines))
        self._moved_by_us = False
        self.viewport().update()

    def _move_to(self, value: int) -> None:
        self._moved_by_us = True
        self.verticalScrollBar().setValue(value)
        self._moved_by_us = False
        self._at_end = self.verticalScrollBar().value() >= self.verticalScrollBar().maximum()
        self.viewport().update()

    def _scrolled(self, value: int) -> None:
        self.viewport().update()
        if self._moved_by_us:
            return
        at_end = value >= self.verticalScrollBar().maximum()
        if at_end != self._at_end:
            self._at_end = at_end
            (self.reached_end if at_end else self.left_end).emit()

    def _target_of(self, event: QKeyEvent) -> int | None:
        """Return the line that a key goes to, or None for a key that goes nowhere."""
        page, last = self.verticalScrollBar().pageStep(), len(self._rows) - 1
        start = self._current if self._current >= 0 else self.verticalScrollBar().value()
        steps = {
            Qt.Key.Key_Up: start - 1,
            Qt.Key.Key_Down: start + 1,
            Qt.Key.Key_PageUp: start - page,
            Qt.Key.Key_PageDown: start + page,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        target = steps.get(Qt.Key(event.key()))
        return None if target is None or last < 0 else min(last, max(0, target))

    def _go_to(self, at: int, *, extend: bool) -> None:
        self._current = at
        if not extend or self._anchor < 0:
            self._anchor = at
        bar = self.verticalScrollBar()
        lines = max(1, self.viewport().height() // _LINE)
        if at < bar.value():
            bar.setValue(at)
        elif at >= bar.value() + lines:
            bar.setValue(at - lines + 1)
        self.viewport().update()
        row = self._rows[at]
        self.setAccessibleDescription(f"{row.time} {row.level.name} {row.category}: {row.message}")
        self.row_selected.emit(row.position)

    def _select_all(self) -> None:
        if self._rows:
            self._anchor, self._current = 0, len(self._rows) - 1
            self.viewport().update()

    def _row_under(self, point: QPoint) -> int:
        at = self.verticalScrollBar().value() + point.y() // _LINE
        return at if 0 <= at < len(self._rows) else -1
