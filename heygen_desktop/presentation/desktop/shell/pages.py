"""What fills the window before there are screens, and what lies over it for a moment."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QProgressBar, QWidget

from heygen_desktop.presentation.desktop.theme.icons import application_icon
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_2, SPACE_4, SPACE_6
from heygen_desktop.presentation.desktop.widgets.buttons import button
from heygen_desktop.presentation.desktop.widgets.labels import IconLabel, label
from heygen_desktop.presentation.desktop.widgets.layout import column, row

_LICENCES = (
    "Apache License 2.0. Made with Qt (LGPL 3), PyTorch (BSD 3-Clause) and "
    "Transformers (Apache 2.0). Icons: Material Design Icons (Apache 2.0)."
)


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


class AboutDialog(QDialog):
    """What this is, which version, whose, and where its data lies."""

    def __init__(self, version: str, home: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("About HeyGen Desktop")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(420)
        title = (IconLabel(application_icon(), 48), (label("HeyGen Desktop", "heading"), 1))
        column(
            row(*title, spacing=SPACE_4),
            label(f"Version {version}", "quiet", selectable=True),
            SPACE_2,
            label("The offline AI workstation. Nothing leaves this machine.", wraps=True),
            label(f"Data folder: {home}", "soft", wraps=True, selectable=True),
            label(_LICENCES, "small", wraps=True),
            SPACE_4,
            row(None, button("Close", self.accept, "primary")),
            on=self,
            margins=(SPACE_6, SPACE_6, SPACE_6, SPACE_4),
        )
