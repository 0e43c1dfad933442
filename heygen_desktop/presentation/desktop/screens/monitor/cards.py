"""The cards of the monitor: a chart with its title and legend, and our processes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from PySide6.QtCore import Qt, Signal, SignalInstance

from heygen_desktop.presentation.desktop.ports import Memory
from heygen_desktop.presentation.desktop.screens.monitor.charts import Chart, Frame, Line
from heygen_desktop.presentation.desktop.screens.monitor.legend import Entry, Legend
from heygen_desktop.presentation.desktop.screens.monitor.plot import TimePlot
from heygen_desktop.presentation.desktop.screens.monitor.processes import ProcessRow
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_1, SPACE_2, SPACE_3
from heygen_desktop.presentation.desktop.widgets.buttons import button
from heygen_desktop.presentation.desktop.widgets.cards import Card
from heygen_desktop.presentation.desktop.widgets.labels import label
from heygen_desktop.presentation.desktop.widgets.layout import row
from heygen_desktop.presentation.desktop.widgets.rows_model import Column
from heygen_desktop.presentation.desktop.widgets.table import DataTable
from heygen_desktop.presentation.wording import percent, size

_LEAST_HEIGHT = 144
_ROW_HEIGHT = 26
LOOK_CLOSER = (
    "Drag over a chart, or turn the wheel with Ctrl, to zoom in (+ and -). Esc returns to now."
)


class ChartCard(Card):
    """One chart."""

    hovered = Signal(object)
    span_chosen = Signal(object, object)
    mark_clicked = Signal(str)

    def __init__(self, theme: Theme, chart: Chart) -> None:
        super().__init__()
        self._chart = chart
        self._times = np.empty(0)
        self.setAccessibleName(chart.title)
        self.setMinimumHeight(_LEAST_HEIGHT)
        self.legend = Legend(theme)
        self.plot = TimePlot(theme, chart.unit, chart.title)
        self.note = label("", "quiet", wraps=True)
        self.note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.body.setContentsMargins(SPACE_3, SPACE_2, SPACE_3, SPACE_1)
        self.body.setSpacing(SPACE_1)
        title = label(chart.title, "strong")
        title.setToolTip(LOOK_CLOSER)
        self.body.addLayout(row(title, (self.legend, 1), spacing=SPACE_3))
        self.body.addWidget(self.plot, 1)
        self.body.addWidget(self.note, 1)
        self.plot.hovered.connect(self.hovered)
        self.plot.span_chosen.connect(self.span_chosen)
        self.plot.mark_clicked.connect(self.mark_clicked)

    def show_chart(self, chart: Chart, times: np.ndarray, frame: Frame) -> None:
        """Draw another state of the same chart."""
        self._chart, self._times = chart, times
        is_told = bool(chart.note) and not chart.lines
        self.note.setText(chart.note)
        self.note.setVisible(is_told)
        self.plot.setVisible(not is_told)
        self.plot.show_chart(chart, times, frame.start, frame.end)

    def show_values(self, at: float | None) -> None:
        """Tell the values at a moment and stand the crosshair there; None tells the newest."""
        self.plot.show_crosshair(at)
        place = len(self._times) - 1 if at is None else int(np.searchsorted(self._times, at)) - 1
        values = [(line, _value(line.values, place)) for line in self._chart.lines]
        told = self._chart.unit.text
        entries = [
            Entry(line.name, told(value), (line.colour,))
            for line, value in values
            if not line.is_faint
        ]
        faint = [(line, value) for line, value in values if line.is_faint and value == value]
        self.legend.show_entries([*entries, *self._together(faint)])

    def _together(self, values: Sequence[tuple[Line, float]]) -> Iterator[Entry]:
        """Yield one entry for the lines that are too many to be named one by one, where there are any."""
        if values:
            told = self._chart.unit.text
            figures = [value for _, value in values]
            yield Entry(
                self._chart.faint_name,
                f"{told(min(figures))} to {told(max(figures))}",
                tuple(line.colour for line, _ in values),
                tuple(f"{line.name}  {told(value)}" for line, value in values),
            )


def _value(values: object, place: int) -> float:
    found = values if isinstance(values, tuple) else ()
    return float(found[place]) if 0 <= place < len(found) else math.nan


def _columns() -> tuple[Column[ProcessRow], ...]:
    return (
        Column("name", "Process", lambda row: row.name, width=112, stretches=True),
        Column("doing", "State", lambda row: row.doing, width=72, rank=2),
        Column(
            "memory",
            "Memory",
            lambda row: size(row.memory_bytes),
            sort_key=lambda row: row.memory_bytes or 0,
            tooltip=lambda row: f"GPU memory: {size(row.gpu_memory_bytes)}",
            width=76,
            is_number=True,
        ),
        Column(
            "cpu",
            "CPU",
            lambda row: percent(row.cpu_percent),
            sort_key=lambda row: row.cpu_percent or 0.0,
            width=64,
            rank=1,
            is_number=True,
        ),
        Column("device", "Device", lambda row: row.device, width=72, rank=3),
        Column(
            "pid",
            "Process ID",
            lambda row: str(row.process.pid),
            sort_key=lambda row: row.process.pid,
            width=88,
            rank=4,
            is_number=True,
        ),
    )


class ProcessCard(Card):
    """Our processes, and what can be done about the one that is selected."""

    unload_requested = Signal(object)
    end_requested = Signal(object)

    def __init__(self, theme: Theme, memory: Memory) -> None:
        super().__init__()
        self.setAccessibleName("Processes")
        self.setMinimumHeight(_LEAST_HEIGHT)
        self.table = DataTable("Processes", _columns(), lambda row: row.key, memory, theme)
        self.table.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        self.unload = button("Unload", lambda: self._ask(self.unload_requested), "link")
        self.end = button("End", lambda: self._ask(self.end_requested), "link")
        self.end.setToolTip("End the process at once, even if it no longer responds")
        self.body.setContentsMargins(SPACE_3, SPACE_2, SPACE_3, SPACE_1)
        self.body.setSpacing(SPACE_1)
        self.body.addWidget(self.table, 1)
        # Above the table and after it: Tab goes in the order in which they are added.
        self.body.insertLayout(0, row(label("Processes", "strong"), None, self.unload, self.end))
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._offer())
        self._offer()

    def show_rows(self, rows: Sequence[ProcessRow]) -> None:
        """Show these; the selected one stays selected."""
        self.table.show_rows(rows)
        self._offer()

    def _offer(self) -> None:
        for made in (self.unload, self.end):
            made.setEnabled(self._chosen() is not None)

    def _chosen(self) -> ProcessRow | None:
        """Return the one worker that is selected."""
        chosen = self.table.selected_rows()
        return chosen[0] if len(chosen) == 1 and chosen[0].reference else None

    def _ask(self, signal: SignalInstance) -> None:
        signal.emit(self._chosen())
