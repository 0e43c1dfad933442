"""Who has Ctrl+Z: the newest comes first, so what was typed since the last deed, then the deed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit
from shiboken6 import Shiboken

from heygen_desktop.presentation.desktop.shell.notices import NoticeArea


class UndoKey(QObject):
    """Takes the key from a field that has nothing newer to undo; Qt would let it swallow the key."""

    def __init__(self, application: QApplication, notices: NoticeArea) -> None:
        super().__init__(notices)
        self._notices = notices
        self._is_typing = False
        """Whether the last thing done was to write into the field."""
        notices.done.connect(self._deed_done)
        self._field: QLineEdit | QPlainTextEdit | None = None
        application.focusChanged.connect(self._watch)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        is_undo = isinstance(event, QKeyEvent) and event.matches(QKeySequence.StandardKey.Undo)
        if kind is QEvent.Type.ShortcutOverride and is_undo and not self._is_for_the_field():
            event.ignore()
            return True
        writes = isinstance(event, QKeyEvent) and kind is QEvent.Type.KeyPress and event.text()
        if writes or kind is QEvent.Type.InputMethod:
            self._is_typing = True
        return super().eventFilter(watched, event)

    @Slot()
    def _watch(self) -> None:
        if self._field is not None and Shiboken.isValid(self._field):
            self._field.removeEventFilter(self)
        now = QApplication.focusWidget()
        self._field = now if isinstance(now, QLineEdit | QPlainTextEdit) else None
        if self._field is not None:
            self._field.installEventFilter(self)

    @Slot()
    def _deed_done(self) -> None:
        self._is_typing = False

    def _is_for_the_field(self) -> bool:
        if self._notices.undoable and not self._is_typing:
            return False
        field = self._field
        edited = field.document() if isinstance(field, QPlainTextEdit) else field
        return edited is not None and edited.isUndoAvailable()
