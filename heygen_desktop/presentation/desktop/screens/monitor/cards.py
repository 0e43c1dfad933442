"""The cards of the monitor: a chart with its title and legend, and what stands there without a GPU."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import Qt, Signal

from heygen_desktop.presentation.desktop.screens.monitor.charts import Chart, Frame
from heygen_desktop.presentation.desktop.screens.monitor.legend import Entry, Legend
from heygen_desktop.presentation.desktop.screens.monitor.plot import TimePlot
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_1, SPACE_2, SPACE_3
from heygen_desktop.presentation.desktop.widgets.cards import Card
from heygen_desktop.presentation.desktop.widgets.labels import IconLabel, label
from heygen_desktop.presentation.desktop.widgets.layout import row

_LEAST_HEIGHT = 148
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
        entries = [
            Entry(line.name, self._chart.unit.text(_value(line.values, place)), line.colour)
            for line in self._chart.lines
            if not line.is_faint
        ]
        self.legend.show_entries(entries)


def _value(values: object, place: int) -> float:
    found = values if isinstance(values, tuple) else ()
    return float(found[place]) if 0 <= place < len(found) else math.nan


class NoGpuCard(Card):
    """Says quietly that a GPU is not read, why, and what to do."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setAccessibleName("No reading of a GPU")
        self.setMinimumHeight(_LEAST_HEIGHT)
        self.why = label("", "quiet", wraps=True, selectable=True)
        icon = IconLabel(theme.icon("expansion-card-variant", "text_quiet"), 18)
        self.body.setContentsMargins(SPACE_3, SPACE_2, SPACE_3, SPACE_2)
        self.body.addLayout(row(icon, (label("No reading of a GPU", "strong"), 1)))
        self.body.addWidget(self.why)
        self.body.addWidget(
            label(
                "For an NVIDIA GPU install its driver, and see that nvidia-smi works in a terminal; "
                "'heygen doctor' says where models can run.",
                "quiet",
                wraps=True,
            )
        )
        self.body.addStretch(1)

    def show_why(self, why: str) -> None:
        """Say what the driver library said."""
        self.why.setText(why)
        self.why.setVisible(bool(why))
