"""The field that narrows a list."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QToolButton

_PAUSE_MS = 120
"""Shorter than the pause between two words, longer than the one between two keys."""


class SearchField(QLineEdit):
    """Says what is searched for once the typing pauses; Escape empties it."""

    search_requested = Signal(str)

    def __init__(self, placeholder: str, icon: QIcon | None = None) -> None:
        super().__init__()
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.setClearButtonEnabled(True)
        for clear in self.findChildren(
            QToolButton
        ):  # the one that Qt has just made, without a name
            clear.setAccessibleName("Clear the search")
        if icon is not None:
            search = self.addAction(icon, QLineEdit.ActionPosition.LeadingPosition)
            search.setText(placeholder)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(self._say)
        self.textChanged.connect(lambda _text: self._timer.start())
        self.returnPressed.connect(self._say)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._is_emptied_by(event):
            self.clear()
            return
        super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        is_wanted = event.type() is QEvent.Type.ShortcutOverride and self._is_emptied_by(event)
        if is_wanted:  # before Escape means anything to the screen
            event.accept()
        return is_wanted or super().event(event)

    def _is_emptied_by(self, event: QEvent) -> bool:
        is_escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        return is_escape and bool(self.text())

    def _say(self) -> None:
        self._timer.stop()
        self.search_requested.emit(self.text())
