"""Enter presses the button that has the keys, as Space does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from heygen_desktop.presentation.desktop.shell.enter_key import EnterKey
from heygen_desktop.presentation.desktop.widgets.buttons import Chip, button
from heygen_desktop.presentation.desktop.widgets.layout import column
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QDialog,
    QLineEdit,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.desktop.conftest import settle, wait_for


@pytest.fixture
def dialog(qapp: QApplication, qtbot: QtBot) -> Iterator[QDialog]:
    """A dialog whose default is another button."""
    made = QDialog()
    default = button("Keep", made.accept)
    default.setDefault(True)
    column(default, on=made)
    EnterKey(qapp, made)
    made.show()
    made.activateWindow()
    wait_for(qtbot, made.isActiveWindow)
    yield made
    made.close()
    made.deleteLater()
    settle()


def with_keys(dialog: QDialog, place: QWidget) -> list[str]:
    """Give a place of the dialog the keys; return where each press of it is noted."""
    pressed: list[str] = []
    if isinstance(place, QAbstractButton):
        place.clicked.connect(lambda _checked=False: pressed.append("pressed"))
    layout = dialog.layout()
    assert layout is not None
    layout.addWidget(place)
    place.show()
    place.setFocus()
    return pressed


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
@pytest.mark.parametrize("kind", [lambda: button("Set"), lambda: Chip("Error"), QToolButton])
def test_enter_presses_the_button_that_has_the_keys(
    dialog: QDialog, kind: type[QAbstractButton], key: Qt.Key
) -> None:
    made = kind()
    pressed = with_keys(dialog, made)

    QTest.keyClick(made, key)

    assert pressed == ["pressed"]
    assert dialog.isVisible()


def test_a_button_off_a_dialog_is_pressed_too(qapp: QApplication, qtbot: QtBot) -> None:
    page, pressed = QWidget(), list[str]()
    made = button("Set", lambda: pressed.append("pressed"))
    column(made, on=page)
    EnterKey(qapp, page)
    page.show()
    page.activateWindow()
    wait_for(qtbot, page.isActiveWindow)
    made.setFocus()

    QTest.keyClick(made, Qt.Key.Key_Return)
    made.hide()

    assert pressed == ["pressed"]
    page.close()
    page.deleteLater()


@pytest.mark.parametrize("kind", [QLineEdit, QCheckBox])
def test_from_a_field_enter_presses_what_it_always_did(
    dialog: QDialog, kind: type[QWidget]
) -> None:
    made = kind()
    pressed = with_keys(dialog, made)

    QTest.keyClick(made, Qt.Key.Key_Return)

    assert pressed == []
    assert dialog.result() == QDialog.DialogCode.Accepted


def test_other_keys_and_ctrl_enter_are_left_to_others(dialog: QDialog) -> None:
    made = QToolButton()
    pressed = with_keys(dialog, made)

    QTest.keyClick(made, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(made, Qt.Key.Key_A)

    assert pressed == []


def test_what_is_deleted_is_listened_to_no_more(dialog: QDialog) -> None:
    made = QToolButton()
    with_keys(dialog, made)
    other = QToolButton()

    made.deleteLater()
    settle()
    pressed = with_keys(dialog, other)
    QTest.keyClick(other, Qt.Key.Key_Return)

    assert pressed == ["pressed"]
