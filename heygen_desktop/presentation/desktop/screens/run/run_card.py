"""The card in which a run is read: its state, its failure, its text, its figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QProgressBar,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from heygen_desktop.application.tasks.parts import Part
from heygen_desktop.presentation.desktop.ports import Memory
from heygen_desktop.presentation.desktop.screens.run.failure import FailurePanel
from heygen_desktop.presentation.desktop.screens.run.output import OutputPane, PartsPane
from heygen_desktop.presentation.desktop.screens.run.rows import RunFacts, StateLine, Strip
from heygen_desktop.presentation.desktop.screens.run.welcome import Welcome
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_1, SPACE_2, SPACE_3, SPACE_4
from heygen_desktop.presentation.desktop.widgets.buttons import button, toggle
from heygen_desktop.presentation.desktop.widgets.cards import KeyValueList
from heygen_desktop.presentation.desktop.widgets.labels import Badge, ElidedLabel, label, line
from heygen_desktop.presentation.desktop.widgets.layout import (
    clear_layout,
    column,
    held,
    row,
    scrolling,
)
from heygen_desktop.presentation.desktop.widgets.sparkline import Sparkline

_STEPS = 1000
_DETAILS = "run/details"
_DETAILS_WIDTH = 232
_LEAST_TEXT = 48
_LEAST_DETAILS = 40
_FIGURES = {
    "first_token": (
        "First token",
        64,
        "From the loaded model getting the input to its first token",
    ),
    "speed": ("Speed", 72, "Tokens after the first, over the time after the first"),
    "made": ("Made", 116, "So far, of the most that is allowed"),
    "memory": ("Memory", 56, "The most memory that the model's process took"),
    "load": ("Load", 44, "Time to bring the model into memory"),
    "elapsed": ("Elapsed", 48, "Since the run left the queue"),
    "left": ("Left", 44, "At the latest: the model may end earlier"),
}
"""Title, least width, so that a figure that grows by a digit pushes no other about, and explanation."""
_LEAST_WIDTH = 320
_WITH_LINE = 532
"""Below this width the line makes room for the figures."""


class RunCard(QFrame):
    """Shows one run, or examples to begin with where none is in view."""

    example_picked = Signal(str)
    scan_requested = Signal()
    copy_requested = Signal()

    def __init__(self, theme: Theme, memory: Memory) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._badge = Badge()
        self._words = ElidedLabel("", "soft", Qt.TextElideMode.ElideRight)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(120)
        self._bar.setAccessibleName("Progress")
        self._output = OutputPane(theme)
        self._parts = PartsPane(theme, memory)
        self._outputs = QStackedWidget()
        self._outputs.setMinimumHeight(_LEAST_TEXT)
        self._outputs.addWidget(self._output)
        self._outputs.addWidget(self._parts)
        self._has_output = False
        self._offered: Sequence[str] = ()
        self._examples = column(spacing=SPACE_1)
        self._failure = FailurePanel()
        self.again_requested = self._failure.again_requested
        self.log_requested = self._failure.log_requested
        self._strip = SpeedStrip(theme)
        self._figures = held(column(line(), self._strip))
        self._details = KeyValueList()
        self._details_place = scrolling(held(column(self._details, None)), "What made this run")
        self._details_place.setFixedWidth(_DETAILS_WIDTH)
        # Why a run failed comes first: its details take what room is left, and scroll.
        self._details_place.setMinimumHeight(_LEAST_DETAILS)
        self._details_place.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Ignored)
        self._tell = toggle(
            "Run details", "Show what made this run: its parameters, seed and figures"
        )
        self._tell.toggled.connect(self._details_place.setVisible)
        self._tell.toggled.connect(lambda on: memory.remember(_DETAILS, "shown" if on else ""))
        self._tell.setChecked(bool(memory.recall(_DETAILS)))
        self._details_place.setVisible(self._tell.isChecked())
        self._pages = QStackedWidget()
        self._had_runs = False
        self._welcome = Welcome(theme)
        self._welcome.scan_requested.connect(self.scan_requested)
        self._pages.addWidget(self._beginning())
        self._greet(False)
        self._pages.addWidget(self._run_page())
        column(self._pages, on=self)

    def show_no_run(self) -> None:
        """Show the examples."""
        self._pages.setCurrentIndex(0)

    def welcome(self, has_runs: bool) -> None:
        """Before the first run, say what this is; later, also where none is found, what to do."""
        self._had_runs = self._had_runs or has_runs
        self._greet(not self._had_runs)

    def _greet(self, is_first: bool) -> None:
        self._title.setText("Welcome to HeyGen Desktop" if is_first else "Ready to run")
        self._welcome.setVisible(is_first)
        self._ways.setHidden(is_first)

    def show_examples(self, examples: Sequence[str]) -> None:
        """Offer these entries to begin with."""
        if examples == self._offered:
            return
        self._offered = examples
        clear_layout(self._examples)
        for example in examples:
            made = button(_quoted(example), lambda text=example: self.example_picked.emit(text))  # type: ignore[misc]  # mypy infers no defaults
            self._examples.addWidget(made, 0, Qt.AlignmentFlag.AlignHCenter)

    def show_output(self, given: str, text: str, parts: Sequence[Part]) -> None:
        """Show another run's texts and tables, or its text alone where it has none."""
        self._pages.setCurrentIndex(1)
        self._has_output = bool(text or parts)
        self._outputs.setCurrentWidget(self._parts if parts else self._output)
        if parts:
            self._parts.show_parts(given, parts)
        else:
            self._output.show_text(given, text)

    def append_output(self, text: str) -> None:
        """Add new text to the one that is shown."""
        self._has_output = self._has_output or bool(text)
        self._output.append(text)

    def show_facts(self, facts: RunFacts) -> None:
        """Show whose it is, its state, figures and failure, and what made it."""
        self._show_state(facts.model, facts.state)
        self._details.show_rows(facts.details)
        self._strip.show_strip(facts.strip, facts.speeds)
        self._failure.show_problem(facts.failure)
        self._output.show_is_written(facts.is_under_way)
        # In a low window there is no room for all: why it failed comes first.
        self._figures.setVisible(facts.failure is None)
        self._outputs.setVisible(facts.failure is None or self._has_output)

    def _show_state(self, model: str, shown: StateLine) -> None:
        self._badge.show_badge(shown.state, shown.tone)
        self._words.show_text(f"{model} \N{MIDDLE DOT} {shown.text}" if shown.text else model)
        self._bar.setVisible(shown.has_progress)
        self._bar.setRange(0, 0 if shown.fraction is None else _STEPS)
        if shown.fraction is not None:
            self._bar.setValue(round(shown.fraction * _STEPS))
        self._bar.setAccessibleDescription(f"{shown.state}: {shown.text}")

    def _run_page(self) -> QWidget:
        copy = button("Copy output", self.copy_requested.emit, "link")
        state = row(self._badge, (self._words, 1), self._bar, self._tell, copy)
        made = row((self._outputs, 1), self._details_place, spacing=SPACE_3)
        # At its side also where a failure has left no text beside it.
        made.setAlignment(self._details_place, Qt.AlignmentFlag.AlignRight)
        parts = (state, self._failure, (made, 1), self._figures)
        return held(column(*parts, margins=(SPACE_4, SPACE_3, SPACE_4, SPACE_3)))

    def _beginning(self) -> QWidget:
        self._title = title = label("", "title")
        self._ways = ways = label("Write below, take an example, or pick a run.", "quiet")
        lines = row(None, self._welcome, None)
        layout = column(title, ways, lines, SPACE_2, self._examples, spacing=SPACE_1, margins=None)
        layout.insertStretch(0, 2)
        layout.addStretch(3)
        for words in (title, ways):
            layout.setAlignment(words, Qt.AlignmentFlag.AlignHCenter)
        return held(layout)


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
                figure.setAccessibleName(f"{_FIGURES[field.name][0]}: {text}")
        self._speeds.set_scale(max(speeds, default=1.0) * 1.2)
        self._speeds.show_values(speeds)

    def _figure(self, name: str) -> QVBoxLayout:
        title, width, explanation = _FIGURES[name]
        figure = self._figures[name] = label("", "strong", selectable=True)
        small = label(title, "small")
        small.setToolTip(explanation)
        figure.setToolTip(explanation)
        figure.setMinimumWidth(width)
        return column(small, figure, spacing=SPACE_2 // 4)


def _quoted(example: str) -> str:
    begun = f"{example}\N{HORIZONTAL ELLIPSIS}"
    return f"\N{LEFT DOUBLE QUOTATION MARK}{begun}\N{RIGHT DOUBLE QUOTATION MARK}"
