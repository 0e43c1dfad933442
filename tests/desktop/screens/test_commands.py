"""What the list of screens says can be done is done by each screen, from the first moment on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from heygen_desktop.presentation.desktop.navigation import SCREENS
from heygen_desktop.presentation.desktop.qt.tasks import QtTaskRunner
from heygen_desktop.presentation.desktop.screen import ScreenContext, ScreenSpec
from heygen_desktop.presentation.desktop.shell.focus import FocusKeeper
from heygen_desktop.presentation.desktop.shell.navigator import Navigator
from heygen_desktop.presentation.desktop.theme.theme import Theme
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QApplication, QFileDialog, QStackedWidget
from pytestqt.qtbot import QtBot

from tests.desktop.conftest import settle
from tests.factories.application import fake_application
from tests.fakes.tasks import FakeEvents, FakeMemory, FakeNavigation, FakeNotices


@pytest.fixture
def context(
    monkeypatch: pytest.MonkeyPatch, theme: Theme, tasks: QtTaskRunner, memory: FakeMemory
) -> Iterator[ScreenContext]:
    nothing: dict[str, object] = {
        "getExistingDirectory": "",
        "getOpenFileNames": ([], ""),
        "getSaveFileName": ("", ""),
    }
    for question, answer in nothing.items():
        monkeypatch.setattr(QFileDialog, question, lambda *_, answer=answer, **__: answer)
    application = fake_application()
    yield ScreenContext(
        application, tasks, FakeEvents(), FakeNavigation(), FakeNotices(), memory, theme
    )
    application.close()


@pytest.mark.parametrize("spec", SCREENS, ids=lambda spec: str(spec.id))
def test_a_screen_does_just_what_its_line_says(
    qtbot: QtBot, context: ScreenContext, spec: ScreenSpec
) -> None:
    stack = QStackedWidget()
    qtbot.addWidget(stack)
    screen = spec.build(context)
    stack.addWidget(screen.widget)
    screen.presenter.close()

    assert list(screen.commands) == list(spec.commands)
    settle()


@pytest.mark.parametrize("spec", SCREENS, ids=lambda spec: str(spec.id))
def test_the_help_tells_every_shortcut_of_a_screen(
    qtbot: QtBot, context: ScreenContext, spec: ScreenSpec
) -> None:
    screen = spec.build(context)
    qtbot.addWidget(screen.widget)
    screen.presenter.close()

    told = " ".join(spec.all_keys.values()).replace("Enter", "Return").split()
    made = {each.key().toString() for each in screen.widget.findChildren(QShortcut)}
    assert made - {"Ctrl+Enter"} <= {"Del" if keys == "Delete" else keys for keys in told}
    settle()


@pytest.mark.parametrize("spec", SCREENS, ids=lambda spec: str(spec.id))
def test_each_command_can_be_given_in_a_window_that_just_opened(
    qapp: QApplication, qtbot: QtBot, context: ScreenContext, spec: ScreenSpec
) -> None:
    for title in spec.commands:
        stack = QStackedWidget()
        qtbot.addWidget(stack)
        navigator = Navigator(
            SCREENS, stack, FakeMemory(), FocusKeeper(qapp, stack), lambda _screen: None
        )
        navigator.start(context)

        next(command for command in navigator.commands() if command.title == title).run()

        assert navigator.current == spec.id
        navigator.close()
        settle()
