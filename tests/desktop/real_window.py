"""The window as the program opens it: real screens over a real application on a home of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from heygen_desktop import __version__
from heygen_desktop.application.application import Application
from heygen_desktop.application.ports.executor import Executor
from heygen_desktop.bootstrap import LaunchOptions, build
from heygen_desktop.presentation.desktop.navigation import SCREENS
from heygen_desktop.presentation.desktop.session import WindowOptions, WindowSession
from PySide6.QtWidgets import QApplication

from tests.desktop.person import Person


@dataclass
class RealWindow:
    """A session over the real application; ``close`` ends both."""

    home: Path
    session: WindowSession
    person: Person
    applications: list[Application]
    reports: list[str] = field(default_factory=list)
    """What would have gone to the log as unexpected."""

    @property
    def application(self) -> Application:
        """The application, once it is built."""
        return self.applications[0]

    def wait_until_ready(self) -> None:
        """Let the program be loaded behind the painted frame."""
        window = self.session.window
        self.person.wait("the program to be ready", window.rail.isEnabled, patience_s=60)
        window.raise_to_front()  # without a window manager nobody else gives it the keyboard
        self.person.wait("the window to have the keyboard", window.isActiveWindow)

    def close(self) -> bool:
        """End the window and the program; return whether all threads came to rest."""
        self.session.interrupt()
        return self.session.close()


def open_real_window(
    qt: QApplication,
    home: Path,
    *,
    settings: Mapping[str, str],
    environ: Mapping[str, str] | None = None,
) -> RealWindow:
    """Show the window; the application is built behind it, as ``heygen-desktop`` does.

    Args:
        qt: The process's one.
        home: Where everything is kept.
        settings: Those of the command line.
        environ: Process variables that the program sees; none where None.
    """
    applications: list[Application] = []
    reports: list[str] = []

    def build_behind_the_window(executor: Executor, last_environment: str) -> Application:
        options = LaunchOptions(
            home=home, settings=settings, front="desktop", last_environment=last_environment
        )
        application = build(options, environ=environ or {}, executor=executor)
        application.ensure_starter_model(only_in_a_new_home=True)
        applications.append(application)
        return application

    def report(text: str, error: BaseException | None) -> None:
        reports.append(text if error is None else f"{text} {error!r}")

    home.mkdir(parents=True, exist_ok=True)
    session = WindowSession(
        qt, WindowOptions(build_behind_the_window, SCREENS, home, __version__, report)
    )
    session.start()
    return RealWindow(home, session, Person(session.window), applications, reports)
