"""What is said of a model, written where it stands, and its README."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from heygen_desktop.application.use_cases.models.register_model import Registration
from heygen_desktop.presentation.desktop.screens.library.details import (
    ModelDetails,
    RunLine,
    Said,
    details_of,
)
from heygen_desktop.presentation.desktop.screens.library.inspector.view import InspectorPanel
from heygen_desktop.presentation.desktop.theme.theme import Theme
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QGuiApplication, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tests.desktop.conftest import settle
from tests.factories.application import fake_application
from tests.factories.parts import FakeParts, an_artifact

LLAMA = Path("/models/llama")
SAID = Said("Writes.", "chat, small", "One.\nTwo.", is_favourite=False)


def details(name: str = "llama", said: Said = SAID, readme: str = "") -> ModelDetails:
    parts = FakeParts()
    app = fake_application(parts)
    parts.artifacts.known[LLAMA] = an_artifact(LLAMA)
    app.register_model(Registration(LLAMA, name=name))
    return replace(details_of(app.get_model(name), (), ()), said=said, readme=readme)


@pytest.fixture
def panel(qtbot: QtBot, theme: Theme) -> InspectorPanel:
    made = InspectorPanel(theme)
    qtbot.addWidget(made)
    made.resize(352, 500)
    made.show()
    made.activateWindow()
    made.show_model(details())
    return made


def test_what_is_said_of_a_model_stands_in_its_fields(panel: InspectorPanel) -> None:
    said = panel.said

    assert (said.description.text(), said.tags.text()) == ("Writes.", "chat, small")
    assert said.note.toPlainText() == "One.\nTwo."


def test_a_description_is_said_on_enter(qtbot: QtBot, panel: InspectorPanel) -> None:
    panel.said.description.setFocus()
    panel.said.description.selectAll()

    with qtbot.waitSignal(panel.words_entered) as entered:
        QTest.keyClicks(panel.said.description, "Reads.")
        QTest.keyClick(panel.said.description, Qt.Key.Key_Return)

    assert entered.args == ["llama", "description", "Reads."]


@pytest.mark.parametrize("leaving", ["field", "keys"])
def test_a_note_is_said_by_ctrl_enter_or_by_leaving_it(
    qtbot: QtBot, panel: InspectorPanel, leaving: str
) -> None:
    note = panel.said.note
    note.setFocus()
    QTest.keyClicks(note, "Zero. ")
    QTest.keyClick(note, Qt.Key.Key_Return)

    with qtbot.waitSignal(panel.words_entered) as entered:
        if leaving == "field":
            panel.said.tags.setFocus()
        else:
            QTest.keyClick(note, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    assert entered.args == ["llama", "note", "Zero. \nOne.\nTwo."]
    assert not note.is_typing


def test_escape_brings_back_the_note_that_was_there(qtbot: QtBot, panel: InspectorPanel) -> None:
    note = panel.said.note
    note.setFocus()
    QTest.keyClicks(note, "Zero. ")

    with qtbot.assertNotEmitted(panel.words_entered):
        QTest.keyClick(note, Qt.Key.Key_Escape)
        panel.said.tags.setFocus()

    assert note.toPlainText() == "One.\nTwo."


def test_what_is_typed_stays_when_the_same_model_comes_anew(panel: InspectorPanel) -> None:
    panel.said.note.setFocus()
    QTest.keyClicks(panel.said.note, "Zero. ")

    panel.show_model(details(said=replace(SAID, description="Sings.")))

    assert panel.said.note.toPlainText().startswith("Zero. ")
    assert panel.said.description.text() == "Sings."


@pytest.mark.parametrize("name", ["description", "tags", "note"])
def test_what_is_typed_is_kept_when_another_model_comes(
    qtbot: QtBot, panel: InspectorPanel, name: str
) -> None:
    editor = getattr(panel.said, name)
    editor.setFocus()
    QTest.keyClick(editor, Qt.Key.Key_Home)
    QTest.keyClicks(editor, "x")

    with qtbot.waitSignal(panel.words_entered) as entered:
        panel.show_model(details("bert", said=Said("", "", "", is_favourite=False)))

    assert entered.args[:2] == ["llama", name]
    assert entered.args[2].startswith("x")
    assert panel.said.note.toPlainText() == ""


def test_tags_that_cannot_be_kept_stay_with_the_reason_under_them(panel: InspectorPanel) -> None:
    panel.said.tags.setText("b@d")
    panel.show_tag_problem("Names use letters.")
    panel.show_model(details())
    kept = panel.said.tags.text()

    panel.show_tag_problem("")
    panel.show_model(details())

    assert kept == "b@d"
    assert panel.said.tags.text() == "chat, small"


def test_a_note_is_as_high_as_its_lines_up_to_ten(panel: InspectorPanel) -> None:
    low = panel.said.note.height()

    panel.show_model(details(said=replace(SAID, note="line\n" * 6)))
    middle = panel.said.note.height()
    panel.show_model(details(said=replace(SAID, note="line\n" * 60)))

    assert low < middle < panel.said.note.height() < 300


def test_another_model_begins_at_its_top_and_the_same_one_stays(panel: InspectorPanel) -> None:
    bar = panel.facts.verticalScrollBar()
    bar.setValue(100)
    panel.show_model(details())
    same = bar.value()

    panel.show_model(details("bert"))

    assert (same, bar.value()) == (100, 0)


def test_the_keys_stay_on_a_run_when_the_model_comes_anew(panel: InspectorPanel) -> None:
    shown = replace(details(), runs=(RunLine("r1", "Succeeded", "success", "11-25 12:00"),))
    panel.show_model(shown)
    opening = next(b for b in panel.findChildren(QPushButton) if b.text() == "Open")
    opening.setFocus()

    panel.show_model(replace(shown, subtitle="1.0.1"))

    assert opening.hasFocus()


def test_a_star_says_whether_it_is_a_favourite(panel: InspectorPanel) -> None:
    before = panel.favourite_button.accessibleName()

    panel.show_model(details(said=replace(SAID, is_favourite=True)))

    assert before == "Make it a favourite"
    assert panel.favourite_button.accessibleName() == "No longer a favourite"


def test_a_model_without_a_readme_says_so(panel: InspectorPanel) -> None:
    panel.tabs.setCurrentIndex(1)
    settle()

    assert panel.readme.toPlainText() == "This model has no README.md in its folder."


def test_a_readme_is_laid_out_when_it_comes_into_view(panel: InspectorPanel) -> None:
    panel.show_model(details(readme="# Llama\n\nIt *writes*.\n\n- one\n"))
    before = panel.readme.toPlainText()

    panel.tabs.setCurrentIndex(1)
    settle()
    first = panel.readme.toPlainText()
    panel.show_model(details(readme="# Bert\n"))

    assert (before, first) == ("", "Llama\nIt writes.\none")
    assert panel.readme.toPlainText() == "Bert"


def test_a_readme_takes_the_colours_of_another_theme(panel: InspectorPanel, theme: Theme) -> None:
    panel.show_model(details(readme="[link](https://example.org)"))
    panel.tabs.setCurrentIndex(1)
    settle()
    before = panel.readme.document()

    theme.apply("light")
    changed = panel.readme.document() is not before
    theme.apply("dark")

    assert changed


def test_a_link_is_copied_and_nothing_is_opened_or_fetched(
    qtbot: QtBot, panel: InspectorPanel
) -> None:
    panel.show_model(details(readme="![p](file:///etc/hostname) [link](https://example.org/a)"))
    panel.tabs.setCurrentIndex(1)
    settle()
    readme = panel.readme

    readme.highlighted.emit(QUrl("https://example.org/a"))
    with qtbot.waitSignal(panel.link_copied) as copied:
        readme.anchorClicked.emit(QUrl("https://example.org/a"))

    assert panel.link.text() == "https://example.org/a"
    assert copied.args == [QGuiApplication.clipboard().text()] == ["https://example.org/a"]
    assert not readme.openLinks()
    image = QTextDocument.ResourceType.ImageResource.value
    assert readme.loadResource(image, QUrl("file:///etc/hostname")) is None
