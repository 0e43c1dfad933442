"""A small chart for what is always on. Painted by hand: five times cheaper than a plotting library."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from heygen_desktop.presentation.desktop.theme.theme import Theme

_CAPACITY = 60


class Sparkline(QWidget):
    """The last values as a line over a tinted ground; 0 is the bottom."""

    def __init__(self, theme: Theme, name: str, colour_at: int = 0) -> None:
        """Make an empty chart.

        Args:
            theme: Where its colours come from, each time it paints.
            name: What a screen reader calls it.
            colour_at: Which of the theme's chart colours it takes.
        """
        super().__init__()
        self._theme = theme
        self._values: deque[float] = deque(maxlen=_CAPACITY)
        self._top = 100.0
        self._colour_at = colour_at
        self.setAccessibleName(name)
        self.setFixedSize(self.sizeHint())
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(56, 18)

    def set_scale(self, top: float) -> None:
        """Say which value is the upper edge; above 0."""
        self._top = max(top, 1e-9)

    def append(self, value: float) -> None:
        """Add the newest value; the oldest makes room."""
        self._values.append(value)
        self.setAccessibleDescription(f"{value:.0f}")
        self.update()

    def show_values(self, values: Iterable[float]) -> None:
        """Show these values in place of all others, oldest first; the last 60 are kept."""
        self._values.clear()
        self._values.extend(values)
        self.setAccessibleDescription(f"{self._values[-1]:.0f}" if self._values else "")
        self.update()

    def values(self) -> tuple[float, ...]:
        """Return what is shown, oldest first."""
        return tuple(self._values)

    def points(self) -> list[QPointF]:
        """Return the line in the widget's coordinates; the newest value is at the right edge."""
        width, height = self.width() - 1, self.height() - 2
        step = width / (_CAPACITY - 1)
        last = len(self._values) - 1
        return [
            QPointF(width - (last - at) * step, 1 + height * (1 - self._share(value)))
            for at, value in enumerate(self._values)
        ]

    def paintEvent(self, _event: QPaintEvent) -> None:
        chart = self._theme.tokens.chart
        colour = QColor(chart[self._colour_at % len(chart)])
        points = self.points()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.colour("border_strong"), 1))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        if len(points) > 1:
            self._paint_ground(painter, points, colour)
            painter.setPen(QPen(colour, 1))
            painter.drawPolyline(QPolygonF(points))
        painter.end()

    def _paint_ground(self, painter: QPainter, points: list[QPointF], colour: QColor) -> None:
        ground = QColor(colour)
        ground.setAlphaF(0.18)
        bottom = float(self.height())
        closed = [*points, QPointF(points[-1].x(), bottom), QPointF(points[0].x(), bottom)]
        painter.setPen(QPen(QColor(0, 0, 0, 0)))
        painter.setBrush(ground)
        painter.drawPolygon(QPolygonF(closed))

    def _share(self, value: float) -> float:
        return min(1.0, max(0.0, value / self._top))
