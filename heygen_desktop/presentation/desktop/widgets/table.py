"""The table that every list uses: it sorts, fits its columns, keeps its place, copies as text.

Rows come and go by search, removal and news from elsewhere. What a person had selected stays selected, or
gives way to its neighbour until it comes back; and what they were looking at stays where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import chain
from typing import Generic

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QMetaMethod,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QKeySequence, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from heygen_desktop.presentation.desktop.ports import Memory
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.widgets.rows_model import Column, Row, RowsModel
from heygen_desktop.presentation.desktop.widgets.table_header import TableHeader

_ROW_HEIGHT = 34
_PADDING = 24
"""Between the texts of two columns."""
_MEASURED_ROWS = 200
"""So many rows say how wide a column would like to be; measuring ten thousand would be felt."""
_MEASURED_TEXTS = 4
_THIS_ROW_ALONE = (
    QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
)
_THESE_TOO = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows


@dataclass(frozen=True)
class _Place:
    """What a person saw before the rows became others."""

    keys: Sequence[str]
    """Of all rows, top to bottom."""
    selected: frozenset[str]
    anchor: str
    """The row that stays where it is: the one in focus if it was in view, or the topmost."""
    offset: int
    """Pixels from the top of the view to it; 0 or less for the topmost."""
    is_at_top: bool


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


class DataTable(QTableView, Generic[Row]):
    """Frozen rows in columns. Rows are named by a key, never by their position."""

    selected = Signal(str)
    """The key of the row in focus, or an empty string."""
    activated_row = Signal(str)
    """Enter or a double click on the row with this key."""
    menu_requested = Signal(str, QPoint)
    """The row's key and the global position for a menu; where nobody listens, the table has its own."""
    ticked = Signal(str, bool)
    """A row's key and whether the person ticked it."""
    edited = Signal(str, str, str)
    """A row's key, a column's key, and what the person wrote there."""

    def __init__(
        self,
        name: str,
        columns: Sequence[Column[Row]],
        key: Callable[[Row], str],
        memory: Memory,
        theme: Theme,
        *,
        can_sort: bool = True,
    ) -> None:
        """Make an empty table.

        Args:
            name: What a screen reader calls it; its columns are remembered under it too.
            columns: Left to right.
            key: Names a row; unique, and the same for the same thing next time.
            memory: Where widths and order are kept.
            theme: Where tones get their colours.
            can_sort: Off where the order of the rows says something.
        """
        super().__init__()
        self._theme = theme
        self._selected_key = ""
        self._wanted_key = ""
        """What was selected last; where it is gone, its neighbour is until it comes back."""
        self._place: _Place | None = None
        self._text_px = QGuiApplication.font().pixelSize()
        self._waiting: Sequence[Row] | None = None
        """Rows that came while a cell was being written."""
        self._model: RowsModel[Row] = RowsModel(columns, key, self._tone_colour, self)
        self._model.ticked.connect(self.ticked)
        self._model.edited.connect(self.edited)
        self._header = TableHeader(name, columns, memory, self)
        self.setHorizontalHeader(self._header)
        self.setModel(self._model)
        self.setAccessibleName(name)
        self._set_up_view()
        if can_sort:
            self._sort_as_before()
        self._header.setSectionsClickable(can_sort)
        self._model.modelAboutToBeReset.connect(self._keep_place)
        self._model.modelReset.connect(self._restore_place)
        self.selectionModel().currentRowChanged.connect(self._say_selected)
        self.doubleClicked.connect(lambda index: self.activated_row.emit(self._key_of(index)))
        self.customContextMenuRequested.connect(self._say_menu)
        self._header.sortIndicatorChanged.connect(self._header.keep_order)
        self.add_to_menu = self._header.add_to
        theme.changed.connect(self._wear_theme)

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows; selection and place stay. What is being written is not disturbed."""
        if self.state() is QAbstractItemView.State.EditingState:
            self._waiting = rows
            return
        self._model.show_rows(rows)
        self._fit()

    def select(self, key: str) -> None:
        """Select the row with this key; where there is none, nothing is selected."""
        self._select(key)
        self._wanted_key = key

    def _select(self, key: str) -> None:
        number = self._model.position_of(key)
        if number is not None:
            # selectRow() would toggle the row while Ctrl is held, as it is when Ctrl+Enter starts a run.
            self.selectionModel().setCurrentIndex(self._model.index(number, 0), _THIS_ROW_ALONE)
        else:
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())
            # After a reset Qt's selection is empty already and says nothing; we do.
            self._select_key("")

    def edit_cell(self, column_key: str) -> None:
        """Let a cell of the row in focus be written anew; ``edited`` tells what was written."""
        at = next(at for at, c in enumerate(self._model.columns) if c.key == column_key)
        if self.currentIndex().isValid():
            self.edit(self._model.index(self.currentIndex().row(), at))

    @property
    def selected_key(self) -> str:
        """The key of the row in focus, or an empty string."""
        return self._selected_key

    def selected_rows(self) -> list[Row]:
        """Return every selected row, top to bottom."""
        return [self._model.row_at(number) for number in sorted(self._selected_numbers())]

    def as_text(self) -> str:
        """Return the selected rows, or all where none is, as tab-separated lines with a header."""
        rows = self.selected_rows() or [
            self._model.row_at(number) for number in range(self._model.rowCount())
        ]
        header = "\t".join(column.title for column in self._model.columns)
        lines = ("\t".join(c.text(row) for c in self._model.columns) for row in rows)
        return "\n".join((header, *lines))

    def copy(self) -> None:
        """Put the selected rows on the clipboard, or all where none is."""
        QGuiApplication.clipboard().setText(self.as_text())

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        super().closeEditor(editor, hint)
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            self.show_rows(waiting)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._selected_key:
            self.activated_row.emit(self._selected_key)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._header.fit(self.viewport().width())

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

    def _wear_theme(self) -> None:
        """The theme may have other letters too."""
        before, self._text_px = self._text_px, QGuiApplication.font().pixelSize()
        rows = self.verticalHeader()
        rows.setDefaultSectionSize(round(rows.defaultSectionSize() * self._text_px / before))
        self._fit()

    def _fit(self) -> None:
        wanted = [self._measure(column) for column in self._model.columns]
        self._header.fit(self.viewport().width(), wanted)

    def _sort_as_before(self) -> None:
        self._header.setSortIndicator(*self._header.sorted_by())
        self.setSortingEnabled(True)
        self._header.setSortIndicatorShown(False)  # the model writes it into the title

    def _measure(self, column: Column[Row]) -> int:
        """Return how wide the column would like to be, as far as the first rows tell."""
        rows = (self._model.row_at(at) for at in range(min(_MEASURED_ROWS, self._model.rowCount())))
        longest = nlargest(_MEASURED_TEXTS, map(column.text, rows), key=len)
        return max(map(self.fontMetrics().horizontalAdvance, longest), default=0) + _PADDING

    def _keep_place(self) -> None:
        top = self.verticalScrollBar().value()
        keys = self._model.keys()
        at = self._model.position_of(self._selected_key)
        height, row_height = self.viewport().height(), self._row_height()
        if at is None or not top <= at * row_height <= top + height - row_height:
            at = top // row_height
        anchor = keys[at] if at < len(keys) else ""
        selected = frozenset(map(self._model.key_at, self._selected_numbers()))
        self._place = _Place(keys, selected, anchor, at * row_height - top, top == 0)

    def _selected_numbers(self) -> set[int]:
        # Whole rows are selected; selectedRows() would ask the flags of every cell to know it.
        stretches = (
            (each.top(), each.bottom()) for each in self.selectionModel().selection().toList()
        )
        return {number for top, last in stretches for number in range(top, last + 1)}

    def _restore_place(self) -> None:
        place = self._place
        if place is None:
            return
        self.doItemsLayout()  # or the scroll bar would still be that of the old rows
        if self._wanted_key and self._model.position_of(self._wanted_key) is not None:
            self._select(self._wanted_key)
        elif self._selected_key:
            self._select(self._survivor(place.keys, self._selected_key))
        self._select_these_too(place.selected)
        self._place = None
        at = self._model.position_of(self._survivor(place.keys, place.anchor))
        self.verticalScrollBar().setValue(
            0 if place.is_at_top or at is None else at * self._row_height() - place.offset
        )
        if place.anchor in place.selected or not place.keys:
            self.scrollTo(self.currentIndex())

    def _row_height(self) -> int:
        return self.verticalHeader().defaultSectionSize()

    def _survivor(self, keys: Sequence[str], key: str) -> str:
        """Return the key, or of those that were its neighbours the nearest that is still there."""
        at = keys.index(key) if key in keys else len(keys)
        nearest = chain(keys[at:], reversed(keys[:at]))
        return next((each for each in nearest if self._model.position_of(each) is not None), "")

    def _select_these_too(self, keys: frozenset[str]) -> None:
        if len(keys) < 2:
            return
        chosen = QItemSelection()
        last = len(self._model.columns) - 1
        for key in keys:
            number = self._model.position_of(key)
            if number is not None:
                chosen.select(self._model.index(number, 0), self._model.index(number, last))
        self.selectionModel().select(chosen, _THESE_TOO)

    def _tone_colour(self, tone: str) -> QColor:
        return QColor(self._theme.tokens.tone(tone).text)

    def _key_of(self, index: QModelIndex) -> str:
        return self._model.key_at(index.row()) if index.isValid() else ""

    def _say_selected(self, current: QModelIndex, _previous: QModelIndex) -> None:
        key = self._key_of(current)
        if self._place is None:
            self._wanted_key = key
        self._select_key(key)

    def _select_key(self, key: str) -> None:
        if key != self._selected_key:
            self._selected_key = key
            self.selected.emit(key)

    def _say_menu(self, point: QPoint) -> None:
        key, place = self._key_of(self.indexAt(point)), self.viewport().mapToGlobal(point)
        if key and self.isSignalConnected(QMetaMethod.fromSignal(self.menu_requested)):
            self.menu_requested.emit(key, place)
        else:
            self._own_menu().popup(place)

    def _own_menu(self) -> QMenu:
        """Return what can be done with any table; it deletes itself once closed."""
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.addAction("Copy rows as text", self.copy)
        self.add_to_menu(menu)
        return menu
