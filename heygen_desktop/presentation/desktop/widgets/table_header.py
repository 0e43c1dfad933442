"""The header of every table: it gives the columns their widths, remembers them, and has them chosen."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QFont, QFontMetrics, QGuiApplication
from PySide6.QtWidgets import QHeaderView, QMenu, QWidget

from heygen_desktop.presentation.desktop.ports import Memory
from heygen_desktop.presentation.desktop.theme.tokens import TEXT_PX, TEXT_SMALL_PX
from heygen_desktop.presentation.desktop.widgets.column_widths import SMALLEST, Wish, shared
from heygen_desktop.presentation.desktop.widgets.rows_model import ARROWS, Column

_TITLE_PADDING = 32
_RESET = "Reset the columns"


class TableHeader(QHeaderView):
    """Fits its columns into the room of its table; ``fit`` is called where room or rows change."""

    fitted = Signal()
    """A column has another width, or went or came."""

    def __init__(
        self, name: str, columns: Sequence[Column[Any]], memory: Memory, parent: QWidget
    ) -> None:
        """Take what is remembered of these columns.

        Args:
            name: The table's; unique.
            columns: Left to right. Any: nothing is asked of a row here.
            memory: Where widths, choice and order are kept.
        """
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._name = f"table/{name}"
        self._columns = tuple(columns)
        self._memory = memory
        kept = self._recalled()
        self._widths = self._of_columns(kept.get("widths", kept))
        self._shown = self._of_columns(kept.get("shown"))
        self._sorted_by = str(kept.get("sorted_by", ""))
        self._is_descending = bool(kept.get("descending"))
        if "shown" not in kept:
            self._forget_what_nobody_chose()
        self._room = 0
        self._contents: Sequence[int] = [0] * len(self._columns)
        self._is_fitting = False
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(SMALLEST)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._open_menu)
        self.sectionResized.connect(self._dragged)

    def fit(self, room: int, contents: Sequence[int] | None = None) -> None:
        """Share so many pixels.

        Args:
            room: The width of the table's viewport.
            contents: For each column the width at which none of its texts is cut; as before where
                it is None.
        """
        self._room = room
        if contents is not None:
            # Columns that shrink and come back while one types a search would be a dance.
            self._contents = list(map(max, self._contents, contents))
        if room <= 0:
            return
        before = self._sizes()
        taken = [at for at, column in enumerate(self._columns) if self._shown.get(column.key, True)]
        given = dict(zip(taken, shared([self._wish(at) for at in taken], room), strict=True))
        self._is_fitting = True
        for at in range(len(self._columns)):
            width = given.get(at, 0)
            self.setSectionHidden(at, width == 0)
            if width:
                self.resizeSection(at, width)
        self._is_fitting = False
        if self._sizes() != before:
            self.fitted.emit()

    def columns_menu(self) -> QMenu:
        """Return a menu that chooses columns; it deletes itself once closed."""
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        self.offer_columns(menu)
        return menu

    def add_to(self, menu: QMenu) -> None:
        """Add to a row's menu what the header does for the mouse: choose columns, and sort by one."""
        menu.addSeparator()
        self.offer_columns(menu.addMenu("Columns"))
        if self.sectionsClickable():
            self._offer_orders(menu)

    def _offer_orders(self, menu: QMenu) -> None:
        orders = menu.addMenu("Sort by")
        for at, column in self._titled():
            is_it = column.key == self._sorted_by
            is_down = is_it and not self._is_descending
            order = Qt.SortOrder.DescendingOrder if is_down else Qt.SortOrder.AscendingOrder
            by = partial(self.setSortIndicator, at, order)
            _checkable(orders, column.title, is_it).triggered.connect(lambda _on, by=by: by())
        orders.addSeparator()
        as_they_come = _checkable(orders, "As they come", not self._sorted_by)
        as_they_come.triggered.connect(
            lambda: self.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        )

    def offer_columns(self, menu: QMenu) -> None:
        """Add a line to the menu for each column, ticked where it is shown."""
        for at, column in self._titled():
            action = _checkable(menu, column.title, not self.isSectionHidden(at))
            action.setEnabled(column.rank > 0)
            action.toggled.connect(lambda is_on, key=column.key: self._choose(key, is_on))
        menu.addSeparator()
        menu.addAction(_RESET, self.forget_choices)

    def _titled(self) -> list[tuple[int, Column[Any]]]:
        return [(at, column) for at, column in enumerate(self._columns) if column.title]

    def forget_choices(self) -> None:
        """Forget the person's widths and choice of columns."""
        self._widths, self._shown = {}, {}
        self._remember()
        self.fit(self._room)

    def sorted_by(self) -> tuple[int, Qt.SortOrder]:
        """Return the column and the order that are remembered; -1 for no column."""
        keys = [column.key for column in self._columns]
        at = keys.index(self._sorted_by) if self._sorted_by in keys else -1
        is_down = self._is_descending
        return at, Qt.SortOrder.DescendingOrder if is_down else Qt.SortOrder.AscendingOrder

    def keep_order(self, at: int, order: Qt.SortOrder) -> None:
        """Remember by which column the table is sorted."""
        self._sorted_by = self._columns[at].key if 0 <= at < len(self._columns) else ""
        self._is_descending = order is Qt.SortOrder.DescendingOrder
        self._remember()

    def _choose(self, key: str, is_shown: bool) -> None:
        self._shown[key] = is_shown
        self._remember()
        self.fit(self._room)

    def _dragged(self, at: int, old: int, new: int) -> None:
        """The edge between two columns was moved: what one gains the other loses."""
        if self._is_fitting or not self._room:
            return
        self._widen(at, 0)  # it is as wide as it was drawn already
        left = old - new
        for each in range(at + 1, len(self._columns)):
            if left and not self.isSectionHidden(each):
                left -= self._widen(each, left)
        self._remember()
        self.fit(self._room)

    def _widen(self, at: int, change: int) -> int:
        """Remember a column as so much wider, or narrower; return how much it can be."""
        column, size = self._columns[at], self.sectionSize(at)
        if column.stretches:
            return change  # it takes what the others leave
        change = max(change, SMALLEST - size)
        self._widths[column.key] = size + change
        return change

    def _sizes(self) -> list[int]:
        return [self.sectionSize(at) for at in range(len(self._columns))]

    def _wish(self, at: int) -> Wish:
        column = self._columns[at]
        rank = 0 if column.key in self._shown else column.rank
        own = self._widths.get(column.key)
        if own is not None and not column.stretches:
            return Wish(own, own, rank)
        needed = round(column.width * self._text_px() / TEXT_PX)
        width, content = max(needed, self._title_width(column)), self._contents[at]
        if column.stretches and not column.rank:
            # What is read first is seldom cut so that others may stay, and never at their whole cost.
            width = max(width, min(content, 2 * width))
        return Wish(width, content, rank, column.stretches)

    def _text_px(self) -> int:
        """Return the size of the application's letters: a style sheet may give the header another."""
        return QGuiApplication.font().pixelSize()

    def _title_width(self, column: Column[Any]) -> int:
        font = QFont(self.font())
        font.setPixelSize(round(self._text_px() * TEXT_SMALL_PX / TEXT_PX))
        font.setWeight(QFont.Weight.DemiBold)
        return QFontMetrics(font).horizontalAdvance(f"{column.title} {ARROWS[0]}") + _TITLE_PADDING

    def _open_menu(self, point: QPoint) -> None:
        self.columns_menu().popup(self.mapToGlobal(point))

    def _recalled(self) -> dict[str, Any]:
        try:
            kept = json.loads(self._memory.recall(self._name) or "{}")
        except json.JSONDecodeError:  # written by hand or by another version: the defaults do
            return {}
        return kept if isinstance(kept, dict) else {}

    def _of_columns(self, kept: object) -> dict[str, int]:
        known = {column.key for column in self._columns}
        items = kept.items() if isinstance(kept, dict) else ()
        return {key: value for key, value in items if key in known and isinstance(value, int)}

    def _forget_what_nobody_chose(self) -> None:
        """Versions before this one kept every width, and the last column's as it was stretched."""
        for column in self._columns:
            is_last = column is self._columns[-1]
            if is_last or self._widths.get(column.key) == column.width:
                self._widths.pop(column.key, None)

    def _remember(self) -> None:
        kept = {
            "widths": self._widths,
            "shown": self._shown,
            "sorted_by": self._sorted_by,
            "descending": self._is_descending,
        }
        self._memory.remember(self._name, json.dumps(kept))


def _checkable(menu: QMenu, title: str, is_checked: bool) -> QAction:
    action = menu.addAction(title)
    action.setCheckable(True)
    action.setChecked(is_checked)
    return action
