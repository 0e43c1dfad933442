"""The form of settings: shows rows, speaks in keys and texts, keeps what is being typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from heygen_desktop.presentation.desktop.problems import Problem
from heygen_desktop.presentation.desktop.screens.environments.settings.rows import (
    SettingRow,
    sections_of,
    setting_rows,
)
from heygen_desktop.presentation.desktop.screens.environments.settings.view import SettingsForm
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.widgets.fields import (
    ChoiceEditor,
    SwitchEditor,
    TextEditor,
)
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QFocusEvent, QGuiApplication, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFrame, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from tests.desktop.conftest import settle
from tests.desktop.screens.environments.seen import line_of
from tests.factories.application import fake_application

THREADS, REFUSE, THEME = "inference.threads", "inference.refuse_too_large", "appearance.theme"
PROBLEM = Problem("It cannot be read.", "The disk is gone.", "Connect it.")


def rows_of(environment: str = "development", **own: str) -> tuple[SettingRow, ...]:
    app = fake_application()
    for key, value in own.items():
        app.change_setting.set(environment, key.replace("__", "."), value)
    return setting_rows(app.read_settings(environment))


@pytest.fixture
def form(qtbot: QtBot, theme: Theme) -> SettingsForm:
    made = SettingsForm(theme)
    qtbot.addWidget(made)
    made.resize(700, 600)
    made.show_settings(sections_of(rows_of()), 0)
    made.show()
    return made


def text_editor(form: SettingsForm, key: str = THREADS) -> TextEditor:
    editor = line_of(form, key).editor
    assert isinstance(editor, TextEditor)
    return editor


def type_into(editor: TextEditor, text: str) -> None:
    editor.setFocus()
    editor.selectAll()
    QTest.keyClicks(editor, text)


def button_named(form: SettingsForm, text: str) -> QPushButton:
    return next(b for b in form.findChildren(QPushButton) if b.text() == text and b.isVisible())


def press(form: SettingsForm, text: str) -> None:
    button_named(form, text).click()


def test_each_kind_of_field_has_its_editor_named_for_screen_readers(form: SettingsForm) -> None:
    kinds = {key: type(line_of(form, key).editor) for key in (THREADS, REFUSE, THEME)}

    assert kinds == {THREADS: TextEditor, REFUSE: SwitchEditor, THEME: ChoiceEditor}
    assert text_editor(form).accessibleName() == "Threads"
    assert "whole number from 0 to 256" in text_editor(form).accessibleDescription()


def test_typing_says_each_text_and_enter_says_the_value_once(
    form: SettingsForm, qtbot: QtBot
) -> None:
    typed: list[tuple[str, str]] = []
    entered: list[tuple[str, str]] = []
    form.value_typed.connect(lambda key, text: typed.append((key, text)))
    form.value_entered.connect(lambda key, text: entered.append((key, text)))

    type_into(text_editor(form), "12")
    QTest.keyClick(text_editor(form), Qt.Key.Key_Return)
    QTest.keyClick(text_editor(form), Qt.Key.Key_Return)

    assert typed == [(THREADS, "1"), (THREADS, "12")]
    assert entered == [(THREADS, "12")]


def test_leaving_the_field_enters_the_value(form: SettingsForm, qtbot: QtBot) -> None:
    entered: list[tuple[str, str]] = []
    form.value_entered.connect(lambda key, text: entered.append((key, text)))
    type_into(text_editor(form), "3")

    QApplication.sendEvent(text_editor(form), QFocusEvent(QEvent.Type.FocusOut))

    assert entered == [(THREADS, "3")]


def test_escape_brings_the_shown_value_back(form: SettingsForm) -> None:
    type_into(text_editor(form), "77")

    QTest.keyClick(text_editor(form), Qt.Key.Key_Escape)

    assert text_editor(form).text() == "0"
    QTest.keyClick(text_editor(form), Qt.Key.Key_Escape)


def test_a_switch_and_a_choice_speak_at_once(form: SettingsForm) -> None:
    entered: list[tuple[str, str]] = []
    form.value_entered.connect(lambda key, text: entered.append((key, text)))
    switch, choice = line_of(form, REFUSE).editor, line_of(form, THEME).editor
    assert isinstance(switch, SwitchEditor)
    assert isinstance(choice, ChoiceEditor)

    QTest.keyClick(switch, Qt.Key.Key_Space)
    choice.setFocus()
    QTest.keyClick(choice, Qt.Key.Key_Down)
    choice.textActivated.emit("dark")

    assert entered[0] == (REFUSE, "false")
    assert entered[-1] == (THEME, "dark")


def test_the_wheel_over_a_choice_changes_nothing(form: SettingsForm) -> None:
    choice = line_of(form, THEME).editor
    assert isinstance(choice, ChoiceEditor)
    event = QWheelEvent(
        QPointF(5, 5), QPointF(5, 5), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip

    choice.wheelEvent(event)

    assert choice.currentText() == "system"
    assert not event.isAccepted()


def test_an_answer_does_not_overwrite_what_is_being_typed(form: SettingsForm) -> None:
    type_into(text_editor(form), "1")
    form.show_value_problem(THREADS, "Too few.")

    form.show_settings(sections_of(rows_of(inference__threads="4")), 1)

    assert text_editor(form).text() == "1"
    assert line_of(form, THREADS).note.text() == "Too few."


def test_another_environment_shows_its_own_value_and_drops_what_was_typed(
    form: SettingsForm,
) -> None:
    type_into(text_editor(form), "1")
    form.show_value_problem(THREADS, "Too few.")

    form.show_settings(sections_of(rows_of("testing", inference__threads="4")), 1)

    assert text_editor(form).text() == "4"
    assert line_of(form, THREADS).note.isHidden()
    assert line_of(form, THREADS).badge.text() == "set here"


def test_a_refused_value_says_why_until_it_is_mended(form: SettingsForm) -> None:
    form.show_value_problem(THREADS, "inference.threads must be a whole number.")
    line = line_of(form, THREADS)
    assert line.note.isVisible()
    assert line.editor.accessibleDescription() == "inference.threads must be a whole number."

    form.show_value_problem(THREADS, "")
    form.show_value_problem("no.such", "never shown")

    assert line.note.isHidden()


def test_a_reset_lets_refused_text_go(form: SettingsForm, qtbot: QtBot) -> None:
    form.show_settings(sections_of(rows_of("development", inference__threads="4")), 1)
    type_into(text_editor(form), "many")
    form.show_value_problem(THREADS, "inference.threads must be a whole number.")

    with qtbot.waitSignal(form.reset_requested):
        line_of(form, THREADS).reset_button.click()

    assert text_editor(form).text() == "4"


def test_a_stronger_layer_is_told_below_the_help_and_in_the_tooltip(form: SettingsForm) -> None:
    row = next(row for row in rows_of() if row.key == THREADS)
    hidden = replace(
        row, note="HEYGEN__X overrides what is set here: 8 is used.", origin="a <b>: 8"
    )

    form.show_settings(sections_of([hidden]), 1)

    assert line_of(form, THREADS).note.text().startswith("HEYGEN__X overrides")
    assert "a &lt;b&gt;: 8" in line_of(form, THREADS).badge.toolTip()


def test_only_what_the_environment_sets_itself_can_be_reset(
    form: SettingsForm, qtbot: QtBot
) -> None:
    line = line_of(form, THREADS)
    assert line.reset_button.isHidden()

    form.show_settings(sections_of(rows_of(inference__threads="4")), 1)
    with qtbot.waitSignal(form.reset_requested) as said:
        line.reset_button.click()

    assert said.args == [THREADS]


def test_the_menu_copies_key_and_command_and_resets(form: SettingsForm, qtbot: QtBot) -> None:
    form.show_settings(sections_of(rows_of(inference__threads="4")), 1)
    menu = line_of(form, THREADS).menu()
    actions = {action.text(): action for action in menu.actions()}

    actions["Copy key"].trigger()
    assert QGuiApplication.clipboard().text() == THREADS
    actions["Copy as command"].trigger()
    assert QGuiApplication.clipboard().text() == "heygen env set development inference.threads 4"
    with qtbot.waitSignal(form.reset_requested):
        actions["Reset"].trigger()
    menu.deleteLater()


def test_the_menu_opens_from_its_button_and_from_the_line(form: SettingsForm) -> None:
    line = line_of(form, THREADS)

    line.customContextMenuRequested.emit(QPoint(4, 4))
    opened = line.findChildren(QMenu)
    for menu in opened:
        menu.close()
    settle()

    assert opened


def test_sections_without_a_match_vanish_and_nothing_says_so(
    form: SettingsForm, qtbot: QtBot
) -> None:
    form.show_settings(sections_of([row for row in rows_of() if row.key == THREADS]), 0)
    assert line_of(form, THREADS).isVisible()
    assert not line_of(form, THEME).isVisible()
    form.show_settings({}, 0)
    assert not line_of(form, THREADS).isVisible()

    assert button_named(form, "Show all settings").isVisible()


def test_hairlines_part_only_the_settings_that_are_shown(form: SettingsForm) -> None:
    def hairlines() -> int:
        frames = form.findChildren(QFrame)
        return sum(each.property("role") == "line" and each.isVisible() for each in frames)

    everything = hairlines()
    first, *_, last = [row for row in rows_of() if row.key.startswith("generation.")]
    form.show_settings(sections_of([last]), 0)
    alone = hairlines()
    form.show_settings(sections_of([first, last]), 0)

    assert (alone, hairlines()) == (0, 1)
    form.show_settings(sections_of(rows_of()), 0)
    assert hairlines() == everything


def test_search_and_filter_say_both_and_are_cleared_together(
    form: SettingsForm, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(form.narrowed) as said:
        form.search.setText("threads")
        QTest.keyClick(form.search, Qt.Key.Key_Return)
    assert said.args == ["threads", False]
    with qtbot.waitSignal(form.narrowed) as said:
        form.only_changed.click()
    assert said.args == ["threads", True]

    form.show_settings({}, 0)
    said_last: list[tuple[str, bool]] = []
    form.narrowed.connect(lambda words, only: said_last.append((words, only)))
    press(form, "Show all settings")

    assert said_last[-1] == ("", False)
    assert not form.only_changed.isChecked()


def test_production_is_asked_about_before_it_can_be_edited(
    form: SettingsForm, qtbot: QtBot
) -> None:
    form.show_locked("production")
    assert not text_editor(form).isEnabled()
    assert line_of(form, THEME).editor.isEnabled()  # nobody's but the person's
    with qtbot.waitSignal(form.unlock_requested):
        press(form, "Edit production")

    form.show_locked("")

    assert text_editor(form).isEnabled()


def test_problems_are_shown_with_retry_and_cleared(form: SettingsForm, qtbot: QtBot) -> None:
    form.show_problem(PROBLEM)
    form.show_layers_problem(PROBLEM)
    assert form.problem.problem == form.layers_problem.problem == PROBLEM
    with qtbot.waitSignal(form.retry_requested):
        press(form, "Try again")

    form.show_problem(None)
    form.show_layers_problem(None)

    assert form.problem.isHidden()
    assert form.layers_problem.isHidden()


@pytest.mark.parametrize("choice", ["dark", "light"])
def test_the_form_is_painted_in_both_themes(form: SettingsForm, theme: Theme, choice: str) -> None:
    switch = line_of(form, REFUSE).editor
    assert isinstance(switch, SwitchEditor)
    pictures: list[int] = []
    try:
        theme.apply(choice)
        for states in ((True, True), (False, True), (True, False)):
            pictures.append(_picture(switch, states))
    finally:
        theme.apply("dark")

    assert len(set(pictures)) == 3


def _picture(switch: SwitchEditor, states: Sequence[bool]) -> int:
    switch.setChecked(states[0])
    switch.setEnabled(states[1])
    image = switch.grab().toImage()
    return hash(bytes(image.constBits()))
