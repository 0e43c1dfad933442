"""The pieces that inspector and sheet share."""

from __future__ import annotations

from heygen_desktop.domain.values.estimate import FitEstimate, Verdict
from heygen_desktop.presentation.desktop.screens.library.details import memory_picture
from heygen_desktop.presentation.desktop.screens.library.parts import (
    MemoryBar,
    MemorySection,
    Warnings,
)
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.widgets.labels import ElidedLabel
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

TIGHT = FitEstimate("cpu", 300, 100, 100, 1000, None, Verdict.TIGHT)
TOO_LARGE = FitEstimate("cpu", 1000, 0, 1000, 500, None, Verdict.TOO_LARGE)


def test_a_long_path_is_cut_in_the_middle_and_told_by_the_tooltip(qtbot: QtBot) -> None:
    label = ElidedLabel("/models/a-very-long-name-of-a-folder-that-does-not-fit/weights")
    qtbot.addWidget(label)
    label.resize(120, 20)
    label.show()

    assert "…" in label.text()
    assert label.text().endswith("ts")
    assert label.toolTip().endswith("-that-does-not-fit/weights")


def test_the_bar_draws_each_part_against_what_is_free(qtbot: QtBot, theme: Theme) -> None:
    bar = MemoryBar(theme)
    qtbot.addWidget(bar)
    bar.resize(200, bar.sizeHint().height())
    bar.show_memory(memory_picture(TIGHT))

    assert bar.segments() == [(0.0, 60.0, 0), (60.0, 80.0, 1), (80.0, 100.0, 2)]
    picture = bar.grab().toImage()
    assert picture.pixelColor(30, 6) == QColor(theme.tokens.chart[0])
    assert picture.pixelColor(150, 6) == theme.colour("raised")


def test_a_model_that_is_too_large_passes_the_line_of_what_is_free(
    qtbot: QtBot, theme: Theme
) -> None:
    bar = MemoryBar(theme)
    qtbot.addWidget(bar)
    bar.resize(200, bar.sizeHint().height())
    bar.show_memory(memory_picture(TOO_LARGE))

    picture = bar.grab().toImage()

    assert bar.segments()[-1][1] == 200.0
    assert picture.pixelColor(50, 6) == theme.colour("text")


def test_a_bar_without_an_estimate_is_an_empty_track(qtbot: QtBot, theme: Theme) -> None:
    bar = MemoryBar(theme)
    qtbot.addWidget(bar)
    bar.resize(200, 12)

    assert bar.segments() == []
    assert bar.grab().toImage().pixelColor(100, 6) == theme.colour("raised")


def test_the_legend_names_what_the_bar_shows(qtbot: QtBot, theme: Theme) -> None:
    section = MemorySection(theme)
    qtbot.addWidget(section)
    section.show_memory(memory_picture(TOO_LARGE))
    section.show_memory(memory_picture(TIGHT))
    section.show()

    said = [each.text() for each in section.findChildren(QLabel) if each.isVisible()]

    assert not section.grab().isNull()
    assert said[-8:] == [
        "Weights", "300 B", "Cache", "100 B", "Overhead", "100 B", "Free now", "1.0 kB",
    ]  # fmt: skip


def test_warnings_hide_while_there_are_none(qtbot: QtBot) -> None:
    warnings = Warnings()
    qtbot.addWidget(warnings)

    warnings.show_warnings(("It has no tokenizer.",))
    shown = (warnings.isVisible(), warnings.accessibleName())
    warnings.show_warnings(())

    assert shown == (True, "Warnings: It has no tokenizer.")
    assert not warnings.isVisible()
