"""A sentence in a tone's colour. The ground of a badge would stretch over the whole line."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from heygen_desktop.presentation.desktop.theme.theme import Theme


class TonedNote(QLabel):
    """Hidden while it has nothing to say; its colour follows the theme."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._tone = "neutral"
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setProperty("role", "small")
        self.hide()
        theme.changed.connect(self._colour)

    def say(self, sentence: str, tone: str) -> None:
        """Say this in a tone's colour; an empty sentence hides the note."""
        self.setText(sentence)
        self.setVisible(bool(sentence))
        self._tone = tone
        self._colour()

    def _colour(self) -> None:
        self.setStyleSheet(f"color: {self._theme.tokens.tone(self._tone).text};")
