"""What the screens share: it says what it is told, and can be used from the keyboard."""

from __future__ import annotations

from functools import partial

import pytest
from heygen_desktop.presentation.desktop.problems import Problem
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.theme.tokens import DARK
from heygen_desktop.presentation.desktop.widgets.buttons import Chip, button, icon_button, shortcut
from heygen_desktop.presentation.desktop.widgets.cards import Card, KeyValueList
from heygen_desktop.presentation.desktop.widgets.confirm import ConfirmDialog
from heygen_desktop.presentation.desktop.widgets.empty_state import EmptyState
from heygen_desktop.presentation.desktop.widgets.labels import (
    Badge,
    IconLabel,
    SectionHeader,
    label,
    line,
)
from heygen_desktop.presentation.desktop.widgets.layout import column, row
from heygen_desktop.presentation.desktop.widgets.problem import ProblemBanner, ProblemPanel
from heygen_desktop.presentation.desktop.widgets.progress_row import ProgressRow
from heygen_desktop.presentation.desktop.widgets.search_field import SearchField
from heygen_desktop.presentation.desktop.widgets.sparkline import Sparkline
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QMenu,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.desktop.conftest import settle, wait_for

PROBLEM = Problem("It needs 24 GB.", "14 GB are free.", "Unload a model.", "code: too_large")


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


def press(widget: QWidget, text: str) -> None:
    """Press the button that says this."""
    for made in widget.findChildren(QPushButton):
        if made.text() == text:
            made.click()
            return
    raise AssertionError(f"there is no button {text!r}")


def words(widget: QWidget) -> list[str]:
    """Return what the visible labels say."""
    return [part.text() for part in widget.findChildren(QLabel) if not part.isHidden()]


def test_markup_from_outside_is_shown_and_not_obeyed(qtbot: QtBot) -> None:
    made = label("<b>model</b>", selectable=True)
    qtbot.addWidget(made)

    assert made.textFormat() is Qt.TextFormat.PlainText
    assert made.text() == "<b>model</b>"


def test_a_badge_changes_word_and_tone_and_hides_when_empty(qtbot: QtBot, theme: Theme) -> None:
    badge = Badge("running", "info")
    qtbot.addWidget(badge)

    badge.show_badge("failed", "danger")
    assert (badge.text(), badge.property("tone"), badge.accessibleName()) == (
        "failed",
        "danger",
        "failed",
    )
    badge.show_badge("", "danger")

    assert badge.isHidden()


def test_an_icon_is_painted(qtbot: QtBot, theme: Theme) -> None:
    painted = IconLabel(theme.icon("cube-outline", "text"), 24)
    empty = QWidget()
    empty.setFixedSize(24, 24)
    for widget in (painted, empty):
        qtbot.addWidget(widget)

    assert painted.sizeHint() == painted.size()
    assert painted.grab().toImage() != empty.grab().toImage()


def test_a_section_says_its_title_and_holds_what_trails(qtbot: QtBot) -> None:
    trailing = line()
    header = SectionHeader("Runs", trailing)
    plain = SectionHeader("Files")
    for widget in (header, plain):
        qtbot.addWidget(widget)

    header.set_title("Runs 3")

    assert words(header)[0] == "Runs 3"
    assert trailing.parentWidget() is header


def test_a_row_gives_the_room_that_is_left_to_whoever_grows(qtbot: QtBot) -> None:
    page, first, grows, last = QWidget(), label("a"), label("b"), label("c")
    qtbot.addWidget(page)

    row(first, 20, (grows, 1), column(last), on=page, margins=(5, 0, 7, 0), spacing=0)
    page.resize(400, 40)
    page.show()

    assert first.x() == 5
    assert grows.x() == first.geometry().right() + 1 + 20
    assert last.geometry().right() == 400 - 7 - 1
    assert grows.width() == 400 - 5 - 20 - 7 - first.width() - last.width()


def test_a_button_has_a_name_and_passes_no_argument(qtbot: QtBot, theme: Theme) -> None:
    pressed: list[str] = []
    made = button("&Register", lambda: pressed.append("r"), "primary")
    small = icon_button(theme.icon("cog"), "Settings", lambda: pressed.append("s"))
    silent = icon_button(theme.icon("cog"), "Nothing")
    for widget in (made, small, silent):
        qtbot.addWidget(widget)

    made.click()
    small.click()
    silent.click()

    assert pressed == ["r", "s"]
    assert (made.accessibleName(), small.accessibleName()) == ("Register", "Settings")
    assert small.toolTip() == "Settings"


@pytest.mark.parametrize("kind", ["", "primary", "danger", "flat", "link"])
def test_a_button_that_cannot_be_pressed_looks_like_it(
    qtbot: QtBot, theme: Theme, kind: str
) -> None:
    made = button("Run again", kind=kind)
    qtbot.addWidget(made)
    made.setEnabled(False)
    made.show()

    made.ensurePolished()

    assert made.palette().color(QPalette.ColorRole.ButtonText).name() == DARK.text_disabled


def test_a_chip_takes_its_colour_while_it_is_on(qtbot: QtBot, theme: Theme) -> None:
    chip = Chip("Error", "danger")
    qtbot.addWidget(chip)

    chip.show_count(1200)
    assert chip.text() == "Error  1,200"
    chip.click()
    assert (chip.isChecked(), chip.property("tone")) == (True, "danger")
    chip.click()
    chip.show_count(None)

    assert (chip.text(), chip.property("tone")) == ("Error", "off")


def test_a_card_has_a_title_where_it_was_given_one(qtbot: QtBot) -> None:
    named, plain = Card("Overview"), Card()
    for widget in (named, plain):
        qtbot.addWidget(widget)

    assert words(named) == ["Overview"]
    assert plain.body.count() == 0


def test_an_inspector_shows_rows_and_forgets_the_surplus(qtbot: QtBot) -> None:
    rows = KeyValueList()
    qtbot.addWidget(rows)

    rows.show_rows([("Format", "safetensors"), ("Size", "1 GB"), ("Type", "llm")])
    rows.show_rows([("Format", "gguf"), ("Size", "1 GB")])

    assert rows.rows() == [("Format", "gguf"), ("Size", "1 GB")]


def test_a_value_can_be_copied_from_its_menu(qtbot: QtBot) -> None:
    rows = KeyValueList()
    qtbot.addWidget(rows)
    rows.show_rows([("Path", "/models/a")])
    value = next(part for part in rows.findChildren(QLabel) if part.text() == "/models/a")

    value.customContextMenuRequested.emit(QPoint(1, 1))
    menu = rows.findChild(QMenu)
    assert menu is not None
    menu.actions()[0].trigger()
    menu.close()

    assert clipboard() == "/models/a"


def test_an_empty_list_says_what_to_do_next(qtbot: QtBot, theme: Theme) -> None:
    state = EmptyState(theme.icon("cube"), "No models", "Drop one here.", "Register…")
    qtbot.addWidget(state)

    with qtbot.waitSignal(state.action_requested):
        press(state, "Register…")
    state.show_words("Nothing found", "Try another word.")

    assert words(state) == ["Nothing found", "Try another word."]
    assert state.accessibleName() == "Nothing found"


def test_a_long_sentence_of_an_empty_list_is_shown_whole(qtbot: QtBot, theme: Theme) -> None:
    state = EmptyState(theme.icon("cube"), "No models", "word " * 60)
    qtbot.addWidget(state)
    state.resize(900, 700)
    state.show()
    sentence = state.findChildren(QLabel)[1]

    assert sentence.height() >= sentence.heightForWidth(sentence.width())


def test_a_problem_shows_cause_and_remedy_and_can_be_copied(qtbot: QtBot, theme: Theme) -> None:
    banner = ProblemBanner(can_retry=True)
    qtbot.addWidget(banner)
    assert banner.isHidden()

    banner.show_problem(PROBLEM)
    press(banner, "Copy")

    assert words(banner) == [PROBLEM.title, PROBLEM.cause, PROBLEM.remedy]
    assert clipboard() == PROBLEM.as_text
    with qtbot.waitSignal(banner.retry_requested):
        press(banner, "Try again")


def test_a_dismissed_problem_is_gone(qtbot: QtBot, theme: Theme) -> None:
    banner = ProblemBanner()
    qtbot.addWidget(banner)
    banner.show_problem(Problem("Only a title."))
    assert words(banner) == ["Only a title."]

    press(banner, "Dismiss")
    QGuiApplication.clipboard().setText("before")
    press(banner, "Copy")

    assert banner.problem is None
    assert banner.isHidden()
    assert clipboard() == "before"


def test_a_page_of_a_problem_offers_what_it_was_given(qtbot: QtBot, theme: Theme) -> None:
    chosen: list[str] = []
    actions = {text: partial(chosen.append, text) for text in ("Try again", "Quit")}
    page = ProblemPanel(PROBLEM, actions)
    short = ProblemPanel(Problem("Short."), {})
    for widget in (page, short):
        qtbot.addWidget(widget)

    press(page, "Try again")
    press(page, "Quit")
    press(short, "Copy")

    assert chosen == ["Try again", "Quit"]
    assert clipboard() == "Short."
    assert PROBLEM.remedy in words(page)


def test_a_search_waits_for_a_pause_in_the_typing(qtbot: QtBot, theme: Theme) -> None:
    field = SearchField("Search models", theme.icon("magnify"))
    qtbot.addWidget(field)
    asked: list[str] = []
    field.search_requested.connect(asked.append)

    QTest.keyClicks(field, "llama")
    assert asked == []
    wait_for(qtbot, lambda: asked)

    assert asked == ["llama"]
    assert field.accessibleName() == "Search models"


def test_enter_searches_at_once_and_escape_empties(qtbot: QtBot) -> None:
    field = SearchField("Search")
    qtbot.addWidget(field)
    asked: list[str] = []
    field.search_requested.connect(asked.append)

    QTest.keyClicks(field, "x")
    QTest.keyClick(field, Qt.Key.Key_Return)
    QTest.keyClick(field, Qt.Key.Key_Escape)
    QTest.keyClick(field, Qt.Key.Key_Escape)
    wait_for(qtbot, lambda: len(asked) == 2)

    assert asked == ["x", ""]


def test_escape_empties_a_search_before_it_means_anything_to_the_screen(qtbot: QtBot) -> None:
    screen, field = QWidget(), SearchField("Search")
    column(field, on=screen)
    pressed: list[bool] = []
    shortcut(screen, "Esc", lambda: pressed.append(True))
    qtbot.addWidget(screen)
    screen.show()
    screen.activateWindow()
    wait_for(qtbot, screen.isActiveWindow)
    field.setFocus()
    QTest.keyClicks(field, "x")

    QTest.keyClick(field, Qt.Key.Key_Escape)
    after_one = (field.text(), list(pressed))
    QTest.keyClick(field, Qt.Key.Key_Escape)

    assert after_one == ("", [])
    assert pressed == [True]


def test_a_sparkline_keeps_the_newest_values(qtbot: QtBot, theme: Theme) -> None:
    chart = Sparkline(theme, "CPU")
    qtbot.addWidget(chart)
    empty = chart.grab().toImage()

    for value in (10, *[20] * 58, 150, -5):
        chart.append(value)

    points = chart.points()
    assert chart.values() == (*[20] * 58, 150, -5)
    assert points[-1].x() == chart.width() - 1
    assert points[-2].y() == 1
    assert points[-1].y() == chart.height() - 1
    assert chart.accessibleDescription() == "-5"
    assert chart.grab().toImage() != empty


def test_a_sparkline_takes_another_scale_and_colour(qtbot: QtBot, theme: Theme) -> None:
    chart = Sparkline(theme, "Disk")
    qtbot.addWidget(chart)
    chart.append(50)
    chart.append(50)
    before, picture = chart.points()[-1].y(), chart.grab().toImage()

    chart.set_scale(50)
    assert chart.points()[-1].y() < before
    chart.set_scale(100)
    other = Sparkline(theme, "Network", 2)
    qtbot.addWidget(other)
    other.show_values(chart.values())

    assert chart.grab().toImage() == picture
    assert other.grab().toImage() != picture


def test_a_long_path_breaks_and_is_copied_as_it_is(qtbot: QtBot) -> None:
    path = "/models/" + "a_name_that_goes_on_" * 6 + "x" * 60
    made = label(path, wraps=True, selectable=True)
    qtbot.addWidget(made)
    made.show()
    made.setFocus()
    QTest.keyClick(made, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)

    QTest.keyClick(made, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

    assert made.minimumSizeHint().width() < 200
    assert made.text() == path
    assert QGuiApplication.clipboard().text() == path


def test_a_problem_with_a_long_path_fits_into_a_narrow_place(qtbot: QtBot) -> None:
    banner = ProblemBanner()
    qtbot.addWidget(banner)
    banner.resize(320, 300)
    banner.show_problem(Problem("/models/" + "one_long_name_" * 8 + " is damaged.", "Cut short."))
    settle()

    buttons = banner.findChildren(QPushButton)
    assert banner.minimumSizeHint().width() <= 320
    assert all(made.geometry().right() <= 320 for made in buttons)
    assert min(made.y() for made in buttons) > max(w.y() for w in banner.findChildren(QLabel))


def test_progress_fits_into_a_narrow_place(qtbot: QtBot, theme: Theme) -> None:
    row = ProgressRow()
    qtbot.addWidget(row)
    row.resize(300, 60)

    row.show_progress("Loading a model with a long name: reading weights", 0.38, left_s=12)
    settle()

    assert row.minimumSizeHint().width() <= 300
    what, figures = row.findChildren(QLabel)
    assert what.geometry().bottom() < figures.geometry().top()


def test_progress_says_share_speed_and_time_left(qtbot: QtBot, theme: Theme) -> None:
    row = ProgressRow()
    qtbot.addWidget(row)
    row.resize(600, 60)

    row.show_progress("Reading weights", 0.38, speed="1.2 GB/s", left_s=12)
    assert words(row) == ["Reading weights", "38% · 1.2 GB/s · 12.0 s left"]
    row.show_progress("Waiting", None)
    assert words(row) == ["Waiting", ""]
    row.finish()

    assert row.isHidden()


def test_cancel_can_be_pressed_once_for_each_job(qtbot: QtBot, theme: Theme) -> None:
    row = ProgressRow()
    qtbot.addWidget(row)
    asked: list[str] = []
    row.cancel_requested.connect(lambda: asked.append("cancel"))
    row.show_progress("Working", 0.1)

    press(row, "Stop")
    press(row, "Stop")
    assert (asked, words(row)[0]) == (["cancel"], "Stopping…")
    row.finish()
    row.show_progress("The next job", 0.0)
    press(row, "Stop")

    assert asked == ["cancel", "cancel"]


def test_enter_does_not_do_what_is_dangerous(qtbot: QtBot, theme: Theme) -> None:
    dialog = ConfirmDialog("Remove it?", "It is gone then.", "Remove")
    qtbot.addWidget(dialog)
    dialog.show()

    QTest.keyClick(dialog, Qt.Key.Key_Return)

    assert dialog.isHidden()
    assert dialog.result() == QDialog.DialogCode.Rejected


def test_a_question_returns_the_answer(qtbot: QtBot, theme: Theme) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    answers: list[bool] = []

    for answer in ("Remove", "Cancel"):

        def reply(text: str = answer) -> None:
            dialog = parent.findChild(ConfirmDialog)
            assert dialog is not None
            press(dialog, text)

        QTimer.singleShot(0, parent, reply)
        answers.append(ConfirmDialog.ask(parent, "Remove it?", "It is gone then.", "Remove"))
        settle()

    assert answers == [True, False]
