"""One chart over time, drawn by pyqtgraph: the only module that knows it.

Tuned as measured: fixed ranges, no menus, thin pens, and points only where there are pixels for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip

from heygen_desktop.presentation.desktop.screens.monitor.charts import Chart, Line, Unit
from heygen_desktop.presentation.desktop.screens.monitor.marks import Mark, apart
from heygen_desktop.presentation.desktop.theme.fonts import zoomed
from heygen_desktop.presentation.desktop.theme.theme import Theme

_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600)
_TICKS = 5
_LEFT_AXIS = 64
"""The same for all, so that equal moments stand above each other."""
_LABEL_PX = 36
_TICK_FONT_PX = 11
_BAND_PX = 5
_NEAR_PX = 6
_WHEEL_FACTOR = 0.8


class TimeAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph has no types
    """Moments in local time, at round minutes and seconds."""

    def tickValues(self, low: float, high: float, _size: float) -> list[tuple[float, list[float]]]:
        """Return pyqtgraph's list of (spacing, places)."""
        step = next((s for s in _STEPS_S if (high - low) / s <= _TICKS), _STEPS_S[-1])
        offset = datetime.fromtimestamp(high).astimezone().utcoffset()
        shift = offset.total_seconds() if offset else 0.0
        first = np.ceil((low + shift) / step) * step - shift
        return [(step, [float(at) for at in np.arange(first, high, step)])]

    def tickStrings(self, values: Sequence[float], _scale: float, spacing: float) -> list[str]:
        """Return ``14:05``, with seconds where the ticks are that near."""
        form = "%H:%M" if spacing >= 60 else "%H:%M:%S"
        return [datetime.fromtimestamp(at).strftime(form) for at in values]


class ValueAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph has no types
    """Figures with their unit, at two to five round places."""

    def __init__(self, unit: Unit) -> None:
        super().__init__("left")
        self._unit = unit
        self.setWidth(_LEFT_AXIS)
        self.enableAutoSIPrefix(False)

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        """Return pyqtgraph's list of (spacing, places)."""
        rough = max(high - low, 1e-9) / max(2.0, min(5.0, size / _LABEL_PX))
        power = 10 ** np.floor(np.log10(rough))
        # A hair less, because a third of three is a little more than one.
        step = float(next(n * power for n in (1, 2, 2.5, 5, 10) if n * power >= rough * 0.999))
        return [(step, [float(at) for at in np.arange(0.0, high + step / 1e3, step)])]

    def boundingRect(self) -> QRectF:
        """Leave room for the halves of the highest and lowest label; without it they are left out."""
        return QRectF(super().boundingRect()).adjusted(0, -_TICK_FONT_PX, 0, _TICK_FONT_PX)

    def tickStrings(self, values: Sequence[float], _scale: float, _spacing: float) -> list[str]:
        """Return each figure with its unit."""
        return [self._unit.text(value) for value in values]


class TimeBox(pg.ViewBox):  # type: ignore[misc]  # pyqtgraph has no types
    """The area of the lines; a drag over it asks for that stretch of time."""

    span_chosen = Signal(object, object)

    def __init__(self) -> None:
        super().__init__(enableMenu=False)
        self.setMouseEnabled(False, False)
        self.disableAutoRange()

    def mouseDragEvent(self, event: object, axis: object = None) -> None:
        """Mark the stretch while it is dragged over, and ask for it at the end."""
        drag: pg.MouseDragEvent = event
        drag.accept()
        if drag.button() != Qt.MouseButton.LeftButton:
            return
        first, last = drag.buttonDownPos(drag.button()), drag.pos()
        if drag.isFinish():
            self.rbScaleBox.hide()
            if abs(first.x() - last.x()) > _NEAR_PX:
                self.span_chosen.emit(self.mapToView(first).x(), self.mapToView(last).x())
            return
        height = self.boundingRect().height()
        self.updateScaleBox(QPointF(first.x(), 0.0), QPointF(last.x(), height))


class MarksItem(pg.GraphicsObject):  # type: ignore[misc]  # pyqtgraph has no types
    """All marks of a chart in one item: a region and a band for each run, a line for each moment."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.marks: Sequence[Mark] = ()
        self.pointed_at: Mark | None = None

    def point_at(self, mark: Mark | None) -> None:
        """Bring one of them out."""
        if mark != self.pointed_at:
            self.pointed_at = mark
            self.update()

    def show_marks(self, marks: Sequence[Mark]) -> None:
        """Draw these."""
        self.marks = marks
        self.update()

    def drawn(self) -> Sequence[Mark]:
        """Return the marks as they can be told apart in the stretch that is in view."""
        return apart(self.marks, self.getViewBox().viewPixelSize()[0])

    def boundingRect(self) -> QRectF:
        return QRectF(self.viewRect())

    def viewRangeChanged(self) -> None:
        """Follow the area: the item is as large as what is in view."""
        self.prepareGeometryChange()
        self.update()

    def paint(self, painter: QPainter, *_rest: object) -> None:
        area = self.viewRect()
        _, pixel = self.getViewBox().viewPixelSize()
        for mark in self.drawn():
            self._paint_mark(painter, mark, area, pixel)

    def _paint_mark(self, painter: QPainter, mark: Mark, area: QRectF, pixel: float) -> None:
        colour = QColor(self._theme.tokens.tone(mark.tone).line)
        is_out = mark == self.pointed_at
        end = area.right() if mark.end is None else mark.end
        if end > mark.start:
            ground = QColor(colour)
            ground.setAlphaF(0.25 if is_out else 0.10)
            painter.fillRect(
                QRectF(mark.start, area.top(), end - mark.start, area.height()), ground
            )
            band = _BAND_PX * pixel
            painter.fillRect(
                QRectF(mark.start, area.bottom() - band, end - mark.start, band), colour
            )
        for at, style in _edges(mark):
            pen = QPen(colour, 2 if is_out else 1, style)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.drawLine(QPointF(at, area.top()), QPointF(at, area.bottom()))


def _edges(mark: Mark) -> list[tuple[float, Qt.PenStyle]]:
    """Return where a mark has lines: dashed where it begins or has loaded, solid where it ends."""
    edges = [(mark.start, Qt.PenStyle.DashLine)]
    if mark.loaded is not None:
        edges.append((mark.loaded, Qt.PenStyle.DotLine))
    if mark.end is not None:
        edges.append((mark.end, Qt.PenStyle.SolidLine))
    return edges


class TimePlot(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph has no types
    """Lines, marks and a crosshair over one stretch of time."""

    hovered = Signal(object)
    """The moment under the pointer, or None."""
    span_chosen = Signal(object, object)
    mark_clicked = Signal(str)
    """The run of the mark that was clicked."""

    def __init__(self, theme: Theme, unit: Unit, name: str) -> None:
        self._box = TimeBox()
        axes = {"left": ValueAxis(unit), "bottom": TimeAxis("bottom")}
        super().__init__(viewBox=self._box, axisItems=axes)
        self._theme = theme
        self._lines: list[Line] = []
        self._curves: list[pg.PlotDataItem] = []
        self.setAccessibleName(f"{name} over time")
        self.setToolTip("")
        self.setFrameShape(self.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the charts have one place for the keys
        item = self.getPlotItem()
        item.hideButtons()
        item.setMenuEnabled(False)
        # pyqtgraph makes its menu as a window without an owner, even where it is switched off.
        item.ctrlMenu.setParent(self)
        item.ctrlMenu.hide()
        item.setContentsMargins(0, 6, 6, 0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.marks = MarksItem(theme)
        item.addItem(self.marks, ignoreBounds=True)
        self.crosshair = pg.InfiniteLine(angle=90, movable=False)
        self.crosshair.hide()
        item.addItem(self.crosshair, ignoreBounds=True)
        self._box.span_chosen.connect(self.span_chosen)
        self.scene().sigMouseMoved.connect(self._pointer_moved)
        self.scene().sigMouseClicked.connect(self._clicked)
        theme.changed.connect(self.wear_theme)
        self.wear_theme()

    def show_chart(self, chart: Chart, times: np.ndarray, start: float, end: float) -> None:
        """Draw the lines of a chart; ``times`` has a moment for each of their values."""
        if [_look(line) for line in chart.lines] != [_look(line) for line in self._lines]:
            self._make_curves(chart.lines)
        self._lines = list(chart.lines)
        for curve, line in zip(self._curves, chart.lines, strict=True):
            values = np.asarray(line.values, dtype=np.float64)
            broken = bool(np.isnan(values).any())
            curve.setData(times[: len(values)], values, connect="finite" if broken else "all")
        self._box.setRange(xRange=(start, end), yRange=(0.0, chart.top), padding=0)

    def show_span(self, start: float, end: float) -> None:
        """Show another stretch of the same lines."""
        self._box.setRange(xRange=(start, end), padding=0)

    def show_crosshair(self, at: float | None) -> None:
        """Stand a line at a moment, or take it away."""
        self.crosshair.setVisible(at is not None)
        if at is not None:
            self.crosshair.setPos(at)

    def wear_theme(self) -> None:
        """Take the colours of the theme in force."""
        theme = self._theme
        self.setBackground(theme.colour("card"))
        font = QFont(self.font())
        font.setPixelSize(zoomed(_TICK_FONT_PX))
        for side in ("left", "bottom"):
            axis = self.getPlotItem().getAxis(side)
            axis.setStyle(tickLength=0, tickFont=font, tickTextOffset=6)
            axis.setPen(theme.colour("border"))
            axis.setTextPen(theme.colour("text_quiet"))
        left = self.getPlotItem().getAxis("left")
        left.setPen(QPen(theme.colour("border_strong"), 1))
        left.setGrid(90)
        self.crosshair.setPen(pg.mkPen(theme.colour("text_quiet"), style=Qt.PenStyle.DashLine))
        ground = theme.colour("focus")
        ground.setAlphaF(0.2)
        self._box.rbScaleBox.setPen(pg.mkPen(theme.colour("focus")))
        self._box.rbScaleBox.setBrush(pg.mkBrush(ground))
        for curve, line in zip(self._curves, self._lines, strict=True):
            curve.setPen(self._pen(line))
        self.marks.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.marks.point_at(None)
        self.hovered.emit(None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom around the pointer with Ctrl; without it the page scrolls."""
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
            return
        event.accept()
        at = self._box.mapSceneToView(self.mapToScene(event.position().toPoint())).x()
        start, end = self._box.viewRange()[0]
        factor = _WHEEL_FACTOR if event.angleDelta().y() > 0 else 1 / _WHEEL_FACTOR
        self.span_chosen.emit(at - (at - start) * factor, at + (end - at) * factor)

    def mark_near(self, at: QPointF) -> Mark | None:
        """Return the mark whose line or band is under a point of the scene: the nearest, or the newest."""
        if not self._box.sceneBoundingRect().contains(at):
            return None
        moment: float = self._box.mapSceneToView(at).x()
        near = _NEAR_PX * self._box.viewPixelSize()[0]
        in_band = at.y() - self._box.sceneBoundingRect().top() <= _BAND_PX + _NEAR_PX

        def distance(mark: Mark) -> float:
            return min(abs(edge - moment) for edge, _ in _edges(mark))

        under = [
            mark
            for mark in reversed(self.marks.drawn())
            if distance(mark) <= near or (in_band and mark.holds(moment))
        ]
        return min(under, key=distance, default=None)

    def _pointer_moved(self, at: QPointF) -> None:
        inside = self._box.sceneBoundingRect().contains(at)
        self.hovered.emit(self._box.mapSceneToView(at).x() if inside else None)
        mark = self.mark_near(at)
        self.marks.point_at(mark)
        clickable = mark is not None and bool(mark.run_id)
        shape = Qt.CursorShape.PointingHandCursor if clickable else Qt.CursorShape.CrossCursor
        self.viewport().setCursor(shape)
        if mark is not None:
            place = self.mapToGlobal(self.mapFromScene(at))
            QToolTip.showText(place, mark.words, self)
        else:
            QToolTip.hideText()

    def _clicked(self, event: object) -> None:
        click: pg.MouseClickEvent = event
        mark = self.mark_near(click.scenePos())
        if mark is not None and mark.run_id:
            click.accept()
            self.mark_clicked.emit(mark.run_id)

    def _make_curves(self, lines: Sequence[Line]) -> None:
        item = self.getPlotItem()
        for curve in self._curves:
            item.removeItem(curve)
        self._curves = [
            item.plot(pen=self._pen(line), antialias=True, skipFiniteCheck=True) for line in lines
        ]

    def _pen(self, line: Line) -> QPen:
        chart = self._theme.tokens.chart
        colour = QColor(chart[line.colour % len(chart)])
        if line.is_faint:
            colour.setAlphaF(0.45)
        pen = QPen(colour, 1.6 if line.is_bold else 1.0)
        pen.setCosmetic(True)
        return pen


def _look(line: Line) -> tuple[str, int, bool, bool]:
    return line.name, line.colour, line.is_bold, line.is_faint
