"""What the desktop around the window does for it: tells of something, shows a file in its folder."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QSystemTrayIcon

from heygen_desktop.presentation.desktop.qt.session_bus import Body, SessionBus
from heygen_desktop.presentation.desktop.theme.icons import application_icon

_NOTES = ("org.freedesktop.Notifications", "/org/freedesktop/Notifications")
_FILES = ("org.freedesktop.FileManager1", "/org/freedesktop/FileManager1")
_NAME = "heygen-desktop"
_SOME_MS = 10_000


class Desktop(QObject):
    """Asks the desktop in whichever way it listens to. Used on the UI thread."""

    pressed = Signal(str)
    """Carries what ``tell`` was given with the note that a person pressed."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._bus = SessionBus(self, self._heard)
        self._tray: QSystemTrayIcon | None = None
        self._is_listening = False
        self._note = 0
        self._about = ""

    def tell(self, title: str, text: str, about: str) -> None:
        """Show a note of the desktop, in place of an earlier one.

        Args:
            title: What happened, in a few words.
            text: More of it.
            about: Carried by ``pressed``.
        """
        self._about = about
        if not self._is_listening:
            self._is_listening = True
            self._bus.listen(_NOTES[0])
        hints = {"desktop-entry": ("s", _NAME)}
        words = (title, _plain(text), ["default", "Show"], hints, -1)
        note = ("HeyGen Desktop", self._note, _NAME, *words)

        def shown(body: Body) -> None:
            self._note = body[0] if body and isinstance(body[0], int) else 0

        self._bus.ask(
            _NOTES, "Notify", "susssasa{sv}i", note, shown, lambda: self._tell_by_tray(title, text)
        )

    def show_in_folder(self, path: Path) -> None:
        """Open the folder of a file, with the file selected where the desktop can do that."""

        def open_folder() -> None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))

        if sys.platform == "win32":
            QProcess.startDetached("explorer", [f"/select,{path}"])
        elif sys.platform == "darwin":
            QProcess.startDetached("open", ["-R", str(path)])
        else:
            url = QUrl.fromLocalFile(str(path)).toString(
                QUrl.ComponentFormattingOption.FullyEncoded
            )
            self._bus.ask(_FILES, "ShowItems", "ass", ([url], ""), lambda _body: None, open_folder)

    def close(self) -> None:
        """Take the icon away and let the bus go; safe to repeat."""
        self._bus.close()
        if self._tray is not None:
            self._tray.hide()
            self._tray.deleteLater()
            self._tray = None

    def _heard(self, signal: str, body: Body) -> None:
        if signal == "ActionInvoked" and body[:1] == (self._note,):
            self.pressed.emit(self._about)

    def _tell_by_tray(self, title: str, text: str) -> None:
        if not QSystemTrayIcon.isSystemTrayAvailable():
            return
        if self._tray is None:
            self._tray = QSystemTrayIcon(application_icon(), self)
            self._tray.setToolTip("HeyGen Desktop")
            self._tray.messageClicked.connect(lambda: self.pressed.emit(self._about))
        self._tray.show()
        self._tray.showMessage(title, text, application_icon(), _SOME_MS)


def _plain(text: str) -> str:
    """A server may read a note as markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;")
