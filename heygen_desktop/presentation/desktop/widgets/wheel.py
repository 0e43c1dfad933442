"""Keeps the mouse wheel from changing a value that one only wanted to scroll past."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QWidget


class _WheelGuard(QObject):
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        passes_by = isinstance(watched, QWidget) and not watched.hasFocus()
        if event.type() is QEvent.Type.Wheel and passes_by:
            event.ignore()  # the scroll area behind gets it
            return True
        return False


def turn_only_with_focus(widget: QWidget) -> None:
    """Let the wheel change the widget's value only while it has the keyboard."""
    if widget.focusPolicy() & Qt.FocusPolicy.WheelFocus == Qt.FocusPolicy.WheelFocus:
        widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    widget.installEventFilter(_WheelGuard(widget))
