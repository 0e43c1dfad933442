"""The Run screen's widgets: each signal in the user's words, each way of showing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest
from heygen_desktop.application.forms import FieldKind, FormField
from heygen_desktop.application.tasks.text_generation import TEXT_GENERATION
from heygen_desktop.domain.entities.run import Json, RunState
from heygen_desktop.presentation.desktop.problems import Problem
from heygen_desktop.presentation.desktop.screens.run.compare_page import ComparePage
from heygen_desktop.presentation.desktop.screens.run.comparison import (
    ComparedFact,
    Comparison,
    Piece,
    Side,
)
from heygen_desktop.presentation.desktop.screens.run.failure import FailurePanel
from heygen_desktop.presentation.desktop.screens.run.history import HistoryPane
from heygen_desktop.presentation.desktop.screens.run.output import OutputPane
from heygen_desktop.presentation.desktop.screens.run.parameters import ParametersPanel
from heygen_desktop.presentation.desktop.screens.run.picker import ModelPicker
from heygen_desktop.presentation.desktop.screens.run.queue import QueuePane
from heygen_desktop.presentation.desktop.screens.run.rows import (
    InputRow,
    MemoryChip,
    ModelRow,
    NextRequest,
    ParameterRow,
    QueueRow,
    RunFacts,
    RunRow,
    RunsShown,
    StateLine,
    Strip,
    TokenCount,
)
from heygen_desktop.presentation.desktop.screens.run.run_card import SpeedStrip
from heygen_desktop.presentation.desktop.screens.run.runs_pane import RunsPane
from heygen_desktop.presentation.desktop.screens.run.view import RunScreenView
from heygen_desktop.presentation.desktop.theme.theme import Theme, ThemeChoice
from heygen_desktop.presentation.desktop.widgets.fields import LinesEditor, SwitchEditor
from heygen_desktop.presentation.desktop.widgets.table import DataTable
from heygen_desktop.presentation.desktop.wording import RUN_STATES
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QGuiApplication, QTextCursor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QFileDialog,
    QInputDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QProgressBar,
    QScrollArea,
    QSlider,
    QSplitter,
    QStackedWidget,
    QTabBar,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.desktop.conftest import settle, wait_for
from tests.factories.labels import A_LABELLING, LABELS
from tests.factories.pictures import PICTURES
from tests.fakes.tasks import FakeMemory

STARTER = ModelRow(
    "starter@1.0.0", "starter", "text-generation", "2.4 M · 4.9 MB", "Fits", "success", "Room."
)
TINY = ModelRow(
    "tiny-llama@2.0.0",
    "tiny-llama",
    "text-generation",
    "1.1 B · 2.2 GB",
    "Tight",
    "warning",
    "Bit.",
)
PROBLEM = Problem("It failed.", "For a reason. " * 20, "Try again.", "code: x\n" * 30)


def a_row(run_id: str, state: str = "✓  Done", **facts: object) -> RunRow:
    row = RunRow(
        id=run_id,
        state=state,
        tone="success",
        model="starter@1.0.0",
        name="It is",
        input="It is",
        output="a",
        speed=41.2,
        queued_at=_AT,
        when="just now",
        duration_s=1.5,
    )
    return replace(row, **facts)  # type: ignore[arg-type]  # the names are checked by replace


def of_runs(*rows: RunRow, total: int = 0, **facts: object) -> RunsShown:
    shown = RunsShown(rows, total or len(rows))
    return replace(shown, **facts)  # type: ignore[arg-type]  # the names are checked by replace


_AT = datetime(2026, 1, 1, tzinfo=UTC)


def a_field(kind: FieldKind, key: str = "field", **facts: object) -> FormField:
    field = FormField(key, key.capitalize(), "What it does.", kind, default=None)
    return replace(field, **facts)  # type: ignore[arg-type]  # the names are checked by replace


PROMPT = TEXT_GENERATION.input_fields[0]


NOT_COUNTED = TokenCount()


def a_request(
    inputs: Iterable[InputRow] | None = None,
    parameters: Sequence[ParameterRow] = (),
    examples: Sequence[str] = (),
    *,
    presets: tuple[str, ...] = (),
    preset: str | None = "",
    count: TokenCount = NOT_COUNTED,
    can_run: bool = True,
) -> NextRequest:
    rows = (InputRow(PROMPT, ""),) if inputs is None else tuple(inputs)
    return NextRequest(rows, tuple(examples), tuple(parameters), presets, preset, count, can_run)


DONE = StateLine("Done", "success", "")


def a_run(
    state: StateLine = DONE,
    *,
    failure: Problem | None = None,
    details: tuple[tuple[str, str], ...] = (),
) -> RunFacts:
    return RunFacts(STARTER.reference, state, Strip(), (), failure, details)


@pytest.fixture
def view(qtbot: QtBot, theme: Theme, memory: FakeMemory) -> Iterator[RunScreenView]:
    made = RunScreenView(theme, memory)
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    made.show_models([STARTER, TINY], STARTER.reference)
    made.show_request(a_request())
    yield made
    made.tick_every(0)


def press(over: QWidget, name: str) -> None:
    """Press the button of that name."""
    found = [b for b in over.findChildren(QAbstractButton) if b.accessibleName() == name]
    assert len(found) == 1, name
    found[0].click()


W = TypeVar("W", bound=QWidget)


def named(over: QWidget, kind: type[W], name: str) -> W:
    """Return the one widget of that kind and accessible name."""
    found = [w for w in over.findChildren(kind) if w.accessibleName() == name]
    assert len(found) == 1, name
    return found[0]


def said(over: QWidget) -> list[str]:
    """Return the texts of all labels that can be seen."""
    return [label.text() for label in over.findChildren(QLabel) if label.isVisibleTo(over)]


def test_the_picked_model_stands_with_its_facts_and_whether_it_fits(view: RunScreenView) -> None:
    view.show_models([STARTER, TINY], TINY.reference)

    picker = view.findChild(ModelPicker)
    assert picker is not None
    assert picker.currentText() == TINY.reference
    assert {"Tight", TINY.facts} <= set(said(view))


def test_a_model_is_found_by_typing(qtbot: QtBot, view: RunScreenView) -> None:
    picker = view.findChild(ModelPicker)
    assert picker is not None
    edit, completer = picker.lineEdit(), picker.completer()
    assert edit is not None
    assert completer is not None
    edit.selectAll()

    QTest.keyClicks(edit, "llama")
    popup = completer.popup()
    assert popup is not None
    assert completer.completionCount() == 1
    assert not popup.grab().isNull()
    popup.setCurrentIndex(completer.completionModel().index(0, 0))
    with qtbot.waitSignal(view.model_picked) as picked:
        QTest.keyClick(popup, Qt.Key.Key_Return)

    assert picked.args == [TINY.reference]
    popup.hide()


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("LLAMA", "tiny-llama@2.0.0"),
        ("a", "starter@1.0.0"),
        ("llama@1.0.0", "llama@1.0.0"),
        ("nonsense", ""),
        ("", ""),
    ],
)
def test_enter_picks_what_was_typed_or_the_first_that_was_found(
    view: RunScreenView, typed: str, expected: str
) -> None:
    own = [replace(TINY, reference=name) for name in ("my-llama@1.0.0", "llama@1.0.0")]
    view.show_models([STARTER, TINY, *own], own[0].reference)
    picker = view.findChild(ModelPicker)
    assert picker is not None
    edit = picker.lineEdit()
    assert edit is not None
    picked: list[str] = []
    view.model_picked.connect(picked.append)
    QTest.mouseClick(edit, Qt.MouseButton.LeftButton)
    popup = picker.completer().popup()  # type: ignore[union-attr]  # the picker has one
    assert popup is not None

    QTest.keyClicks(popup, typed) if typed else QTest.keyClick(popup, Qt.Key.Key_Backspace)
    QTest.keyClick(popup if popup.isVisible() else edit, Qt.Key.Key_Return)

    assert picked == ([expected] if expected else [])
    assert edit.text() == (expected or own[0].reference)
    assert not popup.isVisible()


def test_an_answer_that_comes_while_one_types_takes_no_word_away(view: RunScreenView) -> None:
    picker = view.findChild(ModelPicker)
    assert picker is not None
    edit = picker.lineEdit()
    assert edit is not None
    edit.selectAll()

    QTest.keyClicks(edit, "zz")
    view.show_models([STARTER, TINY, replace(TINY, reference="tiny@3.0.0")], STARTER.reference)

    assert edit.text() == "zz"


def test_what_was_typed_but_not_picked_gives_way(qtbot: QtBot, view: RunScreenView) -> None:
    picker = view.findChild(ModelPicker)
    assert picker is not None
    edit = picker.lineEdit()
    assert edit is not None
    edit.setText("nonsense")

    edit.editingFinished.emit()

    assert edit.text() == STARTER.reference


def test_the_list_of_models_opens_wherever_it_is_clicked(view: RunScreenView) -> None:
    view.show_models([STARTER, TINY], TINY.reference)
    picker = view.findChild(ModelPicker)
    assert picker is not None
    edit, completer = picker.lineEdit(), picker.completer()
    assert edit is not None
    assert completer is not None
    popup = completer.popup()
    assert popup is not None
    places = [(edit, QPoint(40, 8)), (picker, QPoint(picker.width() - 8, 8))]

    for widget, place in places:
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=place)
        settle()
        assert popup.isVisible()
        assert completer.completionCount() == 2
        assert popup.currentIndex().data() == TINY.reference
        assert edit.selectedText() == TINY.reference
        assert not popup.grab().isNull()
        popup.hide()


def test_without_models_there_are_two_ways_on(qtbot: QtBot, view: RunScreenView) -> None:
    view.show_models((), "")

    assert "No model to run yet" in said(view)
    with qtbot.waitSignal(view.starter_requested):
        press(view, "Add the starter model")
    with qtbot.waitSignal(view.library_requested):
        press(view, "Open the Library")


def test_before_the_first_run_one_is_welcomed_and_led_to_ones_models(
    qtbot: QtBot, view: RunScreenView
) -> None:
    view.show_models((STARTER,), STARTER.reference)
    view.show_runs(of_runs())

    welcome = said(view)
    assert "Welcome to HeyGen Desktop" in welcome
    assert "Nothing leaves this machine: no account, no network." in welcome
    with qtbot.waitSignal(view.scan_requested):
        press(view, "Find them in a folder…")


def test_whoever_had_runs_is_not_welcomed_when_a_search_finds_none(view: RunScreenView) -> None:
    view.show_models((STARTER,), STARTER.reference)
    view.show_runs(of_runs(a_row("r1")))

    view.show_runs(of_runs())

    assert "Ready to run" in said(view)
    assert "Welcome to HeyGen Desktop" not in said(view)


def test_memory_is_shown_with_unload_and_gone_without(qtbot: QtBot, view: RunScreenView) -> None:
    view.show_memory(MemoryChip(STARTER.reference, "In memory 412 MB", "on cpu"))
    assert "In memory 412 MB" in said(view)
    with qtbot.waitSignal(view.unload_requested):
        press(view, "Unload")

    view.show_memory(None)

    assert "In memory 412 MB" not in said(view)


def test_the_prompt_is_typed_and_run_with_ctrl_enter(qtbot: QtBot, view: RunScreenView) -> None:
    prompt = named(view, QPlainTextEdit, "Prompt")
    view.activateWindow()
    view.focus_input()
    wait_for(qtbot, prompt.hasFocus)
    with qtbot.waitSignal(view.input_changed) as typed:
        QTest.keyClicks(prompt, "x")
    assert typed.args == ["prompt", "x"]

    with qtbot.waitSignal(view.run_requested):
        QTest.keyClick(prompt, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    with qtbot.waitSignal(view.stop_requested):
        QTest.keyClick(prompt, Qt.Key.Key_Escape)

    assert prompt.toPlainText() == "x"


def test_the_length_of_the_input_stands_beside_run(view: RunScreenView) -> None:
    count = TokenCount("600 of 512 tokens", "danger", "Too long")

    view.show_request(a_request(count=count))

    shown = named(view, QLabel, "600 of 512 tokens: Too long")
    assert (shown.isVisible(), shown.toolTip()) == (True, "Too long")
    view.show_request(a_request())
    assert not shown.isVisible()


def test_a_remembered_prompt_is_shown_without_being_said(qtbot: QtBot, view: RunScreenView) -> None:
    with qtbot.assertNotEmitted(view.input_changed):
        view.show_request(a_request(inputs=[InputRow(PROMPT, "Once upon")]))

    prompt = named(view, QPlainTextEdit, "Prompt")
    assert prompt.toPlainText() == "Once upon"
    assert prompt.textCursor().position() == len("Once upon")
    view.show_request(a_request(inputs=[InputRow(PROMPT, "Once upon")]))
    assert prompt.toPlainText() == "Once upon"


def test_run_stop_and_copy_as_cli_are_pressed(qtbot: QtBot, view: RunScreenView) -> None:
    view.show_request(a_request(can_run=True))
    view.show_stop("the run in view")

    with qtbot.waitSignal(view.run_requested):
        press(view, "Run")
    with qtbot.waitSignal(view.stop_requested):
        press(view, "Stop")
    with qtbot.waitSignal(view.command_line_requested):
        press(view, "Copy as CLI")


def test_run_cannot_be_pressed_where_there_is_nothing_to_run(view: RunScreenView) -> None:
    view.show_request(a_request(can_run=False))
    view.show_stop("")

    run = [b for b in view.findChildren(QAbstractButton) if b.accessibleName() == "Run"]
    stop = [b for b in view.findChildren(QAbstractButton) if b.accessibleName() == "Stop"]
    assert not run[0].isEnabled()
    assert not stop[0].isVisible()


def test_an_example_can_be_taken_and_others_replace_it(qtbot: QtBot, view: RunScreenView) -> None:
    view.card.show_no_run()
    view.show_request(a_request(examples=("It is",)))
    view.show_request(a_request(examples=("She opened", "The morning")))

    with qtbot.waitSignal(view.example_picked) as taken:
        press(view, "“The morning…”")

    assert taken.args == ["The morning"]
    assert "“It is…”" not in [b.text() for b in view.findChildren(QAbstractButton) if b.isVisible()]


def test_inputs_of_another_task_replace_the_entries(qtbot: QtBot, view: RunScreenView) -> None:
    count = a_field(FieldKind.INTEGER, "count", title="Count")
    fields = (*LABELS.input_fields, count)

    view.show_request(a_request(inputs=[InputRow(field, field.default) for field in fields]))
    context = named(view, QPlainTextEdit, "Context")
    with qtbot.waitSignal(view.input_changed) as said_text:
        context.setPlainText("Before")
    number = named(view, QLineEdit, "Count")
    with qtbot.waitSignal(view.input_changed) as said_number:
        QTest.keyClicks(number, "3")
    settle()

    assert (said_text.args, said_number.args) == (["context", "Before"], ["count", "3"])
    assert {"Sentence", "Context", "Count"} <= set(said(view))


def test_a_file_is_chosen_and_told_by_name_and_size(
    qtbot: QtBot, view: RunScreenView, tmp_path: Path
) -> None:
    file = tmp_path / "cat.png"
    file.touch()
    field = PICTURES.input_fields[0]
    view.show_request(a_request(inputs=[InputRow(field, None)]))
    press(view, "Choose file…")
    [dialog] = view.findChildren(QFileDialog)

    with qtbot.waitSignal(view.file_chosen) as chosen:
        dialog.fileSelected.emit(str(file))
    reference: Json = {"blob": f"sha256:{'0' * 64}", "media_type": "image/png", "size_bytes": 7}
    assert isinstance(reference, dict)
    view.show_request(a_request(inputs=[InputRow(field, {**reference, "name": "cat.png"})]))

    assert chosen.args == ["image", str(file)]
    assert "cat.png, 7 bytes" in [label.text() for label in view.findChildren(QLabel)]
    dialog.close()


def test_a_file_that_need_not_be_given_can_be_taken_back(qtbot: QtBot, view: RunScreenView) -> None:
    image, mask, _note = PICTURES.input_fields
    kept: Json = {
        "blob": f"sha256:{'0' * 64}",
        "media_type": "image/png",
        "size_bytes": 7,
        "name": "cat.png",
    }
    view.show_request(a_request(inputs=[InputRow(image, kept), InputRow(mask, kept)]))

    with qtbot.waitSignal(view.input_changed) as taken:
        press(view, "Remove Mask")
    settle()

    assert taken.args == ["mask", None]
    assert mask.help in said(view)
    assert not named(view, QAbstractButton, "Remove Image").isVisible()


def test_many_inputs_scroll_and_push_nothing_out_of_the_window(view: RunScreenView) -> None:
    before = view.minimumSizeHint().height()

    view.show_request(
        a_request(inputs=[InputRow(a_field(FieldKind.TEXT, f"text{at}"), "") for at in range(9)])
    )
    settle()

    assert view.minimumSizeHint().height() == before


def test_texts_and_tables_are_shown_under_their_titles(view: RunScreenView) -> None:
    view.card.show_output("So glad\n\n", "", LABELS.parts(A_LABELLING))

    assert {"So glad", "Labels", "Sure", "yes"} <= set(said(view))
    table = named(view, DataTable, "Labels")
    assert table.as_text() == "Label\tScore\njoy\t0.75\nanger\t0.25"
    view.card.show_output("It is", " a truth", ())
    assert not table.isVisible()


def test_text_follows_the_prompt_and_can_be_copied(qtbot: QtBot, view: RunScreenView) -> None:
    view.card.show_output("It is", " a", ())
    view.card.append_output(" truth.")

    with qtbot.waitSignal(view.copy_requested):
        press(view, "Copy output")

    output = view.findChild(OutputPane)
    assert output is not None
    assert output.toPlainText() == "It is a truth."


def test_a_prompt_is_said_as_it_was_written(qtbot: QtBot, view: RunScreenView) -> None:
    written = "10\N{NO-BREAK SPACE}km\n\N{GRINNING FACE}"

    with qtbot.waitSignal(view.input_changed) as said_prompt:
        named(view, QPlainTextEdit, "Prompt").setPlainText(written)

    assert said_prompt.args == ["prompt", written]


def test_the_view_follows_new_text_unless_it_was_scrolled_up(qtbot: QtBot, theme: Theme) -> None:
    pane = OutputPane(theme)
    qtbot.addWidget(pane)
    pane.resize(200, 100)
    pane.show()
    pane.show_text("prompt", "\nline" * 100)
    bar = pane.verticalScrollBar()
    pane.append("\nmore" * 10)
    settle()
    assert bar.value() == bar.maximum()
    bar.setValue(3)

    pane.append("\nmore" * 10)
    pane.append("")
    settle()

    assert bar.value() == 3


def test_scrolled_up_one_jumps_back_to_the_latest_text(qtbot: QtBot, theme: Theme) -> None:
    pane = OutputPane(theme)
    qtbot.addWidget(pane)
    pane.resize(300, 120)
    pane.show()
    pane.show_text("prompt", "\nline" * 100)
    pane.show_is_written(True)
    settle()
    jump = named(pane, QAbstractButton, "Jump to latest")
    at_the_end = jump.isVisible()
    bar = pane.verticalScrollBar()
    bar.setValue(3)
    scrolled_up = jump.isVisible()

    jump.click()
    pane.append("\nmore" * 10)
    settle()

    assert (at_the_end, scrolled_up, jump.isVisible()) == (False, True, False)
    assert bar.value() == bar.maximum()


def test_the_way_to_the_latest_text_covers_none_and_is_gone_once_nothing_is_added(
    view: RunScreenView,
) -> None:
    view.card.show_output("It is", "\na truth" * 200, ())
    view.show_run(replace(a_run(), is_under_way=True))
    pane = view.findChild(OutputPane)
    assert pane is not None
    jump = named(pane, QAbstractButton, "Jump to latest")
    settle()
    whole = pane.viewport().height()

    pane.verticalScrollBar().setValue(3)
    settle()
    offered = jump.isVisible()
    covers = jump.geometry().intersects(pane.viewport().geometry())
    assert pane.rect().contains(jump.geometry())
    view.show_run(a_run())
    settle()

    assert (offered, covers, jump.isVisible()) == (True, False, False)
    assert (pane.verticalScrollBar().value(), pane.viewport().height()) == (3, whole)


def test_another_run_is_followed_though_one_read_the_beginning_of_the_last(
    view: RunScreenView,
) -> None:
    view.card.show_output("It is", "\na truth" * 200, ())
    settle()
    pane = view.findChild(OutputPane)
    assert pane is not None
    bar = pane.verticalScrollBar()
    bar.setValue(0)

    view.card.show_output("It is", "", ())
    view.card.append_output("\na truth" * 200)
    settle()

    assert bar.value() == bar.maximum() > 0


def test_in_another_width_the_end_stays_in_view(qtbot: QtBot, theme: Theme) -> None:
    pane = OutputPane(theme)
    qtbot.addWidget(pane)
    pane.resize(700, 200)
    pane.show()
    pane.show_text("prompt", " a word" * 900)
    settle()

    pane.resize(400, 200)
    settle()

    bar = pane.verticalScrollBar()
    assert bar.value() == bar.maximum() > 0
    assert not named(pane, QAbstractButton, "Jump to latest").isVisible()


def test_lines_are_no_longer_than_one_reads_them(qtbot: QtBot, theme: Theme) -> None:
    pane = OutputPane(theme)
    qtbot.addWidget(pane)
    pane.resize(1600, 300)
    pane.show()
    settle()
    wide = pane.viewport().width()
    pane.resize(500, 300)
    settle()

    assert wide <= 880
    assert pane.viewport().width() > 450


def test_lines_fit_where_the_window_grew_while_another_screen_was_in_view(
    qtbot: QtBot, view: RunScreenView
) -> None:
    screens = QStackedWidget()
    qtbot.addWidget(screens)
    screens.addWidget(view)
    screens.addWidget(QWidget())
    screens.resize(880, 560)
    screens.show()
    press(view, "Run details")
    view.card.show_output("It is", " a truth universally acknowledged" * 300, ())
    view.show_run(a_run())
    settle()
    pane = view.findChild(OutputPane)
    assert pane is not None

    screens.setCurrentIndex(1)
    settle()
    screens.resize(1720, 960)
    settle()
    screens.setCurrentIndex(0)
    settle()

    assert pane.horizontalScrollBar().maximum() == 0
    assert 850 < pane.viewport().width() <= 880
    view.setParent(None)  # two would delete it


def test_a_selection_survives_new_text(qtbot: QtBot, theme: Theme) -> None:
    pane = OutputPane(theme)
    qtbot.addWidget(pane)
    pane.show_text("one", " two")
    pane.selectAll()

    pane.append(" three")

    assert pane.textCursor().selectedText() == "one two"


def test_the_prompt_stays_quiet_in_another_theme(qtbot: QtBot, theme: Theme) -> None:
    pane = OutputPane(theme)
    qtbot.addWidget(pane)
    pane.show_text("one", " two")

    theme.apply("light")
    colours = []
    for at in (1, 5):
        cursor = pane.textCursor()
        cursor.setPosition(at)
        colours.append(cursor.charFormat().foreground().color().name())
    theme.apply("dark")

    assert colours == ["#57616d", "#15181c"]


def test_state_and_progress_are_shown(view: RunScreenView) -> None:
    view.card.show_output("It is", "", ())
    view.show_run(a_run(StateLine("Loading", "info", "Reading weights", True, 0.25)))
    bar = named(view, QProgressBar, "Progress")
    assert (bar.value(), bar.maximum()) == (250, 1000)
    assert "Loading" in said(view)
    assert named(view, QLabel, "starter@1.0.0 · Reading weights").isVisible()

    view.show_run(a_run(StateLine("Queued", "neutral", "Waits.", True)))
    assert bar.maximum() == 0
    view.show_run(a_run(StateLine("Done", "success", "")))

    assert not bar.isVisible()


def test_figures_and_their_line_are_shown(qtbot: QtBot, theme: Theme) -> None:
    strip = SpeedStrip(theme)
    qtbot.addWidget(strip)
    strip.resize(700, 40)
    strip.show()

    strip.show_strip(Strip(speed="41 tok/s", made="4 of 256 tokens"), [40.0, 41.0])
    strip.show_strip(Strip(speed="41 tok/s", made="5 of 256 tokens"), [])

    assert named(strip, QLabel, "Made: 5 of 256 tokens").text() == "5 of 256 tokens"
    strip.resize(400, 40)
    assert not strip._speeds.isVisible()


def test_a_failure_offers_to_run_again_to_copy_and_the_log(
    qtbot: QtBot, view: RunScreenView
) -> None:
    view.card.show_output("It is", " a", ())
    view.show_run(a_run(failure=PROBLEM))

    panel = view.findChild(FailurePanel)
    assert panel is not None
    assert panel.accessibleName() == f"Problem: {PROBLEM.title}"
    with qtbot.waitSignal(view.run_again_requested) as again:
        press(panel, "Run again")
    assert again.args == [True]
    with qtbot.waitSignal(view.log_requested):
        press(panel, "Show log")
    press(panel, "Copy")
    assert QGuiApplication.clipboard().text() == PROBLEM.as_text
    folded = panel.height()
    press(panel, "Details")
    settle()
    assert panel.height() >= folded

    view.show_run(a_run())

    assert not panel.isVisible()
    press(panel, "Copy")


def test_every_kind_of_field_gets_its_entry(qtbot: QtBot, theme: Theme) -> None:
    panel = ParametersPanel(theme)
    qtbot.addWidget(panel)
    fields = (
        a_field(FieldKind.INTEGER, "count", minimum=1, maximum=10, unit="tokens"),
        a_field(FieldKind.INTEGER, "free"),
        a_field(FieldKind.NUMBER, "heat", minimum=0.0, maximum=5.0, unit="°"),
        a_field(FieldKind.NUMBER, "weight"),
        a_field(FieldKind.SWITCH, "echo"),
        a_field(FieldKind.CHOICE, "mode", choices=("a", "b")),
        a_field(FieldKind.TEXT, "note"),
        a_field(FieldKind.INTEGER, "maybe", optional=True),
        a_field(FieldKind.LINES, "ends", empty="none"),
    )
    values: tuple[Json, ...] = (4, 7, 0.5, 2.0, True, "b", "hello", None, ["User:", "\n"])
    heard: list[tuple[str, str]] = []
    panel.changed.connect(lambda key, text: heard.append((key, text)))
    panel.show_parameters([ParameterRow(f, v, v) for f, v in zip(fields, values, strict=True)])
    assert heard == []

    for name, text in (("Count", "5"), ("Heat", "1"), ("Note", "bye"), ("Maybe", "")):
        entry = named(panel, QLineEdit, name)
        entry.setText(text)
        entry.setModified(True)
        entry.editingFinished.emit()
    named(panel, QSlider, "Heat, roughly").setValue(50)
    lines = named(panel, LinesEditor, "Ends")
    assert (lines.toPlainText(), lines.placeholderText()) == ("User:\n\\n", "none")
    lines.setPlainText("End")
    named(panel, SwitchEditor, "Echo").click()
    named(panel, QComboBox, "Mode").textActivated.emit("a")

    assert heard == [
        ("count", "5"),
        ("heat", "1"),
        ("note", "bye"),
        ("maybe", ""),
        ("heat", "2.5"),
        ("ends", "End"),
        ("echo", "false"),
        ("mode", "a"),
    ]
    assert named(panel, QLineEdit, "Heat").text() == "2.5"
    assert [s.accessibleName() for s in panel.findChildren(QSlider)] == ["Heat, roughly"]


def test_a_slider_follows_its_number_and_lets_what_is_half_typed_be(
    qtbot: QtBot, theme: Theme
) -> None:
    panel = ParametersPanel(theme)
    qtbot.addWidget(panel)
    field = a_field(FieldKind.NUMBER, "heat", minimum=0.0, maximum=5.0)
    panel.show_parameters([ParameterRow(field, 0.5, 0.5)])
    slider, entry = named(panel, QSlider, "Heat, roughly"), named(panel, QLineEdit, "Heat")
    shown = slider.value()

    entry.setText("-")
    half_typed = slider.value()
    entry.setText("4")
    turned = QWheelEvent(
        QPointF(5, 5), QPointF(5, 5), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    slider.wheelEvent(turned)

    assert (shown, half_typed, slider.value()) == (10, 10, 80)
    assert not turned.isAccepted()


def test_what_cannot_be_a_parameter_stays_with_its_reason_until_it_is_reset(
    qtbot: QtBot, view: RunScreenView
) -> None:
    field = a_field(FieldKind.INTEGER, "count", minimum=1, maximum=10)
    view.show_request(a_request(parameters=[ParameterRow(field, 4, 4)]))
    entry = named(view, QLineEdit, "Count")
    entry.setFocus()
    entry.selectAll()
    QTest.keyClicks(entry, "99")
    QTest.keyClick(entry, Qt.Key.Key_Return)

    view.show_request(
        a_request(parameters=[ParameterRow(field, 4, 4, "Count must be from 1 to 10.")])
    )
    kept, why = entry.text(), entry.accessibleDescription()
    with qtbot.waitSignal(view.parameter_changed) as changed:
        press(view, "Reset Count")
    view.show_request(a_request(parameters=[ParameterRow(field, 4, 4)]))

    assert (kept, why) == ("99", "Count must be from 1 to 10.")
    assert changed.args == ["count", "4"]
    assert (entry.text(), entry.accessibleDescription()) == (
        "4",
        f"{field.help} Must be {field.expected}.",
    )
    assert "Count must be from 1 to 10." not in said(view)


def test_a_changed_parameter_can_be_reset_to_the_setting(qtbot: QtBot, view: RunScreenView) -> None:
    field = a_field(FieldKind.INTEGER, "count", minimum=1, maximum=10)
    view.show_request(a_request(parameters=[ParameterRow(field, 4, 4)]))
    reset = named(view, QAbstractButton, "Reset Count")
    assert not reset.isEnabled()

    view.show_request(a_request(parameters=[ParameterRow(field, 5, 4)]))
    with qtbot.waitSignal(view.parameter_changed) as changed:
        press(view, "Reset Count")

    assert changed.args == ["count", "4"]


def test_presets_are_taken_kept_and_removed_from_their_menu(
    qtbot: QtBot, view: RunScreenView
) -> None:
    view.show_request(a_request(presets=("Precise", "Q&A"), preset="Q&A"))
    panel = view.findChild(ParametersPanel)
    assert panel is not None
    assert named(view, QAbstractButton, "Presets").text().startswith("Q&&A")

    menu = panel.presets_menu()
    acts = {action.text(): action for action in menu.actions()}
    assert [text for text, act in acts.items() if act.isChecked()] == ["Q&&A"]
    with qtbot.waitSignal(view.preset_picked) as picked:
        acts["Precise"].trigger()
    with qtbot.waitSignal(view.preset_picked) as reset:
        acts["From the settings"].trigger()
    with qtbot.waitSignal(view.preset_removed) as removed:
        acts["Remove “Q&&A”"].trigger()
    acts["Save as preset…"].trigger()
    [dialog] = view.findChildren(QInputDialog)
    with qtbot.waitSignal(view.preset_named) as kept:
        dialog.setTextValue("Warm")
        dialog.accept()
    menu.deleteLater()
    settle()

    assert (picked.args, reset.args, removed.args) == (["Precise"], [""], ["Q&A"])
    assert kept.args == ["Warm"]


def test_the_menu_of_presets_opens_below_its_button(view: RunScreenView) -> None:
    view.show_request(a_request(preset=None))

    press(view, "Presets")
    [menu] = [m for m in view.findChildren(QMenu) if m.isVisible()]

    assert [act.text() for act in menu.actions() if act.text()] == [
        "From the settings",
        "Save as preset…",
    ]
    menu.close()
    settle()


def test_other_fields_replace_the_entries(view: RunScreenView) -> None:
    view.show_request(
        a_request(parameters=[ParameterRow(a_field(FieldKind.SWITCH, "echo"), True, True)])
    )
    view.show_request(
        a_request(parameters=[ParameterRow(a_field(FieldKind.SWITCH, "other"), True, True)])
    )
    settle()

    assert named(view, SwitchEditor, "Other")
    assert not [b for b in view.findChildren(SwitchEditor) if b.accessibleName() == "Echo"]


def test_tab_goes_down_the_parameters_and_then_on(view: RunScreenView) -> None:
    rows = [
        ParameterRow(a_field(FieldKind.INTEGER, "first"), 1, 1),
        ParameterRow(a_field(FieldKind.INTEGER, "second"), 2, 2),
    ]
    view.show_request(a_request(parameters=rows))
    view.show_runs(of_runs(a_row("1")))
    settle()  # the rows come into view with the next round of the event loop

    view.focus_input()
    reached = []
    for _press in range(12):
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, Qt.Key.Key_Tab)
        reached.append(QApplication.focusWidget())

    first, second = named(view, QLineEdit, "First"), named(view, QLineEdit, "Second")
    reuse, table = named(view, QAbstractButton, "Reuse last seed"), named(view, QTableView, "Runs")
    wanted = [each for each in reached if each in (first, second, reuse, table)]
    assert wanted[:3] == [first, second, reuse]


def test_tab_goes_from_input_to_input_and_then_to_what_is_done_with_them(
    view: RunScreenView,
) -> None:
    image, _mask, note = PICTURES.input_fields
    view.show_request(a_request(inputs=[InputRow(image, None), InputRow(note, "")]))
    settle()
    view.focus_input()

    reached = []
    for _press in range(3):
        focused = QApplication.focusWidget()
        assert focused is not None
        reached.append(focused.accessibleName())
        QTest.keyClick(focused, Qt.Key.Key_Tab)

    assert reached == ["Choose file…", note.title, "Copy as CLI"]


def test_the_screen_says_its_name_also_while_there_is_no_model(view: RunScreenView) -> None:
    view.show_models((), "")

    assert "Run" in said(view)


def test_a_seed_can_be_taken_over_once_there_was_a_run(qtbot: QtBot, view: RunScreenView) -> None:
    reuse = named(view, QAbstractButton, "Reuse last seed")

    view.show_runs(of_runs())
    before = reuse.isEnabled()
    view.show_runs(of_runs(a_row("1")))
    with qtbot.waitSignal(view.seed_reuse_requested):
        reuse.click()

    assert (before, reuse.isEnabled()) == (False, True)


def test_of_a_long_name_the_beginning_is_read(view: RunScreenView) -> None:
    long = replace(STARTER, reference=f"harbour-{'very-' * 30}long@1.0.0")
    picker = view.findChild(ModelPicker)
    assert picker is not None
    edit = picker.lineEdit()
    assert edit is not None

    view.show_models([STARTER, long], long.reference)
    shown = edit.cursorPosition()
    edit.setText("typed and left")
    edit.editingFinished.emit()

    assert (shown, edit.cursorPosition()) == (0, 0)
    assert edit.text() == picker.toolTip() == long.reference


def test_a_long_seed_is_read_as_a_whole(view: RunScreenView) -> None:
    seed = a_field(FieldKind.INTEGER, "seed", minimum=0, maximum=2**63 - 1)

    view.show_request(a_request(parameters=[ParameterRow(seed, 4294967295, None)]))
    settle()

    entry = named(view, QLineEdit, "Seed")
    margins = entry.width() - entry.cursorRect().width() - 24
    assert entry.fontMetrics().horizontalAdvance(entry.text()) < margins


def test_an_entry_that_may_be_empty_says_what_that_means(view: RunScreenView) -> None:
    seed = a_field(FieldKind.INTEGER, "seed", optional=True, empty="random")

    view.show_request(a_request(parameters=[ParameterRow(seed, 7, None)]))

    assert named(view, QLineEdit, "Seed").placeholderText() == "random"
    reset = named(view, QAbstractButton, "Reset Seed")
    assert reset.toolTip() == "Back to the setting: random"


def test_what_made_a_run_stands_beside_its_output_where_it_is_wanted(
    qtbot: QtBot, theme: Theme, memory: FakeMemory
) -> None:
    first = RunScreenView(theme, memory)
    qtbot.addWidget(first)
    first.card.show_output("It is", " a", ())
    first.show_run(a_run(details=(("Seed", "7"),)))
    assert "7" not in said(first)

    press(first, "Run details")
    second = RunScreenView(theme, memory)
    qtbot.addWidget(second)
    second.card.show_output("It is", " a", ())
    second.show_run(a_run(details=(("Seed", "7"),)))

    for view in (first, second):
        assert {"Seed", "7"} <= set(said(view))
        assert view.findChild(ParametersPanel) is not None
    press(second, "Run details")
    assert "7" not in said(second)


def test_the_history_keeps_the_height_that_it_was_given(
    qtbot: QtBot, theme: Theme, memory: FakeMemory
) -> None:
    def opened() -> tuple[RunScreenView, QSplitter]:
        view = RunScreenView(theme, memory)
        qtbot.addWidget(view)
        view.resize(900, 700)
        view.show()
        runs = view.findChild(RunsPane)
        assert runs is not None
        splitter = runs.parentWidget()
        assert isinstance(splitter, QSplitter)
        return view, splitter

    first, splitter = opened()
    splitter.setSizes([400, 300])
    splitter.splitterMoved.emit(400, 1)
    first.hide()

    assert opened()[1].sizes() == splitter.sizes()


def test_parameters_stay_beside_the_output(view: RunScreenView) -> None:
    field = a_field(FieldKind.INTEGER, "count")
    view.show_request(a_request(parameters=[ParameterRow(field, 4, 4)]))
    view.card.show_output("It is", " a", ())
    view.show_run(a_run())
    settle()

    assert named(view, QLineEdit, "Count").isVisible()


def test_a_run_of_the_history_is_selected(qtbot: QtBot, view: RunScreenView) -> None:
    view.show_runs(of_runs(a_row("r2"), a_row("r1")))

    with qtbot.waitSignal(view.run_selected) as selected:
        view.select_run("r1")

    assert selected.args == ["r1"]
    view.select_run("gone")


def test_more_runs_are_asked_for_where_there_are_more(qtbot: QtBot, view: RunScreenView) -> None:
    view.show_runs(of_runs(a_row("r1"), total=120))

    assert "1 of 120" in said(view)
    with qtbot.waitSignal(view.more_requested):
        press(view, "Show more")
    view.show_runs(of_runs())
    assert any("Runs are listed here" in text for text in said(view))


def history_of(view: RunScreenView) -> HistoryPane:
    history = view.findChild(HistoryPane)
    assert history is not None
    return history


def choose(view: RunScreenView, name: str) -> None:
    """Trigger an act of the history's menu."""
    menu = history_of(view).acts_menu()
    next(a for a in menu.actions() if a.text().split("\t")[0] == name).trigger()
    menu.deleteLater()


def offered(view: RunScreenView) -> set[str]:
    """What the history's menu offers for the chosen runs."""
    menu = history_of(view).acts_menu()
    menu.deleteLater()
    return {a.text().split("\t")[0] for a in menu.actions() if a.text() and a.isEnabled()}


def test_everything_that_can_be_done_with_a_run_is_in_its_menu(
    qtbot: QtBot, view: RunScreenView
) -> None:
    view.show_runs(of_runs(a_row("r1", can_stop=True)))
    view.select_run("r1")
    heard: list[object] = []
    view.run_again_requested.connect(lambda same: heard.append(f"again {same}"))
    view.parameters_wanted.connect(lambda: heard.append("use"))
    view.inputs_wanted.connect(lambda: heard.append("write"))
    view.copy_requested.connect(lambda: heard.append("copy"))
    view.save_requested.connect(lambda: heard.append("save"))
    view.log_requested.connect(lambda: heard.append("log"))
    view.pin_requested.connect(lambda ids, on: heard.append((ids, on)))
    view.run_stop_requested.connect(lambda run_id: heard.append(f"stop {run_id}"))
    view.removal_requested.connect(lambda ids: heard.append(f"delete {ids}"))
    view.clear_requested.connect(lambda: heard.append("clear"))

    menu = history_of(view).acts_menu()
    for action in menu.actions():
        action.trigger()
    menu.deleteLater()

    asked = ["again True", "again False", "use", "write", "copy", "save", "log"]
    assert heard == [*asked, (["r1"], True), "stop r1", "delete ['r1']", "clear"]


def test_the_menu_opens_from_the_table_and_from_its_button(view: RunScreenView) -> None:
    view.show_runs(of_runs(a_row("r1")))
    view.select_run("r1")
    history = history_of(view)

    for opens in ("table", "button"):
        if opens == "table":
            history._table.menu_requested.emit("r1", QPoint(5, 5))
        else:
            press(history.head, "More…")
        menus = [m for m in history.findChildren(QMenu) if m.isVisible()]
        assert len(menus) == 1
        assert not next(a for a in menus[0].actions() if a.text() == "Stop").isEnabled()
        menus[0].close()
        settle()


def test_the_menu_offers_what_fits_the_chosen_runs(view: RunScreenView) -> None:
    for_one = {"Rename", "Run again, same seed", "Copy output", "Use this input"}
    view.show_runs(
        of_runs(
            a_row("under way", can_stop=True, has_ended=False),
            a_row("pinned", is_pinned=True),
            a_row("other"),
        )
    )

    view.select_run("under way")
    of_live = offered(view)
    view.select_run("pinned")
    of_pinned = offered(view)
    history_of(view)._table.selectAll()
    of_all = offered(view)
    history_of(view)._table.clearSelection()
    of_none = offered(view)

    assert for_one <= of_live
    assert {"Stop", "Pin"} <= of_live
    assert "Delete" not in of_live
    assert {"Unpin", "Delete"} | for_one <= of_pinned
    assert not {"Stop", "Pin"} & of_pinned
    assert of_all == {"Pin", "Stop", "Delete", "Clear history", "Columns", "Sort by"}
    assert of_none == {"Clear history", "Columns", "Sort by"}


def test_chosen_runs_are_pinned_and_deleted_with_the_keys(view: RunScreenView) -> None:
    heard: list[object] = []
    view.pin_requested.connect(lambda ids, on: heard.append(("pin", ids, on)))
    view.removal_requested.connect(lambda ids: heard.append(("delete", ids)))
    view.show_runs(
        of_runs(
            a_row("a", is_pinned=True),
            a_row("b", is_pinned=True),
            a_row("c", is_pinned=True, has_ended=False),
        )
    )
    table = named(view, QTableView, "Runs")
    table.setFocus()
    table.selectAll()
    settle()

    QTest.keyClick(table, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(table, Qt.Key.Key_Delete)

    assert heard == [("pin", ["a", "b", "c"], False), ("delete", ["a", "b"])]


def test_a_name_is_written_where_it_stands_and_no_news_disturbs_it(
    qtbot: QtBot, view: RunScreenView
) -> None:
    view.show_runs(of_runs(a_row("r1", name="First")))
    view.select_run("r1")
    table = named(view, QTableView, "Runs")

    table.setFocus()
    settle()
    QTest.keyClick(table, Qt.Key.Key_F2)
    [edit] = table.viewport().findChildren(QLineEdit)
    before = edit.text()
    edit.setText("Second")
    view.show_runs(of_runs(a_row("r1", name="First"), a_row("r2")))
    with qtbot.waitSignal(view.run_renamed) as renamed:
        QTest.keyClick(edit, Qt.Key.Key_Return)

    assert before == "First"
    assert renamed.args == ["r1", "Second"]


def test_a_name_that_is_left_as_it_was_is_no_name(view: RunScreenView) -> None:
    renamed: list[str] = []
    view.run_renamed.connect(lambda _id, name: renamed.append(name))
    view.show_runs(of_runs(a_row("r1", name="It is a truth")))
    view.select_run("r1")
    table = named(view, QTableView, "Runs")

    for written in ("It is a truth", ""):
        choose(view, "Rename")
        [edit] = table.viewport().findChildren(QLineEdit)
        edit.setText(written)
        QTest.keyClick(edit, Qt.Key.Key_Return)
        settle()

    assert renamed == [""]


def test_a_search_says_what_it_found(qtbot: QtBot, view: RunScreenView) -> None:
    with qtbot.waitSignal(view.search_requested) as search:
        history_of(view).search.setText("truth")
    view.show_runs(of_runs(a_row("r1"), total=3, search="truth"))
    some = said(view)
    view.show_runs(of_runs(search="truth"))

    assert search.args == ["truth"]
    assert "1 of 3 found" in some
    assert any("No run has all of these words" in text for text in said(view))


def test_clearing_says_how_many_of_the_found_runs_it_would_delete(view: RunScreenView) -> None:
    pinned, ended = a_row("r1", is_pinned=True, has_ended=True), a_row("r2", has_ended=True)

    said_of = []
    for shown in (
        of_runs(pinned, ended),
        of_runs(pinned, ended, total=1204, search="truth"),
        of_runs(pinned, ended, search="truth"),
    ):
        view.show_runs(shown)
        texts = [action.text() for action in history_of(view).acts_menu().actions()]
        said_of.append([text for text in texts if text.startswith(("Clear", "Delete the"))])

    assert said_of == [["Clear history"], ["Delete the 1,203 runs found"], ["Delete the run found"]]


def test_more_runs_come_by_scrolling_to_the_end(qtbot: QtBot, view: RunScreenView) -> None:
    asked: list[bool] = []
    view.more_requested.connect(lambda: asked.append(True))
    rows = [a_row(f"r{number}") for number in range(40)]
    table = named(view, QTableView, "Runs")

    view.show_runs(of_runs(*rows, total=90))
    settle()
    before = list(asked)
    table.scrollToBottom()
    view.show_runs(of_runs(*rows))
    table.scrollToTop()
    table.scrollToBottom()

    assert (before, asked) == ([], [True])


def test_a_pinned_run_is_marked_beside_its_name(view: RunScreenView) -> None:
    view.show_runs(of_runs(a_row("r1", name="The good one", is_pinned=True)))

    assert "★  The good one" in history_of(view)._table.as_text()


def a_wait(run_id: str, place: str, **facts: object) -> QueueRow:
    row = QueueRow(
        id=run_id,
        place=place,
        tone="neutral",
        model=STARTER.reference,
        input="It is",
        since="just now",
        whose="This window",
        can_move=True,
        can_stop=True,
    )
    return replace(row, **facts)  # type: ignore[arg-type]  # the names are checked by replace


AT_WORK = a_wait("r0", "Running", can_move=False)


def queue_of(view: RunScreenView) -> QueuePane:
    queue = view.findChild(QueuePane)
    pane = view.findChild(RunsPane)
    assert queue is not None
    assert pane is not None
    pane.show_queue()
    return queue


def test_the_queue_tells_its_length_and_what_is_in_it(view: RunScreenView) -> None:
    queue = queue_of(view)
    tabs = named(view, QTabBar, "History and queue")
    assert any("Nothing runs and nothing waits" in text for text in said(view))

    view.show_runs(of_runs(queue=(AT_WORK, a_wait("r1", "1"))))

    assert tabs.tabText(1) == "Queue  2"
    assert queue._table.as_text().splitlines()[1:] == [
        "Running\tIt is\tstarter@1.0.0\tjust now\tThis window",
        "1\tIt is\tstarter@1.0.0\tjust now\tThis window",
    ]


def test_a_waiting_run_is_moved_by_button_and_by_keys(view: RunScreenView) -> None:
    queue = queue_of(view)
    view.show_runs(of_runs(queue=(AT_WORK, a_wait("r1", "1"), a_wait("r2", "2"))))
    heard: list[list[str]] = []
    view.queue_arranged.connect(heard.append)

    queue._table.select("r2")
    press(queue.head, "Move up")
    press(queue.head, "Move down")
    queue._table.select("r1")
    queue._table.setFocus()
    settle()
    QTest.keyClick(queue._table, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    queue._table.select("r0")
    QTest.keyClick(queue._table, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)

    assert heard == [["r2", "r1"], ["r2", "r1"]]
    assert not named(queue.head, QAbstractButton, "Move up").isEnabled()


def test_any_run_of_the_queue_is_stopped_and_the_rest_cleared(view: RunScreenView) -> None:
    queue = queue_of(view)
    view.show_runs(of_runs(queue=(AT_WORK, a_wait("r1", "1"))))
    heard: list[str] = []
    view.run_stop_requested.connect(heard.append)
    view.queue_clear_requested.connect(lambda: heard.append("clear"))

    for run_id in ("r0", "r1"):
        queue._table.select(run_id)
        press(queue.head, "Stop this run")
    press(queue.head, "Clear queue")

    assert heard == ["r0", "r1", "clear"]


def test_a_run_of_the_queue_comes_into_view(qtbot: QtBot, view: RunScreenView) -> None:
    queue = queue_of(view)
    view.show_runs(of_runs(queue=(AT_WORK,)))

    with qtbot.waitSignal(view.run_selected) as selected:
        queue._table.select("r0")

    assert selected.args == ["r0"]


def test_both_lists_have_the_same_run_in_focus(view: RunScreenView) -> None:
    queue, history = queue_of(view), history_of(view)
    selected: list[str] = []
    view.run_selected.connect(selected.append)
    view.show_runs(of_runs(a_row("done"), a_row("r0"), queue=(AT_WORK,)))
    view.select_run("done")

    queue._table.select("r0")
    of_queue = (history._table.selected_key, queue._table.selected_key)
    history._table.select("done")

    assert of_queue == ("r0", "r0")
    assert (history._table.selected_key, queue._table.selected_key) == ("done", "")
    assert selected[-1] == "done"


def test_no_news_take_the_run_out_of_view(view: RunScreenView) -> None:
    queue, history = queue_of(view), history_of(view)
    rows = (a_row("r0"), a_row("r1"))
    view.show_runs(of_runs(*rows, queue=(AT_WORK, a_wait("r1", "1"))))
    view.select_run("r0")
    selected: list[str] = []
    view.run_selected.connect(selected.append)

    view.show_runs(of_runs(*rows, queue=(a_wait("r1", "Running"),)))  # it has ended
    left_queue = queue._table.selected_key
    view.show_runs(of_runs(a_row("r1"), search="another"))
    hidden = history._table.selected_key
    view.show_runs(of_runs(*rows))

    assert (left_queue, hidden) == ("", "")
    assert history._table.selected_key == "r0"
    assert selected == []


def test_stop_is_there_for_whatever_is_under_way_and_says_what_it_stops(
    view: RunScreenView,
) -> None:
    stop = named(view, QAbstractButton, "Stop")
    view.show_stop("starter@1.0.0")

    assert stop.isVisible()
    assert "starter@1.0.0" in stop.toolTip()
    view.show_stop("")
    assert not stop.isVisible()


def test_a_place_to_save_is_asked_for(qtbot: QtBot, view: RunScreenView) -> None:
    view.ask_where_to_save("starter-r1.txt")
    dialog = view.findChild(QFileDialog)
    assert dialog is not None

    with qtbot.waitSignal(view.save_place_chosen) as chosen:
        dialog.fileSelected.emit("said.txt")
    dialog.close()

    assert chosen.args == ["said.txt"]


def test_a_problem_lies_over_the_screen_until_it_is_gone(view: RunScreenView) -> None:
    view.show_problem(Problem("It cannot be.", "Because.", "Do."))
    assert "It cannot be." in said(view)

    view.show_problem(None)

    assert "It cannot be." not in said(view)


def test_text_is_copied(view: RunScreenView) -> None:
    view.copy_text("heygen run starter hello")

    assert QGuiApplication.clipboard().text() == "heygen run starter hello"


def test_the_clock_ticks_only_while_it_is_told_to(qtbot: QtBot, view: RunScreenView) -> None:
    view.tick_every(0.25)
    view.tick_every(0.25)
    with qtbot.waitSignal(view.ticked, timeout=5000):
        pass

    view.tick_every(0)

    assert not view._timer.isActive()


def test_of_a_run_that_made_nothing_the_whole_failure_is_read_in_a_small_window(
    view: RunScreenView,
) -> None:
    problem = Problem("It failed.", "For a reason, which takes a line.", "Try again with less.")
    view.resize(860, 540)
    view.card.show_output("It is", "", ())
    view.show_run(a_run(failure=problem))
    settle()

    panel = view.findChild(FailurePanel)
    assert panel is not None
    remedy = next(label for label in panel.findChildren(QLabel) if label.text() == problem.remedy)
    assert remedy.visibleRegion().boundingRect().height() == remedy.height()
    view.card.show_output("It is", " a truth", ())
    view.show_run(a_run())
    settle()
    output = view.findChild(OutputPane)
    assert output is not None
    assert output.isVisible()


def test_details_stand_at_the_side_under_a_failure_that_has_no_text(
    qtbot: QtBot, view: RunScreenView
) -> None:
    problem = Problem("It failed.", "For a reason, which takes a line.", "Try again with less.")
    details = tuple((f"Name {at}", "value") for at in range(20))
    view.card.show_output("It is", "", ())
    view.show_run(a_run(failure=problem, details=details))
    press(view, "Run details")
    view.resize(860, 560)
    settle()

    panel = view.findChild(FailurePanel)
    assert panel is not None
    place = named(view, QScrollArea, "What made this run")
    at, ends = place.mapTo(view.card, QPoint()), panel.mapTo(view.card, panel.rect().bottomRight())
    assert at.x() + place.width() - 1 == ends.x()
    assert ends.y() < at.y() < ends.y() + 16
    remedy = next(label for label in panel.findChildren(QLabel) if label.text() == problem.remedy)
    assert remedy.visibleRegion().boundingRect().height() == remedy.height()


def test_a_long_failure_scrolls_and_leaves_room_for_the_text(
    qtbot: QtBot, view: RunScreenView
) -> None:
    view.card.show_output("It is", " a", ())
    panel, output = view.findChild(FailurePanel), view.findChild(OutputPane)
    assert panel is not None
    assert output is not None

    view.show_run(a_run(failure=PROBLEM))
    view.show_run(a_run(failure=PROBLEM))
    press(panel, "Details")
    view.resize(700, 520)
    settle()

    assert output.height() >= 48
    place = QRect(output.mapTo(view, QPoint()), output.size())
    panels = QRect(panel.mapTo(view, QPoint()), panel.size())
    assert not panels.intersects(place)
    again = named(panel, QAbstractButton, "Run again")
    assert panel.rect().contains(again.geometry())


def a_comparison() -> Comparison:
    pieces = (Piece("It ", differs=False), Piece("is", differs=True), Piece(" so", differs=False))
    facts = (
        ComparedFact("Seed", "1", "2", differs=True),
        ComparedFact("Model", "starter@1.0.0", "starter@1.0.0", differs=False),
    )
    done, failed = RUN_STATES[RunState.SUCCEEDED], RUN_STATES[RunState.FAILED]
    return Comparison(Side("First", done, pieces), Side("Second", failed, pieces), facts)


def test_two_chosen_runs_are_compared(view: RunScreenView) -> None:
    asked: list[list[str]] = []
    view.comparison_requested.connect(asked.append)
    view.show_runs(of_runs(a_row("r1"), a_row("r2")))
    view.select_run("r1")
    before = named(view, QAbstractButton, "Compare").isEnabled()

    history_of(view)._table.selectAll()
    press(view, "Compare")
    choose(view, "Compare")

    assert not before
    assert asked == [["r1", "r2"], ["r1", "r2"]]


def test_a_comparison_marks_what_differs_and_can_leave_out_the_rest(
    view: RunScreenView, theme: Theme
) -> None:
    view.show_comparison(a_comparison())

    left = named(view, QPlainTextEdit, "Earlier run")
    table = named(view, DataTable, "Comparison")
    assert left.toPlainText() == "It is so"
    assert colours_of(left) == {theme.colour("text").name(), theme.tokens.tone("warning").text}
    assert table.as_text().splitlines()[1:] == [
        "\N{NOT EQUAL TO}  Seed\t1\t2",
        "Model\tstarter@1.0.0\tstarter@1.0.0",
    ]
    press(view, "Only differences")
    assert len(table.as_text().splitlines()) == 2
    assert {"First", "Second", "Done", "Failed"} <= set(said(view))


def test_the_texts_of_a_comparison_scroll_together(view: RunScreenView) -> None:
    long = (Piece("a line\n" * 500, differs=False),)
    shown = a_comparison()
    view.show_comparison(
        replace(
            shown,
            left=replace(shown.left, pieces=long),
            right=replace(shown.right, pieces=long),
        )
    )
    settle()
    left, right = (named(view, QPlainTextEdit, f"{each} run") for each in ("Earlier", "Later"))

    left.verticalScrollBar().setValue(120)
    after_left = right.verticalScrollBar().value()
    right.verticalScrollBar().setValue(30)

    assert after_left == 120
    assert left.verticalScrollBar().value() == 30


def test_a_comparison_is_drawn_anew_in_another_theme(view: RunScreenView, theme: Theme) -> None:
    view.show_comparison(a_comparison())

    theme.apply(ThemeChoice.DARK)

    left = named(view, QPlainTextEdit, "Earlier run")
    assert theme.tokens.tone("warning").text in colours_of(left)


@pytest.mark.parametrize("way", ["Esc", "Back", "a run", "models", "input", "search", "queue"])
def test_a_comparison_is_left_to_where_one_was(view: RunScreenView, way: str) -> None:
    stopped: list[bool] = []
    view.stop_requested.connect(lambda: stopped.append(True))
    view.run_requested.connect(lambda: stopped.append(True))
    view.show_runs(of_runs(a_row("r1"), a_row("r2")))
    view.show_comparison(a_comparison())
    settle()
    assert QApplication.focusWidget() is named(view, QAbstractButton, "Back")
    page = view.findChild(ComparePage)
    assert page is not None

    match way:
        case "Esc":
            QTest.keyClick(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
            QTest.keyClick(page, Qt.Key.Key_Escape)
        case "Back":
            press(view, "Back")
        case "a run":
            view.select_run("r1")
        case "input":
            view.focus_input()
        case "search":
            view.focus_search()
        case "queue":
            view.show_queue()
        case "models":
            view.show_models((), "")
            assert page.isVisible()
            press(view, "Back")

    assert not page.isVisible()
    assert stopped == []
    assert ("No model to run yet" in said(view)) == (way == "models")


def colours_of(text: QPlainTextEdit) -> set[str]:
    """The colours of its letters."""
    cursor = QTextCursor(text.document())
    found = set()
    while not cursor.atEnd():
        cursor.movePosition(QTextCursor.MoveOperation.NextCharacter)
        found.add(cursor.charFormat().foreground().color().name())
    return found
