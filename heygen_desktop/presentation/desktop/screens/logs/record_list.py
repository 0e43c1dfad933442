"""The list of log lines. It paints the lines in view and knows nothing of the others.

A table view costs four times as much for each picture and grows with every row it is told of; this one
costs the same for a thousand records as for a million.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
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
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QMenu

from heygen_desktop.application.ports.logs import LogLevel
from heygen_desktop.presentation.desktop.ports import Memory
from heygen_desktop.presentation.desktop.screens.logs.rows import LogRow
from heygen_desktop.presentation.desktop.theme.fonts import code_font
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_2, SPACE_3
from heygen_desktop.presentation.desktop.widgets.rows_model import Column
from heygen_desktop.presentation.desktop.widgets.table_header import TableHeader

_LINE = 24
_HEADER = 32
_COLUMNS: tuple[Column[LogRow], ...] = (
    Column("time", "Time", lambda row: row.time, width=116),
    Column("level", "Level", lambda row: row.level.name, width=88),
    Column("category", "Category", lambda row: row.category, width=104, rank=2),
    Column("message", "Message", lambda row: row.message, width=440, stretches=True),
    Column("run", "Run", lambda row: row.run_id, width=128, rank=1),
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
        self._rows: list[LogRow] = []
        self._current = -1
        self._anchor = -1
        self._wanted = 0
        """The position of what the person chose last, in the list now or not; 0 for nothing."""
        self._hit: re.Pattern[str] | None = None
        self._at_end = True
        self._moved_by_us = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(_NAME)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumHeight(_HEADER + 3 * _LINE)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setViewportMargins(0, _HEADER, 0, 0)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.header = self._make_header(memory)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        theme.changed.connect(self._wear_theme)
        self._wear_theme()

    def rows(self) -> Sequence[LogRow]:
        """Return every line, oldest first."""
        return self._rows

    def show_rows(self, rows: Sequence[LogRow]) -> None:
        """Take these lines; what is in view stays there.

        A current one that is not among them is current again when it comes back.
        """
        before, value = self._position(), self.verticalScrollBar().value()
        top = self._rows[value].position if self._rows else 0
        offset = self._current - value
        in_view = 0 <= offset < self._lines()
        self._rows = list(rows)
        at = self._at(self._wanted)
        is_there = at < len(self._rows) and self._rows[at].position == self._wanted
        self._current = self._anchor = at if is_there else -1
        self._fit_scroll_bar()
        if self._current >= 0 and (in_view or not before):
            self._move_to(self._current - (offset if in_view else self._lines() // 2))
        else:
            self._move_to(self.verticalScrollBar().maximum() if self._at_end else self._at(top))
        if self._position() != before:
            self.row_selected.emit(self._position())

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

    def mark_hits(self, text: str) -> None:
        """Mark wherever this stands in a line; an empty text marks nothing."""
        self._hit = re.compile(re.escape(text), re.IGNORECASE) if text else None
        self.viewport().update()

    def clear_selection(self) -> None:
        """Make no line the current one."""
        self._wanted = 0
        self._current = self._anchor = -1
        self.viewport().update()
        self.row_selected.emit(0)

    def selected_rows(self) -> Sequence[LogRow]:
        """Return the lines that are selected, oldest first."""
        first, last = sorted((self._current, self._anchor))
        return self._rows[first : last + 1] if first >= 0 else []

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self._copy()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self._select_all()
        elif event.key() == Qt.Key.Key_Space:
            self.pause_pressed.emit()
        elif event.key() == Qt.Key.Key_Escape and self._current >= 0:
            self.clear_selection()
        elif (target := self._target_of(event)) is not None:
            extend = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._go_to(target, extend=extend)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what the keyboard could not reach in the header."""
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.addAction("Copy", self._copy).setEnabled(self._current >= 0)
        self.header.offer_columns(menu.addMenu("Columns"))
        menu.popup(event.globalPos())

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
        lines = self.viewport().geometry()
        self.header.setGeometry(lines.x(), lines.y() - _HEADER, lines.width(), _HEADER)
        self.header.fit(lines.width())
        self._fit_scroll_bar()
        if self._at_end:
            self.scroll_to_end()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        area = self.viewport().rect()
        painter.fillRect(area, self._theme.colour("card"))
        painter.setFont(self._code)
        first, last = sorted((self._current, self._anchor))
        selected = range(first, last + 1) if first >= 0 else range(0)
        top = self.verticalScrollBar().value()
        cells = self._cells()
        for line, row in enumerate(self._rows[top : top + area.height() // _LINE + 1]):
            y = line * _LINE
            if top + line in selected:
                painter.fillRect(0, y, area.width(), _LINE, self._theme.colour("selected"))
            self._paint_row(painter, row, y, cells)
        painter.end()

    def _wear_theme(self) -> None:
        self._code = code_font()
        self._metrics = QFontMetrics(self._code)
        tokens = self._theme.tokens
        self._pens = {level: QColor(tokens.tone(tone).text) for level, tone in LEVEL_TONES.items()}
        self._text, self._soft = QColor(tokens.text), QColor(tokens.text_quiet)
        self._mark = QColor(tokens.tone("warning").line)
        self._mark.setAlphaF(0.4)
        self.header.fit(self.viewport().width())
        self.viewport().update()

    def _paint_row(
        self, painter: QPainter, row: LogRow, y: int, cells: Sequence[tuple[int, int]]
    ) -> None:
        level, text, soft = self._pens[row.level], self._text, self._soft
        base = y + (_LINE + self._metrics.ascent() - self._metrics.descent()) // 2
        for (x, width), column in zip(cells, _COLUMNS, strict=True):
            if width > 0 and not column.stretches:
                pen = level if column.key == "level" else soft
                self._paint_words(painter, column.text(row), pen, QPoint(x, base), width)
        x, width = cells[_MESSAGE]
        first = level if row.level >= LogLevel.ERROR else text
        for words, pen in ((row.message, first), (row.cause, text), (row.facts, soft)):
            if words and width > _LINE:
                taken = self._paint_words(painter, words, pen, QPoint(x, base), width) + SPACE_3
                x, width = x + taken, width - taken

    def _paint_words(
        self, painter: QPainter, words: str, pen: QColor, at: QPoint, width: int
    ) -> int:
        """Paint words, cut to the width and with their hits marked; return how wide they became."""
        words = self._elided(words, width)
        painter.setPen(pen)
        painter.drawText(at, words)
        painter.setPen(self._text)
        for start, end in self._hits_in(words):
            x = at.x() + self._metrics.horizontalAdvance(words[:start])
            hit = self._metrics.boundingRect(words[start:end])
            painter.fillRect(hit.translated(x, at.y()), self._mark)
            painter.drawText(x, at.y(), words[start:end])
        return self._metrics.horizontalAdvance(words)

    def _hits_in(self, words: str) -> list[tuple[int, int]]:
        return [each.span() for each in self._hit.finditer(words)] if self._hit else []

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

    def _make_header(self, memory: Memory) -> TableHeader:
        header = TableHeader(_NAME, _COLUMNS, memory, self)
        model = QStandardItemModel(0, len(_COLUMNS), header)
        model.setHorizontalHeaderLabels([each.title for each in _COLUMNS])
        header.setModel(model)
        header.setSectionsClickable(False)
        header.fitted.connect(self.viewport().update)
        return header

    def _copy(self) -> None:
        lines = (row.as_text for row in self.selected_rows())
        QGuiApplication.clipboard().setText("\n".join(lines))

    def _position(self) -> int:
        """Return where in the log the current line stands; 0 where none is current."""
        return self._rows[self._current].position if self._current >= 0 else 0

    def _lines(self) -> int:
        """Return how many lines are in view."""
        return max(1, self.viewport().height() // _LINE)

    def _at(self, position: int) -> int:
        """Return where the record stands, or where it would."""
        return bisect_left(self._rows, position, key=lambda row: row.position)

    def _fit_scroll_bar(self) -> None:
        lines, bar = self._lines(), self.verticalScrollBar()
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
        if value < self.verticalScrollBar().maximum():
            self._leave_end()
        else:
            self._reach_end()

    def _reach_end(self) -> None:
        if not self._at_end:
            self._at_end = True
            self.reached_end.emit()

    def _leave_end(self) -> None:
        if self._at_end:
            self._at_end = False
            self.left_end.emit()

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
        lines = self._lines()
        if at < bar.value():
            bar.setValue(at)
        elif at >= bar.value() + lines:
            bar.setValue(at - lines + 1)
        self.viewport().update()
        (self._leave_end if at < len(self._rows) - 1 else self._reach_end)()
        row = self._rows[at]
        self._wanted = row.position
        self.setAccessibleDescription(
            f"{row.time} {row.level.name} {row.category}: {row.message} {row.cause}".rstrip()
        )
        self.row_selected.emit(row.position)

    def _select_all(self) -> None:
        if self._rows:
            self._anchor, self._current = 0, len(self._rows) - 1
            self.viewport().update()

    def _row_under(self, point: QPoint) -> int:
        at = self.verticalScrollBar().value() + point.y() // _LINE
        return at if 0 <= at < len(self._rows) else -1
