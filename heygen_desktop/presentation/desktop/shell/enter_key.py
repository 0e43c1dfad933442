"""Enter presses the button that has the keys; of itself Qt has only Space do that outside dialogs."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QPushButton, QToolButton
from shiboken6 import Shiboken

_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)


class EnterKey(QObject):
    """Listens to whichever button has the keys. Lives as long as its parent."""

    def __init__(self, application: QApplication, parent: QObject) -> None:
        super().__init__(parent)
        self._button: QAbstractButton | None = None
        application.focusChanged.connect(self._watch)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        if event.key() not in _KEYS or event.modifiers() not in _PLAIN:
            return super().eventFilter(watched, event)
        if self._button is not None and not event.isAutoRepeat():
            self._button.click()
        return True

    @Slot()
    def _watch(self) -> None:
        if self._button is not None and Shiboken.isValid(self._button):
            self._button.removeEventFilter(self)
        now = QApplication.focusWidget()
        self._button = now if isinstance(now, QPushButton | QToolButton) else None
        if self._button is not None:
            self._button.installEventFilter(self)
