"""A value outside its store: in clear for ten seconds, on the clipboard for thirty."""

from __future__ import annotations

import hashlib

from PySide6.QtCore import QMimeData, QObject, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QPlainTextEdit

from heygen_desktop.presentation.desktop.theme.tokens import SPACE_1, SPACE_2, SPACE_3, SPACE_6
from heygen_desktop.presentation.desktop.widgets.buttons import button
from heygen_desktop.presentation.desktop.widgets.labels import label
from heygen_desktop.presentation.desktop.widgets.layout import column, row

SHOWN_S = 10
_TICK_MS = 1000
_MOST_LINES = 6


class RevealedValue(QFrame):
    """Hidden, until it is given a value; then it counts down and forgets it."""

    def __init__(self, tick_ms: int = _TICK_MS) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.setProperty("tone", "warning")
        self._left = 0
        self._title = label("", "strong")
        self._rest = label("", "quiet")
        self._value = QPlainTextEdit()
        self._value.setAccessibleName("Value of a secret")
        self._value.setReadOnly(True)
        self._value.setProperty("role", "mono")
        self._value.setUndoRedoEnabled(False)
        self._timer = QTimer(self)
        self._timer.setInterval(tick_ms)
        self._timer.timeout.connect(self._tick)
        top = row(self._title, self._rest, None, button("Hide", self.hide_value, "flat"))
        margins = (SPACE_3, SPACE_1, SPACE_2, SPACE_3)
        column(top, self._value, on=self, spacing=SPACE_1, margins=margins)
        self.hide()

    def reveal(self, name: str, value: str) -> None:
        """Show the value for ten seconds, in place of another one."""
        self._title.setText(name)
        self._value.setAccessibleName(f"Value of {name}")
        self._value.setPlainText(value)
        lines = min(_MOST_LINES, value.count("\n") + 1)
        self._value.setFixedHeight(lines * self._value.fontMetrics().lineSpacing() + SPACE_6)
        self._left = SHOWN_S
        self._say_rest()
        self._timer.start()
        self.show()

    def hide_value(self) -> None:
        """Forget the value. Safe to repeat."""
        self._timer.stop()
        self._value.clear()
        self.hide()

    def _tick(self) -> None:
        self._left -= 1
        if self._left <= 0:
            self.hide_value()
        else:
            self._say_rest()

    def _say_rest(self) -> None:
        self._rest.setText(f"hidden again in {self._left} s")


CLEARED_AFTER_MS = 30_000
_HINT = "x-kde-passwordManagerHint"


class SecretClipboard(QObject):
    """Clears what it put there, unless somebody copied something else since."""

    def __init__(self, parent: QObject | None = None, after_ms: int = CLEARED_AFTER_MS) -> None:
        super().__init__(parent)
        self._ours = b""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(after_ms)
        self._timer.timeout.connect(self.clear)

    def put(self, value: str) -> None:
        """Put the value there, in place of one that was there before."""
        data = QMimeData()
        data.setText(value)
        data.setData(_HINT, b"secret")
        QGuiApplication.clipboard().setMimeData(data)
        self._ours = _digest(value)
        self._timer.start()

    def clear(self) -> None:
        """Clear the clipboard where it still holds our value. Safe to repeat."""
        self._timer.stop()
        clipboard = QGuiApplication.clipboard()
        if self._ours and _digest(clipboard.text()) == self._ours:
            clipboard.clear()
        self._ours = b""


def _digest(text: str) -> bytes:
    """Only this is kept, so that the value is not held longer than the clipboard holds it."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
