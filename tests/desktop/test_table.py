"""The table that every list uses."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.theme.tokens import DARK
from heygen_desktop.presentation.desktop.widgets.rows_model import Column
from heygen_desktop.presentation.desktop.widgets.table import DataTable
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from tests.fakes.tasks import FakeMemory


@dataclass(frozen=True)
class Model:
    name: str
    size: int
    state: str = "ok"


COLUMNS = (
    Column[Model]("name", "Name", lambda m: m.name, width=150),
    Column[Model](
        "size", "Size", lambda m: f"{m.size} B", sort_key=lambda m: m.size, is_number=True
    ),
    Column[Model](
        "state",
        "State",
        lambda m: m.state,
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


def test_a_selected_row_that_goes_is_let_go(qtbot: QtBot, table: DataTable[Model]) -> None:
    table.select("Llama")
    said: list[str] = []
    table.selected.connect(said.append)

    table.show_rows([BERT])
    table.select("nothing of that name")

    assert (table.selected_key, said) == ("", [""])


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


def test_a_menu_is_asked_for_on_a_row_only(qtbot: QtBot, table: DataTable[Model]) -> None:
    table.resize(400, 300)
    table.show()
    asked: list[str] = []
    table.menu_requested.connect(lambda key, _point: asked.append(key))

    table.customContextMenuRequested.emit(QPoint(5, 5))
    table.customContextMenuRequested.emit(QPoint(5, 250))

    assert asked == ["whisper"]


def test_widths_and_order_are_remembered(
    qtbot: QtBot, memory: FakeMemory, theme: Theme, table: DataTable[Model]
) -> None:
    table.setColumnWidth(0, 222)
    click_header(table, 1)
    click_header(table, 1)

    again = made(qtbot, memory, theme)
    again.show_rows([WHISPER, LLAMA, BERT])

    assert again.columnWidth(0) == 222
    assert names(again) == ["Llama", "bert", "whisper"]


@pytest.mark.parametrize(
    "kept", ["not json", "[1]", json.dumps({"widths": {"name": "wide"}, "sorted_by": "gone"})]
)
def test_a_memory_that_makes_no_sense_is_passed_over(qtbot: QtBot, theme: Theme, kept: str) -> None:
    table = made(qtbot, FakeMemory({"table/Models": kept}), theme)

    assert table.columnWidth(0) == 150


def test_a_failure_stays_red_while_its_row_is_selected(table: DataTable[Model]) -> None:
    option = QStyleOptionViewItem()
    delegate = table.itemDelegate()
    assert isinstance(delegate, QStyledItemDelegate)

    delegate.initStyleOption(option, table.model().index(0, 2))
    toned = option.palette.color(QPalette.ColorRole.HighlightedText).name()
    delegate.initStyleOption(option, table.model().index(0, 0))

    assert toned == DARK.tone("danger").text
