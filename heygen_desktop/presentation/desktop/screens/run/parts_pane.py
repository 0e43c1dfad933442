"""An output that is more than one text: each part under its title, lists as tables."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QScrollArea, QWidget

from heygen_desktop.application.tasks.parts import Part, TextPart
from heygen_desktop.presentation.desktop.ports import Memory
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_2
from heygen_desktop.presentation.desktop.widgets.labels import label
from heygen_desktop.presentation.desktop.widgets.layout import column, held
from heygen_desktop.presentation.desktop.widgets.rows_model import Column
from heygen_desktop.presentation.desktop.widgets.table import DataTable

_ROWS_IN_VIEW = 8
_LINE = 34
Cells = tuple[int, tuple[str, ...]]
"""A row's number, which names it, and its texts."""


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
