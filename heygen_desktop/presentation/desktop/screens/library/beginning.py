"""What fills the library before it holds a model: the three ways to begin."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_2, SPACE_4
from heygen_desktop.presentation.desktop.widgets.buttons import button
from heygen_desktop.presentation.desktop.widgets.labels import IconLabel, label

_WIDTH = 480
_CENTRE = Qt.AlignmentFlag.AlignHCenter


class Beginning(QWidget):
    """Register what one has, search for it, or take the model that comes with the program."""

    register_requested = Signal()
    scan_requested = Signal()
    starter_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("The library is empty")
        self.register_button = button("Register folder…", self.register_requested.emit, "primary")
        self.scan_button = button("Scan a folder…", self.scan_requested.emit)
        self.starter_button = button("Add the starter model", self.starter_requested.emit)
        # A wrapping label needs a parent of known width to keep its last line.
        middle = QWidget()
        middle.setFixedWidth(_WIDTH)
        self._fill(QVBoxLayout(middle), theme)
        beside = QHBoxLayout()
        beside.addStretch(1)
        beside.addWidget(middle)
        beside.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addStretch(2)
        layout.addLayout(beside)
        layout.addStretch(3)

    def _fill(self, layout: QVBoxLayout, theme: Theme) -> None:
        layout.setSpacing(SPACE_2)
        layout.addWidget(IconLabel(theme.icon("cube-outline", "text_quiet"), 40), 0, _CENTRE)
        layout.addSpacing(SPACE_2)
        layout.addWidget(label("No models yet", "title"), 0, _CENTRE)
        sentence = label(
            "Register a model's folder where it is, or drop it here. Files are never moved or "
            "copied. To try things at once, add the small model that comes with the program.",
            "quiet",
            wraps=True,
        )
        sentence.setAlignment(_CENTRE)
        layout.addWidget(sentence)
        layout.addSpacing(SPACE_4)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_2)
        buttons.addStretch(1)
        for made in (self.register_button, self.scan_button, self.starter_button):
            buttons.addWidget(made)
        buttons.addStretch(1)
        layout.addLayout(buttons)
