"""The navigation rail at the left edge."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QToolButton, QWidget

from heygen_desktop.presentation.desktop.screen import ScreenSpec
from heygen_desktop.presentation.desktop.theme.theme import Theme, ZoomedWidth
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_1, SPACE_2, SPACE_3
from heygen_desktop.presentation.desktop.widgets.buttons import icon_button
from heygen_desktop.presentation.desktop.widgets.layout import column

WIDTH = 100
_ICON = QSize(22, 22)
_BADGE = 16


class _ScreenButton(QToolButton):
    """A screen's icon and name, and how many things there nobody has looked at."""

    def __init__(self, title: str, theme: Theme) -> None:
        super().__init__()
        self.setText(title)
        self.setAccessibleName(title)
        self._theme = theme
        self._unseen = 0

    def show_unseen(self, number: int) -> None:
        """Mark it with a number; 0 takes the mark away."""
        self._unseen = number
        self.setAccessibleName(f"{self.text()}, {number} new" if number else self.text())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._unseen:
            return
        number = str(self._unseen) if self._unseen < 100 else "99+"
        width = max(_BADGE, self.fontMetrics().horizontalAdvance(number) + SPACE_2)
        place = QRect(self.width() // 2 + SPACE_1, SPACE_1, width, _BADGE)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("accent"))
        painter.drawRoundedRect(place, _BADGE / 2, _BADGE / 2)
        painter.setPen(self._theme.colour("on_accent"))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, number)
        painter.end()


class NavigationRail(QWidget):
    """One button a screen, with its icon and its name; Ctrl+1, Ctrl+2, ... press them."""

    screen_requested = Signal(str)
    shown = Signal()
    """Another screen is marked."""
    palette_requested = Signal()
    theme_menu_requested = Signal()
    keys_requested = Signal()
    about_requested = Signal()

    def __init__(self, specs: Sequence[ScreenSpec], theme: Theme):
        super().__init__()
        self.setProperty("role", "rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Navigation")
        self._theme = theme
        ZoomedWidth(self, theme, WIDTH)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, _ScreenButton] = {}
        buttons = [self._add(number, spec) for number, spec in enumerate(specs, start=1)]
        margins = (SPACE_2, SPACE_3, SPACE_2, SPACE_2)
        layout = column(*buttons, None, on=self, margins=margins, spacing=SPACE_1)
        layout.addWidget(self._tools(), 0, Qt.AlignmentFlag.AlignHCenter)

    @property
    def current(self) -> str:
        """The id of the screen that is marked, or an empty string."""
        return next((name for name, made in self._buttons.items() if made.isChecked()), "")

    def show_current(self, screen_id: str) -> None:
        """Mark the screen in view, which is where Tab stops too."""
        self._buttons[screen_id].setChecked(True)
        self.shown.emit()
        for name, made in self._buttons.items():
            here = name == screen_id
            made.setFocusPolicy(Qt.FocusPolicy.TabFocus if here else Qt.FocusPolicy.NoFocus)

    def show_unseen(self, screen_id: str, number: int) -> None:
        """Mark a screen with so many things that nobody has looked at."""
        self._buttons[screen_id].show_unseen(number)

    def _add(self, number: int, spec: ScreenSpec) -> QToolButton:
        made = _ScreenButton(spec.title, self._theme)
        made.setToolTip(f"{spec.title} (Ctrl+{number})")
        made.setIcon(self._theme.icon(spec.icon))
        made.setIconSize(_ICON)
        made.setShortcut(f"Ctrl+{number}")
        made.setCheckable(True)
        made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        made.clicked.connect(lambda _checked=False: self.screen_requested.emit(spec.id))
        self._group.addButton(made)
        self._buttons[spec.id] = made
        return made

    def _tools(self) -> QWidget:
        tools = QWidget()
        buttons = (
            icon_button(self._theme.icon(icon, "text_quiet"), name, signal.emit)
            for icon, name, signal in (
                ("console-line", "Command palette (Ctrl+K)", self.palette_requested),
                ("circle-half-full", "Theme", self.theme_menu_requested),
                ("keyboard-outline", "Keyboard shortcuts (F1)", self.keys_requested),
                ("information-outline", "About", self.about_requested),
            )
        )
        column(*buttons, on=tools, spacing=SPACE_1)
        return tools
