"""What every test of the window gets: a theme, a task runner, and proof that nothing stays in view."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from heygen_desktop.presentation.desktop.qt.tasks import QtTaskRunner
from heygen_desktop.presentation.desktop.theme.theme import Theme, qt_arguments
from PySide6.QtCore import QCoreApplication, QEvent, QTimer, QtMsgType
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import Shiboken

from tests.fakes.tasks import FakeMemory

_ACCEPTED = ("This plugin does not support",)
"""The offscreen platform has no window manager, and says so."""


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    """What the QApplication of the tests is made with: what the program's own is made with."""
    return qt_arguments("heygen-desktop")


@pytest.fixture(scope="session")
def theme(qapp: QApplication) -> Theme:
    """The dark theme, on the one QApplication of the tests."""
    made = Theme(qapp)
    made.apply("dark")
    return made


@pytest.fixture
def memory() -> FakeMemory:
    """A memory that is empty."""
    return FakeMemory()


@pytest.fixture
def unexpected() -> list[BaseException]:
    """Errors that reached the last resort."""
    return []


@pytest.fixture
def tasks(qapp: QApplication, unexpected: list[BaseException]) -> Iterator[QtTaskRunner]:
    """A real task runner; it must come to rest."""
    runner = QtTaskRunner(unexpected.append)
    yield runner
    assert runner.shutdown(5000), "a task did not stop"


@pytest.fixture(autouse=True)
def nothing_is_left_in_view(qapp: QApplication, qtlog: object) -> Iterator[None]:
    """Fail the test that leaves a window or a timer, or that Qt warned about."""
    windows, timers = _windows(), _running_timers()
    yield
    settle()
    assert not _windows() - windows, "a window was left open"
    assert not _running_timers() - timers, "a timer still runs"
    assert not _warnings(qtlog), "Qt warned"


def settle() -> None:
    """Let Qt deliver what waits, deletions included."""
    for _ in range(3):
        QCoreApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def wait_for(qtbot: QtBot, condition: Callable[[], object], timeout_ms: int = 5000) -> None:
    """Run the event loop until the condition holds; fail where it does not in time."""
    qtbot.waitUntil(lambda: bool(condition()), timeout=timeout_ms)


def _windows() -> set[QWidget]:
    return set(QApplication.topLevelWidgets())


def _running_timers() -> set[QTimer]:
    # Not isinstance: it asks the object, and other libraries' objects answer with warnings.
    timers = (thing for thing in gc.get_objects() if issubclass(type(thing), QTimer))
    return {timer for timer in timers if Shiboken.isValid(timer) and timer.isActive()}


def _warnings(qtlog: object) -> list[str]:
    records = getattr(qtlog, "records", [])
    return [
        record.message
        for record in records
        if record.type is not QtMsgType.QtDebugMsg
        and record.type is not QtMsgType.QtInfoMsg
        and not record.message.startswith(_ACCEPTED)
    ]
