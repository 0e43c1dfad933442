"""The list of environments, each in its colour."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from heygen_desktop.presentation.desktop.screens.environments.rows import EnvironmentRow
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.theme.tokens import (
    RADIUS,
    SPACE_1,
    SPACE_2,
    SPACE_3,
    SPACE_4,
    TEXT_SMALL_PX,
)

_ROW = Qt.ItemDataRole.UserRole
_HEIGHT = 76
_STRIPE = 4


class EnvironmentList(QListWidget):
    """Four rows; says which one is chosen."""

    chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setAccessibleName("Environments")
        self.setItemDelegate(_EnvironmentDelegate(theme, self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setStyleSheet("QListWidget { background: transparent; }")
        theme.changed.connect(self.viewport().update)
        self.currentItemChanged.connect(self._say)

    def show_rows(self, rows: Sequence[EnvironmentRow], selected: str) -> None:
        """Show these, this one chosen; says nothing of it."""
        self.blockSignals(True)
        while self.count() > len(rows):
            self.takeItem(self.count() - 1)
        for at, row in enumerate(rows):
            self._item(at, row)
            if row.name == selected:
                self.setCurrentRow(at)
        self.blockSignals(False)
        self.viewport().update()

    def _item(self, at: int, row: EnvironmentRow) -> None:
        if at == self.count():
            self.addItem(QListWidgetItem())
        item = self.item(at)
        item.setData(_ROW, row)
        item.setText(row.name)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, row.spoken)
        item.setToolTip(_tooltip(row))

    def _say(self, current: QListWidgetItem | None, _previous: QListWidgetItem | None) -> None:
        if current is not None:
            self.chosen.emit(current.text())


class _EnvironmentDelegate(QStyledItemDelegate):
    """Paints a stripe in the environment's colour, its name, its parent and its history."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(super().sizeHint(option, index).width(), _HEIGHT)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        row = index.data(_ROW)
        frame = option.rect.adjusted(SPACE_2, SPACE_1 // 2, -SPACE_2, -SPACE_1 // 2)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, option, frame)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.tokens.tone(row.name).line))
        stripe = QRect(frame.left(), frame.top() + SPACE_2, _STRIPE, frame.height() - SPACE_4)
        painter.drawRoundedRect(stripe, _STRIPE / 2, _STRIPE / 2)
        self._paint_words(painter, option.font, frame.adjusted(SPACE_4, SPACE_2, -SPACE_3, 0), row)
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, frame: QRect) -> None:
        is_on = bool(option.state & QStyle.StateFlag.State_Selected)
        is_over = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if is_on or is_over:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour("selected" if is_on else "hover"))
            painter.drawRoundedRect(frame, RADIUS, RADIUS)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(self._theme.colour("focus"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(frame, RADIUS, RADIUS)

    def _paint_words(
        self, painter: QPainter, font: QFont, room: QRect, row: EnvironmentRow
    ) -> None:
        strong, small = QFont(font), QFont(font)
        strong.setWeight(QFont.Weight.DemiBold)
        small.setPixelSize(TEXT_SMALL_PX)
        lines = ((strong, "text", row.name), (small, "text_soft", row.parent))
        for at, (face, colour, text) in enumerate((*lines, (small, "text_quiet", row.history))):
            painter.setFont(face)
            painter.setPen(self._theme.colour(colour))
            painter.drawText(room.left(), room.top() + 15 + at * 19, text)
        if row.is_active:
            self._paint_active(painter, small, room, row.name)

    def _paint_active(self, painter: QPainter, font: QFont, room: QRect, name: str) -> None:
        tone = self._theme.tokens.tone(name)
        painter.setFont(font)
        width = painter.fontMetrics().horizontalAdvance("in use") + 2 * SPACE_2
        badge = QRect(room.right() - width, room.top(), width, 20)
        painter.setPen(QColor(tone.line))
        painter.setBrush(QColor(tone.surface))
        painter.drawRoundedRect(badge, 8, 8)
        painter.setPen(QColor(tone.text))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, "in use")


def _tooltip(row: EnvironmentRow) -> str:
    if row.is_active:
        return "This window uses it."
    return f"Start with --env {row.name} to use it."
