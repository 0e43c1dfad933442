"""Qt's table model over frozen rows; sorting happens here, so that no proxy stands between."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor

Row = TypeVar("Row")
_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_Role = Qt.ItemDataRole
ARROWS = ("↑", "↓")
"""Beside the title of the column that the rows are sorted by, upwards and downwards."""
_ANSWERED = frozenset({
    _Role.DisplayRole, _Role.AccessibleTextRole, _Role.TextAlignmentRole, _Role.ToolTipRole,
    _Role.ForegroundRole, _Role.CheckStateRole, _Role.EditRole,
})  # fmt: skip


@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column: what it says of a row, and how it sorts."""

    key: str
    """Stable; column widths are remembered under it."""
    title: str
    text: Callable[[Row], str]
    sort_key: Callable[[Row], Any] | None = None
    """Any: whatever compares with itself. The text without case where it is None."""
    width: int = 120
    """Pixels that it needs; it is wider where there is room for what it says."""
    stretches: bool = False
    """It takes the room that is left."""
    rank: int = 0
    """0 for a column that is always there; where room is short the highest goes first."""
    is_number: bool = False
    """Right-aligned."""
    tone: Callable[[Row], str] | None = None
    """A tone's name for the text's colour, or an empty string."""
    tooltip: Callable[[Row], str] | None = None
    checked: Callable[[Row], bool | None] | None = None
    """Whether the row is ticked in this column; None where it cannot be."""
    edit: Callable[[Row], str] | None = None
    """What is written anew in this column's place; None where nothing is."""


class RowsModel(QAbstractTableModel, Generic[Row]):
    """Rows in the order of the chosen column."""

    ticked = Signal(str, bool)
    """A row's key and whether the person ticked it; the next ``show_rows`` shows it so, or not."""
    edited = Signal(str, str, str)
    """A row's key, a column's key, and what was written there."""

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        key: Callable[[Row], str],
        tone_colour: Callable[[str], QColor],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._key = key
        self._tone_colour = tone_colour
        self._sides = tuple(_side(column.is_number) for column in self.columns)
        self._rows: list[Row] = []
        self._positions: dict[str, int] = {}
        """By key; in the order of the rows."""
        self._sorted_by = -1
        self._descending = False

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: _Index, role: int = _Role.DisplayRole) -> object:
        # Asked some thousand times a frame, most of them for fonts and icons that no cell has.
        if role not in _ANSWERED or not index.isValid():
            return None
        if role == _Role.TextAlignmentRole:
            return self._sides[index.column()]
        row, column = self._rows[index.row()], self.columns[index.column()]
        if role in (_Role.DisplayRole, _Role.AccessibleTextRole):
            return column.text(row)
        if role == _Role.ToolTipRole:
            return column.tooltip(row) if column.tooltip else column.text(row)
        if role == _Role.ForegroundRole and column.tone is not None:
            return self._colour(column.tone(row))
        if role == _Role.CheckStateRole and column.checked is not None:
            return _check_state(column.checked(row))
        if role == _Role.EditRole and column.edit is not None:
            return column.edit(row)
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        if self._can_be_ticked(index):
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        if index.isValid() and self.columns[index.column()].edit is not None:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def setData(self, index: _Index, value: object, role: int = _Role.EditRole) -> bool:
        """Hand a tick, or what was written, on to whoever decides."""
        if role == _Role.EditRole:
            column = self.columns[index.column()].key
            self.edited.emit(self._key(self._rows[index.row()]), column, str(value))
            return True
        if role != _Role.CheckStateRole or not self._can_be_ticked(index):
            return False
        is_ticked = Qt.CheckState(value) is Qt.CheckState.Checked
        self.ticked.emit(self._key(self._rows[index.row()]), is_ticked)
        return True

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == _Role.DisplayRole:
            return self._title(section)
        return self._sides[section] if role == _Role.TextAlignmentRole else None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._sorted_by, self._descending = column, order is Qt.SortOrder.DescendingOrder
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)
        self.show_rows(self._rows)

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Take these rows. Where the same ones stay in the same order, only their text changes."""
        ordered = self._in_order(rows)
        positions = {self._key(row): number for number, row in enumerate(ordered)}
        same = list(positions) == list(self._positions)
        if not same:
            self.beginResetModel()
        self._rows, self._positions = ordered, positions
        if not same:
            self.endResetModel()
        elif ordered:
            self.dataChanged.emit(
                self.index(0, 0), self.index(len(ordered) - 1, len(self.columns) - 1)
            )

    def keys(self) -> Sequence[str]:
        """Return the key of each row, top to bottom."""
        return list(self._positions)

    def position_of(self, key: str) -> int | None:
        """Return where the row with this key is, 0 at the top; None where there is none."""
        return self._positions.get(key)

    def key_at(self, number: int) -> str:
        """Return the key of the row at a position."""
        return self._key(self._rows[number])

    def row_at(self, number: int) -> Row:
        """Return the row at a position, 0 at the top."""
        return self._rows[number]

    def _can_be_ticked(self, index: _Index) -> bool:
        if not index.isValid():
            return False
        checked = self.columns[index.column()].checked
        return checked is not None and checked(self._rows[index.row()]) is not None

    def _in_order(self, rows: Sequence[Row]) -> list[Row]:
        if not 0 <= self._sorted_by < len(self.columns):
            return list(rows)
        column = self.columns[self._sorted_by]
        by = column.sort_key or (lambda row: column.text(row).casefold())
        return sorted(rows, key=by, reverse=self._descending)

    def _title(self, section: int) -> str:
        """The arrow is part of the title, on its inner side: a style would paint it over the letters."""
        column = self.columns[section]
        if section != self._sorted_by:
            return column.title
        arrow = ARROWS[self._descending]
        return f"{arrow} {column.title}" if column.is_number else f"{column.title} {arrow}"

    def _colour(self, tone: str) -> QColor | None:
        return self._tone_colour(tone) if tone else None


def _side(is_number: bool) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if is_number else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def _check_state(is_ticked: bool | None) -> Qt.CheckState | None:
    if is_ticked is None:
        return None
    return Qt.CheckState.Checked if is_ticked else Qt.CheckState.Unchecked
