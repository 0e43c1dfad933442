"""Guards the pin of PySide6: 6.12 loses references to None on Python 3.10 and 3.11 and aborts."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QBrush, QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

CALLS = 20_000
_ALLOWED_LOSS = 200
"""References to a singleton may drift a little; a loss of one a call is 20,000."""


def lost(singleton: object, act: Callable[[], object]) -> int:
    """Return how many references to the singleton ``CALLS`` acts cost."""
    act()
    before = sys.getrefcount(singleton)
    for _ in range(CALLS):
        act()
    return before - sys.getrefcount(singleton)


@pytest.mark.parametrize("singleton", [None, True, False], ids=str)
def test_painting_costs_no_reference(qtbot: QtBot, singleton: object) -> None:
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    brush = QBrush(QColor("red"))
    try:
        assert lost(singleton, lambda: painter.setBrush(brush)) < _ALLOWED_LOSS
        assert lost(singleton, lambda: painter.drawLine(0, 0, 1, 1)) < _ALLOWED_LOSS
    finally:
        painter.end()


@pytest.mark.parametrize("singleton", [None, True, False], ids=str)
def test_widgets_and_timers_cost_no_reference(
    qtbot: QtBot, qapp: QApplication, singleton: object
) -> None:
    label = QLabel()
    qtbot.addWidget(label)
    timer = QTimer(label)
    acts: list[Callable[[], object]] = [
        lambda: label.setText("x"),
        label.update,
        label.parent,
        lambda: label.setVisible(False),
        timer.stop,
    ]

    assert max(lost(singleton, act) for act in acts) < _ALLOWED_LOSS
