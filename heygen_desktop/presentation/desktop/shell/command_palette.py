"""Ctrl+K: everything that can be done, by a few letters."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QHeaderView,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from heygen_desktop.presentation.desktop.screen import Command
from heygen_desktop.presentation.desktop.shell.fuzzy import best_matches
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_2
from heygen_desktop.presentation.desktop.widgets.layout import column

_WIDTH, _TOP, _ROW = 520, 72, 28
_MOST_ROWS = 12
_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class CommandPalette(QDialog):
    """A field and a list; Enter does the first match, the arrows choose another, Escape leaves."""

    def __init__(self, commands: Callable[[], Sequence[Command]], parent: QWidget) -> None:
        """Make the palette.

        Args:
            commands: Asked anew each time the palette opens.
            parent: The window over which it lies.
        """
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setAccessibleName("Command palette")
        self.setProperty("role", "palette")
        self._commands = commands
        self._all: Sequence[Command] = ()
        self._shown: list[Command] = []
        self.field = QLineEdit()
        self.field.setPlaceholderText("Go to a screen or do something…")
        self.field.setAccessibleName("Command")
        self._list = _command_list()
        self.field.textChanged.connect(self._narrow)
        self.field.installEventFilter(self)
        self._list.itemClicked.connect(lambda _item, _column: self._do())
        column(self.field, self._list, on=self, margins=(SPACE_2, SPACE_2, SPACE_2, SPACE_2))

    def open_over(self, window: QWidget) -> None:
        """Open in the upper middle of the window, empty, with everything listed."""
        self._all = self._commands()
        self.field.clear()
        self._narrow("")
        width = min(_WIDTH, window.width() - 4 * SPACE_2)
        rows = min(_MOST_ROWS, max(4, len(self._all)))
        self._list.setFixedHeight(rows * _ROW + SPACE_2)
        self.setFixedWidth(width)
        corner = window.mapToGlobal(window.rect().topLeft())
        self.move(corner.x() + (window.width() - width) // 2, corner.y() + _TOP)
        self.show()
        self.field.setFocus()

    def titles(self) -> list[str]:
        """Return what is listed, best first."""
        return [command.title for command in self._shown]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._do()
                return True
            if event.key() in _MOVES:
                self._list.keyPressEvent(event)
                return True
        return super().eventFilter(watched, event)

    def _narrow(self, wanted: str) -> None:
        order = best_matches(wanted, [command.title for command in self._all])
        self._shown = [self._all[at] for at in order]
        self._list.clear()
        for command in self._shown:
            item = QTreeWidgetItem([command.title, command.hint])
            item.setSizeHint(0, QSize(0, _ROW))
            item.setForeground(1, self.palette().placeholderText())
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self._list.addTopLevelItem(item)
        self._list.setCurrentIndex(self._list.model().index(0, 0))

    def _do(self) -> None:
        at = self._list.currentIndex().row()
        if not 0 <= at < len(self._shown):
            return
        command = self._shown[at]
        self.close()
        command.run()


def _command_list() -> QTreeWidget:
    """Return a list of titles with their hints at the right."""
    made = QTreeWidget()
    made.setAccessibleName("Matching commands")
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    made.setColumnCount(2)
    made.setHeaderHidden(True)
    made.setRootIsDecorated(False)
    made.setAllColumnsShowFocus(True)
    made.setUniformRowHeights(True)
    made.header().setStretchLastSection(False)
    made.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    made.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
    return made
