"""Ctrl+Z takes back the newest: what was typed since the last deed, then the deed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from heygen_desktop.presentation.desktop.shell.notices import NoticeArea
from heygen_desktop.presentation.desktop.shell.undo_key import UndoKey
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.widgets.layout import column
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QListWidget, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from tests.desktop.conftest import settle, wait_for


@dataclass
class Stage:
    """A window with a field, which has the keys, a list, and notices."""

    window: QWidget
    typed: QLineEdit | QPlainTextEdit
    notices: NoticeArea
    beside: QListWidget = field(default_factory=QListWidget)
    undone: list[str] = field(default_factory=list)

    def do(self, what: str) -> None:
        self.notices.notify(f"Did {what}.", lambda: self.undone.append(what))

    def text(self) -> str:
        made = self.typed
        return made.toPlainText() if isinstance(made, QPlainTextEdit) else made.text()


@pytest.fixture(params=[QLineEdit, QPlainTextEdit])
def stage(
    request: pytest.FixtureRequest, qapp: QApplication, qtbot: QtBot, theme: Theme
) -> Iterator[Stage]:
    window = QWidget()
    made = Stage(window, request.param(), NoticeArea(theme))
    column(made.typed, made.beside, made.notices, on=window)
    QShortcut(QKeySequence.StandardKey.Undo, window).activated.connect(made.notices.undo)
    UndoKey(qapp, made.notices)
    window.show()
    window.activateWindow()
    wait_for(qtbot, window.isActiveWindow)
    made.typed.setFocus()
    yield made
    window.close()
    window.deleteLater()
    settle()


def press_undo(place: QWidget) -> None:
    """Press Ctrl+Z there."""
    QTest.keyClick(place, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)


def test_a_field_has_the_key_until_all_that_was_typed_is_undone(stage: Stage) -> None:
    stage.do("a")
    stage.do("b")

    QTest.keyClicks(stage.typed, "word")
    press_undo(stage.typed)
    assert (stage.text(), stage.undone) == ("", [])
    press_undo(stage.typed)
    assert stage.undone == ["b"]
    stage.beside.setFocus()
    press_undo(stage.beside)

    assert stage.undone == ["b", "a"]


def test_what_was_done_after_the_typing_is_undone_before_it(stage: Stage) -> None:
    QTest.keyClicks(stage.typed, "word")
    stage.do("a")

    press_undo(stage.typed)
    assert (stage.text(), stage.undone) == ("word", ["a"])
    press_undo(stage.typed)

    assert (stage.text(), stage.undone) == ("", ["a"])
