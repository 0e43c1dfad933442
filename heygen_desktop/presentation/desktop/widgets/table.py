"""The table that every list uses: sorts, remembers its columns, copies as text, works from the keyboard."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Generic

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QKeySequence, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from heygen_desktop.presentation.desktop.ports import Memory
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.widgets.rows_model import Column, Row, RowsModel

_ROW_HEIGHT = 34
_THIS_ROW_ALONE = (
    QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
)


class _ToneDelegate(QStyledItemDelegate):
    """Leaves a cell its tone while its row is selected: a failure stays red."""

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        colour = index.data(Qt.ItemDataRole.ForegroundRole)
        if isinstance(colour, QColor):
            palette = QPalette(option.palette)
            palette.setColor(QPalette.ColorRole.HighlightedText, colour)
            option.palette = palette


def kept_columns(memory: Memory, name: str) -> dict[str, object]:
    """Return what is remembered of a table's columns; nothing where it cannot be read."""
    try:
        kept = json.loads(memory.recall(f"table/{name}") or "{}")
    except json.JSONDecodeError:  # written by hand or by another version: the defaults do
        return {}
    return kept if isinstance(kept, dict) else {}


class DataTable(QTableView, Generic[Row]):
    """Frozen rows in columns. Rows are named by a key, never by their position."""

    selected = Signal(str)
    """The key of the row in focus, or an empty string."""
    activated_row = Signal(str)
    """Enter or a double click on the row with this key."""
    menu_requested = Signal(str, QPoint)
    """The row's key and the global position for a menu."""
    ticked = Signal(str, bool)
    """A row's key and whether the person ticked it."""

    def __init__(
        self,
        name: str,
        columns: Sequence[Column[Row]],
        key: Callable[[Row], str],
        memory: Memory,
        theme: Theme,
    ) -> None:
        """Make an empty table.

        Args:
            name: What a screen reader calls it; its columns are remembered under it too.
            columns: Left to right; the last one takes the room that is left.
            key: Names a row; unique, and the same for the same thing next time.
            memory: Where widths and order are kept.
            theme: Where tones get their colours.
        """
        super().__init__()
        self._name = name
        self._memory = memory
        self._theme = theme
        self._selected_key = ""
        self._model: RowsModel[Row] = RowsModel(columns, key, self._tone_colour, self)
        self._model.ticked.connect(self.ticked)
        self.setModel(self._model)
        self.setAccessibleName(name)
        self._set_up_view()
        self._restore()
        self.selectionModel().currentRowChanged.connect(self._say_selected)
        self.doubleClicked.connect(lambda index: self.activated_row.emit(self._key_of(index)))
        self.customContextMenuRequested.connect(self._say_menu)
        self.horizontalHeader().sectionResized.connect(lambda *_: self._keep())
        self.horizontalHeader().sortIndicatorChanged.connect(lambda *_: self._keep())

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows; the selection follows its key, the scroll position stays."""
        scrolled = self.verticalScrollBar().value()
        key = self._selected_key
        self._model.show_rows(rows)
        if key:
            self.select(key)
        self.verticalScrollBar().setValue(scrolled)

    def select(self, key: str) -> None:
        """Select the row with this key; where there is none, nothing is selected."""
        number = self._model.position_of(key)
        if number is not None:
            # selectRow() would toggle the row while Ctrl is held, as it is when Ctrl+Enter starts a run.
            self.selectionModel().setCurrentIndex(self._model.index(number, 0), _THIS_ROW_ALONE)
        else:
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())
            # After a reset Qt's selection is empty already and says nothing; we do.
            self._select_key("")

    @property
    def selected_key(self) -> str:
        """The key of the row in focus, or an empty string."""
        return self._selected_key

    def selected_rows(self) -> list[Row]:
        """Return every selected row, top to bottom."""
        numbers = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self._model.row_at(number) for number in numbers]

    def as_text(self) -> str:
        """Return the selected rows, or all where none is, as tab-separated lines with a header."""
        rows = self.selected_rows() or [
            self._model.row_at(number) for number in range(self._model.rowCount())
        ]
        header = "\t".join(column.title for column in self._model.columns)
        lines = ("\t".join(c.text(row) for c in self._model.columns) for row in rows)
        return "\n".join((header, *lines))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.as_text())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._selected_key:
            self.activated_row.emit(self._selected_key)
        else:
            super().keyPressEvent(event)

    def _set_up_view(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setItemDelegate(_ToneDelegate(self))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMinimumHeight(3 * _ROW_HEIGHT)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        header = self.horizontalHeader()
        header.setStretchLastSection(True)
        header.setHighlightSections(False)
        header.setMinimumSectionSize(48)
        header.setTextElideMode(Qt.TextElideMode.ElideRight)

    def _restore(self) -> None:
        kept = kept_columns(self._memory, self._name)
        widths = kept.get("widths")
        for at, column in enumerate(self._model.columns):
            width = widths.get(column.key) if isinstance(widths, dict) else None
            self.setColumnWidth(at, width if isinstance(width, int) else column.width)
        keys = [column.key for column in self._model.columns]
        by = kept.get("sorted_by")
        order = Qt.SortOrder.DescendingOrder if kept.get("descending") else Qt.SortOrder(0)
        self.horizontalHeader().setSortIndicator(keys.index(by) if by in keys else -1, order)
        self.setSortingEnabled(True)

    def _keep(self) -> None:
        header = self.horizontalHeader()
        by = header.sortIndicatorSection()
        columns = self._model.columns
        kept = {
            "widths": {c.key: self.columnWidth(at) for at, c in enumerate(columns)},
            "sorted_by": columns[by].key if 0 <= by < len(columns) else "",
            "descending": header.sortIndicatorOrder() is Qt.SortOrder.DescendingOrder,
        }
        self._memory.remember(f"table/{self._name}", json.dumps(kept))

    def _tone_colour(self, tone: str) -> QColor:
        return QColor(self._theme.tokens.tone(tone).text)

    def _key_of(self, index: QModelIndex) -> str:
        return self._model.key_at(index.row()) if index.isValid() else ""

    def _say_selected(self, current: QModelIndex, _previous: QModelIndex) -> None:
        self._select_key(self._key_of(current))

    def _select_key(self, key: str) -> None:
        if key != self._selected_key:
            self._selected_key = key
            self.selected.emit(key)

    def _say_menu(self, point: QPoint) -> None:
        key = self._key_of(self.indexAt(point))
        if key:
            self.menu_requested.emit(key, self.viewport().mapToGlobal(point))
