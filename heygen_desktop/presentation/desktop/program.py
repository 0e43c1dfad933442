"""What runs behind the frame: the task runner, the events, the application, and the screens over it."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from heygen_desktop.domain.entities.environment import PARENTS
from heygen_desktop.domain.entities.run import RunState
from heygen_desktop.domain.errors import HeyGenError
from heygen_desktop.domain.repositories import RunFilter
from heygen_desktop.presentation.desktop.ports import Memory, Queue, TaskContext
from heygen_desktop.presentation.desktop.problems import problem_of
from heygen_desktop.presentation.desktop.qt.desktop import Desktop
from heygen_desktop.presentation.desktop.qt.last_resort import LastResort
from heygen_desktop.presentation.desktop.qt.relay import EventRelay
from heygen_desktop.presentation.desktop.qt.single_instance import FirstWindow
from heygen_desktop.presentation.desktop.qt.tasks import QtTaskRunner
from heygen_desktop.presentation.desktop.screen import Command, ScreenContext
from heygen_desktop.presentation.desktop.session import WindowOptions
from heygen_desktop.presentation.desktop.shell.checksums import Checksums
from heygen_desktop.presentation.desktop.shell.finder import Finder, things_of
from heygen_desktop.presentation.desktop.shell.focus import FocusKeeper
from heygen_desktop.presentation.desktop.shell.navigator import Navigator
from heygen_desktop.presentation.desktop.shell.presenter import (
    THEME_KEY,
    ShellPresenter,
    ShellUseCases,
)
from heygen_desktop.presentation.desktop.shell.run_watch import RunWatch
from heygen_desktop.presentation.desktop.shell.window import MainWindow
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.widgets.confirm import ConfirmDialog
from heygen_desktop.presentation.desktop.widgets.problem import ProblemPanel
from heygen_desktop.presentation.desktop.wording import counted

if TYPE_CHECKING:
    # The application brings pydantic and more; the worker thread that builds it imports it first.
    from heygen_desktop.application.application import Application

_ACTIVE = tuple(state for state in RunState if not state.is_final)
_LAST_ENVIRONMENT = "window/environment"
_REST_MS = 2000
_LAST_REST_MS = 3000


class Program:
    """Builds the application and hangs the screens into the window. Used on the UI thread only."""

    def __init__(
        self,
        window: MainWindow,
        theme: Theme,
        memory: Memory,
        options: WindowOptions,
        last_resort: LastResort,
        keys: FocusKeeper,
    ) -> None:
        self._window = window
        self._theme = theme
        self._memory = memory
        self._options = options
        self._application: Application | None = None
        self._arriving: Application | None = None
        """Built, and not delivered yet; set on the worker thread."""
        self._presenter: ShellPresenter | None = None
        self._checksums: Checksums | None = None
        self._finder: Finder | None = None
        self._watch: RunWatch | None = None
        self._desktop: Desktop | None = None
        self._problem_page: ProblemPanel | None = None
        # A failed task is shown by whoever submitted it; a failed listener by nobody but us.
        self.tasks = QtTaskRunner(last_resort.note)
        self._relay = EventRelay(last_resort.take)
        self._first_window = FirstWindow(options.home, self.activated)
        self.navigator = Navigator(
            options.screens, window.stack, memory, keys, window.rail.show_current
        )
        window.rail.screen_requested.connect(self.navigator.show)
        window.files_dropped.connect(self.receive_files)
        window.status.jobs_requested.connect(lambda run_id: self.navigator.show("run", run_id))
        window.rested.connect(lambda resting: self.navigator.rest(resting=resting))
        window.use_commands(self._commands)
        window.ask_before_closing(self._may_close)

    def start(self) -> None:
        """Build the application on a worker thread, then show the screens."""
        self._window.show_starting()
        last = self._memory.recall(_LAST_ENVIRONMENT)
        self.tasks.submit(
            lambda context: self._build(context, last if last in PARENTS else ""),
            on_success=self._built,
            on_error=self._not_built,
        )

    def receive_files(self, paths: Sequence[Path]) -> None:
        """Hand files to the screen that takes them; before there are screens, they are let go."""
        if self._application is not None:
            self.navigator.receive_files(paths)

    def close(self) -> bool:
        """End what was started: screens, events, tasks, then the application with its workers.

        Returns:
            Whether all threads came to rest.
        """
        self._first_window.close()
        self._window.notices.let_go()
        self.navigator.close()
        for presenter in (
            self._presenter, self._checksums, self._finder, self._watch, self._desktop,
        ):  # fmt: skip
            if presenter is not None:
                presenter.close()
        self._relay.close()
        if self._application is not None:
            self._application.stop_runs()
        rested = self.tasks.shutdown(_REST_MS)
        self._close_application()
        # A task that waited for a worker has been set free by its end.
        return rested or self.tasks.shutdown(_LAST_REST_MS)

    def activated(self, paths: Sequence[Path]) -> None:
        """Come to the front and take files: the program was started once more."""
        self._window.raise_to_front()
        if paths:
            self.receive_files(paths)

    def _build(self, context: TaskContext, last_environment: str) -> Application:
        application = self._options.build(self.tasks, last_environment)
        if context.is_cancelled:  # the window was closed meanwhile; nobody else would end it
            application.close()
        context.raise_if_cancelled()
        self._arriving = application
        return application

    def _built(self, application: Application) -> None:
        self._application, self._arriving = application, None
        self._relay.attach(application.events)
        self._presenter = ShellPresenter(
            self._window,
            use_cases_of(application, self._remember_environment),
            self.tasks,
            self._relay,
            self._window.notices,
        )
        self._presenter.start()
        self._checksums = Checksums(
            application.model_files,
            self.tasks,
            self._relay,
            self._window.notices,
            self._window.status.show_checksums,
        )
        self._window.status.checksums_requested.connect(self._checksums.pause_or_go_on)
        self._checksums.start()
        self._finder = Finder(
            partial(things_of, application),
            self.tasks,
            self.navigator,
            self._window.notices,
            self._window.offer_more,
        )
        self._window.palette_opened.connect(self._finder.look)
        self._watch_runs()
        self._window.set_ready(True)
        self.navigator.start(
            ScreenContext(
                application=application,
                tasks=self.tasks,
                events=self._relay,
                navigation=self.navigator,
                notices=self._window.notices,
                memory=self._memory,
                theme=self._theme,
            )
        )
        self._resume_runs(application)
        if self._options.paths:
            self.navigator.receive_files(self._options.paths)

    def _remember_environment(self, name: str) -> None:
        self._memory.remember(_LAST_ENVIRONMENT, name)

    def _watch_runs(self) -> None:
        desktop = self._desktop = Desktop(self._window)
        self._window.notices.show_files_by(desktop.show_in_folder)

        def tell(title: str, text: str, run_id: str) -> None:
            QApplication.alert(self._window)
            desktop.tell(title, text, run_id)

        def show(run_id: str) -> None:
            self._window.raise_to_front()
            watch.show(run_id)

        watch = self._watch = RunWatch(
            self._window, self._relay, self._window.notices, self.navigator, tell
        )
        desktop.pressed.connect(show)

    def _commands(self) -> list[Command]:
        named = self._finder.commands() if self._finder is not None else ()
        return [*self.navigator.commands(), *named]

    def _resume_runs(self, application: Application) -> None:
        """Take up what waited when the last window went; every screen that is there hears of it."""
        self.tasks.submit(
            lambda _context: application.resume_runs(),
            on_success=lambda _taken: None,
            on_error=lambda error: self._window.notices.warn(str(error)),
            queue=Queue.CHANGES,
        )

    def _not_built(self, error: HeyGenError) -> None:
        actions = {"Try again": self._retry, "Quit": self._window.close}
        self._problem_page = ProblemPanel(problem_of(error), actions)
        self._window.show_page(self._problem_page)

    def _retry(self) -> None:
        if self._problem_page is not None:
            self._window.stack.removeWidget(self._problem_page)
            self._problem_page.deleteLater()
            self._problem_page = None
        self.start()

    def _may_close(self) -> bool:
        running = self._presenter.runs_of(os.getpid()) if self._presenter is not None else 0
        if not running:
            return True
        return ConfirmDialog.ask(
            self._window,
            f"Stop {counted(running, 'run')} and quit?",
            "What was made so far is kept. Runs that still wait continue when the window is opened again.",
            "Stop and quit",
        )

    def _close_application(self) -> None:
        application = self._application or self._arriving
        self._application = self._arriving = None
        if application is None:
            return
        try:
            application.close()
        except Exception as error:  # noqa: BLE001 - the last edge: the window still has to go
            self._options.report("The application did not close properly.", error)


def use_cases_of(
    application: Application, remember_environment: Callable[[str], None]
) -> ShellUseCases:
    """Return the part of the application that the frame uses."""
    return ShellUseCases(
        environment=lambda: application.environment,
        use_environment=application.use_environment,
        remember_environment=remember_environment,
        latest_sample=application.watch_machine.latest,
        gpu_problem=application.watch_machine.gpu_problem,
        active_runs=lambda: application.list_runs(RunFilter(states=_ACTIVE)).runs,
        read_interval_s=lambda: application.settings().monitoring.interval_s,
        read_theme=lambda: application.settings().appearance.theme,
        save_theme=lambda choice: application.change_setting.set(
            application.environment, THEME_KEY, choice
        ),
    )
