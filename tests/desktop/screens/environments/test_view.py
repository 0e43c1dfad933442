"""The whole screen: list and pages, and the triplet with a real runner, relay and keyring."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from heygen_desktop.application.application import Application
from heygen_desktop.bootstrap import LaunchOptions
from heygen_desktop.bootstrap import build as build_program
from heygen_desktop.presentation.desktop.problems import Problem
from heygen_desktop.presentation.desktop.qt.relay import EventRelay
from heygen_desktop.presentation.desktop.qt.tasks import QtTaskRunner
from heygen_desktop.presentation.desktop.screen import Screen, ScreenContext
from heygen_desktop.presentation.desktop.screens.environments import build
from heygen_desktop.presentation.desktop.screens.environments.rows import EnvironmentRow
from heygen_desktop.presentation.desktop.screens.environments.view import EnvironmentsScreen
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.widgets.fields import ChoiceEditor, TextEditor
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.desktop.conftest import settle, wait_for
from tests.desktop.screens.environments.seen import in_clear, line_of
from tests.factories.application import fake_application
from tests.factories.parts import FakeParts
from tests.fakes.tasks import FakeMemory, FakeNavigation, FakeNotices

ROWS = (
    EnvironmentRow("development", "inherits nothing", "1 own setting · revision 1", True),
    EnvironmentRow("production", "inherits nothing", "no own settings", False),
)


@dataclass
class Opened:
    """A built screen with what it was built from."""

    screen: Screen
    view: EnvironmentsScreen
    application: Application
    notices: FakeNotices
    navigation: FakeNavigation


@pytest.fixture
def open_screen(
    qtbot: QtBot, theme: Theme, tasks: QtTaskRunner, memory: FakeMemory,
    unexpected: list[BaseException],
) -> Iterator[object]:  # fmt: skip
    """Build the screen over an application; everything is closed at the end."""
    relays: list[EventRelay] = []
    screens: list[Screen] = []

    def make(application: Application) -> Opened:
        relay = EventRelay(unexpected.append)
        relay.attach(application.events)
        relays.append(relay)
        notices, navigation = FakeNotices(), FakeNavigation()
        screen = build(ScreenContext(application, tasks, relay, navigation, notices, memory, theme))
        screens.append(screen)
        assert isinstance(screen.widget, EnvironmentsScreen)
        qtbot.addWidget(screen.widget)
        screen.widget.resize(960, 600)
        screen.widget.show()
        assert screen.shown is not None
        screen.shown()
        return Opened(screen, screen.widget, application, notices, navigation)

    yield make
    for screen in screens:
        screen.presenter.close()
    for relay in relays:
        relay.close()
    settle()
    assert not unexpected


@pytest.fixture
def view(qtbot: QtBot, theme: Theme, memory: FakeMemory) -> EnvironmentsScreen:
    made = EnvironmentsScreen(theme, memory)
    qtbot.addWidget(made)
    made.resize(960, 600)
    made.show()
    return made


def test_choosing_in_the_list_says_the_name_once(view: EnvironmentsScreen, qtbot: QtBot) -> None:
    said: list[str] = []
    view.environment_selected.connect(said.append)

    view.show_environments(ROWS, "development")
    view.list.setFocus()
    QTest.keyClick(view.list, Qt.Key.Key_Down)

    assert said == ["production"]


def test_what_is_not_in_use_can_be_used_with_its_button_or_enter(
    view: EnvironmentsScreen, qtbot: QtBot
) -> None:
    said: list[str] = []
    view.use_requested.connect(said.append)
    view.show_environments(ROWS, "development")
    assert view.use_button.isHidden()

    view.show_environments(ROWS, "production")
    view.use_button.click()
    QTest.keyClick(view.list, Qt.Key.Key_Return)

    assert view.use_button.text() == "Use production"
    assert said == ["production", "production"]


def test_a_shorter_list_leaves_no_old_row(view: EnvironmentsScreen) -> None:
    view.show_environments(ROWS, "development")

    view.show_environments(ROWS[:1], "development")

    assert view.list.count() == 1
    spoken = view.list.item(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == ROWS[0].spoken
    assert not view.grab().isNull()


def test_the_chosen_page_is_remembered(
    view: EnvironmentsScreen, theme: Theme, memory: FakeMemory, qtbot: QtBot
) -> None:
    view.show_secrets_page()

    again = EnvironmentsScreen(theme, memory)
    qtbot.addWidget(again)

    assert again.tabs.currentWidget() is again.secrets


def test_a_problem_of_the_list_is_shown_and_cleared(view: EnvironmentsScreen) -> None:
    view.show_problem(Problem("The database is locked."))
    assert view.problem.isVisible()

    view.show_problem(None)

    assert view.problem.isHidden()


def test_the_list_is_painted_under_the_pointer_in_both_themes(
    view: EnvironmentsScreen, theme: Theme
) -> None:
    view.show_environments(ROWS, "development")
    pictures = set()
    try:
        for choice in ("dark", "light"):
            theme.apply(choice)
            rect = view.list.visualItemRect(view.list.item(1))
            QTest.mouseMove(view.list.viewport(), rect.center())
            pictures.add(hash(bytes(view.list.grab().toImage().constBits())))
    finally:
        theme.apply("dark")

    assert len(pictures) == 2


def test_a_value_typed_into_the_form_is_set_shown_and_undone(
    open_screen: object, qtbot: QtBot
) -> None:
    opened = _open(open_screen, fake_application(FakeParts(), environment="testing"))
    form = opened.view.settings
    wait_for(qtbot, lambda: form.findChildren(TextEditor))
    editor = line_of(form, "inference.threads").editor
    assert isinstance(editor, TextEditor)

    editor.setFocus()
    editor.selectAll()
    QTest.keyClicks(editor, "4")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    wait_for(qtbot, lambda: line_of(form, "inference.threads").badge.text() == "set here")
    wait_for(qtbot, lambda: "1 own setting" in opened.view.list.item(1).data(
        Qt.ItemDataRole.AccessibleTextRole))  # fmt: skip
    opened.notices.undo()
    wait_for(qtbot, lambda: line_of(form, "inference.threads").badge.text() == "default")

    assert editor.text() == "0"


def test_an_argument_chooses_the_environment_and_nonsense_does_not(
    open_screen: object, qtbot: QtBot
) -> None:
    opened = _open(open_screen, fake_application(FakeParts()))
    wait_for(qtbot, lambda: opened.view.list.count() == 4)
    assert opened.screen.receive is not None

    opened.screen.receive("production")
    opened.screen.receive("mars")

    assert opened.view.list.currentItem().text() == "production"


def test_a_setting_or_a_secret_is_brought_into_view(open_screen: object, qtbot: QtBot) -> None:
    application = fake_application(FakeParts())
    for name in ("hub-token", "second"):
        application.secrets.set("testing", name, "hf_1")
    opened = _open(open_screen, application)
    assert opened.screen.receive is not None

    opened.screen.receive("secret:testing/second")
    wait_for(qtbot, lambda: opened.view.secrets.table.selected_key == "second")
    assert opened.view.tabs.currentWidget() is opened.view.secrets
    opened.screen.receive("secret:testing/hub-token")
    assert opened.view.secrets.table.selected_key == "hub-token"
    opened.screen.receive("setting:generation.temperature")

    assert opened.view.tabs.currentWidget() is opened.view.settings
    assert opened.view.settings.search.text() == "generation.temperature"


def test_ctrl_f_searches_the_settings_from_anywhere_on_the_screen(
    open_screen: object, qtbot: QtBot
) -> None:
    view = _open(open_screen, fake_application(FakeParts())).view
    view.activateWindow()
    wait_for(qtbot, view.isActiveWindow)
    view.show_secrets_page()
    view.list.setFocus()

    QTest.keyClick(view.list, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)

    assert view.tabs.currentWidget() is view.settings
    assert view.settings.search.hasFocus()


def test_the_commands_lead_to_the_screen(open_screen: object, qtbot: QtBot) -> None:
    opened = _open(open_screen, fake_application(FakeParts()))
    wait_for(qtbot, lambda: opened.view.list.count() == 4)
    commands = opened.screen.commands

    commands["Set a secret"]()
    assert opened.view.tabs.currentWidget() is opened.view.secrets
    assert opened.view.secrets.entry is not None
    opened.view.secrets.close_entry()
    commands["Search settings"]()
    assert opened.view.tabs.currentWidget() is opened.view.settings


def test_leaving_the_screen_masks_a_revealed_value(open_screen: object, qtbot: QtBot) -> None:
    opened = _open(open_screen, fake_application(FakeParts()))
    opened.view.secrets.reveal_value("key", "value")
    assert opened.screen.hidden is not None

    opened.screen.hidden()

    assert in_clear(opened.view.secrets.revealed) == ""


@pytest.mark.keyring
@pytest.mark.skipif(
    "HEYGEN_TEST_KEYRING_HOME" not in os.environ, reason="run it under tests/secret_service.sh"
)
def test_a_secret_goes_through_the_screen_into_the_real_keyring_and_back(
    open_screen: object, qtbot: QtBot, tmp_path: Path
) -> None:
    application = build_program(LaunchOptions(home=tmp_path / "home", front="desktop"))
    try:
        opened = _open(open_screen, application)
        page = opened.view.secrets
        opened.view.show_secrets_page()
        wait_for(qtbot, lambda: page.store.badge.text() == "Secret Service", 15_000)

        page.adding_requested.emit()
        assert page.entry is not None
        page.entry.name.setText("hub-token")
        page.entry.value.setText("hf_canary-7Q")
        page.entry.keep.click()
        wait_for(qtbot, lambda: "hub-token" in page.table.as_text(), 15_000)
        page.table.select("hub-token")
        page.reveal_requested.emit("hub-token")
        wait_for(qtbot, lambda: in_clear(page.revealed) == "hf_canary-7Q", 15_000)
        page.copy_requested.emit("hub-token")
        wait_for(qtbot, lambda: QGuiApplication.clipboard().text() == "hf_canary-7Q", 15_000)
        page.forget_values()
        assert QGuiApplication.clipboard().text() == ""
        application.secrets.delete("development", "hub-token")
        wait_for(qtbot, lambda: "hub-token" not in page.table.as_text(), 15_000)
        opened.screen.presenter.close()
    finally:
        application.close()
    files = [path for path in (tmp_path / "home").rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if b"hf_canary-7Q" in path.read_bytes()]


def test_the_theme_setting_is_a_choice(open_screen: object, qtbot: QtBot) -> None:
    opened = _open(open_screen, fake_application(FakeParts()))
    form = opened.view.settings
    wait_for(qtbot, lambda: form.findChildren(ChoiceEditor))
    editor = line_of(form, "appearance.theme").editor
    assert isinstance(editor, ChoiceEditor)

    editor.textActivated.emit("light")
    wait_for(qtbot, lambda: opened.application.settings().appearance.theme == "light")
    wait_for(qtbot, lambda: editor.currentText() == "light")


def _open(make: object, application: Application) -> Opened:
    assert callable(make)
    opened = make(application)
    assert isinstance(opened, Opened)
    return opened
