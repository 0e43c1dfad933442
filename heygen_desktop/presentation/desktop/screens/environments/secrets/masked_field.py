"""A field for what must not be seen over a shoulder, with an eye to look for a moment."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit

from heygen_desktop.presentation.desktop.theme.theme import Theme

_Echo = QLineEdit.EchoMode


class MaskedField(QLineEdit):
    """Masked until the eye is pressed; keeps line ends that were pasted."""

    def __init__(self, name: str, theme: Theme) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setEchoMode(_Echo.Password)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText
        )
        self._theme = theme
        self.eye = QAction(theme.icon("eye-outline", "text_quiet"), "Show what is typed", self)
        self.eye.setCheckable(True)
        self.eye.toggled.connect(self._look)
        self.addAction(self.eye, QLineEdit.ActionPosition.TrailingPosition)

    def forget(self) -> None:
        """Mask the field and empty it."""
        self.eye.setChecked(False)
        self.clear()

    def _look(self, on: bool) -> None:
        self.setEchoMode(_Echo.Normal if on else _Echo.Password)
        self.eye.setText("Mask what is typed" if on else "Show what is typed")
        name = "eye-off-outline" if on else "eye-outline"
        self.eye.setIcon(self._theme.icon(name, "text_quiet"))
