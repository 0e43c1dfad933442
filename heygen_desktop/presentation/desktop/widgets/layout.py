"""Rows and columns, so that the layout of a view reads as it looks, and places for them to stand in."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import TypeVar

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from heygen_desktop.presentation.desktop.ports import Memory
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_2, SPACE_4

Part = QWidget | QLayout | tuple[QWidget | QLayout, int] | int | None
"""A widget or another row or column, with its share of the room that is left where it grows; pixels
that stay empty; None for the room that pushes its neighbours apart."""
Box = TypeVar("Box", bound=QBoxLayout)
Margins = tuple[int, int, int, int] | None
"""Pixels at the left, top, right and bottom; None for what the style has."""
NO_MARGINS: Margins = (0, 0, 0, 0)
STYLE = -1
"""Spacing as the style has it."""


def row(
    *parts: Part,
    on: QWidget | None = None,
    margins: Margins = NO_MARGINS,
    spacing: int = SPACE_2,
) -> QHBoxLayout:
    """Return the parts from left to right, laid out on a widget where one is given.

    Args:
        parts: See ``Part``.
        on: The widget that they fill.
        margins: See ``Margins``.
        spacing: Pixels between two parts.
    """
    return _filled(QHBoxLayout() if on is None else QHBoxLayout(on), parts, margins, spacing)


def column(
    *parts: Part,
    on: QWidget | None = None,
    margins: Margins = NO_MARGINS,
    spacing: int = SPACE_2,
) -> QVBoxLayout:
    """Return the parts from top to bottom; otherwise the same as ``row``."""
    return _filled(QVBoxLayout() if on is None else QVBoxLayout(on), parts, margins, spacing)


def held(layout: QLayout) -> QWidget:
    """Return a widget that holds the layout."""
    widget = QWidget()
    widget.setLayout(layout)
    return widget


def pile(*widgets: QWidget, spacing: int = SPACE_4, margin: int = SPACE_4) -> QWidget:
    """Return the widgets below each other, at the top of what room there is."""
    margins = (margin, margin, margin, margin)
    return held(column(*widgets, None, spacing=spacing, margins=margins))


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


def turn(box: QBoxLayout, *, beside: bool) -> None:
    """Let the parts of a box stand beside each other, or where there is no room for that one below the other."""
    direction = QBoxLayout.Direction
    box.setDirection(direction.LeftToRight if beside else direction.TopToBottom)


def keep_sizes(splitter: QSplitter, memory: Memory, key: str) -> None:
    """Give the splitter's parts the sizes that a person left them at, also in an earlier window."""

    def keep(_at: int, _handle: int) -> None:
        memory.remember(key, bytes(splitter.saveState().toBase64().data()).decode("ascii"))

    kept = memory.recall(key)
    if kept:
        splitter.restoreState(QByteArray.fromBase64(kept.encode("ascii", "ignore")))
    splitter.splitterMoved.connect(keep)


def let_tab_reach(made: Iterable[QWidget], then: QWidget) -> None:
    """Let Tab reach these before ``then``: Qt puts what is made later behind everything else."""
    for before, after in pairwise([then, *made, then]):
        QWidget.setTabOrder(before, after)


def clear_layout(layout: QVBoxLayout | QGridLayout | QHBoxLayout) -> None:
    """Take every widget out and let it go."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()


def _filled(box: Box, parts: tuple[Part, ...], margins: Margins, spacing: int) -> Box:
    if margins is not None:
        box.setContentsMargins(*margins)
    box.setSpacing(spacing)
    for part in parts:
        if part is None:
            box.addStretch(1)
        elif isinstance(part, int):
            box.addSpacing(part)
        else:
            _add(box, *(part if isinstance(part, tuple) else (part, 0)))
    return box


def _add(box: QBoxLayout, part: QWidget | QLayout, share: int) -> None:
    if isinstance(part, QWidget):
        box.addWidget(part, share)
    else:
        box.addLayout(part, share)
