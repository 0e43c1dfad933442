"""A value on the clipboard for a short time, marked so that clipboard histories leave it out."""

from __future__ import annotations

import hashlib

from PySide6.QtCore import QMimeData, QObject, QTimer
from PySide6.QtGui import QGuiApplication

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
