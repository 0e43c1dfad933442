"""Who has Ctrl+Z: the field that is typed in, as long as it has something to undo, then the window."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit
from shiboken6 import Shiboken


class UndoKey(QObject):
    """Takes the key from a field with nothing to undo; Qt would let it swallow the key."""

    def __init__(self, application: QApplication, parent: QObject) -> None:
        super().__init__(parent)
        self._field: QLineEdit | QPlainTextEdit | None = None
        application.focusChanged.connect(self._watch)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_undo = (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.matches(QKeySequence.StandardKey.Undo)
        )
        if not is_undo or self._has_something_to_undo():
            return super().eventFilter(watched, event)
        event.ignore()
        return True

    @Slot()
    def _watch(self) -> None:
        if self._field is not None and Shiboken.isValid(self._field):
            self._field.removeEventFilter(self)
        now = QApplication.focusWidget()
        self._field = now if isinstance(now, QLineEdit | QPlainTextEdit) else None
        if self._field is not None:
            self._field.installEventFilter(self)

    def _has_something_to_undo(self) -> bool:
        field = self._field
        edited = field.document() if isinstance(field, QPlainTextEdit) else field
        return edited is not None and edited.isUndoAvailable()
