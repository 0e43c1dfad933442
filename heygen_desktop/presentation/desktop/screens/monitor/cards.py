"""The card of a chart, with its title and legend."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from PySide6.QtCore import Qt, Signal

from heygen_desktop.presentation.desktop.screens.monitor.charts import Chart, Frame, Line
from heygen_desktop.presentation.desktop.screens.monitor.legend import Entry, Legend
from heygen_desktop.presentation.desktop.screens.monitor.plot import TimePlot
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_1, SPACE_2, SPACE_3
from heygen_desktop.presentation.desktop.widgets.cards import Card
from heygen_desktop.presentation.desktop.widgets.labels import label
from heygen_desktop.presentation.desktop.widgets.layout import row

_LEAST_HEIGHT = 144
LOOK_CLOSER = "Drag over a chart, or turn the wheel with Ctrl, to look closer (+ and -). Esc comes back to now."


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
