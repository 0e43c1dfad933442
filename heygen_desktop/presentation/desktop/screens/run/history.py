"""Earlier runs and those under way, newest first, with what can be done with the one in view."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QLabel, QMenu, QStackedWidget, QWidget

from heygen_desktop.presentation.desktop.ports import Memory
from heygen_desktop.presentation.desktop.screens.run.rows import RunRow
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_1, SPACE_2, SPACE_3
from heygen_desktop.presentation.desktop.widgets.buttons import button
from heygen_desktop.presentation.desktop.widgets.labels import label
from heygen_desktop.presentation.desktop.widgets.layout import column, row
from heygen_desktop.presentation.desktop.widgets.rows_model import Column
from heygen_desktop.presentation.desktop.widgets.table import DataTable
from heygen_desktop.presentation.desktop.wording import duration_text, number_text

_AGAIN_SAME, _AGAIN_NEW = "Run again, same seed", "Run again, new seed"
_USE, _WRITE, _COPY, _SAVE, _LOG, _CANCEL = (
    "Use these parameters",
    "Use this input",
    "Copy output",
    "Save output…",
    "Show log",
    "Cancel",
)

COLUMNS: tuple[Column[RunRow], ...] = (
    Column("state", "State", lambda row: row.state, width=112, tone=lambda row: row.tone),
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
    Column("input", "Input", lambda row: row.input, width=136, stretches=True),
    Column("output", "Output", lambda row: row.output, width=136, stretches=True, rank=3),
)


class HistoryPane(QWidget):
    """A table with its acts over it; the same acts are in the table's menu."""

    selected = Signal(str)
    again_requested = Signal(bool)
    parameters_wanted = Signal()
    inputs_wanted = Signal()
    copy_requested = Signal()
    save_requested = Signal()
    log_requested = Signal()
    cancel_requested = Signal()
    more_requested = Signal()

    def __init__(self, theme: Theme, memory: Memory) -> None:
        super().__init__()
        self._acts = {
            _AGAIN_SAME: lambda: self.again_requested.emit(True),
            _AGAIN_NEW: lambda: self.again_requested.emit(False),
            _USE: self.parameters_wanted.emit,
            _WRITE: self.inputs_wanted.emit,
            _COPY: self.copy_requested.emit,
            _SAVE: self.save_requested.emit,
            _LOG: self.log_requested.emit,
            _CANCEL: self.cancel_requested.emit,
        }
        self._table = DataTable("Runs", COLUMNS, lambda row: row.id, memory, theme)
        self._table.selected.connect(self._say_selected)
        self._table.menu_requested.connect(self._open_menu)
        self._count = label("", "small")
        self._more = button("Show more", self.more_requested.emit, "link")
        self._more.hide()
        self._all = button("More…", self._open_all, "flat")
        shown = (_AGAIN_SAME, _USE)
        self._buttons = [*(button(name, self._acts[name], "flat") for name in shown), self._all]
        self._can_cancel = False
        self._body = QStackedWidget()
        self._body.addWidget(_nothing_yet())
        self._body.addWidget(self._table)
        title = label("Runs", "section")
        parts = (title, self._count, self._more, None, *self._buttons)
        head = row(*parts, margins=(SPACE_3, 0, SPACE_3, 0))
        column(head, (self._body, 1), on=self, spacing=0, margins=(0, SPACE_1, 0, 0))
        self._show_acts()

    def show_rows(self, rows: Sequence[RunRow], total: int) -> None:
        """Show these runs of so many."""
        self._table.show_rows(rows)
        self._body.setCurrentIndex(1 if rows else 0)
        self._count.setText(f"{len(rows):,} of {total:,}" if total > len(rows) else f"{total:,}")
        self._more.setVisible(total > len(rows))

    def select(self, run_id: str) -> None:
        """Put this run in focus."""
        self._table.select(run_id)

    def show_can_cancel(self, can_cancel: bool) -> None:
        """Whether the run in view is under way."""
        self._can_cancel = can_cancel

    def acts_menu(self) -> QMenu:
        """Return a menu of what can be done with the run in view; it deletes itself once closed."""
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        for name, act in self._acts.items():
            if name in (_USE, _CANCEL):
                menu.addSeparator()
            action = menu.addAction(name)
            action.setEnabled(name != _CANCEL or self._can_cancel)
            action.triggered.connect(lambda _checked=False, act=act: act())
        return menu

    def _say_selected(self, run_id: str) -> None:
        self._show_acts()
        if run_id:
            self.selected.emit(run_id)

    def _show_acts(self) -> None:
        for made in self._buttons:
            made.setEnabled(bool(self._table.selected_key))

    def _open_menu(self, _run_id: str, place: QPoint) -> None:
        self.acts_menu().popup(place)

    def _open_all(self) -> None:
        self.acts_menu().popup(self._all.mapToGlobal(self._all.rect().bottomLeft()))


def _nothing_yet() -> QLabel:
    made = label("Runs are listed here, with their text, parameters, seed and figures.", "quiet")
    made.setContentsMargins(SPACE_3, SPACE_2, SPACE_3, SPACE_2)
    made.setAlignment(made.alignment().AlignTop)
    return made
