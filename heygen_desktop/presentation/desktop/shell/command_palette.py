"""Ctrl+K: everything that can be done, and everything that has a name, by a few letters."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QPointF, QSize, Qt
from PySide6.QtGui import (
    QFont,
    QGuiApplication,
    QKeyEvent,
    QPainter,
    QPalette,
    QTextCharFormat,
    QTextLayout,
)
from PySide6.QtWidgets import (
    QDialog,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from heygen_desktop.presentation.desktop.fuzzy import best_matches, match
from heygen_desktop.presentation.desktop.screen import Command
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_2, SPACE_4
from heygen_desktop.presentation.desktop.widgets.layout import column

_WIDTH, _TOP, _ROW = 620, 72, 28
_MOST_ROWS = 12
_MOST_SHOWN = 100
"""More than anybody reads through; a further letter narrows them."""
_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
_COMMAND = Qt.ItemDataRole.UserRole
_PLACES = Qt.ItemDataRole.UserRole + 1


class CommandPalette(QDialog):
    """A field and a list; Enter does the first match, the arrows choose another, Escape leaves."""

    def __init__(self, commands: Callable[[], Sequence[Command]], parent: QWidget) -> None:
        """Make the palette.

        Args:
            commands: Asked anew each time the palette opens, and when it is told that there are more.
            parent: The window over which it lies.
        """
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setAccessibleName("Command palette")
        self.setProperty("role", "palette")
        self._commands = commands
        self._all: Sequence[Command] = ()
        self.field = QLineEdit()
        self.field.setPlaceholderText("A command, model, run, setting, environment or secret…")
        self.field.setAccessibleName("Command")
        self.list = QListWidget()
        self.list.setAccessibleName("Matching commands")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setItemDelegate(_CommandDelegate(self.list))
        self.field.textChanged.connect(self._narrow)
        self.field.installEventFilter(self)
        self.list.itemClicked.connect(self._do)
        self._column = column(
            self.field, self.list, on=self, margins=(SPACE_2, SPACE_2, SPACE_2, SPACE_2)
        )

    def open_over(self, window: QWidget) -> None:
        """Open in the upper middle of the window, empty, with every command listed."""
        self.field.clear()
        self.show_more()
        width = min(_WIDTH, window.width() - 4 * SPACE_2)
        self.setFixedWidth(width)
        corner = window.mapToGlobal(window.rect().topLeft())
        self.move(corner.x() + (window.width() - width) // 2, corner.y() + _TOP)
        self.show()
        self.field.setFocus()

    def show_more(self) -> None:
        """Ask anew for what there is; the row that was chosen stays chosen."""
        chosen = self.list.currentRow()
        self._all = self._commands()
        self._narrow(self.field.text())
        if 0 < chosen < self.list.count():
            self.list.setCurrentRow(chosen)

    def titles(self) -> list[str]:
        """Return what is listed, best first; what nothing can be done with is left out."""
        items = (self.list.item(at) for at in range(self.list.count()))
        return [item.text() for item in items if item.flags() & Qt.ItemFlag.ItemIsEnabled]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._do(self.list.currentItem())
                return True
            if event.key() in _MOVES:
                self.list.keyPressEvent(event)
                return True
        return super().eventFilter(watched, event)

    def _narrow(self, wanted: str) -> None:
        offered = [each for each in self._all if wanted.strip() or not each.only_if_wanted]
        order = best_matches(wanted, [command.title for command in offered])
        self.list.clear()
        for at in order[:_MOST_SHOWN]:
            self.list.addItem(_item(offered[at], wanted))
        if not order:
            self._say(f"Nothing matches “{wanted.strip()}”.")
        elif len(order) > _MOST_SHOWN:
            self._say(f"{len(order) - _MOST_SHOWN:,} more; type more to narrow the list.")
        self.list.setCurrentRow(0)
        self.list.setFixedHeight(min(self.list.count(), _MOST_ROWS) * _ROW)
        self.setFixedHeight(self._column.sizeHint().height())

    def _say(self, line: str) -> None:
        said = QListWidgetItem(line)
        said.setFlags(Qt.ItemFlag.NoItemFlags)
        self.list.addItem(said)

    def _do(self, item: QListWidgetItem | None) -> None:
        command = item.data(_COMMAND) if item is not None else None
        if isinstance(command, Command):
            self.close()
            command.run()


def _item(command: Command, wanted: str) -> QListWidgetItem:
    answer = match(wanted, command.title)
    made = QListWidgetItem(command.title)
    made.setData(_COMMAND, command)
    made.setData(_PLACES, answer.places if answer else ())
    hint = _hint(command)
    made.setData(Qt.ItemDataRole.AccessibleTextRole, f"{command.title}, {hint}" if hint else None)
    made.setToolTip(command.title)
    return made


def _hint(command: Command) -> str:
    return " · ".join(filter(None, (command.hint, command.keys)))


class _CommandDelegate(QStyledItemDelegate):
    """Paints a title with what was typed brought out, and at its right what it is."""

    def sizeHint(
        self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(0, _ROW)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        self.initStyleOption(option, index)
        title, command = option.text, index.data(_COMMAND)
        option.text = ""
        style = option.widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        room = option.rect.adjusted(SPACE_2, 0, -SPACE_2, 0)
        hint = _hint(command) if isinstance(command, Command) else ""
        painter.save()
        # The style sheet's own shade for the list is paler than a text may be.
        painter.setPen(QGuiApplication.palette().color(QPalette.ColorRole.PlaceholderText))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | middle, hint)
        room.setRight(room.right() - option.fontMetrics.horizontalAdvance(hint) - SPACE_4)
        cut = option.fontMetrics.elidedText(title, Qt.TextElideMode.ElideRight, room.width())
        if isinstance(command, Command):
            painter.setPen(option.palette.color(QPalette.ColorRole.Text))
            top = room.top() + (room.height() - option.fontMetrics.height()) / 2
            _marked(cut, index.data(_PLACES), option).draw(painter, QPointF(room.left(), top))
        else:
            painter.drawText(room, Qt.AlignmentFlag.AlignLeft | middle, cut)
        painter.restore()


def _marked(text: str, places: Sequence[int], option: QStyleOptionViewItem) -> QTextLayout:
    """Return the text laid out on one line, with these of its characters brought out."""
    mark = QTextCharFormat()
    mark.setFontWeight(QFont.Weight.Bold)
    mark.setForeground(option.palette.color(QPalette.ColorRole.Link))
    layout = QTextLayout(text, option.font)
    ranges = []
    for place in places:
        part = QTextLayout.FormatRange()
        part.start, part.length, part.format = place, 1, mark
        ranges.append(part)
    layout.setFormats(ranges)
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    return layout
