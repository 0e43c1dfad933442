"""What fills the library before it holds a model: the three ways to begin."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_2, SPACE_4
from heygen_desktop.presentation.desktop.widgets.buttons import button
from heygen_desktop.presentation.desktop.widgets.labels import IconLabel, label
from heygen_desktop.presentation.desktop.widgets.layout import column, held, row

_WIDTH = 480
_CENTRE = Qt.AlignmentFlag.AlignHCenter


class Beginning(QWidget):
    """Register what one has, search for it, or take the model that comes with the program."""

    register_requested = Signal()
    scan_requested = Signal()
    starter_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setAccessibleName("The library is empty")
        self.register_button = button("Register folder…", self.register_requested.emit, "primary")
        self.scan_button = button("Scan a folder…", self.scan_requested.emit)
        self.starter_button = button("Add the starter model", self.starter_requested.emit)
        # A wrapping label needs a parent of known width to keep its last line.
        middle = held(self._middle(theme))
        middle.setFixedWidth(_WIDTH)
        layout = column(row(None, middle, None), on=self, margins=None)
        layout.insertStretch(0, 2)
        layout.addStretch(3)

    def _middle(self, theme: Theme) -> QVBoxLayout:
        icon = IconLabel(theme.icon("cube-outline", "text_quiet"), 40)
        title = label("No models yet", "title")
        sentence = label(
            "Register a model's folder where it is, or drop it here. Files are never moved or "
            "copied. To try things at once, add the small model that comes with the program.",
            "quiet",
            wraps=True,
        )
        sentence.setAlignment(_CENTRE)
        buttons = row(None, self.register_button, self.scan_button, self.starter_button, None)
        layout = column(icon, SPACE_2, title, sentence, SPACE_4, buttons, margins=None)
        for part in (icon, title):
            layout.setAlignment(part, _CENTRE)
        return layout
