"""What a run has made: a text as it comes, or its parts under their titles, lists as tables."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QMargins, QPoint, QRect, Qt
from PySide6.QtGui import QResizeEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QScrollArea, QWidget

from heygen_desktop.application.tasks.parts import Part, TextPart
from heygen_desktop.presentation.desktop.ports import Memory
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_1, SPACE_2
from heygen_desktop.presentation.desktop.widgets.buttons import button
from heygen_desktop.presentation.desktop.widgets.labels import label
from heygen_desktop.presentation.desktop.widgets.layout import column, held
from heygen_desktop.presentation.desktop.widgets.rows_model import Column
from heygen_desktop.presentation.desktop.widgets.table import DataTable

_ROWS_IN_VIEW = 8
_WIDEST = 880
_LINE = 34
Cells = tuple[int, tuple[str, ...]]
"""A row's number, which names it, and its texts."""


class OutputPane(QPlainTextEdit):
    """The prompt in quiet, then what the model adds; only new text is ever drawn.

    Read-only; follows the newest text unless the person has scrolled up.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._prompt_length = 0  # in Qt's positions: a letter outside the BMP counts twice
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setAccessibleName("Output")
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.setProperty("role", "prose")
        theme.changed.connect(self._colour_prompt)
        self._latest = button("Jump to latest", self._go_to_end)
        self._latest.setIcon(theme.icon("arrow-down"))
        self._latest.setParent(self)
        self._latest.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._latest.setToolTip("Go to the end, and follow new text (Ctrl+End)")
        self._latest.hide()
        bar = self.verticalScrollBar()
        self._follows = True
        self._is_written = False
        bar.valueChanged.connect(self._scrolled)
        bar.rangeChanged.connect(self._grown)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            # Before the text gets its place: one that is told its width while it is about to be
            # shown does not hear of another one, and stays laid out in the first.
            self._make_room()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._offer_latest()

    def show_text(self, prompt: str, text: str) -> None:
        """Show another run's text; the view stands at its end, and follows what is added."""
        self._follows = True
        self.clear()
        cursor = self.textCursor()
        cursor.insertText(prompt, self._format("text_quiet"))
        self._prompt_length = cursor.position()
        cursor.insertText(text, self._format("text"))
        self._go_to_end()

    def show_is_written(self, is_written: bool) -> None:
        """Whether text is still added: of one that has ended there is no latest to go to."""
        self._is_written = is_written
        self._offer_latest()

    def append(self, text: str) -> None:
        """Add new text at the end; a selection and a scrolled-up view stay as they are."""
        if not text:
            return
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        selected = self.textCursor()
        ends = (selected.anchor(), selected.position())
        cursor.insertText(text, self._format("text"))
        if ends[0] != ends[1] and ends != (
            self.textCursor().anchor(),
            self.textCursor().position(),
        ):
            self._select(*ends)

    def _select(self, anchor: int, position: int) -> None:
        """Undo that a selection up to the old end has grown with the text."""
        bar = self.verticalScrollBar()
        scrolled = bar.value()
        cursor = self.textCursor()
        cursor.setPosition(anchor)
        cursor.setPosition(position, QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)
        bar.setValue(scrolled)

    def _is_at_end(self) -> bool:
        bar = self.verticalScrollBar()
        # A plain text edit scrolls by lines; one line off the end still counts as the end.
        return bar.value() >= bar.maximum() - 1

    def _go_to_end(self) -> None:
        bar = self.verticalScrollBar()
        bar.setValue(bar.maximum())

    def _scrolled(self) -> None:
        self._follows = self._is_at_end()
        self._offer_latest()

    def _grown(self) -> None:
        """There is more text, or it is laid out anew in another width."""
        if self._follows:
            self._go_to_end()
        self._offer_latest()

    def _offer_latest(self) -> None:
        """Scrolled up, the way back to the newest text stands under what is read."""
        self._latest.setVisible(self._is_written and not self._is_at_end())
        self._make_room()
        made, text = self._latest.sizeHint(), self.viewport().geometry()
        left = text.center().x() - made.width() // 2
        self._latest.setGeometry(QRect(QPoint(left, text.bottom() + SPACE_1), made))

    def _make_room(self) -> None:
        beyond = max(0, self.width() - _WIDEST)  # lines that are longer lose the reader
        offered = not self._latest.isHidden()
        below = self._latest.sizeHint().height() + SPACE_1 if offered else 0
        wanted = QMargins(0, 0, beyond, below)
        if self.viewportMargins() != wanted:
            self.setViewportMargins(wanted)

    def _format(self, colour: str) -> QTextCharFormat:
        made = QTextCharFormat()
        made.setForeground(self._theme.colour(colour))
        return made

    def _colour_prompt(self) -> None:
        """The theme is another: colours that stand in the document do not follow by themselves."""
        cursor = QTextCursor(self.document())
        cursor.setPosition(self._prompt_length)
        cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        cursor.setCharFormat(self._format("text"))
        cursor.setPosition(0)
        cursor.setPosition(self._prompt_length, QTextCursor.MoveMode.KeepAnchor)
        cursor.setCharFormat(self._format("text_quiet"))


class PartsPane(QScrollArea):
    """Shows what any task gives back, from its schema alone."""

    def __init__(self, theme: Theme, memory: Memory) -> None:
        super().__init__()
        self._theme = theme
        self._memory = memory
        self.setWidgetResizable(True)
        self.setAccessibleName("Output")
        self.setFrameShape(QScrollArea.Shape.NoFrame)

    def show_parts(self, given: str, parts: Sequence[Part]) -> None:
        """Show another run's output after what was given for it."""
        shown = [
            each for part in parts for each in (label(part.title, "section"), self._shown(part))
        ]
        input_ = label(given.strip(), "quiet", wraps=True, selectable=True)
        body = held(column(input_, *shown, None))
        body.setProperty("role", "body")
        self.setWidget(body)

    def _shown(self, part: Part) -> QWidget:
        if isinstance(part, TextPart):
            text = label(part.text, wraps=True, selectable=True)
            text.setAccessibleName(f"{part.title}: {part.text}")
            return text
        columns = [
            Column[Cells](title, title, lambda row, at=at: row[1][at])  # type: ignore[misc]  # mypy infers no defaults
            for at, title in enumerate(part.columns)
        ]
        table = DataTable(part.title, columns, lambda row: str(row[0]), self._memory, self._theme)
        table.show_rows(list(enumerate(part.rows)))
        table.setFixedHeight(_LINE * (1 + min(_ROWS_IN_VIEW, len(part.rows))) + SPACE_2)
        return table
