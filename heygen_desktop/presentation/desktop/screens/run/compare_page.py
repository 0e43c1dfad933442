"""The page on which two runs stand beside each other, their differences marked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSplitter, QWidget

from heygen_desktop.presentation.desktop.ports import Memory
from heygen_desktop.presentation.desktop.screens.run.comparison import (
    ComparedFact,
    Comparison,
    Piece,
    Side,
)
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_2, SPACE_3, SPACE_4
from heygen_desktop.presentation.desktop.widgets.buttons import button, toggle
from heygen_desktop.presentation.desktop.widgets.labels import Badge, ElidedLabel, page_title
from heygen_desktop.presentation.desktop.widgets.layout import column, held, row
from heygen_desktop.presentation.desktop.widgets.rows_model import Column
from heygen_desktop.presentation.desktop.widgets.table import DataTable

_DIFFERS = "\N{NOT EQUAL TO}"
COLUMNS: tuple[Column[ComparedFact], ...] = (
    Column(
        "title",
        "",
        lambda fact: f"{_DIFFERS}  {fact.title}" if fact.differs else fact.title,
        width=140,
        tone=lambda fact: "warning" if fact.differs else "",
    ),
    Column("left", "Earlier run", lambda fact: fact.left, width=160, stretches=True),
    Column("right", "Later run", lambda fact: fact.right, width=160, stretches=True),
)


class ComparePage(QWidget):
    """Passive: shows what it is told."""

    closed = Signal()

    def __init__(self, theme: Theme, memory: Memory) -> None:
        super().__init__()
        self._facts: tuple[ComparedFact, ...] = ()
        self._sides = _SideCard(theme, "Earlier run"), _SideCard(theme, "Later run")
        self._scroll_together()
        self._table = DataTable("Comparison", COLUMNS, lambda fact: fact.title, memory, theme)
        self._only = toggle("Only differences", "Leave out what is the same in both runs")
        self._only.toggled.connect(self._show_facts)
        self.back = button("Back", self.closed.emit, "flat")
        self.back.setIcon(theme.icon("arrow-left"))
        self.back.setToolTip("Back to the run (Esc)")
        head = row(
            page_title("Compare two runs"),
            None,
            self._only,
            self.back,
            margins=(SPACE_4, SPACE_3, SPACE_4, SPACE_3),
        )
        margins = (SPACE_4, 0, SPACE_4, SPACE_3)
        texts = held(row(*((side, 1) for side in self._sides), margins=margins, spacing=SPACE_4))
        body = QSplitter(Qt.Orientation.Vertical)
        body.addWidget(texts)
        body.addWidget(self._table)
        body.setSizes([320, 280])
        body.setChildrenCollapsible(False)
        column(head, (body, 1), on=self, spacing=0)

    def show_comparison(self, comparison: Comparison) -> None:
        """Show these two runs."""
        for card, side in zip(self._sides, (comparison.left, comparison.right), strict=True):
            card.show_side(side)
        self._facts = comparison.facts
        self._show_facts()
        self._table.scrollToTop()

    def _show_facts(self) -> None:
        only = self._only.isChecked()
        self._table.show_rows([fact for fact in self._facts if fact.differs or not only])

    def _scroll_together(self) -> None:
        left, right = (side.text.verticalScrollBar() for side in self._sides)
        left.valueChanged.connect(right.setValue)
        right.valueChanged.connect(left.setValue)


class _SideCard(QFrame):
    """One run's name, state and text."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._theme = theme
        self._pieces: Sequence[Piece] = ()
        self._badge = Badge()
        self._name = ElidedLabel("", "strong")
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName(name)
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setStyleSheet("QPlainTextEdit { border: 0; padding: 0; }")
        theme.changed.connect(self._draw)
        margins = (SPACE_3, SPACE_3, SPACE_3, SPACE_3)
        head = row(self._badge, (self._name, 1), spacing=SPACE_2)
        column(head, (self.text, 1), on=self, margins=margins)

    def show_side(self, side: Side) -> None:
        """Show this run."""
        self._badge.show_badge(side.state.word, side.state.tone)
        self._name.show_text(side.name)
        self._pieces = side.pieces
        self._draw()

    def _draw(self) -> None:
        self.text.clear()
        cursor = QTextCursor(self.text.document())
        for piece in self._pieces:
            cursor.insertText(piece.text, self._format(piece.differs))
        self.text.moveCursor(QTextCursor.MoveOperation.Start)

    def _format(self, differs: bool) -> QTextCharFormat:
        made = QTextCharFormat()
        tone = self._theme.tokens.tone("warning")
        made.setForeground(QColor(tone.text) if differs else self._theme.colour("text"))
        if differs:
            made.setBackground(QColor(tone.surface))
        return made
