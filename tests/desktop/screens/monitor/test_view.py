"""The monitor: charts share one axis, marks can be clicked, a drag asks for a closer look."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pyqtgraph as pg
import pytest
from heygen_desktop.domain.entities.run import Owner
from heygen_desktop.presentation.desktop.problems import Problem
from heygen_desktop.presentation.desktop.screens.monitor.cards import ChartCard
from heygen_desktop.presentation.desktop.screens.monitor.charts import Chart, Frame, Line, Unit
from heygen_desktop.presentation.desktop.screens.monitor.contract import MonitorState
from heygen_desktop.presentation.desktop.screens.monitor.legend import Entry, Legend
from heygen_desktop.presentation.desktop.screens.monitor.marks import Mark
from heygen_desktop.presentation.desktop.screens.monitor.plot import TimeAxis, TimePlot, ValueAxis
from heygen_desktop.presentation.desktop.screens.monitor.processes import ProcessRow
from heygen_desktop.presentation.desktop.screens.monitor.view import MonitorScreen
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.widgets.confirm import ConfirmDialog
from heygen_desktop.presentation.desktop.wording import NONE
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.desktop.conftest import settle
from tests.fakes.tasks import FakeMemory

START = 1_767_268_800.0
END = START + 60
TIMES = tuple(START + second for second in range(61))


def a_line(name: str, value: float, *, colour: int = 0, is_faint: bool = False) -> Line:
    return Line(name, (value,) * len(TIMES), colour, is_bold=not is_faint, is_faint=is_faint)


def a_frame(*more: Chart) -> Frame:
    cpu = Chart(
        "cpu",
        "CPU",
        Unit.PERCENT,
        100.0,
        [a_line("core 0", 20.0, colour=1, is_faint=True), a_line("all cores", 40.0)],
        faint_name="each core",
    )
    memory = Chart("memory", "Memory", Unit.BYTES, 16e9, [a_line("used", 4e9, colour=1)])
    workers = Chart("workers", "Memory of each model", Unit.BYTES, 1e8, [], "No model is there.")
    return Frame(START, END, TIMES, [cpu, memory, *more, workers])


def a_gpu() -> Chart:
    return Chart("gpu", "GPU", Unit.PERCENT, 100.0, [a_line("H200", 50.0)])


def a_run_mark(run_id: str = "r1", *, end: float | None = START + 40) -> Mark:
    return Mark(f"run {run_id}", START + 20, end, START + 30, "success", "llama succeeded", run_id)


@pytest.fixture(autouse=True)
def every_move_counts() -> Iterator[None]:
    """Let pyqtgraph pass over no movement of the pointer: a test moves it faster than a hand."""
    usual = pg.getConfigOption("mouseRateLimit")
    pg.setConfigOption("mouseRateLimit", -1)
    yield
    pg.setConfigOption("mouseRateLimit", usual)


@pytest.fixture
def screen(qtbot: QtBot, theme: Theme, memory: FakeMemory) -> MonitorScreen:
    """The screen in view, with a minute of readings."""
    made = MonitorScreen(theme, memory)
    qtbot.addWidget(made)
    made.resize(900, 560)
    made.show()
    made.show_frame(a_frame())
    settle()
    return made


def card(screen: MonitorScreen, title: str) -> ChartCard:
    found = (each for each in screen.findChildren(ChartCard) if each.accessibleName() == title)
    return next(found)


def point_at(plot: TimePlot, moment: float, share: float = 0.5) -> QPoint:
    """Return where a moment is in the plot, so far from its top."""
    box = plot.getPlotItem().getViewBox()
    area = box.sceneBoundingRect()
    x = box.mapViewToScene(QPointF(moment, 0.0)).x()
    place: QPoint = plot.mapFromScene(QPointF(x, area.top() + share * area.height()))
    return place


def placed(screen: MonitorScreen) -> list[QWidget]:
    """Return the cards of the grid, in the order in which they are read."""
    items = (screen.grid.itemAt(at) for at in range(screen.grid.count()))
    found = (item.widget() for item in items if item is not None)
    return [card for card in found if card is not None]


def drag(plot: TimePlot, first: QPoint, last: QPoint, button: Qt.MouseButton) -> None:
    viewport = plot.viewport()
    middle = QPoint((first.x() + last.x()) // 2, first.y())
    QTest.mousePress(viewport, button, pos=first)
    for place in (middle, last, last):
        event_at = QPointF(place)
        QApplication.sendEvent(viewport, _moved(viewport, event_at, button))
    QTest.mouseRelease(viewport, button, pos=last)
    settle()


def _moved(widget: QWidget, at: QPointF, button: Qt.MouseButton) -> QEvent:
    return QMouseEvent(
        QEvent.Type.MouseMove,
        at,
        QPointF(widget.mapToGlobal(at.toPoint())),
        Qt.MouseButton.NoButton,
        button,
        Qt.KeyboardModifier.NoModifier,
    )


def turn_wheel(plot: TimePlot, at: QPoint, steps: int, keys: Qt.KeyboardModifier) -> bool:
    """Turn the wheel over the plot; return whether it took it."""
    event = QWheelEvent(
        QPointF(at),
        QPointF(plot.mapToGlobal(at)),
        QPoint(),
        QPoint(0, 120 * steps),
        Qt.MouseButton.NoButton,
        keys,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    plot.wheelEvent(event)
    return event.isAccepted()


def colours(image: QImage) -> set[str]:
    points = ((x, y) for x in range(image.width()) for y in range(0, image.height(), 2))
    return {QColor(image.pixel(x, y)).name() for x, y in points}


def test_it_ticks_at_the_interval_while_it_is_live(qtbot: QtBot, screen: MonitorScreen) -> None:
    with qtbot.waitSignal(screen.tick, timeout=3000):
        screen.tick_every(0.25)

    screen.tick_every(0)

    with qtbot.assertNotEmitted(screen.tick, wait=500):
        pass


def test_each_chart_has_a_card_with_its_newest_values(screen: MonitorScreen) -> None:
    titles = [each.accessibleName() for each in screen.findChildren(ChartCard)]

    assert titles == ["CPU", "Memory", "Memory of each model"]
    assert card(screen, "CPU").legend.entries() == (
        Entry("all cores", "40 %", (0,)),
        Entry("each core", "20 % to 20 %", (1,), ("core 0  20 %",)),
    )
    assert card(screen, "Memory").legend.entries() == (Entry("used", "4.0 GB", (1,)),)


def test_the_menus_of_the_library_are_nowhere_to_be_seen(screen: MonitorScreen) -> None:
    assert not [menu for menu in screen.findChildren(QMenu) if menu.isVisible()]


def test_a_chart_without_lines_says_why(screen: MonitorScreen) -> None:
    workers = card(screen, "Memory of each model")

    assert workers.note.isVisible()
    assert workers.note.text() == "No model is there."
    assert not workers.plot.isVisible()


def test_lines_are_drawn_in_the_colours_of_the_theme(screen: MonitorScreen, theme: Theme) -> None:
    image = card(screen, "Memory").plot.grab().toImage()

    assert theme.colour("card").name() in colours(image)
    assert len(colours(image)) > 5


def test_a_change_of_theme_is_worn_at_once(screen: MonitorScreen, theme: Theme) -> None:
    try:
        theme.apply("light")
        settle()
        assert "#ffffff" in colours(card(screen, "CPU").plot.grab().toImage())
    finally:
        theme.apply("dark")


def test_where_there_is_no_gpu_one_line_says_so_and_what_to_do(screen: MonitorScreen) -> None:
    before = len(placed(screen))
    screen.show_no_gpu("")
    assert not screen.no_gpu.isVisible()

    screen.show_no_gpu("No NVIDIA driver was found.")

    assert screen.no_gpu.isVisible()
    assert screen.no_gpu.text() == (
        "No GPU is measured: No NVIDIA driver was found. 'heygen doctor' says what to do."
    )
    assert len(placed(screen)) == before


def test_a_line_of_any_length_does_not_widen_the_window(screen: MonitorScreen) -> None:
    before = screen.minimumSizeHint().width()

    screen.show_no_gpu("The driver said no. " * 20)
    screen.show_state(MonitorState(0, is_live=False, words="1 min from 12:00:00 " * 9))

    assert screen.minimumSizeHint().width() == before


@pytest.mark.parametrize(("width", "columns"), [(900, 2), (1500, 3)])
def test_the_grid_uses_the_width(screen: MonitorScreen, width: int, columns: int) -> None:
    screen.resize(width, 700)
    settle()
    rights = [each.geometry().right() for each in placed(screen)]

    tops = [each.geometry().top() for each in placed(screen)]
    assert tops.count(min(tops)) == columns
    assert max(rights) == rights[-1]


def test_all_cards_fit_a_small_window_without_being_cut(screen: MonitorScreen) -> None:
    screen.show_no_gpu("No NVIDIA driver was found.")
    screen.resize(876, 563)
    settle()

    for each in screen.findChildren(ChartCard):
        assert each.height() >= each.minimumSizeHint().height()


def test_controls_say_what_is_wanted(qtbot: QtBot, screen: MonitorScreen) -> None:
    with qtbot.waitSignal(screen.range_chosen) as chosen:
        screen.ranges[3600].click()
    assert chosen.args == [3600]
    with qtbot.waitSignal(screen.pause_toggled):
        screen.pause.click()
    with qtbot.waitSignal(screen.retry_requested):
        screen.problem.retry_requested.emit()


def test_one_button_says_what_it_does_while_the_charts_move_and_while_they_stand_still(
    screen: MonitorScreen,
) -> None:
    screen.show_state(MonitorState(300))
    moving = screen.pause.text(), screen.pause.property("kind")

    screen.show_state(MonitorState(0, is_live=False))

    assert moving == ("Pause", "flat")
    assert (screen.pause.text(), screen.pause.property("kind")) == ("Live", "primary")


def test_the_chosen_range_is_marked_and_none_while_another_stretch_is_in_view(
    screen: MonitorScreen,
) -> None:
    screen.show_state(MonitorState(900))

    assert [made.isChecked() for made in screen.ranges.values()] == [
        False,
        False,
        True,
        *[False] * 2,
    ]
    screen.show_state(MonitorState(0, is_live=False))
    assert not any(made.isChecked() for made in screen.ranges.values())


def test_the_pointer_stands_in_all_charts_at_once(screen: MonitorScreen) -> None:
    screen.show_state(MonitorState(300, words="Paused"))
    plot = card(screen, "CPU").plot
    QTest.mouseMove(plot.viewport(), point_at(plot, START + 30))
    settle()

    others = [card(screen, "CPU").plot, card(screen, "Memory").plot]
    assert all(each.crosshair.isVisible() for each in others)
    assert all(abs(each.crosshair.value() - START - 30) < 2 for each in others)
    assert screen.state.text().startswith("At ")
    QApplication.sendEvent(plot, QEvent(QEvent.Type.Leave))

    assert not any(each.crosshair.isVisible() for each in others)
    assert screen.state.text() == "Paused"


def test_values_under_the_pointer_are_told_or_said_to_be_missing(screen: MonitorScreen) -> None:
    values = (math.nan, *(5.0,) * 60)
    chart = Chart("cpu", "CPU", Unit.PERCENT, 100.0, [Line("all cores", values, 0)])
    cpu = card(screen, "CPU")
    screen.show_frame(Frame(START, END, TIMES, [chart]))

    told = []
    for moment in (START + 0.5, START + 10, START - 10):
        cpu.show_values(moment)
        told.append(cpu.legend.entries()[0].value)

    assert told == ["–", "5 %", "–"]


def test_a_drag_asks_for_that_stretch(qtbot: QtBot, screen: MonitorScreen) -> None:
    plot = card(screen, "CPU").plot

    with qtbot.waitSignal(screen.zoom_requested) as said:
        drag(
            plot, point_at(plot, START + 10), point_at(plot, START + 30), Qt.MouseButton.LeftButton
        )

    first, last = said.args
    assert abs(first - START - 10) < 2
    assert abs(last - START - 30) < 2


def test_a_twitch_or_another_button_asks_for_nothing(qtbot: QtBot, screen: MonitorScreen) -> None:
    plot = card(screen, "CPU").plot
    place = point_at(plot, START + 10)

    with qtbot.assertNotEmitted(screen.zoom_requested):
        drag(plot, place, place + QPoint(4, 0), Qt.MouseButton.LeftButton)
        drag(plot, place, point_at(plot, START + 30), Qt.MouseButton.RightButton)


def test_ctrl_and_the_wheel_zoom_around_the_pointer(qtbot: QtBot, screen: MonitorScreen) -> None:
    plot = card(screen, "CPU").plot
    middle = point_at(plot, START + 30)
    ctrl = Qt.KeyboardModifier.ControlModifier

    with qtbot.waitSignal(screen.zoom_requested) as closer:
        assert turn_wheel(plot, middle, 1, ctrl)
    with qtbot.waitSignal(screen.zoom_requested) as wider:
        assert turn_wheel(plot, middle, -1, ctrl)

    assert closer.args[1] - closer.args[0] < 60 < wider.args[1] - wider.args[0]
    with qtbot.assertNotEmitted(screen.zoom_requested):
        assert not turn_wheel(plot, middle, 1, Qt.KeyboardModifier.NoModifier)


@pytest.mark.parametrize(
    ("key", "span"),
    [
        (Qt.Key.Key_Plus, (START + 15, END - 15)),
        (Qt.Key.Key_Minus, (START - 30, END + 30)),
        (Qt.Key.Key_Left, (START - 15, END - 15)),
        (Qt.Key.Key_Right, (START + 15, END + 15)),
    ],
)
def test_keys_look_closer_and_move(
    qtbot: QtBot, screen: MonitorScreen, key: Qt.Key, span: tuple[float, float]
) -> None:
    with qtbot.waitSignal(screen.zoom_requested, timeout=1000) as said:
        QTest.keyClick(screen.body, key)

    assert tuple(said.args) == span


def test_space_pauses_but_on_a_button_it_presses_the_button(
    qtbot: QtBot, screen: MonitorScreen
) -> None:
    with qtbot.waitSignal(screen.pause_toggled):
        QTest.keyClick(screen, Qt.Key.Key_Space)

    with (
        qtbot.waitSignal(screen.range_chosen),
        qtbot.assertNotEmitted(screen.pause_toggled),
    ):
        QTest.keyClick(screen.ranges[60], Qt.Key.Key_Space)


def test_keys_do_nothing_before_there_is_a_chart(
    qtbot: QtBot, theme: Theme, memory: FakeMemory
) -> None:
    empty = MonitorScreen(theme, memory)
    qtbot.addWidget(empty)

    with qtbot.assertNotEmitted(empty.zoom_requested):
        QTest.keyClick(empty, Qt.Key.Key_Plus)


def test_the_charts_are_one_stop_for_the_keys(screen: MonitorScreen) -> None:
    stops = [
        widget.accessibleName()
        for widget in screen.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and screen.body.isAncestorOf(widget)
    ]

    assert screen.body.focusPolicy() == Qt.FocusPolicy.StrongFocus
    assert [name for name in stops if "over time" in name] == []


def test_another_span_is_shown_at_once(screen: MonitorScreen) -> None:
    screen.show_span(START + 10, START + 20)

    for title in ("CPU", "Memory"):
        box = card(screen, title).plot.getPlotItem().getViewBox()
        assert box.viewRange()[0] == [START + 10, START + 20]


def test_marks_are_painted_over_every_chart(screen: MonitorScreen, theme: Theme) -> None:
    plot = card(screen, "Memory").plot
    before = colours(plot.grab().toImage())

    moment = Mark("start 7", START + 50, START + 50, None, "danger", "gpt died")
    screen.show_marks([a_run_mark(), a_run_mark("r2", end=None), moment])
    settle()
    after = colours(plot.grab().toImage())

    assert theme.tokens.tone("success").line in after - before
    assert theme.tokens.tone("danger").line in after - before


def test_a_click_on_a_run_s_band_or_line_opens_the_run(qtbot: QtBot, screen: MonitorScreen) -> None:
    screen.show_marks([a_run_mark()])
    plot = card(screen, "CPU").plot
    settle()

    for place in (point_at(plot, START + 25, 0.02), point_at(plot, START + 40, 0.6)):
        with qtbot.waitSignal(screen.run_requested) as said:
            QTest.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert said.args == ["r1"]


def test_a_click_elsewhere_opens_nothing(qtbot: QtBot, screen: MonitorScreen) -> None:
    model = Mark("start 7", START + 50, START + 50, None, "info", "llama is in memory")
    screen.show_marks([a_run_mark(), model])
    plot = card(screen, "CPU").plot
    settle()

    with qtbot.assertNotEmitted(screen.run_requested):
        for place in (point_at(plot, START + 25, 0.6), point_at(plot, START + 50), QPoint(2, 2)):
            QTest.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_the_pointer_tells_of_a_mark(screen: MonitorScreen) -> None:
    screen.show_marks([a_run_mark()])
    plot = card(screen, "CPU").plot
    settle()

    QTest.mouseMove(plot.viewport(), point_at(plot, START + 25, 0.02))
    settle()
    over = plot.viewport().cursor().shape()
    QTest.mouseMove(plot.viewport(), point_at(plot, START + 25, 0.6))
    settle()

    assert over is Qt.CursorShape.PointingHandCursor
    assert plot.viewport().cursor().shape() is Qt.CursorShape.CrossCursor


def test_of_several_marks_the_pointer_tells_of_the_nearest(screen: MonitorScreen) -> None:
    older = Mark("start 7", START + 30, START + 30, None, "info", "llama is in memory")
    newer = Mark("start 8", START + 30.6, START + 30.6, None, "info", "gpt is in memory")
    long_run = Mark("run r1", START + 5, START + 55, None, "success", "long", "r1")
    short_run = Mark("run r2", START + 10, START + 20, None, "success", "short", "r2")
    screen.show_marks([short_run, long_run, older, newer])
    plot = card(screen, "CPU").plot
    settle()

    def told(moment: float, share: float) -> str:
        mark = plot.mark_near(plot.mapToScene(point_at(plot, moment, share)))
        return mark.words if mark else ""

    assert told(START + 30, 0.5) == "llama is in memory"
    assert told(START + 30.6, 0.5) == "gpt is in memory"
    assert [told(START + at, 0.02) for at in (15, 40)] == ["short", "long"]
    assert told(START + 15, 0.5) == ""


def test_a_card_that_comes_later_has_the_marks_too(screen: MonitorScreen) -> None:
    screen.show_marks([a_run_mark()])

    screen.show_frame(a_frame(a_gpu()))

    assert [mark.run_id for mark in card(screen, "GPU").plot.marks.marks] == ["r1"]


def test_other_lines_take_the_place_of_those_that_went(screen: MonitorScreen) -> None:
    memory = card(screen, "Memory")
    lines = [a_line("used", 4e9), a_line("by models", 1e9, colour=3)]

    chart = Chart("memory", "Memory", Unit.BYTES, 16e9, lines)
    screen.show_frame(Frame(START, END, TIMES, [chart]))

    assert [entry.name for entry in memory.legend.entries()] == ["used", "by models"]
    assert len(memory.plot.getPlotItem().listDataItems()) == 2


@pytest.mark.parametrize(
    ("seconds", "form"), [(60, "%H:%M:%S"), (900, "%H:%M"), (86_400, "%H:%M"), (604_800, "%H:%M")]
)
def test_moments_stand_at_round_times(qtbot: QtBot, seconds: int, form: str) -> None:
    axis = TimeAxis("bottom")

    [(step, places)] = axis.tickValues(START, START + seconds, 600)
    texts = axis.tickStrings(places, 1.0, step)

    assert 2 <= len(places) <= 29
    assert texts[0] == datetime.fromtimestamp(places[0]).strftime(form)
    assert all((datetime.fromtimestamp(at).second % min(step, 60)) == 0 for at in places)


@pytest.mark.parametrize(
    ("unit", "top", "height", "texts"),
    [
        (Unit.PERCENT, 100.0, 90, ["0 %", "50 %", "100 %"]),
        (Unit.PERCENT, 100.0, 300, ["0 %", "20 %", "40 %", "60 %", "80 %", "100 %"]),
        (Unit.RATE, 1e6, 90, ["0 B/s", "500 kB/s", "1.0 MB/s"]),
        (Unit.BYTES, 25e9, 90, ["0 B", "10.0 GB", "20.0 GB"]),
    ],
)
def test_figures_stand_at_round_places_with_their_unit(
    qtbot: QtBot, unit: Unit, top: float, height: int, texts: list[str]
) -> None:
    axis = ValueAxis(unit)

    [(step, places)] = axis.tickValues(0.0, top, height)

    assert axis.tickStrings(places, 1.0, step) == texts


@pytest.mark.parametrize("width", [60, 240, 900])
def test_a_legend_paints_what_fits_and_its_tooltip_has_all(
    qtbot: QtBot, theme: Theme, width: int
) -> None:
    legend = Legend(theme)
    qtbot.addWidget(legend)
    entries: Sequence[Entry] = [
        Entry(f"a model of a long name {n}", "2.0 GB", (n,)) for n in range(5)
    ]
    legend.resize(width, 18)

    legend.show_entries(entries)
    image = legend.grab().toImage()

    assert len(legend.toolTip().splitlines()) == 5
    assert len(colours(image)) > 1


def test_the_only_line_of_a_legend_has_all_its_room(qtbot: QtBot, theme: Theme) -> None:
    legend = Legend(theme)
    qtbot.addWidget(legend)
    legend.resize(400, 18)
    legend.show_entries([Entry("starter@1.0.0", "392 MB", (0,))])
    wide = legend.grab().toImage()
    needed = legend.fontMetrics().horizontalAdvance("starter@1.0.0  392 MB") + 40

    legend.resize(needed, 18)

    assert legend.grab().toImage() == wide.copy(400 - needed, 0, needed, 18)


def test_a_legend_shows_those_that_live_before_those_that_have_ended(
    qtbot: QtBot, theme: Theme
) -> None:
    legend = Legend(theme)
    qtbot.addWidget(legend)
    ended, living = Entry("starter (17)", NONE, (0,)), Entry("starter (18)", "382 MB", (1,))

    legend.show_entries([ended, living])

    assert legend.entries() == (living, ended)


def test_what_a_worker_offers_is_said_of_the_selected_one(
    qtbot: QtBot, screen: MonitorScreen
) -> None:
    window = ProcessRow("This window", "", Owner(1, 1.0), 10**8)
    worker = ProcessRow("llama@1.0.0", "idle", Owner(7, 1.0), 10**9, 3.0, "cpu", "llama@1.0.0")
    card = screen.processes
    screen.show_processes([window, worker])
    assert not card.unload.isEnabled()

    card.table.select("1")
    assert not card.end.isEnabled()
    card.table.select("7")
    for made, signal in (
        (card.unload, screen.unload_requested),
        (card.end, screen.end_requested),
    ):
        with qtbot.waitSignal(signal) as said:
            made.click()
        assert said.args == [worker]
    card.table.selectAll()
    assert not card.end.isEnabled()
    card.table.select("7")
    screen.show_processes([window])

    assert not card.unload.isEnabled()


def test_tab_goes_from_the_selected_worker_to_what_can_be_done_with_it(
    screen: MonitorScreen,
) -> None:
    card = screen.processes
    screen.show_processes([ProcessRow("llama@1.0.0", "", Owner(7, 1.0), 1, reference="llama")])
    card.table.select("7")
    screen.activateWindow()
    card.table.setFocus()

    stops = []
    for _ in range(2):
        QTest.keyClick(screen.window().windowHandle(), Qt.Key.Key_Tab)
        stops.append(screen.focusWidget())

    assert stops == [card.unload, card.end]


def test_a_question_names_what_will_be_lost(
    screen: MonitorScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(ConfirmDialog, "ask", lambda *words: asked.append(words[1:]))

    screen.ask_confirmation("End it?", "The run on it fails.", "End")

    assert asked == [("End it?", "The run on it fails.", "End")]


def test_a_problem_is_shown_until_it_is_over(screen: MonitorScreen) -> None:
    screen.show_problem(Problem("The file cannot be written.", "The disk is full."))
    assert screen.problem.isVisible()

    screen.show_problem(None)

    assert not screen.problem.isVisible()


def test_a_file_is_asked_for(screen: MonitorScreen, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([("/tmp/x.csv", "CSV"), ("", "")])

    def answer(*_arguments: object) -> tuple[str, str]:
        return next(answers)

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)

    assert screen.ask_where("Save", "x.csv", "CSV (*.csv)") == Path("/tmp/x.csv")
    assert screen.ask_where("Save", "x.csv", "CSV (*.csv)") is None


def test_the_picture_is_a_png_of_all_charts(screen: MonitorScreen) -> None:
    picture = QImage.fromData(screen.picture())

    assert picture.width() == screen.body.width()
    assert len(colours(picture)) > 10


def test_the_picture_is_the_same_with_the_keys_and_without(screen: MonitorScreen) -> None:
    without = screen.picture()

    screen.activateWindow()
    screen.body.setFocus()
    settle()

    assert screen.body.hasFocus()
    assert screen.picture() == without


def test_saving_is_one_click_away(qtbot: QtBot, screen: MonitorScreen) -> None:
    buttons = {made.accessibleName(): made for made in screen.findChildren(QPushButton)}

    with qtbot.waitSignal(screen.csv_requested):
        buttons["Save as CSV"].click()
    with qtbot.waitSignal(screen.picture_requested):
        buttons["Save as PNG"].click()


def test_short_runs_close_together_are_told_together(screen: MonitorScreen) -> None:
    short = [
        replace(a_run_mark(f"r{n}", end=START + 20.2 + n / 2), start=START + 20 + n / 2)
        for n in range(5)
    ]
    screen.show_marks(short)
    plot = card(screen, "CPU").plot
    settle()

    told = plot.mark_near(plot.mapToScene(point_at(plot, START + 21, 0.5)))

    assert told is not None
    assert told.words.startswith("5 × ")
    assert told.run_id == ""
