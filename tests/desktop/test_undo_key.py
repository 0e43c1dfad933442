"""Ctrl+Z belongs to the text while it has something to undo, then to the window."""

from __future__ import annotations

import pytest
from heygen_desktop.presentation.desktop.shell.undo_key import UndoKey
from heygen_desktop.presentation.desktop.widgets.layout import column
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QListWidget, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from tests.desktop.conftest import wait_for


def press_undo(place: QWidget) -> None:
    """Press Ctrl+Z there."""
    QTest.keyClick(place, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)


@pytest.mark.parametrize("kind", [QLineEdit, QPlainTextEdit])
def test_a_field_has_the_key_until_all_that_was_typed_is_undone(
    qapp: QApplication, qtbot: QtBot, kind: type[QLineEdit | QPlainTextEdit]
) -> None:
    window, field, beside, undone = QWidget(), kind(), QListWidget(), list[str]()
    qtbot.addWidget(window)
    column(field, beside, on=window)
    QShortcut(QKeySequence.StandardKey.Undo, window).activated.connect(lambda: undone.append("it"))
    UndoKey(qapp, window)
    window.show()
    window.activateWindow()
    wait_for(qtbot, window.isActiveWindow)

    field.setFocus()
    QTest.keyClicks(field, "a")
    press_undo(field)
    assert undone == []
    press_undo(field)
    assert undone == ["it"]
    beside.setFocus()
    press_undo(beside)

    assert undone == ["it", "it"]
