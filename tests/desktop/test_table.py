"""The table that every list uses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.theme.tokens import DARK
from heygen_desktop.presentation.desktop.widgets.rows_model import Column
from heygen_desktop.presentation.desktop.widgets.table import DataTable
from heygen_desktop.presentation.desktop.widgets.table_header import TableHeader
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QFont, QGuiApplication, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QMenu,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)
from pytestqt.qtbot import QtBot

from tests.desktop.conftest import settle
from tests.fakes.tasks import FakeMemory


@dataclass(frozen=True)
class Model:
    name: str
    size: int
    state: str = "ok"


COLUMNS = (
    Column[Model]("name", "Name", lambda m: m.name, width=150, stretches=True),
    Column[Model](
        *("size", "Size", lambda m: f"{m.size} B"),
        sort_key=lambda m: m.size,
        is_number=True,
        rank=1,
    ),
    Column[Model](
        "state",
        "State",
        lambda m: m.state,
        rank=2,
        tone=lambda m: "danger" if m.state == "failed" else "",
        tooltip=lambda m: f"It is {m.state}.",
    ),
)
BERT, LLAMA, WHISPER = Model("bert", 400), Model("Llama", 1000), Model("whisper", 90, "failed")


def made(qtbot: QtBot, memory: FakeMemory, theme: Theme) -> DataTable[Model]:
    table = DataTable("Models", COLUMNS, lambda m: m.name, memory, theme)
    qtbot.addWidget(table)
    return table


@pytest.fixture
def table(qtbot: QtBot, memory: FakeMemory, theme: Theme) -> DataTable[Model]:
    filled = made(qtbot, memory, theme)
    filled.show_rows([WHISPER, LLAMA, BERT])
    return filled


@pytest.fixture
def usual_font(qapp: QApplication) -> Iterator[QFont]:
    usual = QFont(qapp.font())
    yield usual
    qapp.setFont(usual)


def names(table: DataTable[Model]) -> list[str]:
    return [str(table.model().index(row, 0).data()) for row in range(table.model().rowCount())]


def click_header(table: DataTable[Model], column: int) -> None:
    header = table.horizontalHeader()
    current = header.sortIndicatorSection() == column
    ascending = header.sortIndicatorOrder() is Qt.SortOrder.AscendingOrder
    order = Qt.SortOrder.DescendingOrder if current and ascending else Qt.SortOrder.AscendingOrder
    header.setSortIndicator(column, order)


def test_rows_stand_in_the_order_given_until_a_header_is_clicked(table: DataTable[Model]) -> None:
    assert names(table) == ["whisper", "Llama", "bert"]

    click_header(table, 0)
    assert names(table) == ["bert", "Llama", "whisper"]
    click_header(table, 0)

    assert names(table) == ["whisper", "Llama", "bert"]


def test_numbers_sort_as_numbers(table: DataTable[Model]) -> None:
    click_header(table, 1)

    assert names(table) == ["whisper", "bert", "Llama"]


def test_the_selection_is_said_once_and_follows_its_row(
    qtbot: QtBot, table: DataTable[Model]
) -> None:
    said: list[str] = []
    table.selected.connect(said.append)

    table.select("Llama")
    click_header(table, 0)
    table.show_rows([LLAMA, Model("albert", 1)])

    assert table.selected_key == "Llama"
    assert table.selected_rows() == [LLAMA]
    assert said == ["Llama"]


def test_a_row_is_selected_alone_while_ctrl_is_held(qtbot: QtBot, table: DataTable[Model]) -> None:
    table.show()
    QTest.keyPress(table, Qt.Key.Key_Control, Qt.KeyboardModifier.ControlModifier)

    table.select("Llama")
    table.select("bert")
    table.select("bert")
    held = table.selected_rows()
    QTest.keyRelease(table, Qt.Key.Key_Control)

    assert held == [BERT]


def test_a_selected_row_that_goes_gives_way_to_its_neighbour(table: DataTable[Model]) -> None:
    table.select("Llama")
    said: list[str] = []
    table.selected.connect(said.append)

    table.show_rows([WHISPER, BERT])
    below = table.selected_key
    table.show_rows([WHISPER])

    assert (below, table.selected_key, said) == ("bert", "whisper", ["bert", "whisper"])


def test_what_was_selected_is_selected_again_when_it_comes_back(table: DataTable[Model]) -> None:
    table.select("Llama")

    table.show_rows([WHISPER])
    table.show_rows([])
    nothing = table.selected_key
    table.show_rows([WHISPER, LLAMA, BERT])

    assert (nothing, table.selected_key) == ("", "Llama")


def test_what_the_person_chose_meanwhile_stays(table: DataTable[Model]) -> None:
    table.select("Llama")

    table.show_rows([WHISPER, BERT])
    table.setCurrentIndex(table.model().index(0, 0))
    table.show_rows([WHISPER, LLAMA, BERT])

    assert table.selected_key == "whisper"


def test_where_nothing_was_selected_nothing_is(table: DataTable[Model]) -> None:
    table.select("bert")
    table.select("nothing of that name")

    table.show_rows([WHISPER])

    assert (table.selected_key, table.selected_rows()) == ("", [])


def test_several_selected_rows_stay_selected_as_far_as_they_are_there(
    table: DataTable[Model],
) -> None:
    table.selectAll()

    table.show_rows([Model("albert", 1), LLAMA, BERT])

    assert table.selected_rows() == [LLAMA, BERT]


MANY = [Model(f"model {number:03}", number) for number in range(300)]


def long(table: DataTable[Model], *, scrolled_to: int = 0) -> DataTable[Model]:
    table.resize(600, 334)
    table.show_rows(MANY)
    table.show()
    table.verticalScrollBar().setValue(scrolled_to)
    return table


def place_of(table: DataTable[Model], name: str) -> int:
    """Return how far below the top of the view the row is."""
    at = names(table).index(name)
    return table.visualRect(table.model().index(at, 0)).top()


def test_the_row_in_focus_stays_where_it_is_when_rows_above_it_go(table: DataTable[Model]) -> None:
    long(table, scrolled_to=3400)
    table.select("model 103")
    before = place_of(table, "model 103")

    table.show_rows(MANY[50:])

    assert place_of(table, "model 103") == before > 0


def test_the_topmost_row_stays_where_it_is_when_the_one_in_focus_is_out_of_view(
    table: DataTable[Model],
) -> None:
    long(table)
    table.select("model 005")
    table.verticalScrollBar().setValue(3410)

    table.show_rows([Model("newer", 1), *MANY])

    assert place_of(table, "model 100") == -10


def test_at_the_top_a_new_row_comes_into_view(table: DataTable[Model]) -> None:
    long(table)

    table.show_rows([Model("newer", 1), *MANY])

    assert place_of(table, "newer") == 0


@pytest.mark.parametrize("found", [[MANY[200], MANY[205]], []])
def test_after_a_search_the_row_in_focus_is_in_view(
    table: DataTable[Model], found: list[Model]
) -> None:
    long(table)
    table.select("model 200")

    table.show_rows(found)
    table.show_rows(MANY)

    assert 0 <= place_of(table, "model 200") < 300


def test_a_row_in_focus_stays_in_view_when_the_order_is_another(table: DataTable[Model]) -> None:
    long(table, scrolled_to=340)
    table.select("model 012")
    click_header(table, 1)

    click_header(table, 1)

    assert 0 <= place_of(table, "model 012") < 300


def test_the_same_rows_with_new_text_keep_the_view_as_it_is(
    qtbot: QtBot, table: DataTable[Model]
) -> None:
    resets: list[str] = []
    table.model().modelReset.connect(lambda: resets.append("reset"))

    table.show_rows([WHISPER, LLAMA, Model("bert", 401)])
    table.show_rows([])
    table.show_rows([])

    assert resets == ["reset"]


def test_a_failed_one_is_in_the_colour_of_danger(table: DataTable[Model]) -> None:
    cell = table.model().index(0, 2)
    calm = table.model().index(1, 2)

    assert cell.data(Qt.ItemDataRole.ForegroundRole).name() == DARK.tone("danger").text
    assert calm.data(Qt.ItemDataRole.ForegroundRole) is None
    assert table.model().index(0, 0).data(Qt.ItemDataRole.ForegroundRole) is None


def test_cells_have_tooltips_and_numbers_stand_at_the_right(table: DataTable[Model]) -> None:
    model = table.model()
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter

    assert model.index(0, 2).data(Qt.ItemDataRole.ToolTipRole) == "It is failed."
    assert model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole) == "whisper"
    assert model.index(0, 1).data(Qt.ItemDataRole.TextAlignmentRole) == right
    horizontal = Qt.Orientation.Horizontal
    assert model.headerData(1, horizontal, Qt.ItemDataRole.TextAlignmentRole) == right
    assert model.headerData(0, horizontal, Qt.ItemDataRole.DecorationRole) is None
    assert model.headerData(0, Qt.Orientation.Vertical) is None
    assert model.data(model.index(-1, 0)) is None
    assert model.rowCount(model.index(0, 0)) == model.columnCount(model.index(0, 0)) == 0


def test_copy_takes_the_selected_rows_as_lines_with_tabs(
    qtbot: QtBot, table: DataTable[Model]
) -> None:
    table.select("Llama")

    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

    assert QGuiApplication.clipboard().text() == "Name\tSize\tState\nLlama\t1000 B\tok"


def test_without_a_selection_everything_is_copied(table: DataTable[Model]) -> None:
    assert table.as_text().count("\n") == 3


def test_enter_and_double_click_open_a_row(qtbot: QtBot, table: DataTable[Model]) -> None:
    opened: list[str] = []
    table.activated_row.connect(opened.append)

    QTest.keyClick(table, Qt.Key.Key_Return)
    table.select("bert")
    QTest.keyClick(table, Qt.Key.Key_Return)
    table.doubleClicked.emit(table.model().index(0, 0))

    assert opened == ["bert", "whisper"]


def test_the_arrows_move_the_selection(qtbot: QtBot, table: DataTable[Model]) -> None:
    table.select("whisper")

    QTest.keyClick(table, Qt.Key.Key_Down)

    assert table.selected_key == "Llama"


def test_a_menu_is_asked_for_on_a_row(qtbot: QtBot, table: DataTable[Model]) -> None:
    table.resize(400, 300)
    table.show()
    asked: list[str] = []
    table.menu_requested.connect(lambda key, _point: asked.append(key))

    table.customContextMenuRequested.emit(QPoint(5, 5))

    assert asked == ["whisper"]


def test_where_a_row_has_no_menu_of_its_own_the_table_has_one(
    table: DataTable[Model], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QMenu] = []
    monkeypatch.setattr(QMenu, "popup", lambda menu, _at: opened.append(menu))
    table.resize(400, 300)
    table.show()

    table.customContextMenuRequested.emit(QPoint(5, 5))
    opened[0].actions()[0].trigger()

    assert QGuiApplication.clipboard().text().startswith("Name\tSize\tState\nwhisper")
    words = [each.text() for each in opened[0].actions()]
    assert words == ["Copy rows as text", "", "Columns", "Sort by"]


def test_widths_and_order_are_remembered(
    qtbot: QtBot, memory: FakeMemory, theme: Theme, table: DataTable[Model]
) -> None:
    table.resize(700, 300)
    table.show()
    table.setColumnWidth(1, 222)
    click_header(table, 1)
    click_header(table, 1)

    again = made(qtbot, memory, theme)
    again.resize(700, 300)
    again.show()
    again.show_rows([WHISPER, LLAMA, BERT])

    assert again.columnWidth(1) == 222
    assert names(again) == ["Llama", "bert", "whisper"]


@pytest.mark.parametrize(
    "kept", ["not json", "[1]", json.dumps({"widths": {"name": "wide"}, "sorted_by": "gone"})]
)
def test_a_memory_that_makes_no_sense_is_passed_over(qtbot: QtBot, theme: Theme, kept: str) -> None:
    table = made(qtbot, FakeMemory({"table/Models": kept}), theme)
    table.resize(450, 300)
    table.show()

    assert [table.columnWidth(at) for at in (1, 2)] == [120, 120]


def test_widths_of_older_versions_stay_as_far_as_a_person_chose_them(
    qtbot: QtBot, theme: Theme
) -> None:
    kept = json.dumps({"widths": {"name": 150, "size": 99, "state": 800}, "sorted_by": "size"})
    table = made(qtbot, FakeMemory({"table/Models": kept}), theme)
    table.resize(450, 300)
    table.show()
    table.show_rows([LLAMA, BERT])

    assert [table.columnWidth(at) for at in (1, 2)] == [99, 120]
    assert names(table) == ["bert", "Llama"]


def test_the_columns_fill_the_table_and_what_is_not_needed_goes_first(
    table: DataTable[Model],
) -> None:
    def shown(width: int) -> list[bool]:
        table.resize(width, 300)
        inside = table.viewport().width()
        assert sum(table.columnWidth(at) for at in range(3)) == inside
        return [not table.isColumnHidden(at) for at in range(3)]

    table.show()

    assert shown(900) == [True, True, True]
    assert shown(300) == [True, True, False]
    assert shown(200) == [True, False, False]
    assert shown(900) == [True, True, True]


def test_an_edge_between_two_columns_moves_both(table: DataTable[Model]) -> None:
    table.resize(600, 300)
    table.show()
    before = [table.columnWidth(at) for at in range(3)]

    table.horizontalHeader().resizeSection(0, before[0] - 40)

    assert [table.columnWidth(at) for at in range(3)] == [before[0] - 40, before[1] + 40, before[2]]


def test_an_edge_that_is_moved_far_moves_the_columns_behind_it_too(
    table: DataTable[Model],
) -> None:
    table.resize(600, 300)
    table.show()

    table.horizontalHeader().resizeSection(0, 480)

    assert [table.columnWidth(at) for at in (0, 1)] == [480, 48]


def test_the_last_column_widens_at_the_cost_of_the_one_that_stretches(
    table: DataTable[Model],
) -> None:
    table.resize(600, 300)
    table.show()
    before = [table.columnWidth(at) for at in range(3)]

    table.horizontalHeader().resizeSection(2, before[2] + 30)

    assert [table.columnWidth(at) for at in range(3)] == [before[0] - 30, before[1], before[2] + 30]


def submenu(table: DataTable[Model], title: str) -> dict[str, QAction]:
    menu = QMenu(table)
    table.add_to_menu(menu)
    found = next(each for each in menu.findChildren(QMenu) if each.title() == title)
    return {each.text(): each for each in found.actions()}


def action(table: DataTable[Model], words: str) -> QAction:
    return submenu(table, "Columns")[words]


def test_a_column_that_is_not_wanted_goes_and_comes_back(
    qtbot: QtBot, memory: FakeMemory, theme: Theme, table: DataTable[Model]
) -> None:
    table.resize(600, 300)
    table.show()

    action(table, "Size").trigger()
    without = [not table.isColumnHidden(at) for at in range(3)]
    again = made(qtbot, memory, theme)
    again.resize(600, 300)
    again.show()
    remembered = again.isColumnHidden(1)
    action(again, "Reset the columns").trigger()

    assert without == [True, False, True]
    assert remembered
    assert not again.isColumnHidden(1)


def test_a_wanted_column_stays_where_others_go(table: DataTable[Model]) -> None:
    table.resize(300, 300)
    table.show()

    action(table, "State").trigger()

    assert [not table.isColumnHidden(at) for at in range(3)] == [True, False, True]


def test_the_first_column_cannot_be_taken_away(table: DataTable[Model]) -> None:
    assert not action(table, "Name").isEnabled()


def test_a_right_click_on_the_header_offers_the_columns(
    table: DataTable[Model], monkeypatch: pytest.MonkeyPatch
) -> None:
    offered: list[list[str]] = []
    monkeypatch.setattr(
        QMenu, "popup", lambda menu, _at: offered.append([a.text() for a in menu.actions()])
    )

    table.horizontalHeader().customContextMenuRequested.emit(QPoint(5, 5))

    assert offered == [["Name", "Size", "State", "", "Reset the columns"]]


def test_a_rows_menu_chooses_columns_without_a_mouse(table: DataTable[Model]) -> None:
    table.resize(600, 300)
    table.show()

    submenu(table, "Columns")["Size"].trigger()

    assert table.isColumnHidden(1)


def test_a_rows_menu_sorts_without_a_mouse(table: DataTable[Model]) -> None:
    orders = []
    for title in ("Size", "Size", "Name", "As they come"):
        submenu(table, "Sort by")[title].trigger()
        orders.append(names(table))
    marked = [title for title, each in submenu(table, "Sort by").items() if each.isChecked()]

    assert orders[0] == ["whisper", "bert", "Llama"]
    assert orders[1] == ["Llama", "bert", "whisper"]
    assert orders[2] == ["bert", "Llama", "whisper"]
    assert marked == ["As they come"]


def test_where_the_order_says_something_nothing_sorts(qtbot: QtBot, theme: Theme) -> None:
    memory = FakeMemory({"table/Queue": json.dumps({"sorted_by": "name"})})
    queue = DataTable("Queue", COLUMNS, lambda m: m.name, memory, theme, can_sort=False)
    qtbot.addWidget(queue)
    queue.resize(600, 300)
    queue.show()
    queue.show_rows([WHISPER, LLAMA, BERT])

    header = queue.horizontalHeader()
    where = QPoint(header.sectionViewportPosition(0) + 20, 10)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=where)
    menu = QMenu(queue)
    queue.add_to_menu(menu)

    assert names(queue) == ["whisper", "Llama", "bert"]
    assert titles(queue) == ["Name", "Size", "State"]
    assert [each.title() for each in menu.findChildren(QMenu)] == ["Columns"]


def titles(table: DataTable[Model]) -> list[str]:
    model = table.model()
    return [str(model.headerData(at, Qt.Orientation.Horizontal)) for at in range(3)]


def test_the_arrow_stands_beside_the_title_and_never_over_it(table: DataTable[Model]) -> None:
    table.resize(600, 300)
    table.show()
    header = table.horizontalHeader()
    assert isinstance(header, TableHeader)
    before = titles(table)

    where = QPoint(header.sectionViewportPosition(1) + 20, 10)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=where)
    upwards = titles(table)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=where)
    downwards = titles(table)

    assert before == ["Name", "Size", "State"]
    assert upwards == ["Name", "↑ Size", "State"]
    assert downwards == ["Name", "↓ Size", "State"]
    assert not header.isSortIndicatorShown()
    assert names(table) == ["Llama", "bert", "whisper"]


def test_a_title_and_its_arrow_have_room(table: DataTable[Model]) -> None:
    table.resize(900, 300)
    table.show()
    click_header(table, 0)

    assert titles(table)[0] == "Name ↑"


def test_larger_letters_have_more_room(
    table: DataTable[Model], theme: Theme, usual_font: QFont
) -> None:
    table.resize(900, 300)
    table.show()
    before = table.columnWidth(1), table.rowHeight(0)

    larger = QFont(usual_font)
    larger.setPixelSize(2 * usual_font.pixelSize())
    QApplication.setFont(larger)
    theme.changed.emit()

    assert table.columnWidth(1) == 2 * before[0]
    assert table.rowHeight(0) > before[1]


def test_columns_stand_still_while_rows_go(table: DataTable[Model]) -> None:
    table.resize(900, 300)
    table.show()
    table.show_rows([Model("bert", 1, "a state that takes quite some words to say"), LLAMA])
    before = [table.columnWidth(at) for at in range(3)]

    table.show_rows([LLAMA])

    assert [table.columnWidth(at) for at in range(3)] == before


def test_a_long_name_is_whole_before_lesser_columns_are_there(table: DataTable[Model]) -> None:
    name = "a-model-with-quite-a-long-name"
    table.resize(420, 300)
    table.show()

    table.show_rows([Model(name, 1)])

    assert table.columnWidth(0) > table.fontMetrics().horizontalAdvance(name)
    assert table.isColumnHidden(2)


def test_what_a_row_says_is_not_cut_where_there_is_room(table: DataTable[Model]) -> None:
    table.resize(900, 300)
    table.show()
    words = "a state that takes quite some words to say"

    table.show_rows([Model("bert", 1, words)])

    assert table.columnWidth(2) > table.fontMetrics().horizontalAdvance(words)


def test_a_failure_stays_red_while_its_row_is_selected(table: DataTable[Model]) -> None:
    option = QStyleOptionViewItem()
    delegate = table.itemDelegate()
    assert isinstance(delegate, QStyledItemDelegate)

    delegate.initStyleOption(option, table.model().index(0, 2))
    toned = option.palette.color(QPalette.ColorRole.HighlightedText).name()
    delegate.initStyleOption(option, table.model().index(0, 0))

    assert toned == DARK.tone("danger").text


def test_news_that_come_while_a_cell_is_written_are_shown_afterwards(
    qtbot: QtBot, memory: FakeMemory, theme: Theme
) -> None:
    columns = (Column[Model]("name", "Name", lambda m: m.name, edit=lambda m: f"old {m.name}"),)
    table = DataTable("Written", columns, lambda m: m.name, memory, theme)
    qtbot.addWidget(table)
    table.show_rows([BERT, LLAMA])
    table.show()
    edited: list[tuple[str, str, str]] = []
    table.edited.connect(lambda *told: edited.append(told))
    table.edit_cell("name")  # no row is in focus
    assert table.viewport().findChildren(QLineEdit) == []

    table.select("bert")
    table.edit_cell("name")
    [edit] = table.viewport().findChildren(QLineEdit)
    table.show_rows([WHISPER, BERT, LLAMA])
    while_written = names(table)
    before = edit.text()
    QTest.keyClicks(edit, "new")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    settle()  # Qt takes what was written with the next round of the event loop

    assert before == "old bert"
    assert edited == [("bert", "name", "new")]
    assert while_written == ["bert", "Llama"]
    assert names(table) == ["whisper", "bert", "Llama"]
    assert not table.model().setData(table.model().index(0, 0), 1, Qt.ItemDataRole.ToolTipRole)
