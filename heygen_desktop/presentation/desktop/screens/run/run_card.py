"""The card in which a run is read: its state, its failure, its text, its figures."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QProgressBar, QStackedWidget, QWidget

from heygen_desktop.application.tasks.parts import Part
from heygen_desktop.presentation.desktop.ports import Memory
from heygen_desktop.presentation.desktop.problems import Problem
from heygen_desktop.presentation.desktop.screens.run.failure import FailurePanel
from heygen_desktop.presentation.desktop.screens.run.output import OutputPane
from heygen_desktop.presentation.desktop.screens.run.parts_pane import PartsPane
from heygen_desktop.presentation.desktop.screens.run.rows import StateLine, Strip
from heygen_desktop.presentation.desktop.screens.run.strip import SpeedStrip
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_1, SPACE_2, SPACE_3, SPACE_4
from heygen_desktop.presentation.desktop.widgets.buttons import button
from heygen_desktop.presentation.desktop.widgets.labels import Badge, label, line
from heygen_desktop.presentation.desktop.widgets.layout import clear_layout, column, held, row

_STEPS = 1000
_LEAST_TEXT = 48


class RunCard(QFrame):
    """Shows one run, or examples to begin with where none is in view."""

    example_picked = Signal(str)
    copy_requested = Signal()

    def __init__(self, theme: Theme, memory: Memory) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._badge = Badge()
        self._words = label("", "soft")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(160)
        self._bar.setAccessibleName("Progress")
        self._output = OutputPane(theme)
        self._parts = PartsPane(theme, memory)
        self._outputs = QStackedWidget()
        self._outputs.setMinimumHeight(_LEAST_TEXT)
        self._outputs.addWidget(self._output)
        self._outputs.addWidget(self._parts)
        self._examples = column(spacing=SPACE_1)
        self._failure = FailurePanel()
        self.again_requested = self._failure.again_requested
        self.log_requested = self._failure.log_requested
        self._strip = SpeedStrip(theme)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._beginning())
        self._pages.addWidget(self._run_page())
        column(self._pages, on=self)

    def show_no_run(self) -> None:
        """Show the examples."""
        self._pages.setCurrentIndex(0)

    def show_examples(self, examples: Sequence[str]) -> None:
        """Offer these entries to begin with."""
        clear_layout(self._examples)
        for example in examples:
            made = button(_quoted(example), lambda text=example: self.example_picked.emit(text))  # type: ignore[misc]  # mypy infers no defaults
            self._examples.addWidget(made, 0, Qt.AlignmentFlag.AlignHCenter)

    def show_output(self, given: str, text: str) -> None:
        """Show another run's text."""
        self._pages.setCurrentIndex(1)
        self._outputs.setCurrentWidget(self._output)
        self._output.show_text(given, text)

    def append_output(self, text: str) -> None:
        """Add new text to the one that is shown."""
        self._output.append(text)

    def show_parts(self, given: str, parts: Sequence[Part]) -> None:
        """Show another run's texts and tables."""
        self._pages.setCurrentIndex(1)
        self._outputs.setCurrentWidget(self._parts)
        self._parts.show_parts(given, parts)

    def show_state(self, shown: StateLine) -> None:
        """Show what happens to the run."""
        self._badge.show_badge(shown.state, shown.tone)
        self._words.setText(shown.text)
        self._bar.setVisible(shown.has_progress)
        self._bar.setRange(0, 0 if shown.fraction is None else _STEPS)
        if shown.fraction is not None:
            self._bar.setValue(round(shown.fraction * _STEPS))
        self._bar.setAccessibleDescription(f"{shown.state}: {shown.text}")

    def show_strip(self, strip: Strip, speeds: Sequence[float]) -> None:
        """Show the run's figures."""
        self._strip.show_strip(strip, speeds)

    def show_failure(self, problem: Problem | None) -> None:
        """Show why the run failed, or that it did not."""
        self._failure.show_problem(problem)

    def _run_page(self) -> QWidget:
        copy = button("Copy output", self.copy_requested.emit, "link")
        state = row(self._badge, self._words, self._bar, None, copy)
        parts = (state, self._failure, (self._outputs, 1), line(), self._strip)
        return held(column(*parts, margins=(SPACE_4, SPACE_3, SPACE_4, SPACE_3)))

    def _beginning(self) -> QWidget:
        title = label("Ready to run", "title")
        ways = label("Fill in the input below, take an example, or pick a run.", "quiet")
        layout = column(title, ways, SPACE_2, self._examples, spacing=SPACE_1, margins=None)
        layout.insertStretch(0, 2)
        layout.addStretch(3)
        for words in (title, ways):
            layout.setAlignment(words, Qt.AlignmentFlag.AlignHCenter)
        return held(layout)


def _quoted(example: str) -> str:
    begun = f"{example}\N{HORIZONTAL ELLIPSIS}"
    return f"\N{LEFT DOUBLE QUOTATION MARK}{begun}\N{RIGHT DOUBLE QUOTATION MARK}"
