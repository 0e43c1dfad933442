"""One window from its first paint to its last: wires the frame, builds the application, ends both."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from heygen_desktop.domain.entities.run import RunState
from heygen_desktop.domain.errors import HeyGenError
from heygen_desktop.domain.repositories.runs import RunFilter
from heygen_desktop.presentation.desktop.ports import Queue, TaskContext
from heygen_desktop.presentation.desktop.problems import problem_of, problem_of_any
from heygen_desktop.presentation.desktop.qt.collector import UiThreadCollector
from heygen_desktop.presentation.desktop.qt.last_resort import LastResort, Report
from heygen_desktop.presentation.desktop.qt.memory import IniMemory
from heygen_desktop.presentation.desktop.qt.relay import EventRelay
from heygen_desktop.presentation.desktop.qt.tasks import QtTaskRunner
from heygen_desktop.presentation.desktop.screen import ScreenContext, ScreenSpec
from heygen_desktop.presentation.desktop.shell.navigator import Navigator
from heygen_desktop.presentation.desktop.shell.pages import ProblemDialog
from heygen_desktop.presentation.desktop.shell.presenter import (
    THEME_KEY,
    ShellPresenter,
    ShellUseCases,
)
from heygen_desktop.presentation.desktop.shell.window import MainWindow
from heygen_desktop.presentation.desktop.theme.theme import Theme, ThemeChoice
from heygen_desktop.presentation.desktop.widgets.confirm import ConfirmDialog
from heygen_desktop.presentation.desktop.widgets.problem import ProblemPanel
from heygen_desktop.presentation.desktop.wording import counted

if TYPE_CHECKING:
    from heygen_desktop.application.application import Application

_ACTIVE = tuple(state for state in RunState if not state.is_final)
_REST_MS = 2000
_LAST_REST_MS = 3000


@dataclass(frozen=True)
class WindowOptions:
    """What the window is told by the program that opens it."""

    build: Callable[[], Application]
    """Builds the application; called on a worker thread, again after each failure."""
    screens: Sequence[ScreenSpec]
    home: Path
    version: str
    report: Report
    """Writes to the log; called on any thread."""
    paths: Sequence[Path] = ()
    """Files to register once the window is ready."""


class WindowSession:
    """Everything that lives as long as the window. Used on the UI thread only."""

    def __init__(self, qt: QApplication, options: WindowOptions) -> None:
        self._options = options
        self._application: Application | None = None
        self._presenter: ShellPresenter | None = None
        self._problem: ProblemDialog | None = None
        self._problem_page: ProblemPanel | None = None
        self._asks_before_closing = True
        self.last_resort = LastResort(options.report, self._show_unexpected)
        self._collector = UiThreadCollector()
        self._memory = IniMemory(options.home / "window.ini")
        self._theme = Theme(qt)
        self._theme.apply(_choice(self._memory.recall("window/theme")))
        self.tasks = QtTaskRunner(self.last_resort.take)
        self._relay = EventRelay(self.last_resort.take)
        self.window = MainWindow(
            options.screens, self._theme, self._memory, options.version, options.home
        )
        self.navigator = Navigator(
            options.screens, self.window.stack, self._memory, self.window.rail.show_current
        )
        self._connect()

    def start(self) -> None:
        """Show the window; the application is built after the first paint."""
        self.window.set_ready(False)
        self.window.show()

    def interrupt(self) -> None:
        """Close without a question: the terminal or the system asked."""
        self._asks_before_closing = False
        self.window.close()

    def activate(self, paths: Sequence[Path]) -> None:
        """Come to the front and take files: the program was started once more."""
        self.window.raise_to_front()
        if paths and self._application is not None:
            self.navigator.receive_files(paths)

    def close(self) -> bool:
        """End everything, in the order that leaves nothing behind.

        Returns:
            Whether all threads came to rest.
        """
        self.navigator.close()
        if self._presenter is not None:
            self._presenter.close()
        self._relay.close()
        rested = self.tasks.shutdown(_REST_MS)
        self._close_application()
        rested = rested or self.tasks.shutdown(_LAST_REST_MS)
        self.window.close()
        self.window.deleteLater()
        self._memory.close()
        self.last_resort.close()
        self._collector.close()
        return rested

    def _connect(self) -> None:
        window = self.window
        # The event loop paints first; what follows may take as long as it takes.
        window.first_painted.connect(lambda: QTimer.singleShot(0, window, self._build))
        window.screen_requested.connect(self.navigator.show)
        window.files_dropped.connect(self.navigator.receive_files)
        window.jobs_requested.connect(lambda run_id: self.navigator.show("run", run_id))
        window.rested.connect(lambda resting: self.navigator.rest(resting=resting))
        window.use_commands(self.navigator.commands)
        window.ask_before_closing(self._may_close)

    def _build(self) -> None:
        self.window.show_starting()
        self.tasks.submit(
            self._build_on_thread,
            on_success=self._built,
            on_error=self._not_built,
            queue=Queue.CHANGES,
        )

    def _build_on_thread(self, context: TaskContext) -> Application:
        application = self._options.build()
        if context.is_cancelled:  # the window was closed meanwhile; nobody else would end it
            application.close()
        context.raise_if_cancelled()
        return application

    def _built(self, application: Application) -> None:
        self._application = application
        self._relay.attach(application.events)
        self._presenter = ShellPresenter(
            self.window, use_cases_of(application), self.tasks, self._relay, self.window.notices
        )
        self._presenter.start()
        self.window.set_ready(True)
        self.navigator.start(
            ScreenContext(
                application=application,
                tasks=self.tasks,
                events=self._relay,
                navigation=self.navigator,
                notices=self.window.notices,
                memory=self._memory,
                theme=self._theme,
            )
        )
        if self._options.paths:
            self.navigator.receive_files(self._options.paths)

    def _not_built(self, error: HeyGenError) -> None:
        page = ProblemPanel(problem_of(error), actions=("Try again", "Quit"))
        page.retry_requested.connect(self._retry)
        page.quit_requested.connect(self.window.close)
        self._problem_page = page
        self.window.show_page(page)

    def _retry(self) -> None:
        if self._problem_page is not None:
            self.window.stack.removeWidget(self._problem_page)
            self._problem_page.deleteLater()
            self._problem_page = None
        self._build()

    def _show_unexpected(self, error: BaseException) -> None:
        """Show one at a time; the log has them all."""
        if self._problem is not None:
            return
        self._problem = ProblemDialog(problem_of_any(error), self.window)
        self._problem.finished.connect(self._problem_closed)
        self._problem.open()

    def _problem_closed(self, _result: int) -> None:
        self._problem = None

    def _may_close(self) -> bool:
        running = self._presenter.runs_of(os.getpid()) if self._presenter is not None else 0
        if not running or not self._asks_before_closing:
            return True
        return ConfirmDialog.ask(
            self.window,
            f"Stop {counted(running, 'run')} and quit?",
            "What was made so far is kept, and the run is listed as cancelled or interrupted.",
            "Stop and quit",
        )

    def _close_application(self) -> None:
        if self._application is None:
            return
        application, self._application = self._application, None
        try:
            application.close()
        except Exception as error:  # noqa: BLE001 - the last edge: the window still has to go
            self._options.report("The application did not close properly.", error)


def use_cases_of(application: Application) -> ShellUseCases:
    """Return the part of the application that the frame uses."""
    return ShellUseCases(
        environment=application.environment,
        take_sample=application.watch_machine.sample,
        gpu_problem=application.watch_machine.gpu_problem,
        active_runs=lambda: application.list_runs(RunFilter(states=_ACTIVE)).runs,
        read_theme=lambda: application.settings().appearance.theme,
        save_theme=lambda choice: application.change_setting.set(
            application.environment, THEME_KEY, choice
        ),
    )


def _choice(remembered: str) -> ThemeChoice:
    return ThemeChoice(remembered) if remembered in set(ThemeChoice) else ThemeChoice.SYSTEM
