"""The register sheet's widgets: each signal and each thing that is shown."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from heygen_desktop.domain.errors import ArtifactCorruptError, ArtifactEmptyError
from heygen_desktop.domain.values.estimate import FitEstimate, Verdict
from heygen_desktop.presentation.desktop.problems import Problem, problem_of
from heygen_desktop.presentation.desktop.screens.library.registering.rows import (
    Candidate,
    Draft,
    SheetPicture,
    picture_of,
    row_of,
)
from heygen_desktop.presentation.desktop.screens.library.registering.view import (
    COLUMNS,
    RegisterSheet,
)
from heygen_desktop.presentation.desktop.theme.theme import Theme
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from tests.desktop.conftest import settle
from tests.factories.parts import an_artifact
from tests.fakes.tasks import FakeMemory

LLAMA, BROKEN, NOTES = Path("/models/llama"), Path("/models/broken"), Path("/models/notes")
FITS = FitEstimate("cpu", 8_000_000, 2_000_000, 90_000_000, 1_000_000_000, None, Verdict.FITS)


def llama(**changes: object) -> Candidate:
    artifact = an_artifact(LLAMA, warnings=("It has no tokenizer.",), **changes)
    return Candidate(LLAMA, artifact, FITS, is_chosen=True, draft=Draft("llama"))


_CUT = ArtifactCorruptError(str(BROKEN), "It was cut short.")
BROKEN_ONE = Candidate(BROKEN, problem=problem_of(_CUT))


@pytest.fixture
def sheet(qtbot: QtBot, theme: Theme, memory: FakeMemory) -> RegisterSheet:
    made = RegisterSheet(theme, memory)
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.show()
    return made


def show(
    sheet: RegisterSheet,
    *candidates: Candidate,
    taken: Mapping[str, str] | None = None,
    is_busy: bool = False,
) -> None:
    selected = picture_of(candidates[0], taken or {}, can_edit=not is_busy)
    rows = [row_of(candidate) for candidate in candidates]
    sheet.show_found(SheetPicture(rows, selected, "Register", not is_busy))


def test_one_candidate_is_shown_without_a_list(sheet: RegisterSheet) -> None:
    show(sheet, llama())

    assert not sheet.table.isVisible()
    assert sheet.title.toolTip() == "llama"
    assert sheet.summary.text().startswith("LlamaForCausalLM · 3.5 M parameters")
    assert sheet.artifact.warnings.isVisible()
    assert sheet.form.name.edit.text() == "llama"
    assert not sheet.problem.isVisible()


def test_the_keys_are_put_where_work_begins_once(qtbot: QtBot, sheet: RegisterSheet) -> None:
    sheet.activateWindow()
    qtbot.waitUntil(sheet.isActiveWindow)

    sheet.open()
    show(sheet, llama())
    assert sheet.form.name.edit.hasFocus()
    sheet.form.tags.edit.setFocus()
    show(sheet, llama())
    assert sheet.form.tags.edit.hasFocus()
    sheet.open()
    show(sheet, llama(), BROKEN_ONE)

    assert sheet.table.hasFocus()


def test_several_are_listed_with_their_causes(qtbot: QtBot, sheet: RegisterSheet) -> None:
    show(sheet, llama(), BROKEN_ONE)

    texts = [sheet.table.model().index(1, column).data() for column in range(len(COLUMNS))]
    with qtbot.waitSignal(sheet.candidate_selected) as said:
        sheet.table.selectRow(1)

    assert sheet.table.isVisible()
    assert texts == ["broken", "Unusable", "–", "It was cut short."]
    assert said.args == [str(BROKEN)]


def test_a_tick_is_said_and_what_cannot_be_chosen_has_none(
    qtbot: QtBot, sheet: RegisterSheet
) -> None:
    show(sheet, llama(), BROKEN_ONE)
    model = sheet.table.model()

    with qtbot.waitSignal(sheet.candidate_ticked) as said:
        model.setData(
            model.index(0, 0), Qt.CheckState.Unchecked.value, Qt.ItemDataRole.CheckStateRole
        )

    assert said.args == [str(LLAMA), False]
    assert model.index(1, 0).data(Qt.ItemDataRole.CheckStateRole) is None


def test_the_space_bar_ticks(qtbot: QtBot, sheet: RegisterSheet) -> None:
    show(sheet, llama(), BROKEN_ONE)
    sheet.table.setCurrentIndex(sheet.table.model().index(0, 0))

    with qtbot.waitSignal(sheet.candidate_ticked) as said:
        QTest.keyClick(sheet.table, Qt.Key.Key_Space)

    assert said.args == [str(LLAMA), False]


def test_all_or_none_can_be_chosen_where_there_is_a_list(
    qtbot: QtBot, sheet: RegisterSheet
) -> None:
    show(sheet, llama())
    alone = sheet.all_button.isVisible()
    show(sheet, llama(), BROKEN_ONE)

    with qtbot.waitSignal(sheet.all_ticked) as everything:
        sheet.all_button.click()
    with qtbot.waitSignal(sheet.all_ticked) as nothing:
        sheet.none_button.click()

    assert (alone, everything.args, nothing.args) == (False, [True], [False])


def test_each_letter_of_the_form_is_said_as_a_whole_draft(
    qtbot: QtBot, sheet: RegisterSheet
) -> None:
    show(sheet, llama())
    sheet.form.tags.edit.setText("chat")

    with qtbot.waitSignal(sheet.draft_changed) as said:
        QTest.keyClick(sheet.form.name.edit, Qt.Key.Key_2)

    assert said.args == [str(LLAMA), Draft("llama2", "", "chat", "")]


def test_a_wrong_name_is_explained_under_its_field_and_the_cursor_stays(
    sheet: RegisterSheet,
) -> None:
    show(sheet, llama())
    sheet.form.name.edit.setText("a/b")
    sheet.form.name.edit.setCursorPosition(1)

    wrong = Candidate(LLAMA, an_artifact(LLAMA), FITS, draft=Draft("a/b"))
    show(sheet, wrong)

    assert "For example: a-b." in _said_under(sheet.form.name)
    assert sheet.form.name.edit.cursorPosition() == 1


def test_a_name_of_the_library_gets_a_hint(sheet: RegisterSheet) -> None:
    show(sheet, llama(), taken={"llama": "1.0.0"})

    assert _said_under(sheet.form.name) == "Becomes a new version of llama 1.0.0."


def test_while_it_is_registered_the_form_waits(sheet: RegisterSheet) -> None:
    show(sheet, llama(), is_busy=True)

    assert not sheet.form.isEnabled()


def test_what_cannot_serve_shows_cause_and_remedy_and_no_form(sheet: RegisterSheet) -> None:
    show(sheet, BROKEN_ONE)

    assert sheet.problem.isVisible()
    assert sheet.problem.problem is not None and sheet.problem.problem.remedy
    assert not sheet.form.isVisible()
    assert not sheet.artifact.memory.isVisible()
    assert not sheet.search_below.isVisible()


def test_a_folder_without_a_model_can_be_searched(qtbot: QtBot, sheet: RegisterSheet) -> None:
    problem = problem_of(ArtifactEmptyError(str(NOTES), 3))
    show(sheet, Candidate(NOTES, problem=problem, may_hold_models=True))

    with qtbot.waitSignal(sheet.scan_requested) as said:
        sheet.search_below.click()

    assert said.args == [NOTES]


def test_what_is_registered_says_under_which_name(sheet: RegisterSheet) -> None:
    known = Candidate(LLAMA, an_artifact(LLAMA), FITS, registered_as="llama@1.0.0")

    show(sheet, known)

    assert sheet.known.text() == "In the library already, as llama@1.0.0."
    assert sheet.known.isVisible()
    assert not sheet.form.isVisible()


def test_progress_has_speed_time_left_and_a_way_to_cancel(
    qtbot: QtBot, sheet: RegisterSheet
) -> None:
    sheet.show_progress("Checksum of llama", 0.5, speed="1.0 GB/s", left_s=3.0)
    shown = sheet.progress.isVisible()

    with qtbot.waitSignal(sheet.cancel_requested):
        sheet.progress.cancel_requested.emit()
    sheet.show_progress_ended()

    assert shown
    assert not sheet.progress.isVisible()


def test_the_keyboard_registers_and_leaves(qtbot: QtBot, sheet: RegisterSheet) -> None:
    show(sheet, llama())
    sheet.activateWindow()
    control = Qt.KeyboardModifier.ControlModifier

    with qtbot.waitSignal(sheet.register_requested):
        QTest.keyClick(sheet, Qt.Key.Key_Return, control)
    show(sheet, llama(), is_busy=True)
    with qtbot.assertNotEmitted(sheet.register_requested):
        QTest.keyClick(sheet, Qt.Key.Key_Return, control)
    with qtbot.waitSignal(sheet.close_requested):
        QTest.keyClick(sheet, Qt.Key.Key_Escape)


def test_every_button_says_what_it_was_pressed_for(qtbot: QtBot, sheet: RegisterSheet) -> None:
    show(sheet, llama())
    buttons = {made.text(): made for made in sheet.findChildren(QPushButton)}
    back = next(b for b in sheet.findChildren(QToolButton) if "Back" in b.toolTip())

    for pressed, said in (
        (buttons["Scan…"], sheet.scan_wanted),
        (buttons["Add file…"], sheet.files_wanted),
        (buttons["Add folder…"], sheet.folder_wanted),
        (buttons["Close"], sheet.close_requested),
        (buttons["Register"], sheet.register_requested),
        (back, sheet.close_requested),
    ):
        with qtbot.waitSignal(said):
            pressed.click()


def test_a_search_that_failed_says_why_until_the_next_one(sheet: RegisterSheet) -> None:
    sheet.show_problem(Problem("No model was found below /notes."))
    sheet.show_found(SheetPicture((), None, "Register", False))
    shown = sheet.banner.isVisible()
    sheet.show_problem(None)

    assert shown
    assert not sheet.banner.isVisible()


def test_opening_and_closing_are_said(qtbot: QtBot, sheet: RegisterSheet) -> None:
    with qtbot.waitSignal(sheet.opened):
        sheet.open()
    with qtbot.waitSignal(sheet.closed):
        sheet.close_sheet()


def test_facts_stand_beside_the_form_only_where_there_is_room(sheet: RegisterSheet) -> None:
    show(sheet, llama())
    settle()
    beside = _left_of(sheet.artifact.facts) > _left_of(sheet.form)
    sheet.resize(500, 700)
    settle()

    assert beside
    assert _left_of(sheet.artifact.facts) == _left_of(sheet.form)


def _said_under(field: QWidget) -> str:
    return field.findChildren(QLabel)[-1].text()


def _left_of(part: QWidget) -> int:
    return part.mapToGlobal(QPoint()).x()
