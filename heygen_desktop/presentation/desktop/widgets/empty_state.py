"""What a list says while it is empty: why, and what to do next."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QVBoxLayout, QWidget

from heygen_desktop.presentation.desktop.theme.tokens import SPACE_2, SPACE_8
from heygen_desktop.presentation.desktop.widgets.buttons import button
from heygen_desktop.presentation.desktop.widgets.labels import IconLabel, label

_WIDTH = 400


class EmptyState(QWidget):
    """An icon, a title, a sentence, and at most one button."""

    action_requested = Signal()

    def __init__(
        self,
        icon: QIcon,
        title: str,
        sentence: str,
        action: str = "",
        parent: QWidget | None = None,
    ) -> None:
        """Word the state; an empty ``action`` makes no button."""
        super().__init__(parent)
        self.setAccessibleName(title)
        self._title = label(title, "title")
        self._sentence = label(sentence, "quiet", wraps=True)
        # A wrapping label that is centred by its layout would guess a width and lose its last line.
        self._sentence.setFixedWidth(_WIDTH)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        centre = Qt.AlignmentFlag.AlignHCenter
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_2, SPACE_8, SPACE_2, SPACE_8)
        layout.setSpacing(SPACE_2)
        layout.addStretch(2)
        layout.addWidget(IconLabel(icon, 40), 0, centre)
        layout.addSpacing(SPACE_2)
        layout.addWidget(self._title, 0, centre)
        layout.addWidget(self._sentence, 0, centre)
        if action:
            layout.addSpacing(SPACE_2)
            layout.addWidget(button(action, self.action_requested.emit, "primary"), 0, centre)
        layout.addStretch(3)

    def show_words(self, title: str, sentence: str) -> None:
        """Word it anew, for example when a filter leaves nothing."""
        self._title.setText(title)
        self._sentence.setText(sentence)
        self.setAccessibleName(title)
