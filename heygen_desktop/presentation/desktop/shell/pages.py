"""What fills the window before there are screens, and what lies over it for a moment."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar, QWidget

from heygen_desktop.presentation.desktop.widgets.labels import label
from heygen_desktop.presentation.desktop.widgets.layout import column, row


class StartingPage(QWidget):
    """Stands in the window while the application is built."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Starting")
        bar = QProgressBar()
        bar.setRange(0, 0)
        bar.setTextVisible(False)
        bar.setFixedWidth(200)
        bar.setAccessibleName("Starting")
        words = row(None, label("Starting…", "quiet"), None)
        column(None, words, row(None, bar, None), None, on=self)


class DropHint(QWidget):
    """Lies over the window while files are held above it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._covered = parent
        self.setProperty("role", "drop")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName("Drop to register")
        words = label("Drop to register", "heading")
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column(words, on=self)
        self.hide()

    def cover(self) -> None:
        """Come to the front, over the whole parent."""
        self.setGeometry(self._covered.rect())
        self.show()
        self.raise_()
