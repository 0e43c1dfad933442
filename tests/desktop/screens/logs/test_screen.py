"""View, presenter and a log together."""

from __future__ import annotations

from heygen_desktop.application.ports.logs import LogLevel
from heygen_desktop.presentation.desktop.qt.tasks import QtTaskRunner
from heygen_desktop.presentation.desktop.screen import ScreenContext
from heygen_desktop.presentation.desktop.screens.logs import build
from heygen_desktop.presentation.desktop.screens.logs.view import LogsScreen
from heygen_desktop.presentation.desktop.theme.theme import Theme
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.desktop.conftest import wait_for
from tests.factories.application import fake_application
from tests.factories.parts import FakeParts
from tests.fakes.tasks import FakeEvents, FakeMemory, FakeNavigation, FakeNotices


def test_the_log_is_read_followed_and_narrowed(
    qtbot: QtBot, theme: Theme, memory: FakeMemory, tasks: QtTaskRunner
) -> None:
    parts = FakeParts()
    parts.logs.add("Program started")
    context = ScreenContext(
        fake_application(parts), tasks, FakeEvents(), FakeNavigation(), FakeNotices(), memory, theme
    )
    screen = build(context)
    view = screen.widget
    assert isinstance(view, LogsScreen)
    assert screen.shown is not None
    assert screen.hidden is not None
    qtbot.addWidget(view)
    view.resize(900, 560)
    view.show()

    screen.shown()
    wait_for(qtbot, lambda: len(view.list.rows()) == 1)
    parts.logs.add("Run failed", level=LogLevel.ERROR)
    wait_for(qtbot, lambda: len(view.list.rows()) == 2)
    QTest.keyClicks(view.search, "failed")
    wait_for(qtbot, lambda: [row.message for row in view.list.rows()] == ["Run failed"])
    screen.hidden()
    screen.presenter.close()
