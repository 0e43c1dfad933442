"""Rows and columns of widgets, each said in one call: what stands in it, in order."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from heygen_desktop.presentation.desktop.theme.tokens import SPACE_2, SPACE_4

Piece = QWidget | QLayout | int
Part = Piece | tuple[Piece, int]
"""A widget, a layout, or so many pixels of air; alone, or with its share of the room that is left."""
Margins = tuple[int, int, int, int] | None
"""Left, top, right and bottom, in pixels; None for those that the style has."""
REST: Part = (0, 1)
"""Air that takes the room that is left."""
STYLE = -1
"""The spacing that the style has between widgets."""
_NONE: Margins = (0, 0, 0, 0)


def row(
    *parts: Part, on: QWidget | None = None, spacing: int = SPACE_2, margins: Margins = _NONE
) -> QHBoxLayout:
    """Return the parts beside each other; with ``on``, as the layout of that widget."""
    layout = QHBoxLayout() if on is None else QHBoxLayout(on)
    _fill(layout, parts, spacing, margins)
    return layout


def column(
    *parts: Part, on: QWidget | None = None, spacing: int = SPACE_2, margins: Margins = _NONE
) -> QVBoxLayout:
    """Return the parts below each other; with ``on``, as the layout of that widget."""
    layout = QVBoxLayout() if on is None else QVBoxLayout(on)
    _fill(layout, parts, spacing, margins)
    return layout


def held(layout: QLayout) -> QWidget:
    """Return a widget that holds the layout."""
    widget = QWidget()
    widget.setLayout(layout)
    return widget


def pile(*widgets: QWidget, spacing: int = SPACE_4, margin: int = SPACE_4) -> QWidget:
    """Return the widgets below each other, at the top of what room there is."""
    margins = (margin, margin, margin, margin)
    return held(column(*widgets, REST, spacing=spacing, margins=margins))


def scrolling(body: QWidget, name: str) -> QScrollArea:
    """Return a column that scrolls up and down and is never wider than its place."""
    body.setProperty("role", "body")
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setAccessibleName(name)
    area.setWidget(body)
    return area


def clear_layout(layout: QVBoxLayout | QGridLayout | QHBoxLayout) -> None:
    """Take every widget out and let it go."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()


def _fill(layout: QBoxLayout, parts: tuple[Part, ...], spacing: int, margins: Margins) -> None:
    if margins is not None:
        layout.setContentsMargins(*margins)
    layout.setSpacing(spacing)
    for part in parts:
        piece, share = part if isinstance(part, tuple) else (part, 0)
        if isinstance(piece, QWidget):
            layout.addWidget(piece, share)
        elif isinstance(piece, QLayout):
            layout.addLayout(piece, share)
        elif share:
            layout.addStretch(share)
        else:
            layout.addSpacing(piece)
