"""Opens the window and stays until it is closed."""

from __future__ import annotations

import os
import sys

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from heygen_desktop.presentation.desktop.qt.channel import may_be_open
from heygen_desktop.presentation.desktop.qt.display import require_display
from heygen_desktop.presentation.desktop.qt.interrupt import InterruptWatch
from heygen_desktop.presentation.desktop.session import WindowOptions, WindowSession
from heygen_desktop.presentation.desktop.theme.theme import qt_arguments

_SWITCH_INTERVAL_S = 0.001
"""Python hands the interpreter on this often: a busy helper thread must not hold up a frame."""


def run_window(options: WindowOptions) -> int:
    """Open the window and return its exit code once it is closed.

    Raises:
        DisplayMissingError: There is no display; nothing was started.
    """
    require_display(os.environ, sys.platform)
    sys.setswitchinterval(_SWITCH_INTERVAL_S)
    qt = QApplication(qt_arguments(sys.argv[0]))
    _name(qt, options.version)
    if may_be_open(options.home) and _wake_first_window(options):
        sys.stdout.write("HeyGen Desktop is already open; its window was brought to the front.\n")
        return 0
    session = WindowSession(qt, options)
    interrupts = InterruptWatch(session.interrupt)
    session.start()
    code = qt.exec()
    rested = session.close()
    interrupts.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    if not rested:
        options.report("A task did not stop in time; the program ends without it.", None)
        # Qt would wait for the thread for ever; everything else is closed and flushed.
        os._exit(code)
    return code


def _wake_first_window(options: WindowOptions) -> bool:
    from heygen_desktop.presentation.desktop.qt.single_instance import wake_first_window  # noqa: PLC0415 - QtNetwork costs 10 ms, needed on a second start only

    return wake_first_window(options.home, options.paths)


def _name(qt: QApplication, version: str) -> None:
    qt.setApplicationName("heygen-desktop")
    qt.setApplicationDisplayName("HeyGen Desktop")
    qt.setApplicationVersion(version)
    qt.setDesktopFileName("heygen-desktop")
