"""Screens are built when they are first wanted, rest when they are hidden, and are all closed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from heygen_desktop.presentation.desktop.qt.tasks import QtTaskRunner
from heygen_desktop.presentation.desktop.screen import Screen, ScreenContext, ScreenSpec
from heygen_desktop.presentation.desktop.shell.focus import FocusKeeper
from heygen_desktop.presentation.desktop.shell.navigator import Navigator
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.widgets.layout import column, row
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QStackedWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.desktop.conftest import settle
from tests.desktop.toys import ToyScreens
from tests.factories.application import fake_application
from tests.fakes.tasks import FakeEvents, FakeMemory, FakeNavigation, FakeNotices


@dataclass
class Stage:
    """A navigator over toy screens."""

    qt: QApplication
    toys: ToyScreens
    stack: QStackedWidget
    memory: FakeMemory
    context: ScreenContext
    shown: list[str] = field(default_factory=list)

    def navigator(self, *specs: ScreenSpec) -> Navigator:
        keys = FocusKeeper(self.qt, self.stack)
        return Navigator(
            specs or self.toys.specs(), self.stack, self.memory, keys, self.shown.append
        )


@pytest.fixture
def stage(
    qapp: QApplication, qtbot: QtBot, theme: Theme, tasks: QtTaskRunner, memory: FakeMemory
) -> Iterator[Stage]:
    stack = QStackedWidget()
    qtbot.addWidget(stack)
    application = fake_application()
    context = ScreenContext(
        application, tasks, FakeEvents(), FakeNavigation(), FakeNotices(), memory, theme
    )
    yield Stage(qapp, ToyScreens(), stack, memory, context)
    application.close()


def test_the_first_screen_is_shown_and_the_others_are_not_built(stage: Stage) -> None:
    navigator = stage.navigator()

    navigator.start(stage.context)

    assert stage.toys.story == ["library built", "library shown"]
    assert navigator.current == "library"
    assert stage.shown == ["library"]
    assert stage.toys.context is stage.context


def test_a_screen_is_built_once_and_rests_while_another_is_shown(stage: Stage) -> None:
    navigator = stage.navigator()
    navigator.start(stage.context)
    stage.toys.story.clear()

    navigator.show("run")
    navigator.show("library")
    navigator.show("library")
    navigator.show("run")

    assert stage.toys.story == [
        "run built",
        "library hidden",
        "run shown",
        "run hidden",
        "library shown",
        "library hidden",
        "run shown",
    ]


def test_the_keyboard_goes_with_the_screen_and_comes_back_to_its_place(
    qtbot: QtBot, stage: Stage
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    row = QHBoxLayout(window)
    beside = QPushButton("beside the screens")
    row.addWidget(beside)
    row.addWidget(stage.stack)
    page, other = QWidget(), QLabel("other")
    _tab_reaches_this, first, second = QLineEdit(page), QLineEdit(page), QLineEdit(page)
    navigator = stage.navigator(
        ScreenSpec("page", "Page", "cube", lambda _context: _screen_of(page, first)),
        ScreenSpec("other", "Other", "cube", lambda _context: _screen_of(other, None)),
    )
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    beside.setFocus()

    first.hide()
    navigator.start(stage.context)
    assert page.hasFocus()
    first.show()
    navigator.show("other")
    navigator.show("page")
    assert first.hasFocus()
    navigator.show("other")
    navigator.show("page")
    assert first.hasFocus()
    second.setFocus()
    navigator.show("other")
    assert other.hasFocus()
    beside.setFocus()
    navigator.show("page")

    assert second.hasFocus()
    stage.stack.setParent(None)  # the stage takes it down, not the window


@dataclass
class Opened:
    """Two pages in a window: one with a field, a list of words and a button, and one beside it."""

    navigator: Navigator
    rail: QPushButton
    field: QLineEdit
    words: QListWidget
    button: QPushButton


@pytest.fixture
def opened(qtbot: QtBot, stage: Stage) -> Iterator[Opened]:
    window, page, rail = QWidget(), QWidget(), QPushButton("rail")
    row(rail, stage.stack, on=window)
    made = Opened(
        stage.navigator(
            ScreenSpec("page", "Page", "cube", lambda _: _screen_of(page, made.field)),
            ScreenSpec("other", "Other", "cube", lambda _: _screen_of(QLabel("other"), None)),
        ),
        rail,
        QLineEdit(),
        QListWidget(),
        QPushButton("button"),
    )
    column(made.button, made.field, made.words, on=page)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    made.navigator.start(stage.context)
    yield made
    stage.stack.setParent(None)  # the stage takes it down, not the window
    window.close()
    window.deleteLater()
    settle()


def test_a_screen_opens_where_work_begins_after_a_button_was_pressed_there(opened: Opened) -> None:
    opened.button.setFocus()

    opened.navigator.show("other")
    opened.navigator.show("page")

    assert opened.field.hasFocus()


def test_a_screen_opens_where_one_worked_last(opened: Opened) -> None:
    opened.words.setFocus()

    opened.navigator.show("other")
    opened.navigator.show("page")

    assert opened.words.hasFocus()


def test_a_screen_that_is_given_something_opens_where_work_begins(opened: Opened) -> None:
    opened.words.setFocus()

    opened.navigator.show("other")
    opened.navigator.show("page", "something")

    assert opened.field.hasFocus()


def test_the_screen_in_view_takes_the_keys_from_beside_it_when_asked_for(opened: Opened) -> None:
    opened.words.setFocus()
    opened.navigator.show("page")
    assert opened.words.hasFocus()
    opened.rail.setFocus()

    opened.navigator.show("page")

    assert opened.words.hasFocus()


def test_a_first_place_that_is_shown_later_takes_the_keys_then(
    opened: Opened, stage: Stage
) -> None:
    opened.navigator.show("other")
    opened.field.hide()
    opened.rail.setFocus()
    opened.navigator.show("page", "something")

    opened.field.show()

    assert opened.field.hasFocus()


def test_until_work_can_begin_the_keys_are_on_the_act_that_stands_out(opened: Opened) -> None:
    opened.navigator.show("other")
    opened.field.hide()
    opened.button.setProperty("kind", "primary")

    opened.navigator.show("page", "something")

    assert opened.button.hasFocus()


class _Quiet:
    def close(self) -> None:
        """Nothing was begun."""


def _screen_of(widget: QWidget, first: QWidget | None) -> Screen:
    return Screen(widget, _Quiet(), first_focus=first, receive=lambda _argument: None)


def test_an_argument_reaches_the_screen_that_understands_it(stage: Stage) -> None:
    navigator = stage.navigator()
    navigator.start(stage.context)

    navigator.show("run", "run-17")
    navigator.show("library", "nobody reads this")

    assert "run gets run-17" in stage.toys.story


def test_a_window_that_was_never_open_begins_on_the_screen_for_it(stage: Stage) -> None:
    library, run = stage.toys.specs()
    navigator = stage.navigator(library, replace(run, opens_first=True))

    navigator.start(stage.context)

    assert navigator.current == "run"


def test_the_last_screen_is_shown_again(stage: Stage) -> None:
    stage.memory.remember("window/screen", "run")

    stage.navigator().start(stage.context)

    assert stage.toys.story == ["run built", "run shown"]


def test_a_remembered_screen_that_is_gone_is_passed_over(stage: Stage) -> None:
    stage.memory.remember("window/screen", "attic")

    navigator = stage.navigator()
    navigator.start(stage.context)

    assert navigator.current == "library"


def test_a_screen_that_does_not_exist_is_a_mistake(stage: Stage) -> None:
    with pytest.raises(ValueError, match="attic"):
        stage.navigator().show("attic")


def test_nothing_is_built_before_the_application_is_there(stage: Stage) -> None:
    stage.navigator().show("run")

    assert stage.toys.story == []


def test_files_go_to_the_screen_that_takes_them(stage: Stage) -> None:
    navigator = stage.navigator()
    navigator.start(stage.context)
    navigator.show("run")

    navigator.receive_files([Path("a.gguf"), Path("b")])

    assert navigator.current == "library"
    assert stage.toys.story[-1] == "files a.gguf b"


def test_files_are_let_go_where_no_screen_takes_them(stage: Stage) -> None:
    navigator = stage.navigator(stage.toys.specs()[1])
    navigator.start(stage.context)

    navigator.receive_files([Path("a.gguf")])

    assert stage.toys.story == ["run built", "run shown"]


def test_the_palette_lists_the_screen_in_view_first(stage: Stage) -> None:
    navigator = stage.navigator()
    navigator.start(stage.context)
    navigator.show("run")

    commands = navigator.commands()
    commands[1].run()

    assert [(c.title, c.hint, c.keys) for c in commands] == [
        ("Act in run", "Run", ""),
        ("Go to Library", "", "Ctrl+1"),
        ("Go to Run", "", "Ctrl+2"),
        ("Act in library", "Library", "Ctrl+O"),
    ]
    assert navigator.current == "library"


def test_the_palette_offers_what_a_screen_can_do_before_its_first_visit(stage: Stage) -> None:
    navigator = stage.navigator()
    navigator.start(stage.context)

    next(c for c in navigator.commands() if c.title == "Act in run").run()

    assert stage.toys.story[-4:] == ["run built", "library hidden", "run shown", "run acts"]


def test_before_the_application_is_there_a_command_does_nothing(stage: Stage) -> None:
    commands = stage.navigator().commands()

    for command in commands:
        command.run()

    assert len(commands) == 4
    assert stage.toys.story == []


def test_a_hidden_window_lets_its_screen_rest(stage: Stage) -> None:
    navigator = stage.navigator()
    navigator.rest(resting=True)
    navigator.start(stage.context)

    navigator.rest(resting=True)
    navigator.rest(resting=False)

    assert stage.toys.story[-2:] == ["library hidden", "library shown"]


def test_a_plain_screen_needs_nothing_but_a_widget_and_a_presenter(stage: Stage) -> None:
    toys = ToyScreens()
    plain = ScreenSpec(
        "plain",
        "Plain",
        "cube",
        lambda context: Screen(QLabel("plain"), toys.specs()[1].build(context).presenter),
        takes_files=True,
    )
    navigator = stage.navigator(plain)
    navigator.start(stage.context)

    navigator.receive_files([Path("a")])
    navigator.show("plain", "argument")

    assert navigator.current == "plain"


def test_a_window_without_screens_is_a_mistake(stage: Stage) -> None:
    with pytest.raises(ValueError, match="at least one"):
        keys = FocusKeeper(stage.qt, stage.stack)
        Navigator((), stage.stack, stage.memory, keys, stage.shown.append)


def test_all_built_screens_are_closed(stage: Stage) -> None:
    navigator = stage.navigator()
    navigator.start(stage.context)
    navigator.show("run")

    navigator.close()
    navigator.show("library")

    assert stage.toys.story[-2:] == ["library closed", "run closed"]
    assert navigator.current == "run"
