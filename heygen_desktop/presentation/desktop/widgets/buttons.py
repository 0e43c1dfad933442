"""Buttons, filter chips and shortcuts, made the same way everywhere."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QKeySequence, QShortcut
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from heygen_desktop.presentation.desktop.widgets.labels import restyle


def button(text: str, clicked: Callable[[], object] | None = None, kind: str = "") -> QPushButton:
    """Return a push button.

    Args:
        text: The verb on it; also its accessible name.
        clicked: Called without arguments; a signal's ``emit`` fits.
        kind: ``primary`` (one a screen), ``danger``, ``flat`` or empty.
    """
    made = QPushButton(text)
    made.setProperty("kind", kind)
    made.setAccessibleName(text.replace("&", ""))
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    if clicked is not None:
        made.clicked.connect(lambda _checked=False: clicked())
    return made


def icon_button(icon: QIcon, name: str, clicked: Callable[[], object] | None = None) -> QToolButton:
    """Return a button that is only an icon; its name is its tooltip and what a screen reader says."""
    made = QToolButton()
    made.setIcon(icon)
    made.setIconSize(QSize(18, 18))
    made.setToolTip(name)
    made.setAccessibleName(name)
    if clicked is not None:
        made.clicked.connect(lambda _checked=False: clicked())
    return made


def toggle(text: str, tip: str = "", icon: QIcon | None = None) -> QToolButton:
    """Return a button that stays pressed, with its icon beside its text; its tooltip says more."""
    made = QToolButton()
    made.setText(text)
    made.setAccessibleName(text)
    made.setToolTip(tip)
    made.setCheckable(True)
    if icon is not None:
        made.setIcon(icon)
        made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    return made


def shortcut(
    widget: QWidget, keys: str | QKeySequence.StandardKey, pressed: Callable[[], object]
) -> None:
    """Call this when the keys are pressed while the widget, or one inside it, has the focus."""
    made = QShortcut(QKeySequence(keys), widget)
    made.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    made.activated.connect(pressed)


class Chip(QPushButton):
    """A filter that is on or off, with a count: ``Error 12``. Speaks through ``toggled(bool)``."""

    def __init__(self, text: str, tone: str = "info") -> None:
        """Make a chip that is off.

        Args:
            text: What is filtered for.
            tone: Its colour while it is on.
        """
        super().__init__(text)
        self._text = text
        self._tone = tone
        self.setCheckable(True)
        self.setAccessibleName(text)
        self.setProperty("tone", "off")
        self.toggled.connect(self._show_state)

    def show_count(self, count: int | None) -> None:
        """Show how many there are; None shows no number."""
        self.setText(self._text if count is None else f"{self._text}  {count:,}")
        self.setAccessibleDescription("" if count is None else f"{count} found")

    def _show_state(self, on: bool) -> None:
        restyle(self, "tone", self._tone if on else "off")
