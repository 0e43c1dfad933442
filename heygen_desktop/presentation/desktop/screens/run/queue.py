"""The queue: what is at work and what waits, put in order and stopped."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from heygen_desktop.presentation.desktop.ports import Memory
from heygen_desktop.presentation.desktop.screens.run.rows import QueueRow, RunsShown
from heygen_desktop.presentation.desktop.screens.run.runs_table import RunsTable
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_2, SPACE_3
from heygen_desktop.presentation.desktop.widgets.buttons import button, shortcut
from heygen_desktop.presentation.desktop.widgets.labels import label
from heygen_desktop.presentation.desktop.widgets.layout import column, held, row
from heygen_desktop.presentation.desktop.widgets.rows_model import Column

_UP, _DOWN = "Alt+Up", "Alt+Down"
_NOTHING = (
    "Nothing runs and nothing waits. A run that is started while another is at work waits here."
)
COLUMNS: tuple[Column[QueueRow], ...] = (
    Column("place", "Turn", lambda row: row.place, width=88, tone=lambda row: row.tone),
    Column("input", "Name", lambda row: row.input, width=160, stretches=True),
    Column("model", "Model", lambda row: row.model, width=136, rank=1),
    Column("since", "Queued", lambda row: row.since, width=92, rank=2),
    Column("whose", "Started by", lambda row: row.whose, width=128, rank=3),
)


class QueuePane(QWidget):
    """A table whose order is the order of the runs, and the acts over it."""

    stop_requested = Signal(str)
    arranged = Signal(list)
    clear_requested = Signal()

    def __init__(self, theme: Theme, memory: Memory) -> None:
        super().__init__()
        self._rows: tuple[QueueRow, ...] = ()
        self._table = RunsTable("Queue", COLUMNS, lambda row: row.id, memory, theme, can_sort=False)
        self._table.selected.connect(self._show_acts)
        self.selected = self._table.chosen
        self._up = button("Move up", lambda: self.move_chosen(-1), "flat")
        self._up.setToolTip(f"Let it begin earlier ({_UP})")
        self._down = button("Move down", lambda: self.move_chosen(1), "flat")
        self._down.setToolTip(f"Let it begin later ({_DOWN})")
        self._stop = button("Stop this run", self.stop_chosen, "flat")
        self._clear = button("Clear queue", self.clear_requested.emit, "flat")
        self._clear.setToolTip("Stop every run of this window that waits; what is at work goes on")
        self._acts = (self._up, self._down, self._stop, self._clear)
        nothing = label(_NOTHING, "quiet", wraps=True)
        nothing.setContentsMargins(SPACE_3, SPACE_2, SPACE_3, SPACE_2)
        nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._body = QStackedWidget()
        self._body.addWidget(nothing)
        self._body.addWidget(self._table)
        self.head = held(row(None, *self._acts))
        column((self._body, 1), on=self)
        for keys, places in ((_UP, -1), (_DOWN, 1)):
            shortcut(self._table, keys, partial(self.move_chosen, places))
        shortcut(self._table, "Del", self.stop_chosen)
        self.show_runs(RunsShown((), 0))

    def show_runs(self, shown: RunsShown) -> None:
        """Show what is at work and what waits."""
        self._rows = shown.queue
        self._table.show_rows(shown.queue)
        self._body.setCurrentIndex(1 if shown.queue else 0)
        self._show_acts()

    def select(self, run_id: str) -> None:
        """Put this run in focus; nothing where it is not in the queue."""
        self._table.select(run_id)

    def move_chosen(self, places: int) -> None:
        """Let the run in focus begin so many places later, or earlier where that is negative."""
        ids = self._ids_in_line()
        key = self._table.selected_key
        if key in ids and 0 <= ids.index(key) + places < len(ids):
            place = ids.index(key)
            ids.insert(place + places, ids.pop(place))
            self.arranged.emit(ids)

    def stop_chosen(self) -> None:
        """Stop the run in focus."""
        if self._table.selected_key:
            self.stop_requested.emit(self._table.selected_key)

    def _ids_in_line(self) -> list[str]:
        return [each.id for each in self._rows if each.can_move]

    def _show_acts(self) -> None:
        key, ids = self._table.selected_key, self._ids_in_line()
        self._up.setEnabled(key in ids and key != ids[0])
        self._down.setEnabled(key in ids and key != ids[-1])
        self._stop.setEnabled(any(each.id == key and each.can_stop for each in self._rows))
        self._clear.setEnabled(bool(ids))
