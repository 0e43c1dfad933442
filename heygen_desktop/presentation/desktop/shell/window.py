"""The main window: a frame that can be painted before anything else of the program is loaded."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, QPoint, QTimer, Signal
from PySide6.QtGui import (
    QActionGroup,
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QHideEvent,
    QKeySequence,
    QPaintEvent,
    QResizeEvent,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QMainWindow,
    QMenu,
    QStackedWidget,
    QWidget,
)

from heygen_desktop.presentation.desktop.ports import Memory
from heygen_desktop.presentation.desktop.screen import Command, ScreenSpec
from heygen_desktop.presentation.desktop.shell.pages import DropHint, StartingPage
from heygen_desktop.presentation.desktop.shell.rail import NavigationRail
from heygen_desktop.presentation.desktop.shell.status import StatusBar
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.widgets.labels import restyle
from heygen_desktop.presentation.desktop.widgets.layout import column, row

if TYPE_CHECKING:
    from heygen_desktop.presentation.desktop.shell.command_palette import CommandPalette
    from heygen_desktop.presentation.desktop.shell.presenter import MachineReading

MINIMUM = (960, 600)
ZOOMS = (80, 90, 100, 110, 125, 150)
"""Percent of the usual size of text."""
_NAME = "HeyGen Desktop"
_FIRST = (1280, 800)
_GEOMETRY = "window/geometry"
_READING_MS = 1000
_KEYS = {
    "Find a command, or anything by name": "Ctrl+K",
    "Go to a screen": "Ctrl+1 to Ctrl+5",
    "Undo what was done last": "Ctrl+Z",
    "Text larger, smaller, as it was": "Ctrl++  Ctrl+-  Ctrl+0",
    "Move to the next place, or back": "Tab  Shift+Tab",
    "These keys": "F1 or Ctrl+?",
    "Quit": "Ctrl+Q",
}
_THEMES = {"system": "As the system", "light": "Light", "dark": "Dark"}


class MainWindow(QMainWindow):
    """Rail, screens, status bar. Passive: it shows what it is told and speaks through signals."""

    first_painted = Signal()
    reading_due = Signal()
    theme_requested = Signal(str)
    environment_requested = Signal(str)
    files_dropped = Signal(object)
    """Carries a list of ``Path``."""
    palette_opened = Signal()
    attention_moved = Signal()
    """Another screen is in view, or another window in front."""
    rested = Signal(bool)
    """True when the window is minimised or hidden, False when it is back."""

    def __init__(
        self, specs: Sequence[ScreenSpec], theme: Theme, memory: Memory, version: str, home: Path
    ) -> None:
        super().__init__()
        self._theme = theme
        self._memory = memory
        self._about = (version, home)
        self._specs = specs
        self._painted = False
        self._may_close: Callable[[], bool] = lambda: True
        self._environment = ""
        self._environments: Sequence[str] = ()
        self._more_commands: Callable[[], Sequence[Command]] = list
        self.setWindowTitle(_NAME)
        self.setMinimumSize(*MINIMUM)
        self.setAcceptDrops(True)
        self.rail = NavigationRail(specs, theme)
        self.status = StatusBar(theme)
        self.stack = QStackedWidget()
        self.stack.addWidget(StartingPage())
        self._stripe = QFrame()
        self._lay_out()
        self.notices = self.status.notices
        self._drop_hint = DropHint(self.stack)
        self._palette: CommandPalette | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_READING_MS)
        self._timer.timeout.connect(self.reading_due)
        self._connect()
        self._restore_geometry()

    def use_commands(self, commands: Callable[[], Sequence[Command]]) -> None:
        """Let the palette offer these before its own."""
        self._more_commands = commands

    def ask_before_closing(self, may_close: Callable[[], bool]) -> None:
        """Ask this, which may ask the person, before the window closes."""
        self._may_close = may_close

    def show_page(self, page: QWidget) -> None:
        """Put this page in view in place of a screen."""
        if self.stack.indexOf(page) < 0:
            self.stack.addWidget(page)
        self.stack.setCurrentWidget(page)

    def show_starting(self) -> None:
        """Show that the application is being built."""
        self.stack.setCurrentIndex(0)

    def set_ready(self, ready: bool) -> None:
        """Let the rail be used, or not."""
        self.rail.setEnabled(ready)

    def show_environment(self, name: str, names: Sequence[str]) -> None:
        self._environment, self._environments = name, names
        self.status.show_environment(name)
        restyle(self._stripe, "tone", name)

    def show_machine(self, reading: MachineReading) -> None:
        self.status.show_machine(reading)

    def show_jobs(self, text: str, run_id: str) -> None:
        self.status.show_jobs(text, run_id)

    def show_theme(self, choice: str) -> None:
        self._memory.remember("window/theme", choice)
        self._theme.apply(choice)

    def read_every(self, seconds: float) -> None:
        self._timer.setInterval(round(seconds * 1000))

    @property
    def looked_at(self) -> str:
        """The id of the screen in view; empty while another window is in front."""
        return self.rail.current if QApplication.activeWindow() is not None else ""

    def show_progress(self, text: str) -> None:
        self.setWindowTitle(f"{text} · {_NAME}" if text else _NAME)

    def show_unseen(self, screen_id: str, number: int) -> None:
        self.rail.show_unseen(screen_id, number)

    def raise_to_front(self) -> None:
        """Come back from wherever the window is: minimised, or behind others."""
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.raise_()
        self.activateWindow()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            self.first_painted.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._may_close():
            event.ignore()
            return
        geometry = base64.b64encode(self.saveGeometry().data()).decode("ascii")
        self._memory.remember(_GEOMETRY, geometry)
        self._timer.stop()
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._drop_hint.hide()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self.rested.emit(self.isMinimized())
        elif event.type() == QEvent.Type.ActivationChange:
            self.attention_moved.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.rail.isEnabled() and _local_paths(event):
            event.acceptProposedAction()
            self._drop_hint.cover()

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        self._drop_hint.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self._drop_hint.hide()
        event.acceptProposedAction()
        self.files_dropped.emit(_local_paths(event))

    def _lay_out(self) -> None:
        self._stripe.setProperty("role", "stripe")
        self._stripe.setFixedHeight(3)
        middle = row(self.rail, (self.stack, 1), spacing=0)
        body = QWidget()
        body.setProperty("role", "page")
        column(self._stripe, (middle, 1), self.status, on=body, spacing=0)
        self.setCentralWidget(body)

    def _connect(self) -> None:
        self.rail.palette_requested.connect(self.open_palette)
        self.rail.theme_menu_requested.connect(self._open_theme_menu)
        self.rail.shown.connect(self.attention_moved)
        self.rail.keys_requested.connect(self.open_keys)
        self.rail.about_requested.connect(self._open_about)
        self.status.environments_requested.connect(self._open_environment_menu)
        QShortcut("Ctrl+K", self).activated.connect(self.open_palette)
        for keys in ("F1", "Ctrl+?", "Ctrl+/"):
            QShortcut(keys, self).activated.connect(self.open_keys)
        zooms = {"Ctrl++": self._larger, "Ctrl+=": self._larger, "Ctrl+-": self._smaller}
        for keys, act in {**zooms, "Ctrl+0": self._usual}.items():
            QShortcut(keys, self).activated.connect(act)
        QShortcut("Ctrl+Q", self).activated.connect(self.close)
        QShortcut(QKeySequence.StandardKey.Undo, self).activated.connect(self.notices.undo)

    def open_palette(self) -> None:
        """Open the command palette."""
        from heygen_desktop.presentation.desktop.shell.command_palette import CommandPalette  # noqa: PLC0415 - Qt's table of keys costs 4 ms

        if self._palette is None:
            self._palette = CommandPalette(self._commands, self)
        self._palette.open_over(self)
        self.palette_opened.emit()

    def offer_more(self) -> None:
        """Let an open palette ask anew for what there is."""
        if self._palette is not None and self._palette.isVisible():
            self._palette.show_more()

    def _commands(self) -> list[Command]:
        undoable = self.notices.undoable.partition(". ")[0].removesuffix(".")
        undo = [Command(f"Undo: {undoable}", self.notices.undo, keys="Ctrl+Z")] if undoable else []
        themes = self._choosing("Theme: {}", _THEMES, self.theme_requested.emit)
        used = {name: name for name in self._environments if name != self._environment}
        switching = self._choosing("Use {}", used, self.environment_requested.emit)
        return [
            *undo,
            *self._more_commands(),
            *switching,
            *themes,
            Command("Make text larger", self._larger, keys="Ctrl++"),
            Command("Make text smaller", self._smaller, keys="Ctrl+-"),
            Command("Show text at its usual size", self._usual, keys="Ctrl+0"),
            Command("Keyboard shortcuts", self.open_keys, keys="F1"),
            Command("About HeyGen Desktop", self._open_about),
            Command("Quit", self.close, keys="Ctrl+Q"),
        ]

    def _choosing(
        self, words: str, choices: Mapping[str, str], choose: Callable[[str], object]
    ) -> list[Command]:
        return [Command(words.format(title), partial(choose, at)) for at, title in choices.items()]

    def _open_theme_menu(self) -> None:
        corner = self.rail.mapToGlobal(self.rail.rect().bottomRight())
        self._offer(_THEMES, self._theme.choice, self.theme_requested.emit, corner)

    def _open_environment_menu(self) -> None:
        """Offer the environments above the pill that shows the one in use."""
        names = {name: name for name in self._environments}
        pill = self.status.environment
        corner = pill.mapToGlobal(pill.rect().topLeft())
        self._offer(names, self._environment, self.environment_requested.emit, corner)

    def _offer(
        self,
        choices: Mapping[str, str],
        current: str,
        choose: Callable[[str], object],
        corner: QPoint,
    ) -> None:
        """Open a menu whose lower left is there, the current choice marked."""
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        group = QActionGroup(menu)
        for choice, title in choices.items():
            action = menu.addAction(title)
            action.setCheckable(True)
            action.setChecked(choice == current)
            action.setData(choice)
            group.addAction(action)
        group.triggered.connect(lambda action: choose(action.data()))
        menu.popup(corner - QPoint(0, menu.sizeHint().height()))

    def _larger(self) -> None:
        self._zoom(next((size for size in ZOOMS if size > self._theme.zoom), ZOOMS[-1]))

    def _smaller(self) -> None:
        self._zoom(next((size for size in ZOOMS[::-1] if size < self._theme.zoom), ZOOMS[0]))

    def _usual(self) -> None:
        self._zoom(100)

    def _zoom(self, percent: int) -> None:
        self._memory.remember("window/zoom", str(percent))
        self._theme.zoom_to(percent)

    def open_keys(self) -> None:
        """Tell the keys of the screen in view, and those of the window."""
        from heygen_desktop.presentation.desktop.shell.help import KeysDialog  # noqa: PLC0415 - rarely needed, and not before the first paint

        here = {spec.title: spec.all_keys for spec in self._specs if spec.id == self.rail.current}
        KeysDialog({**here, "Everywhere": _KEYS}, self).open()

    def _open_about(self) -> None:
        from heygen_desktop.presentation.desktop.shell.help import AboutDialog  # noqa: PLC0415 - as above

        AboutDialog(*self._about, self).open()

    def _restore_geometry(self) -> None:
        self.resize(*_FIRST)
        kept = self._memory.recall(_GEOMETRY)
        if kept:
            self.restoreGeometry(QByteArray.fromBase64(kept.encode("ascii", "ignore")))


def _local_paths(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
