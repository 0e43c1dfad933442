"""Where errors land that nobody caught: Python's hooks, on any thread, and Qt's own messages."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    Qt,
    QtMsgType,
    Signal,
    Slot,
    qInstallMessageHandler,
)

Report = Callable[[str, BaseException | None], None]
"""Writes a line, and the error where there is one, to the log; called on any thread."""

_SERIOUS = (QtMsgType.QtWarningMsg, QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg)


class LastResort(QObject):
    """Reports each stray error to the log, then shows it on the UI thread. Undone by ``close``."""

    _raised = Signal(object)

    def __init__(self, report: Report, show: Callable[[BaseException], None]) -> None:
        """Install the hooks.

        Args:
            report: Writes to the log; on the thread where it happened.
            show: Shows the error; on the UI thread.
        """
        super().__init__()
        self._report = report
        self._show = show
        self._raised.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._before = (sys.excepthook, threading.excepthook)
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception
        self._qt_before = qInstallMessageHandler(self._on_qt_message)

    def take(self, error: BaseException) -> None:
        """Report and show an error; on any thread."""
        self.note(error)
        self._raised.emit(error)

    def note(self, error: BaseException) -> None:
        """Report an error that a screen shows itself; on any thread."""
        self._report("An unexpected error reached the window.", error)

    def close(self) -> None:
        """Give the hooks back as they were found."""
        sys.excepthook, threading.excepthook = self._before
        qInstallMessageHandler(self._qt_before)

    def _on_exception(
        self, _kind: type[BaseException], error: BaseException, _trace: TracebackType | None
    ) -> None:
        self.take(error)

    def _on_thread_exception(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self.take(args.exc_value)

    def _on_qt_message(self, kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        if kind in _SERIOUS:
            category = getattr(context, "category", "") or "default"
            self._report(f"Qt ({category}): {text}", None)

    @Slot(object)
    def _deliver(self, error: object) -> None:
        if isinstance(error, BaseException):
            self._show(error)
