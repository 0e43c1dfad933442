"""One window from its first paint to its last.

Only what the frame needs is imported here: the first paint waits for it. What runs behind the frame
(``program.py``) is imported and started once the window is on the screen.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from heygen_desktop.presentation.desktop.qt.collector import UiThreadCollector
from heygen_desktop.presentation.desktop.qt.last_resort import LastResort, Report
from heygen_desktop.presentation.desktop.qt.memory import IniMemory
from heygen_desktop.presentation.desktop.screen import ScreenSpec
from heygen_desktop.presentation.desktop.shell.enter_key import EnterKey
from heygen_desktop.presentation.desktop.shell.focus import FocusKeeper
from heygen_desktop.presentation.desktop.shell.undo_key import UndoKey
from heygen_desktop.presentation.desktop.shell.window import ZOOMS, MainWindow
from heygen_desktop.presentation.desktop.theme.icons import application_icon
from heygen_desktop.presentation.desktop.theme.theme import Theme, ThemeChoice

if TYPE_CHECKING:
    from heygen_desktop.application.application import Application
    from heygen_desktop.application.ports.executor import Executor
    from heygen_desktop.presentation.desktop.program import Program


@dataclass(frozen=True)
class WindowOptions:
    """What the window is told by the program that opens it."""

    build: Callable[[Executor, str], Application]
    """Builds the application, whose runs are executed there, in the environment that was in use last
    where it is told no other one; called on a worker thread after the first paint, again after each
    failure. It imports what is heavy."""
    screens: Sequence[ScreenSpec]
    """In the order of the rail."""
    home: Path
    """The data folder: window geometry is kept in it, and a second start is recognised by it."""
    version: str
    report: Report
    """Writes to the log; called on any thread."""
    paths: Sequence[Path] = ()
    """Files to register once the window is ready."""


_TURN_S = 0.0005
"""How long a thread of the pool may keep the interpreter from the window's. Python's 5 ms come with each
look at the disk that opening a screen takes: beside two busy threads it then took half a second."""


class WindowSession:
    """The frame, and behind it the program. Used on the UI thread only."""

    def __init__(self, qt: QApplication, options: WindowOptions) -> None:
        self._options = options
        self._program: Program | None = None
        self._last_resort = LastResort(options.report, self._show_unexpected)
        self._collector = UiThreadCollector()
        self._turn_s = sys.getswitchinterval()
        sys.setswitchinterval(_TURN_S)
        self._memory = IniMemory(options.home / "window.ini")
        self._theme = Theme(qt)
        self._theme.zoom_to(_percent(self._memory.recall("window/zoom")))
        self._theme.apply(_choice(self._memory.recall("window/theme")))
        self.window = MainWindow(
            options.screens, self._theme, self._memory, options.version, options.home
        )
        self._keys = FocusKeeper(qt, self.window)
        self._enter_key = EnterKey(qt, self.window)
        self._undo_key = UndoKey(qt, self.window.notices)
        # The event loop paints first; what follows may take as long as it takes.
        self.window.first_painted.connect(
            lambda: QTimer.singleShot(0, self.window, self._start_program)
        )

    @property
    def program(self) -> Program | None:
        """What runs behind the frame, or None before the first paint."""
        return self._program

    def start(self) -> None:
        """Show the window; everything else begins after its first paint."""
        self.window.set_ready(False)
        self.window.show()

    def interrupt(self) -> None:
        """Close without a question: the terminal or the system asked."""
        self.window.ask_before_closing(lambda: True)
        self.window.close()

    def close(self) -> bool:
        """End everything, in the order that leaves nothing behind.

        Returns:
            Whether all threads came to rest.
        """
        rested = self._program.close() if self._program is not None else True
        self.window.ask_before_closing(lambda: True)  # whoever closed it has been asked
        self.window.close()
        self.window.deleteLater()
        self._memory.close()
        self._last_resort.close()
        self._collector.close()
        sys.setswitchinterval(self._turn_s)
        return rested

    def _start_program(self) -> None:
        self.window.setWindowIcon(application_icon())
        from heygen_desktop.presentation.desktop.program import Program  # noqa: PLC0415 - after the first paint

        self._program = Program(
            self.window, self._theme, self._memory, self._options, self._last_resort, self._keys
        )
        self._program.start()

    def _show_unexpected(self, error: BaseException) -> None:
        from heygen_desktop.presentation.desktop.widgets.problem import ProblemDialog  # noqa: PLC0415 - rarely needed, and not before the first paint

        ProblemDialog.show_once(error, self.window)


def _percent(remembered: str) -> int:
    return int(remembered) if remembered in map(str, ZOOMS) else 100


def _choice(remembered: str) -> ThemeChoice:
    return ThemeChoice(remembered) if remembered in set(ThemeChoice) else ThemeChoice.SYSTEM
