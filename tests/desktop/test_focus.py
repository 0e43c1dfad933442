"""Where the keys are: they come back from what goes, and wait for what is not there yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import shiboken6
from heygen_desktop.presentation.desktop.shell.focus import FocusKeeper
from heygen_desktop.presentation.desktop.widgets.buttons import button
from heygen_desktop.presentation.desktop.widgets.layout import column
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.desktop.conftest import settle, wait_for


@dataclass
class Stage:
    """A window with a rail, two fields and a button, and the keys in the second field."""

    window: QWidget
    keys: FocusKeeper
    rail: QPushButton
    first: QLineEdit
    second: QLineEdit
    button: QPushButton


@pytest.fixture
def stage(qapp: QApplication, qtbot: QtBot) -> Iterator[Stage]:
    window = QWidget()
    made = Stage(
        window,
        FocusKeeper(qapp, window),
        QPushButton("rail"),
        QLineEdit(),
        QLineEdit(),
        QPushButton("button"),
    )
    column(made.rail, made.first, made.second, made.button, on=window)
    window.show()
    window.activateWindow()
    wait_for(qtbot, window.isActiveWindow)
    for place in (made.first, made.second):
        place.setFocus()
    yield made
    window.close()
    window.deleteLater()
    settle()


def test_what_is_hidden_gives_the_keys_back(stage: Stage) -> None:
    stage.button.setFocus()

    stage.button.hide()
    settle()

    assert stage.second.hasFocus()


def test_what_is_disabled_gives_the_keys_back(stage: Stage) -> None:
    stage.button.setFocus()

    stage.button.setEnabled(False)
    settle()

    assert stage.second.hasFocus()


def test_what_is_deleted_gives_the_keys_back(stage: Stage) -> None:
    stage.button.setFocus()

    stage.button.deleteLater()
    settle()

    assert stage.second.hasFocus()


def test_what_went_itself_is_passed_over(stage: Stage) -> None:
    stage.button.setFocus()

    stage.second.hide()
    stage.button.hide()
    settle()

    assert stage.first.hasFocus()


def test_whoever_takes_the_keys_meanwhile_keeps_them(stage: Stage) -> None:
    stage.button.setFocus()

    stage.button.hide()
    stage.first.setFocus()
    settle()

    assert stage.first.hasFocus()


def test_keys_that_were_put_where_qt_put_them_too_stay_there(stage: Stage) -> None:
    stage.button.setFocus()

    stage.button.hide()  # Qt: back to the first, the rail
    stage.keys.put(stage.rail, stage.window)
    settle()

    assert stage.rail.hasFocus()


def test_a_place_that_is_hidden_gets_the_keys_once_it_is_shown(stage: Stage) -> None:
    stage.first.hide()

    stage.keys.put(stage.first, page=stage.rail)
    assert stage.rail.hasFocus()
    stage.first.show()

    assert stage.first.hasFocus()


def test_a_place_gets_no_keys_once_the_person_has_moved_them(stage: Stage) -> None:
    stage.first.hide()
    stage.keys.put(stage.first, page=stage.rail)

    stage.second.setFocus()
    stage.first.show()

    assert stage.second.hasFocus()


def test_nothing_is_given_back_where_nobody_had_the_keys_before(
    qapp: QApplication, stage: Stage
) -> None:
    window, only = QWidget(), QPushButton("only")
    column(only, QLineEdit(), on=window)
    FocusKeeper(qapp, window)
    stage.window.hide()
    window.show()
    window.activateWindow()
    only.setFocus()
    settle()

    only.hide()
    settle()

    assert not only.hasFocus()
    window.close()
    window.deleteLater()


def test_a_dialog_gives_the_keys_back_to_where_they_were(qtbot: QtBot, stage: Stage) -> None:
    dialog = QDialog(stage.window)
    field = QLineEdit(dialog)
    dialog.open()
    wait_for(qtbot, dialog.isActiveWindow)
    field.setFocus()

    dialog.close()
    stage.window.activateWindow()
    wait_for(qtbot, stage.window.isActiveWindow)
    settle()

    assert stage.second.hasFocus()
    dialog.deleteLater()


def test_a_whole_form_that_goes_part_by_part_gives_the_keys_back(stage: Stage) -> None:
    stage.rail.setFocus()
    stage.first.setFocus()

    stage.first.setEnabled(False)  # Qt: on to the second
    stage.second.setEnabled(False)  # on to the button
    stage.button.setEnabled(False)
    settle()

    assert stage.rail.hasFocus()


def test_whoever_takes_the_keys_of_what_was_deleted_keeps_them(stage: Stage) -> None:
    stage.button.setFocus()

    shiboken6.delete(stage.button)
    stage.first.setFocus()
    settle()

    assert stage.first.hasFocus()


def test_what_comes_back_in_the_same_moment_gets_the_keys_again(stage: Stage) -> None:
    """A table is hidden while it is empty, and the button of its empty state has the keys."""
    stage.second.hide()
    stage.button.setFocus()

    stage.button.hide()
    stage.second.show()
    settle()

    assert stage.second.hasFocus()


def test_where_nobody_is_left_the_keys_go_where_the_screen_opened(stage: Stage) -> None:
    stage.rail.hide()
    stage.second.hide()
    stage.keys.put(stage.first, page=stage.window)

    stage.first.hide()
    settle()
    assert stage.button.hasFocus()
    stage.first.show()

    assert stage.first.hasFocus()


def test_keys_that_are_given_to_what_is_hidden_stay_where_they_were(stage: Stage) -> None:
    """Qt lets what stands on a hidden page take them."""
    page, unseen = _page_in(stage.window)
    page.hide()

    unseen.setFocus()
    settle()

    assert stage.second.hasFocus()


def test_keys_that_are_given_to_what_is_shown_in_the_same_moment_stay_there(stage: Stage) -> None:
    page, unseen = _page_in(stage.window)
    page.hide()

    unseen.setFocus()
    page.show()
    settle()

    assert unseen.hasFocus()


def test_a_page_keeps_the_keys_when_it_lost_them_and_the_rail_had_them_before(stage: Stage) -> None:
    page, only = _page_in(stage.window)
    act = button("Begin", kind="primary")
    column(act, on=page)
    act.hide()
    stage.keys.put(only, page)

    only.hide()
    act.show()
    settle()

    assert act.hasFocus()


def test_a_sheet_over_the_page_keeps_the_keys_that_it_got_after_a_dialog(
    qtbot: QtBot, stage: Stage
) -> None:
    """The rail had them before the page, and what chose the folder is gone with its dialog."""
    page, table = _page_in(stage.window)
    sheet, back = _page_in(page)
    sheet.hide()
    stage.rail.setFocus()
    stage.keys.put(table, page)
    dialog = QDialog(stage.window)
    field = QLineEdit(dialog)
    dialog.open()
    wait_for(qtbot, dialog.isActiveWindow)
    field.setFocus()

    table.hide()
    sheet.show()
    shiboken6.delete(dialog)
    back.setFocus()
    stage.window.activateWindow()
    wait_for(qtbot, stage.window.isActiveWindow)
    settle()

    assert back.hasFocus()


def _page_in(parent: QWidget) -> tuple[QWidget, QLineEdit]:
    page = QWidget(parent)
    field = QLineEdit(page)
    page.show()
    return page, field
