"""The columns of the library's table, and the tinted word in its verdict column."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from heygen_desktop.presentation.desktop.screens.library.rows import ModelRow
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.theme.tokens import RADIUS_SMALL, SPACE_2, SPACE_3
from heygen_desktop.presentation.desktop.widgets.rows_model import Column
from heygen_desktop.presentation.desktop.wording import NONE, bytes_text, short_count_text

_BADGE_HEIGHT = 20

COLUMNS: tuple[Column[ModelRow], ...] = (
    Column(
        "name", "Name", lambda r: r.name, width=144, stretches=True, tooltip=lambda r: r.reference
    ),
    Column(
        "favourite",
        "★",
        lambda r: "★" if r.is_favourite else "",
        sort_key=lambda r: not r.is_favourite,
        width=40,
        tone=lambda r: "info",
        tooltip=lambda r: "A favourite" if r.is_favourite else "",
    ),
    Column(
        "parameters",
        "Parameters",
        lambda r: short_count_text(r.parameters),
        sort_key=lambda r: r.parameters,
        width=88,
        rank=3,
        is_number=True,
        tooltip=lambda r: f"{r.parameters:,}",
    ),
    Column("precision", "Precision", lambda r: " + ".join(r.precisions) or NONE, width=72, rank=4),
    Column(
        "size",
        "Size",
        lambda r: bytes_text(r.size_bytes),
        sort_key=lambda r: r.size_bytes,
        width=80,
        rank=1,
        is_number=True,
        tooltip=lambda r: f"{r.size_bytes:,} bytes",
    ),
    Column(
        "fits",
        "Fits?",
        lambda r: r.verdict,
        sort_key=lambda r: r.verdict_order,
        width=92,
        tone=lambda r: r.verdict_tone,
    ),
    Column(
        "status",
        "Status",
        lambda r: r.status,
        width=96,
        rank=2,
        tone=lambda r: "info" if r.is_loaded else "",
    ),
    Column("added", "Added", lambda r: r.added, sort_key=lambda r: r.added_at, width=132, rank=5),
    Column("type", "Type", lambda r: r.type.capitalize(), width=80, rank=7),
    Column("architecture", "Architecture", lambda r: r.architecture or NONE, width=164, rank=8),
    Column("tags", "Tags", lambda r: ", ".join(r.tags), width=104, rank=6),
    Column("description", "Description", lambda r: r.description, width=160, rank=9),
)
"""What decides stands first and stays longest: at the smallest window name, size and verdict are in view."""
VERDICT_COLUMN = [column.key for column in COLUMNS].index("fits")


class VerdictDelegate(QStyledItemDelegate):
    """Draws the verdict as a word on the ground of its tone."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        empty = QStyleOptionViewItem(option)
        self.initStyleOption(empty, index)
        text, colour = empty.text, QColor(index.data(Qt.ItemDataRole.ForegroundRole))
        empty.text = ""
        style = option.widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, empty, painter, option.widget)
        self._draw_badge(painter, option, text, colour)

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        size = super().sizeHint(option, index)
        return QSize(size.width() + SPACE_3, size.height())

    def _draw_badge(
        self, painter: QPainter, option: QStyleOptionViewItem, text: str, colour: QColor
    ) -> None:
        width = option.fontMetrics.horizontalAdvance(text) + 2 * SPACE_2
        room = option.rect.width() - 2 * SPACE_2
        badge = QRect(0, 0, min(width, room), _BADGE_HEIGHT)
        badge.moveCenter(option.rect.center())
        badge.moveLeft(option.rect.left() + SPACE_2)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._ground(colour))
        painter.drawRoundedRect(badge, RADIUS_SMALL, RADIUS_SMALL)
        painter.setPen(colour)
        shown = option.fontMetrics.elidedText(text, Qt.TextElideMode.ElideRight, badge.width() - 8)
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, shown)
        painter.restore()

    def _ground(self, colour: QColor) -> QColor:
        tones = self._theme.tokens.tones.values()
        return QColor(next(tone.surface for tone in tones if QColor(tone.text) == colour))
