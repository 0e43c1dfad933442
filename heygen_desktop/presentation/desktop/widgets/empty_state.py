"""What a list says while it is empty: why, and what to do next."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QVBoxLayout, QWidget

from heygen_desktop.presentation.desktop.theme.tokens import SPACE_2, SPACE_8
from heygen_desktop.presentation.desktop.widgets.buttons import button
from heygen_desktop.presentation.desktop.widgets.labels import IconLabel, label
from heygen_desktop.presentation.desktop.widgets.layout import row

_WIDTH = 400


class EmptyState(QWidget):
    """An icon, a title, a sentence, and at most one button."""

    action_requested = Signal()

    def __init__(self, icon: QIcon, title: str, sentence: str, action: str = "") -> None:
        """Word the state; an empty ``action`` makes no button."""
        super().__init__()
        self.setAccessibleName(title)
        self._title = label(title, "title")
        self._sentence = label(sentence, "quiet", wraps=True)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        # A wrapping label needs a parent of known width; centred by an alignment it loses its last line.
        column = QWidget()
        column.setFixedWidth(_WIDTH)
        self._fill(QVBoxLayout(column), icon, action)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACE_8, 0, SPACE_8)
        layout.addStretch(2)
        layout.addLayout(row(None, column, None))
        layout.addStretch(3)

    def show_words(self, title: str, sentence: str) -> None:
        """Word it anew, for example when a filter leaves nothing."""
        self._title.setText(title)
        self._sentence.setText(sentence)
        self.setAccessibleName(title)

    def _fill(self, column: QVBoxLayout, icon: QIcon, action: str) -> None:
        centre = Qt.AlignmentFlag.AlignHCenter
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_2)
        column.addWidget(IconLabel(icon, 40), 0, centre)
        column.addSpacing(SPACE_2)
        column.addWidget(self._title, 0, centre)
        column.addWidget(self._sentence)
        if action:
            column.addSpacing(SPACE_2)
            column.addWidget(button(action, self.action_requested.emit, "primary"), 0, centre)
