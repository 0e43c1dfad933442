"""The log screen: it says what the person did and shows what it is told."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from heygen_desktop.application.ports.logs import LogLevel, LogRecord
from heygen_desktop.presentation.desktop.problems import Problem
from heygen_desktop.presentation.desktop.screens.logs.contract import LogsState
from heygen_desktop.presentation.desktop.screens.logs.record_list import RecordList
from heygen_desktop.presentation.desktop.screens.logs.rows import LogRow, detail_of, row_of
from heygen_desktop.presentation.desktop.screens.logs.view import LogsScreen
from heygen_desktop.presentation.desktop.theme.theme import Theme
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QColor, QContextMenuEvent, QDesktopServices, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QPushButton, QScrollArea
from pytestqt.qtbot import QtBot

from tests.desktop.conftest import settle
from tests.fakes.tasks import FakeMemory

START = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
KEY = Qt.Key


def some_rows(count: int, first: int = 1, *, level: LogLevel = LogLevel.INFO) -> Sequence[LogRow]:
    """Return so many lines; the first has the position ``first``."""
    return [row_of(a_record(number, level=level)) for number in range(first, first + count)]


def a_record(number: int, *, level: LogLevel = LogLevel.INFO) -> LogRecord:
    return LogRecord(
        time=START + timedelta(seconds=number),
        level=level,
        category="runs",
        message=f"Record {number}",
        logger="tests",
        ids={"run_id": f"r{number}"},
        extra={"tokens": number},
        exception="Traceback" if level is LogLevel.ERROR else "",
        position=number,
    )


@pytest.fixture
def screen(qtbot: QtBot, theme: Theme, memory: FakeMemory) -> LogsScreen:
    """The screen in a small window."""
    return opened(qtbot, theme, memory)


def opened(qtbot: QtBot, theme: Theme, memory: FakeMemory, width: int = 880) -> LogsScreen:
    made = LogsScreen(theme, memory)
    qtbot.addWidget(made)
    made.resize(width, 560)
    made.show()
    made.show_state(LogsState())
    settle()
    return made


def press(widget: RecordList, key: Qt.Key, keys: Qt.KeyboardModifier | None = None) -> None:
    QTest.keyClick(widget, key, keys or Qt.KeyboardModifier.NoModifier)


def colours(image: QImage) -> set[str]:
    points = ((x, y) for x in range(0, image.width(), 2) for y in range(image.height()))
    return {QColor(image.pixel(x, y)).name() for x, y in points}


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


def test_it_ticks_while_it_is_live_and_rests_otherwise(qtbot: QtBot, screen: LogsScreen) -> None:
    with qtbot.waitSignal(screen.tick, timeout=3000):
        screen.set_live(True)

    screen.set_live(False)

    with qtbot.assertNotEmitted(screen.tick, wait=700):
        pass


def test_lines_are_painted_in_the_colour_of_their_level(screen: LogsScreen, theme: Theme) -> None:
    screen.show_rows(some_rows(5, level=LogLevel.ERROR))
    settle()

    image = screen.list.viewport().grab().toImage()

    assert theme.colour("card").name() in colours(image)
    assert theme.tokens.tone("danger").text in colours(image)


def test_a_chip_says_which_levels_are_wanted(qtbot: QtBot, screen: LogsScreen) -> None:
    with qtbot.waitSignal(screen.levels_chosen) as said:
        screen.chips[LogLevel.DEBUG].click()

    assert said.args == [frozenset(LogLevel) - {LogLevel.DEBUG}]


def test_what_the_screen_is_told_is_not_said_back(qtbot: QtBot, screen: LogsScreen) -> None:
    signals = (screen.levels_chosen, screen.follow_requested, screen.pause_requested)
    heard: list[object] = []
    for signal in signals:
        signal.connect(heard.append)

    screen.show_state(
        LogsState(
            levels=frozenset({LogLevel.ERROR}),
            text="text",
            source="Run r1",
            following=False,
            unseen=3,
            paused=True,
            held=2,
        )
    )

    assert heard == []
    assert [chip.isChecked() for chip in screen.chips.values()].count(True) == 1
    assert screen.search.text() == "text"
    assert screen.pause.text() == "Resume (2 new)"


def test_typing_is_said_once_it_pauses(qtbot: QtBot, screen: LogsScreen) -> None:
    with qtbot.waitSignal(screen.text_searched) as said:
        QTest.keyClicks(screen.search, "boom")

    assert said.args == ["boom"]


def test_what_is_being_typed_stays_when_the_log_goes_on_meanwhile(screen: LogsScreen) -> None:
    screen.show_state(LogsState())
    screen.search.setText("boo")

    screen.show_state(LogsState(unseen=1))
    assert screen.search.text() == "boo"
    screen.show_state(LogsState(text="boom"))
    assert screen.search.text() == "boom"
    screen.show_state(LogsState())

    assert screen.search.text() == ""


def test_counts_stand_on_the_chips(screen: LogsScreen) -> None:
    screen.show_state(LogsState(counts={LogLevel.INFO: 1234}))

    assert screen.chips[LogLevel.INFO].text() == "Info  1,234"
    assert screen.chips[LogLevel.ERROR].text() == "Error  0"


def test_the_run_s_chip_can_be_closed(qtbot: QtBot, screen: LogsScreen) -> None:
    screen.show_state(LogsState(source="Run r1"))

    assert screen.source.isVisible()
    with qtbot.waitSignal(screen.source_cleared):
        screen.source.click()


def test_an_empty_list_says_why_and_offers_to_clear(qtbot: QtBot, screen: LogsScreen) -> None:
    screen.show_nothing("Nothing matches", "None with this text.", can_clear=True)
    action = screen.empty.findChildren(QPushButton)[0]

    assert screen.empty.isVisible()
    with qtbot.waitSignal(screen.filters_cleared):
        action.click()
    screen.show_nothing("Nothing logged yet", "Run a model.", can_clear=False)

    assert not action.isVisible()


def test_reading_is_said_until_there_are_lines(screen: LogsScreen) -> None:
    screen.show_reading()
    assert screen.reading.isVisible()

    screen.show_rows(some_rows(3))

    assert screen.list.isVisible()


def test_the_list_follows_until_the_person_scrolls_up(qtbot: QtBot, screen: LogsScreen) -> None:
    bar = screen.list.verticalScrollBar()
    screen.show_rows(some_rows(200))
    screen.show_state(LogsState())
    assert bar.value() == bar.maximum()
    screen.add_rows(some_rows(10, 201), 0)
    screen.show_state(LogsState())
    assert bar.value() == bar.maximum()

    with qtbot.waitSignal(screen.follow_requested) as said:
        bar.setValue(20)
    assert said.args == [False]
    screen.show_state(LogsState(following=False))
    screen.add_rows(some_rows(10, 211), 0)
    assert bar.value() == 20

    with qtbot.waitSignal(screen.follow_requested) as again:
        bar.setValue(bar.maximum())
    assert again.args == [True]


def test_who_picks_a_line_above_the_newest_no_longer_follows(
    qtbot: QtBot, screen: LogsScreen
) -> None:
    screen.show_rows(some_rows(5))

    with qtbot.waitSignal(screen.follow_requested) as said:
        press(screen.list, KEY.Key_Home)
    assert said.args == [False]
    with qtbot.waitSignal(screen.follow_requested) as again:
        press(screen.list, KEY.Key_End)

    assert again.args == [True]


def test_a_line_that_was_picked_stays_in_its_place_through_a_search(screen: LogsScreen) -> None:
    rows = some_rows(400)
    screen.show_rows(rows)
    press(screen.list, KEY.Key_Home)
    for _ in range(3):
        press(screen.list, KEY.Key_PageDown)
    picked = screen.list.selected_rows()
    said: list[int] = []
    screen.record_selected.connect(said.append)

    screen.show_rows([*picked, rows[-1]])
    screen.show_rows(rows)

    bar = screen.list.verticalScrollBar()
    assert screen.list.selected_rows() == picked
    assert said == []
    assert bar.value() <= rows.index(picked[0]) < bar.value() + bar.pageStep()


@pytest.mark.parametrize("is_all_hidden", [False, True])
def test_a_line_that_a_search_hides_is_the_picked_one_again_once_it_is_back(
    screen: LogsScreen, is_all_hidden: bool
) -> None:
    rows = some_rows(400)
    screen.show_rows(rows)
    press(screen.list, KEY.Key_Home)
    press(screen.list, KEY.Key_Down)
    said: list[int] = []
    screen.record_selected.connect(said.append)

    screen.show_rows(rows[2:4])
    if is_all_hidden:
        screen.show_nothing("Nothing", "matches.", can_clear=True)
    screen.show_rows(rows)

    assert said == [0, rows[1].position]
    assert screen.list.verticalScrollBar().value() <= 1


def test_hits_are_marked_in_every_column(qtbot: QtBot, theme: Theme, memory: FakeMemory) -> None:
    screen = opened(qtbot, theme, memory, 1400)
    screen.show_rows(some_rows(5))
    settle()
    before = colours(screen.list.viewport().grab().toImage())

    marked = []
    for text in ("RECORD", "runs", "r1", "tokens", "nowhere"):
        screen.show_state(LogsState(text=text))
        settle()
        marked.append(bool(colours(screen.list.viewport().grab().toImage()) - before))

    assert marked == [True, True, True, True, False]


def test_new_records_are_announced_and_lead_to_the_end(qtbot: QtBot, screen: LogsScreen) -> None:
    screen.show_rows(some_rows(200))
    screen.show_state(LogsState(following=False, unseen=12))

    assert screen.new.isVisible()
    assert screen.new.text() == "↓ 12 new"
    with qtbot.waitSignal(screen.follow_requested) as said:
        screen.new.click()
    assert said.args == [True]


def test_lines_in_view_stay_while_the_oldest_go(screen: LogsScreen) -> None:
    bar = screen.list.verticalScrollBar()
    screen.show_rows(some_rows(200))
    bar.setValue(100)
    screen.show_state(LogsState(following=False))

    screen.add_rows(some_rows(5, 201), 20)

    assert bar.value() == 80
    assert screen.list.rows()[80].position == 101


def test_a_current_line_that_goes_is_no_longer_shown(qtbot: QtBot, screen: LogsScreen) -> None:
    screen.show_rows(some_rows(50))
    press(screen.list, KEY.Key_Home)

    with qtbot.waitSignal(screen.record_selected) as said:
        screen.add_rows((), 10)
    assert said.args == [0]
    press(screen.list, KEY.Key_Home)
    with qtbot.waitSignal(screen.record_selected) as again:
        screen.show_rows(some_rows(5, 500))

    assert again.args == [0]


def test_a_filter_keeps_the_current_line_and_the_place(screen: LogsScreen) -> None:
    screen.show_rows(some_rows(200))
    screen.list.verticalScrollBar().setValue(50)
    QTest.mouseClick(screen.list.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(60, 30))

    screen.show_rows(some_rows(100, 41))

    assert [row.position for row in screen.list.selected_rows()] == [52]
    assert screen.list.rows()[screen.list.verticalScrollBar().value()].position == 51


@pytest.mark.parametrize(
    ("keys", "position"),
    [
        ([KEY.Key_Home], 1),
        ([KEY.Key_End], 200),
        ([KEY.Key_Home, KEY.Key_Down, KEY.Key_Down], 3),
        ([KEY.Key_End, KEY.Key_Up], 199),
        ([KEY.Key_Home, KEY.Key_Up], 1),
    ],
)
def test_the_keyboard_goes_to_each_line(
    screen: LogsScreen, keys: list[Qt.Key], position: int
) -> None:
    screen.show_rows(some_rows(200))

    for key in keys:
        press(screen.list, key)

    assert [row.position for row in screen.list.selected_rows()] == [position]


def test_pages_turn_by_what_is_in_view(screen: LogsScreen) -> None:
    screen.show_rows(some_rows(200))
    page = screen.list.verticalScrollBar().pageStep()

    press(screen.list, KEY.Key_Home)
    press(screen.list, KEY.Key_PageDown)
    press(screen.list, KEY.Key_PageDown)
    press(screen.list, KEY.Key_PageUp)

    assert screen.list.selected_rows()[0].position == page + 1


def test_keys_on_an_empty_list_do_nothing(screen: LogsScreen) -> None:
    screen.show_rows(())

    press(screen.list, KEY.Key_Down)
    press(screen.list, KEY.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.mouseClick(screen.list.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(60, 30))

    assert screen.list.selected_rows() == []


def test_selected_lines_are_copied_as_text(screen: LogsScreen) -> None:
    screen.show_rows(some_rows(20))
    press(screen.list, KEY.Key_Home)
    press(screen.list, KEY.Key_Down, Qt.KeyboardModifier.ShiftModifier)

    press(screen.list, KEY.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert [line.split("\t")[3] for line in clipboard().splitlines()] == ["Record 1", "Record 2"]
    press(screen.list, KEY.Key_A, Qt.KeyboardModifier.ControlModifier)
    press(screen.list, KEY.Key_C, Qt.KeyboardModifier.ControlModifier)

    assert len(clipboard().splitlines()) == 20


def test_the_mouse_selects_a_line_and_a_range(screen: LogsScreen) -> None:
    screen.show_rows(some_rows(5))
    viewport = screen.list.viewport()

    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=QPoint(60, 5))
    QTest.mouseMove(viewport, QPoint(60, 30))
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=QPoint(60, 30))
    shift = Qt.KeyboardModifier.ShiftModifier
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, shift, QPoint(60, 80))

    assert [row.position for row in screen.list.selected_rows()] == [1, 2, 3, 4]


def test_space_pauses_and_ctrl_f_searches(qtbot: QtBot, screen: LogsScreen) -> None:
    screen.show_rows(some_rows(5))
    with qtbot.waitSignal(screen.pause_requested) as said:
        press(screen.list, KEY.Key_Space)
    assert said.args == [True]

    screen.activateWindow()
    screen.focus_search()

    assert screen.focusWidget() is screen.search


def test_a_selected_record_is_shown_whole(qtbot: QtBot, screen: LogsScreen) -> None:
    record = a_record(7, level=LogLevel.ERROR)

    screen.show_detail(detail_of(record))

    assert screen.detail.isVisible()
    assert screen.detail.message.text() == "Record 7"
    assert ("Run id", "r7") in screen.detail.facts.rows()
    assert ("Tokens", "7") in screen.detail.facts.rows()
    assert screen.detail.cause.text() == "Traceback"
    assert screen.detail.exception.toPlainText() == "Traceback"
    screen.show_detail(None)
    assert not screen.detail.isVisible()


def test_a_record_is_copied_in_both_forms(screen: LogsScreen) -> None:
    screen.show_detail(detail_of(a_record(7)))

    screen.detail.copy_json.click()
    assert json.loads(clipboard())["message"] == "Record 7"
    screen.detail.copy_text.click()

    assert clipboard().splitlines()[0].endswith("INFO runs: Record 7")


def test_the_record_s_run_is_one_click_away(qtbot: QtBot, screen: LogsScreen) -> None:
    screen.show_detail(detail_of(a_record(7)))

    with qtbot.waitSignal(screen.run_requested) as run:
        screen.detail.open_run.click()
    with qtbot.waitSignal(screen.source_requested) as source:
        screen.detail.only_run.click()

    assert (run.args, source.args) == (["r7"], ["run:r7"])


def test_escape_or_its_button_closes_the_record(qtbot: QtBot, screen: LogsScreen) -> None:
    screen.show_rows(some_rows(5))
    screen.show_detail(detail_of(a_record(7)))

    with qtbot.waitSignal(screen.record_selected) as said:
        QTest.keyClick(screen.detail, KEY.Key_Escape)
    assert said.args == [0]
    QTest.keyClick(screen.detail, KEY.Key_Tab)
    with qtbot.waitSignal(screen.record_selected):
        screen.detail.close_button.click()


def test_escape_on_the_list_closes_the_record_too(qtbot: QtBot, screen: LogsScreen) -> None:
    screen.show_rows(some_rows(5))
    press(screen.list, KEY.Key_Home)

    with qtbot.waitSignal(screen.record_selected) as said:
        press(screen.list, KEY.Key_Escape)

    assert said.args == [0]
    assert screen.list.selected_rows() == []


def test_a_record_that_was_never_shown_is_not_copied(screen: LogsScreen) -> None:
    QGuiApplication.clipboard().setText("before")

    for made in (screen.detail.copy_json, screen.detail.open_run, screen.detail.only_run):
        made.click()

    assert clipboard() == "before"


def test_the_record_stands_beside_a_wide_list_and_below_a_narrow_one(
    qtbot: QtBot, theme: Theme, memory: FakeMemory
) -> None:
    narrow = opened(qtbot, theme, memory, 880)
    wide = opened(qtbot, theme, memory, 1400)

    assert narrow.splitter.orientation() is Qt.Orientation.Vertical
    assert wide.splitter.orientation() is Qt.Orientation.Horizontal


def test_titles_stand_over_their_columns(screen: LogsScreen) -> None:
    screen.show_rows(some_rows(3))
    settle()
    header, lines = screen.list.header.geometry(), screen.list.viewport().geometry()

    assert (header.left(), header.right()) == (lines.left(), lines.right())
    assert header.bottom() + 1 == lines.top()


def test_the_menu_of_the_lines_copies_them_and_chooses_columns(
    qtbot: QtBot, screen: LogsScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened_menus: list[QMenu] = []
    monkeypatch.setattr(QMenu, "popup", lambda menu, _at: opened_menus.append(menu))
    screen.show_rows(some_rows(3))
    press(screen.list, KEY.Key_Home)

    QGuiApplication.sendEvent(
        screen.list,
        QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(5, 5), QPoint(9, 9)),
    )
    menu = opened_menus[-1]
    menu.actions()[0].trigger()
    (columns,) = menu.findChildren(QMenu)
    next(each for each in columns.actions() if each.text() == "Run").trigger()

    assert "Record 1" in QGuiApplication.clipboard().text()
    assert screen.list.header.isSectionHidden(4)


def test_another_record_is_read_from_its_top(screen: LogsScreen) -> None:
    long = replace(detail_of(a_record(1)), exception="Traceback\n" * 90)
    screen.show_detail(long)
    settle()
    (area,) = screen.detail.findChildren(QScrollArea)
    bar = area.verticalScrollBar()
    bar.setValue(100)

    screen.show_detail(replace(long))
    stayed = bar.value()
    screen.show_detail(replace(long, message="Another"))

    assert (stayed, bar.value()) == (100, 0)


def test_columns_are_remembered(qtbot: QtBot, theme: Theme, memory: FakeMemory) -> None:
    first = opened(qtbot, theme, memory)
    first.list.header.fit(1200)
    first.list.header.resizeSection(2, 150)

    again = opened(qtbot, theme, memory)
    again.list.header.fit(1200)

    assert again.list.header.sectionSize(2) == 150


@pytest.mark.parametrize("kept", ["{broken", "[1]", '{"category": "wide"}'])
def test_a_damaged_memory_gives_the_usual_columns(
    qtbot: QtBot, theme: Theme, memory: FakeMemory, kept: str
) -> None:
    memory.remember("table/Log records", kept)

    screen = opened(qtbot, theme, memory)
    screen.list.header.fit(1200)

    assert screen.list.header.sectionSize(2) == 104


def test_in_a_narrow_list_what_is_not_the_message_goes_first(
    qtbot: QtBot, theme: Theme, memory: FakeMemory
) -> None:
    header = opened(qtbot, theme, memory).list.header

    header.fit(560)

    assert [header.isSectionHidden(at) for at in range(5)] == [False, False, True, False, True]


def test_widths_that_older_versions_kept_stay(
    qtbot: QtBot, theme: Theme, memory: FakeMemory
) -> None:
    memory.remember("table/Log records", '{"time": 116, "category": 150}')
    header = opened(qtbot, theme, memory).list.header

    header.fit(1200)

    assert [header.sectionSize(at) for at in (0, 2)] == [116, 150]


def test_problem_and_status_are_shown(qtbot: QtBot, screen: LogsScreen) -> None:
    screen.show_problem(Problem("The log cannot be read.", "Permission denied.", "Check it."))
    screen.show_state(LogsState(records="5 records", file="/var/log/heygen.jsonl"))
    assert screen.problem.isVisible()
    assert (screen.records.text(), screen.file.text()) == ("5 records", "/var/log/heygen.jsonl")
    with qtbot.waitSignal(screen.retry_requested):
        screen.problem.retry_requested.emit()

    screen.show_problem(None)

    assert not screen.problem.isVisible()


def test_the_folder_is_handed_to_the_desktop(
    qtbot: QtBot, screen: LogsScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened_urls: list[QUrl] = []

    def open_url(url: QUrl) -> bool:
        opened_urls.append(url)
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)

    assert screen.open_folder(Path("/var/log"))
    assert opened_urls == [QUrl.fromLocalFile("/var/log")]


def test_the_theme_is_worn_by_the_list_at_once(screen: LogsScreen, theme: Theme) -> None:
    screen.show_rows(some_rows(3))
    try:
        theme.apply("light")
        settle()
        assert "#ffffff" in colours(screen.list.viewport().grab().toImage())
    finally:
        theme.apply("dark")
