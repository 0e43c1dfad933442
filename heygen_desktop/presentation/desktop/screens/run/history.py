"""The history of runs: searched, named, pinned, thinned out, with what can be done with those chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget

from heygen_desktop.presentation.desktop.ports import Memory
from heygen_desktop.presentation.desktop.screens.run.rows import RunRow, RunsShown
from heygen_desktop.presentation.desktop.screens.run.runs_table import RunsTable
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_2, SPACE_3
from heygen_desktop.presentation.desktop.widgets.buttons import button, shortcut
from heygen_desktop.presentation.desktop.widgets.labels import label
from heygen_desktop.presentation.desktop.widgets.layout import column, held, row
from heygen_desktop.presentation.desktop.widgets.rows_model import Column
from heygen_desktop.presentation.desktop.widgets.search_field import SearchField
from heygen_desktop.presentation.desktop.wording import duration_text, number_text

_PIN = "\N{BLACK STAR}"
_SEARCH_WIDTH = 240
_AGAIN = "Run again, same seed"
_NOTHING_YET = "Runs are listed here, with their text, parameters, seed and figures."
_NOTHING_FOUND = "No run has all of these words in its name, its input, its output or its model."

COLUMNS: tuple[Column[RunRow], ...] = (
    Column("state", "State", lambda row: row.state, width=112, tone=lambda row: row.tone),
    Column(
        "name",
        "Name",
        lambda row: f"{_PIN}  {row.name}" if row.is_pinned else row.name,
        sort_key=lambda row: row.name.casefold(),
        tooltip=lambda row: row.input,
        edit=lambda row: row.name,
        width=136,
        stretches=True,
    ),
    Column("model", "Model", lambda row: row.model, width=120, rank=2),
    Column(
        "when", "When", lambda row: row.when, sort_key=lambda row: row.queued_at, width=92, rank=1
    ),
    Column(
        "speed",
        "Tokens/s",
        lambda row: number_text(row.speed),
        sort_key=lambda row: row.speed or 0.0,
        width=72,
        rank=5,
        is_number=True,
    ),
    Column(
        "duration",
        "Duration",
        lambda row: duration_text(row.duration_s),
        sort_key=lambda row: row.duration_s or 0.0,
        width=72,
        rank=4,
        is_number=True,
    ),
    Column("output", "Output", lambda row: row.output, width=136, stretches=True, rank=3),
)


@dataclass(frozen=True)
class _Act:
    """What can be done with the runs that are chosen."""

    name: str
    do: Callable[[Sequence[RunRow]], object]
    fits: Callable[[Sequence[RunRow]], bool]
    """Whether it can be done with these."""
    keys: str = ""
    """Beside its name in the menu."""
    begins_group: bool = False


class HistoryPane(QWidget):
    """A table with its acts over it; the same acts are in the table's menu."""

    again_requested = Signal(bool)
    parameters_wanted = Signal()
    inputs_wanted = Signal()
    copy_requested = Signal()
    save_requested = Signal()
    log_requested = Signal()
    stop_requested = Signal(str)
    more_requested = Signal()
    search_requested = Signal(str)
    renamed = Signal(str, str)
    pin_requested = Signal(list, bool)
    removal_requested = Signal(list)
    clear_requested = Signal()
    comparison_requested = Signal(list)

    def __init__(self, theme: Theme, memory: Memory) -> None:
        super().__init__()
        self._shown = RunsShown((), 0)
        self._table = RunsTable("Runs", COLUMNS, lambda row: row.id, memory, theme)
        self.selected = self._table.chosen
        self._table.edited.connect(self._say_renamed)
        self._table.menu_requested.connect(lambda _id, place: self.acts_menu().popup(place))
        self._table.selectionModel().selectionChanged.connect(self._show_acts)
        self._table.verticalScrollBar().valueChanged.connect(self._ask_for_more_at_the_end)
        self.search = SearchField("Search runs", theme.icon("magnify", "text_quiet"))
        self.search.setMaximumWidth(_SEARCH_WIDTH)
        self.search.search_requested.connect(self.search_requested)
        self._count = label("", "small")
        self._more = button("Show more", self.more_requested.emit, "link")
        self._compare = button("Compare", self._compare_chosen, "flat")
        self._compare.setToolTip(
            "Put two chosen runs beside each other; Ctrl and a click choose another"
        )
        self._again = button(_AGAIN, lambda: self.again_requested.emit(True), "flat")
        self._all = button("More\N{HORIZONTAL ELLIPSIS}", self._open_all, "flat")
        self._nothing = label("", "quiet")
        self._nothing.setContentsMargins(SPACE_3, SPACE_2, SPACE_3, SPACE_2)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._body = QStackedWidget()
        self._body.addWidget(self._nothing)
        self._body.addWidget(self._table)
        acts = (self._compare, self._again, self._all)
        self.head = held(row((self.search, 1), self._count, self._more, None, *acts))
        column((self._body, 1), on=self)
        self.setFocusProxy(self._table)
        self._add_shortcuts()
        self.show_runs(self._shown)

    def show_runs(self, shown: RunsShown) -> None:
        """Show these runs of so many."""
        if shown.rows != self._shown.rows:
            self._table.show_rows(shown.rows)
        self._shown = shown
        self._body.setCurrentIndex(1 if shown.rows else 0)
        self._nothing.setText(_NOTHING_FOUND if shown.search else _NOTHING_YET)
        self._count.setText(_count_text(shown))
        self._more.setVisible(shown.total > len(shown.rows))
        self._show_acts()

    def select(self, run_id: str) -> None:
        """Put this run in focus."""
        self._table.select(run_id)

    def acts_menu(self) -> QMenu:
        """Return a menu of what can be done with the chosen runs; it deletes itself once closed."""
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        chosen = self._table.selected_rows()
        for act in self._all_acts():
            if act.begins_group:
                menu.addSeparator()
            action = menu.addAction(f"{act.name}\t{act.keys}" if act.keys else act.name)
            action.setEnabled(act.fits(chosen))
            action.triggered.connect(lambda _checked=False, act=act: act.do(chosen))
        self._table.add_to_menu(menu)
        return menu

    def rename(self) -> None:
        """Let the name of the run in focus be written where it stands."""
        self._table.edit_cell("name")

    def remove_chosen(self) -> None:
        """Ask for those of the chosen runs that have ended to be deleted."""
        ended = [row.id for row in self._table.selected_rows() if row.has_ended]
        if ended:
            self.removal_requested.emit(ended)

    def pin_chosen(self) -> None:
        """Ask for the chosen runs to be pinned, or not any more where all of them are."""
        chosen = self._table.selected_rows()
        if chosen:
            is_pinned = not all(row.is_pinned for row in chosen)
            self.pin_requested.emit([row.id for row in chosen], is_pinned)

    def _all_acts(self) -> tuple[_Act, ...]:
        def with_one(name: str, do: Callable[[], object], *, begins_group: bool = False) -> _Act:
            return _Act(name, lambda _rows: do(), _is_one, begins_group=begins_group)

        return (
            with_one(_AGAIN, lambda: self.again_requested.emit(True)),
            with_one("Run again, new seed", lambda: self.again_requested.emit(False)),
            with_one("Use these parameters", self.parameters_wanted.emit, begins_group=True),
            with_one("Use this input", self.inputs_wanted.emit),
            with_one("Copy output", self.copy_requested.emit, begins_group=True),
            with_one("Save output\N{HORIZONTAL ELLIPSIS}", self.save_requested.emit),
            with_one("Show log", self.log_requested.emit),
            _Act("Rename", lambda _rows: self.rename(), _is_one, "F2", begins_group=True),
            _Act("Pin", lambda _rows: self.pin_chosen(), _some_not_pinned, "Ctrl+P"),
            _Act("Unpin", lambda _rows: self.pin_chosen(), _all_pinned, "Ctrl+P"),
            _Act("Compare", lambda _rows: self._compare_chosen(), _are_two),
            _Act("Stop", self._stop, _some_under_way, begins_group=True),
            _Act("Delete", lambda _rows: self.remove_chosen(), _some_ended, "Del"),
            _Act(
                _clear_text(self._shown),
                lambda _rows: self.clear_requested.emit(),
                lambda _rows: any(row.has_ended and not row.is_pinned for row in self._shown.rows),
            ),
        )

    def _compare_chosen(self) -> None:
        self.comparison_requested.emit([row.id for row in self._table.selected_rows()])

    def _stop(self, rows: Sequence[RunRow]) -> None:
        for each in rows:
            if each.can_stop:
                self.stop_requested.emit(each.id)

    def _add_shortcuts(self) -> None:
        for keys, do in (
            ("F2", self.rename),
            ("Del", self.remove_chosen),
            ("Ctrl+P", self.pin_chosen),
        ):
            shortcut(self._table, keys, do)

    def _say_renamed(self, run_id: str, _column: str, name: str) -> None:
        """A name that was left as it stood names nothing: it may be the beginning of the input."""
        if all(name != row.name for row in self._shown.rows if row.id == run_id):
            self.renamed.emit(run_id, name)

    def _show_acts(self) -> None:
        chosen = self._table.selected_rows()
        self._again.setEnabled(_is_one(chosen))
        self._compare.setEnabled(_are_two(chosen))
        self._all.setEnabled(bool(self._shown.rows))

    def _ask_for_more_at_the_end(self, value: int) -> None:
        has_more = self._shown.total > len(self._shown.rows)
        if has_more and value and value == self._table.verticalScrollBar().maximum():
            self.more_requested.emit()

    def _open_all(self) -> None:
        self.acts_menu().popup(self._all.mapToGlobal(self._all.rect().bottomLeft()))


def _is_one(rows: Sequence[RunRow]) -> bool:
    return len(rows) == 1


def _are_two(rows: Sequence[RunRow]) -> bool:
    return len(rows) == 2


def _some_under_way(rows: Sequence[RunRow]) -> bool:
    return any(row.can_stop for row in rows)


def _some_ended(rows: Sequence[RunRow]) -> bool:
    return any(row.has_ended for row in rows)


def _some_not_pinned(rows: Sequence[RunRow]) -> bool:
    return any(not row.is_pinned for row in rows)


def _all_pinned(rows: Sequence[RunRow]) -> bool:
    return bool(rows) and all(row.is_pinned for row in rows)


def _clear_text(shown: RunsShown) -> str:
    """What stays whatever is cleared stands at the top, so it is among the rows."""
    if not shown.search:
        return "Clear history"
    stay = sum(row.is_pinned or not row.has_ended for row in shown.rows)
    number = shown.total - stay
    return "Delete the run found" if number == 1 else f"Delete the {number:,} runs found"


def _count_text(shown: RunsShown) -> str:
    count = f"{shown.total:,}"
    if shown.total > len(shown.rows):
        count = f"{len(shown.rows):,} of {count}"
    return f"{count} found" if shown.search else count
