"""One window for one home: a second start wakes the first and leaves.

The name is made from the home, so that two homes have two windows. Only the same user may connect.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from heygen_desktop.presentation.desktop.qt.channel import channel_of

_PATIENCE_MS = 2000
"""For a first window that is busy; where there is none, the answer comes at once."""
_LONGEST = 1_000_000
"""Bytes of a message; more is not ours."""


def wake_first_window(home: Path, paths: Sequence[Path] = ()) -> bool:
    """Ask the window of this home to come to the front and take these files.

    Returns:
        Whether there is one and it has the message.
    """
    channel = QLocalSocket()
    channel.connectToServer(channel_of(home))
    if not channel.waitForConnected(_PATIENCE_MS):
        return False
    message = json.dumps({"paths": [str(path.absolute()) for path in paths]}).encode() + b"\n"
    channel.write(message)
    channel.flush()
    heard = channel.waitForReadyRead(_PATIENCE_MS)
    channel.abort()
    return heard


class FirstWindow(QObject):
    """Listens for later starts."""

    def __init__(self, home: Path, activated: Callable[[Sequence[Path]], None]) -> None:
        """Listen from now on.

        Args:
            home: The data folder that this window serves.
            activated: Gets the files of the later start, none mostly; on the UI thread.
        """
        super().__init__()
        self._activated = activated
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._welcome)
        # A name that nobody answers at is left from a crash; the caller has asked before.
        QLocalServer.removeServer(channel_of(home))
        self._server.listen(channel_of(home))

    def close(self) -> None:
        """Stop listening, and take the name away; safe to repeat."""
        self._server.close()

    def _welcome(self) -> None:
        while (channel := self._server.nextPendingConnection()) is not None:
            channel.disconnected.connect(channel.deleteLater)
            channel.readyRead.connect(lambda channel=channel: self._read(channel))
            if channel.bytesAvailable():
                self._read(channel)

    def _read(self, channel: QLocalSocket) -> None:
        if channel.bytesAvailable() > _LONGEST:
            channel.abort()
        elif channel.canReadLine():
            paths = _paths_in(bytes(channel.readLine().data()))
            channel.write(b"ok\n")
            channel.flush()
            self._activated(paths)


def _paths_in(line: bytes) -> list[Path]:
    """Return the absolute paths of a message; what is none is left out."""
    try:
        message = json.loads(line)
    except ValueError:
        return []
    paths = message.get("paths", []) if isinstance(message, dict) else []
    texts = (text for text in paths if isinstance(text, str)) if isinstance(paths, list) else ()
    return [path for path in map(Path, texts) if path.is_absolute()]
