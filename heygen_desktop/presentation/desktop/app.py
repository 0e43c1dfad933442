"""Opens the window and stays until it is closed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from heygen_desktop.presentation.desktop.navigation import SCREENS
from heygen_desktop.presentation.desktop.qt.channel import may_be_open
from heygen_desktop.presentation.desktop.qt.display import require_display
from heygen_desktop.presentation.desktop.qt.interrupt import InterruptWatch
from heygen_desktop.presentation.desktop.qt.last_resort import Report
from heygen_desktop.presentation.desktop.screen import ScreenSpec
from heygen_desktop.presentation.desktop.session import WindowOptions, WindowSession
from heygen_desktop.presentation.desktop.theme.theme import qt_arguments

if TYPE_CHECKING:
    from heygen_desktop.application.application import Application
    from heygen_desktop.application.ports.executor import Executor

_SWITCH_INTERVAL_S = 0.001
"""Python hands the interpreter on this often: a busy helper thread must not hold up a frame."""


def run_window(
    build: Callable[[Executor], Application],
    *,
    home: Path,
    version: str,
    report: Report,
    screens: Sequence[ScreenSpec] = SCREENS,
    paths: Sequence[Path] = (),
) -> int:
    """Open the window and return its exit code once it is closed.

    Args:
        build: Builds the application on a worker thread, after the first paint, with the executor for
            its runs. It imports what is heavy.
        home: The data folder; window geometry is kept in it, and a second start is recognised by it.
        version: The program's version, for the About box.
        report: Writes a line and an error, where there is one, to the log; called on any thread.
        screens: In the order of the rail.
        paths: Files to register once the window is ready.

    Raises:
        DisplayMissingError: There is no display; nothing was started.
    """
    require_display(os.environ, sys.platform)
    sys.setswitchinterval(_SWITCH_INTERVAL_S)
    qt = QApplication(qt_arguments(sys.argv[0]))
    _name(qt, version)
    if may_be_open(home) and _wake_first_window(home, paths):
        sys.stdout.write("HeyGen Desktop is already open; its window was brought to the front.\n")
        return 0
    session = WindowSession(qt, WindowOptions(build, screens, home, version, report, paths))
    interrupts = InterruptWatch(session.interrupt)
    session.start()
    code = qt.exec()
    rested = session.close()
    interrupts.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    if not rested:
        report("A task did not stop in time; the program ends without it.", None)
        os._exit(
            code
        )  # Qt would wait for the thread for ever; everything else is closed and flushed
    return code


def _wake_first_window(home: Path, paths: Sequence[Path]) -> bool:
    from heygen_desktop.presentation.desktop.qt.single_instance import wake_first_window  # noqa: PLC0415 - QtNetwork costs 10 ms, needed on a second start only

    return wake_first_window(home, paths)


def _name(qt: QApplication, version: str) -> None:
    qt.setApplicationName("heygen-desktop")
    qt.setApplicationDisplayName("HeyGen Desktop")
    qt.setApplicationVersion(version)
    qt.setDesktopFileName("heygen-desktop")
