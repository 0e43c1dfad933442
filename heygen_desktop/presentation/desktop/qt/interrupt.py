"""Ctrl+C in the terminal, and the system's request to end, close the window properly.

While Qt waits, Python runs no signal handler. The signal number is therefore written to a socket that
Qt watches; no timer has to wake the program for it.
"""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable

from PySide6.QtCore import QObject, QSocketNotifier

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class InterruptWatch(QObject):
    """Calls back on the UI thread when the process is asked to end. Undone by ``close``."""

    def __init__(self, interrupted: Callable[[], object]) -> None:
        """Take over SIGINT and SIGTERM; only on the main thread, as Python demands."""
        super().__init__()
        self._interrupted = interrupted
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self._before = {number: signal.getsignal(number) for number in _SIGNALS}
        self._fd_before = signal.set_wakeup_fd(self._writer.fileno())
        for number in _SIGNALS:
            signal.signal(number, lambda _number, _frame: None)
        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(lambda *_: self._read())

    def close(self) -> None:
        """Give the signals back as they were found."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._fd_before)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._reader.close()
        self._writer.close()

    def _read(self) -> None:
        received = self._reader.recv(64)
        if any(number in _SIGNALS for number in received):
            self._interrupted()
