"""Rows and columns, so that the layout of a view reads as it looks."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from heygen_desktop.presentation.desktop.theme.tokens import SPACE_2

Part = QWidget | QLayout | tuple[QWidget | QLayout, int] | int | None
"""A widget or another row or column, with its share of the room that is left where it grows; pixels
that stay empty; None for the room that pushes its neighbours apart."""
Box = TypeVar("Box", bound=QBoxLayout)
NO_MARGINS = (0, 0, 0, 0)
STYLE = -1
"""Spacing as the style has it."""


def row(
    *parts: Part,
    on: QWidget | None = None,
    margins: tuple[int, int, int, int] = NO_MARGINS,
    spacing: int = SPACE_2,
) -> QHBoxLayout:
    """Return the parts from left to right, laid out on a widget where one is given.

    Args:
        parts: See ``Part``.
        on: The widget that they fill.
        margins: Pixels at the left, top, right and bottom.
        spacing: Pixels between two parts.
    """
    return _filled(QHBoxLayout() if on is None else QHBoxLayout(on), parts, margins, spacing)


def column(
    *parts: Part,
    on: QWidget | None = None,
    margins: tuple[int, int, int, int] = NO_MARGINS,
    spacing: int = SPACE_2,
) -> QVBoxLayout:
    """Return the parts from top to bottom; otherwise the same as ``row``."""
    return _filled(QVBoxLayout() if on is None else QVBoxLayout(on), parts, margins, spacing)


def _filled(
    box: Box, parts: tuple[Part, ...], margins: tuple[int, int, int, int], spacing: int
) -> Box:
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
