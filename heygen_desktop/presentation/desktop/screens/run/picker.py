"""The model picker: every version that can be run, with what it is and whether it fits; typing searches."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from heygen_desktop.presentation.desktop.screens.run.rows import ModelRow
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_2, SPACE_3, SPACE_4

_ROW = Qt.ItemDataRole.UserRole
_ROW_HEIGHT = 32
_ROWS_IN_VIEW = 12
_POPUP_WIDTH = 560
_WIDEST = 480
_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class ModelPicker(QComboBox):
    """An editable combo box that opens wherever it is clicked.

    What is typed narrows the list, and only what is in it can be picked.
    """

    picked = Signal(str)
    """A version's reference."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._items = _Models(self)
        self._delegate = _ModelDelegate(theme, self)
        self.setModel(self._items)
        self._edit = _SearchEdit(self)
        self._edit.pressed.connect(self.showPopup)
        self.setLineEdit(self._edit)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setAccessibleName("Model")
        self.setMinimumWidth(200)
        self.setMaximumWidth(_WIDEST)
        self._completer = QCompleter(self._items, self)
        self._search_by_typing()
        self.textActivated.connect(self.picked)

    def show_models(self, rows: Sequence[ModelRow], picked: str) -> None:
        """Show these versions with this one picked."""
        typed = self._edit.text() if self._edit.isModified() else ""
        if self._items.rows != list(rows):
            self._items.show(rows)
        self.setCurrentIndex(self._items.place_of(picked))
        self.setToolTip(picked)
        if typed:
            self._edit.setText(typed)  # an answer that comes takes no word out of the hand
            self._edit.setModified(True)
        else:
            self._edit.setCursorPosition(0)  # of a name too long, its beginning is read

    def showPopup(self) -> None:
        """Show every model, the picked one marked; the next key begins a search."""
        self._edit.setFocus(Qt.FocusReason.PopupFocusReason)
        self._completer.setCompletionPrefix("")
        self._completer.complete()
        popup = self._completer.popup()
        if popup is not None:
            popup.setCurrentIndex(self._completer.completionModel().index(self.currentIndex(), 0))
        self._edit.selectAll()  # after the mark: it writes its text anew

    def _search_by_typing(self) -> None:
        completer = self._completer
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        completer.setMaxVisibleItems(_ROWS_IN_VIEW)
        popup = completer.popup()
        if popup is not None:
            popup.setProperty("role", "popup")
            popup.setItemDelegate(self._delegate)
            popup.setMinimumWidth(_POPUP_WIDTH)
        self.setCompleter(completer)
        self._edit.setPlaceholderText("Search models")
        self._edit.setAccessibleName("Model")
        # What was typed and not picked gives way to what is picked.
        self._edit.editingFinished.connect(self._show_picked)
        self._edit.returnPressed.connect(self._pick_first)

    def _pick_first(self) -> None:
        """Enter takes a whole name, else the first that was found; one marked by keys is Qt's to take."""
        typed, found = self._edit.text(), self._completer.completionModel().index(0, 0)
        if not self._edit.isModified() or not typed or not found.isValid():
            return
        reference = typed if self._items.place_of(typed) >= 0 else str(found.data())
        self.setCurrentIndex(self._items.place_of(reference))
        self._show_picked()
        popup = self._completer.popup()
        if popup is not None:
            popup.hide()
        self.picked.emit(reference)

    def _show_picked(self) -> None:
        self._edit.setText(self.itemText(self.currentIndex()))
        self._edit.setCursorPosition(0)


class _Models(QAbstractListModel):
    """The versions; what is shown of one is asked when it is drawn, so that thousands cost nothing."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: list[ModelRow] = []
        self._places: dict[str, int] = {}

    def show(self, rows: Sequence[ModelRow]) -> None:
        """Take these in place of those there were."""
        self.beginResetModel()
        self.rows = list(rows)
        self._places = {row.reference: place for place, row in enumerate(rows)}
        self.endResetModel()

    def place_of(self, reference: str) -> int:
        """Return the row of a version, -1 where there is none."""
        return self._places.get(reference, -1)

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return row.reference
            case Qt.ItemDataRole.ToolTipRole:
                return f"{row.facts}\n{row.fit_reason}"
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{row.reference}, {row.facts}, {row.fit}"
        return row if role == _ROW else None


class _SearchEdit(QLineEdit):
    pressed = Signal()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self.pressed.emit()


class _ModelDelegate(QStyledItemDelegate):
    """Name at the left, facts and fit at the right."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        return QSize(_POPUP_WIDTH, _ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row = index.data(_ROW)
        place: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            painter.fillRect(place, self._theme.colour("selected"))
        if isinstance(row, ModelRow):
            self._paint_row(painter, place.adjusted(SPACE_3, 0, -SPACE_3, 0), row)
        painter.restore()

    def _paint_row(self, painter: QPainter, place: QRect, row: ModelRow) -> None:
        metrics = painter.fontMetrics()
        middle, right = Qt.AlignmentFlag.AlignVCenter, Qt.AlignmentFlag.AlignRight
        painter.setPen(QColor(self._theme.tokens.tone(row.fit_tone).text))
        painter.drawText(place, middle | right, row.fit)
        place = place.adjusted(0, 0, -metrics.horizontalAdvance("Too large") - SPACE_4, 0)
        painter.setPen(self._theme.colour("text_quiet"))
        painter.drawText(place, middle | right, row.facts)
        room = place.width() - metrics.horizontalAdvance(row.facts) - SPACE_2
        name = metrics.elidedText(row.reference, Qt.TextElideMode.ElideMiddle, max(room, 120))
        painter.setPen(self._theme.colour("text"))
        painter.drawText(place, middle, name)
