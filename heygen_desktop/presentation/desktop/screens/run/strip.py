"""What the run in view costs, figure by figure, while it happens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from heygen_desktop.presentation.desktop.screens.run.rows import Strip
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_2
from heygen_desktop.presentation.desktop.widgets.labels import label
from heygen_desktop.presentation.desktop.widgets.layout import column, row
from heygen_desktop.presentation.desktop.widgets.sparkline import Sparkline

_WIDTHS = {
    "first_token": 64,
    "speed": 72,
    "made": 116,
    "memory": 56,
    "load": 44,
    "elapsed": 48,
    "left": 44,
}
"""Figures that grow by a digit must not push the others about."""
_TITLES = {
    "first_token": ("First token", "From the loaded model getting the input to its first token"),
    "speed": ("Speed", "Tokens after the first, over the time after the first"),
    "made": ("Made", "So far, of the most that may be made"),
    "memory": ("Memory", "The worker's memory at its highest"),
    "load": ("Load", "Time to bring the model into memory"),
    "elapsed": ("Elapsed", "Since the run left the queue"),
    "left": ("Left", "At the latest: the model may end earlier"),
}

_LEAST_WIDTH = 320
_WITH_LINE = 532
"""Below this width the line makes room for the figures."""


class SpeedStrip(QWidget):
    """Small titles over figures, and the speed of the last moments as a line."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._figures: dict[str, QLabel] = {}
        self._speeds = Sparkline(theme, "Speed over time")
        first, speed, *others = [self._figure(field.name) for field in fields(Strip)]
        row(first, speed, self._speeds, *others, None, on=self)
        # Long figures may be cut in a narrow window; they must not push the parameters out of it.
        self.setMinimumWidth(_LEAST_WIDTH)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._speeds.setVisible(event.size().width() >= _WITH_LINE)

    def show_strip(self, strip: Strip, speeds: Sequence[float]) -> None:
        """Show these figures and speeds."""
        for field in fields(Strip):
            text = getattr(strip, field.name)
            figure = self._figures[field.name]
            if figure.text() != text:
                figure.setText(text)
                figure.setAccessibleName(f"{_TITLES[field.name][0]}: {text}")
        self._speeds.set_scale(max(speeds, default=1.0) * 1.2)
        self._speeds.show_values(speeds)

    def texts(self) -> dict[str, str]:
        """Return what is shown, by the figure's name."""
        return {name: figure.text() for name, figure in self._figures.items()}

    def _figure(self, name: str) -> QVBoxLayout:
        title, explanation = _TITLES[name]
        figure = self._figures[name] = label("", "strong", selectable=True)
        small = label(title, "small")
        small.setToolTip(explanation)
        figure.setToolTip(explanation)
        figure.setMinimumWidth(_WIDTHS[name])
        return column(small, figure, spacing=SPACE_2 // 4)
