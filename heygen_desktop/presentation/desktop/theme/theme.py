"""The theme in force: applies tokens to the application and hands out colours and icons."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QIcon, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from heygen_desktop.presentation.desktop.theme.fonts import text_font, zoomed
from heygen_desktop.presentation.desktop.theme.icons import GlyphEngine, IconFont
from heygen_desktop.presentation.desktop.theme.stylesheet import stylesheet_of
from heygen_desktop.presentation.desktop.theme.tokens import DARK, LIGHT, Tokens

_Role = QPalette.ColorRole


class ThemeChoice(StrEnum):
    """What a person picks."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


def qt_arguments(program: str) -> list[str]:
    """Return what the QApplication is made with, so that it draws with Fusion.

    Setting the style from Python afterwards costs 9 ms of the first paint: QStyle brings nineteen
    tables of names along.
    """
    return [program, "-style", "fusion"]


class Theme(QObject):
    """Owns the look of one QApplication, which was made with ``qt_arguments``."""

    changed = Signal()
    """The tokens are others now: whatever was painted from them must be painted again."""

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        self._icons = IconFont()
        self._choice = ThemeChoice.SYSTEM
        self._tokens: Tokens | None = None
        self._percent = 100
        application.setFont(text_font())
        application.styleHints().colorSchemeChanged.connect(self._follow_system)

    @property
    def choice(self) -> ThemeChoice:
        """What the person picked; ``system`` may be light or dark."""
        return self._choice

    @property
    def tokens(self) -> Tokens:
        """The tokens in force; charts and own painting read them when they paint."""
        return self._tokens or self._wanted()

    def apply(self, choice: ThemeChoice | str) -> None:
        """Give the whole application this look.

        Raises:
            ValueError: The choice is none of ``system light dark``.
        """
        self._choice = ThemeChoice(choice)
        self._put_on(self._wanted())

    @property
    def zoom(self) -> int:
        """How large text is, in percent of its usual size."""
        return self._percent

    def zoom_to(self, percent: int) -> None:
        """Give all text this size, in percent of its usual one."""
        self._percent = percent
        self._application.setFont(text_font(percent))
        if self._tokens is not None:
            self._put_on(self._tokens)

    def colour(self, token: str) -> QColor:
        """Return a token's colour, such as ``text_quiet``.

        Raises:
            AttributeError: There is no such token.
        """
        return QColor(getattr(self.tokens, token))

    def icon(self, name: str, colour: str = "text_soft") -> QIcon:
        """Return an icon that follows the theme.

        Args:
            name: A name of Material Design Icons, such as ``cube-outline``.
            colour: The token of its colour; a checked or selected one takes ``accent_text``.

        Raises:
            KeyError: The family has no such icon.
        """

        def now(mode: QIcon.Mode, state: QIcon.State) -> QColor:
            if mode is QIcon.Mode.Disabled:
                return self.colour("text_disabled")
            return self.colour("accent_text" if state is QIcon.State.On else colour)

        return QIcon(GlyphEngine(self._icons.family, self._icons.glyph(name), now))

    def _wanted(self) -> Tokens:
        if self._choice is not ThemeChoice.SYSTEM:
            return DARK if self._choice is ThemeChoice.DARK else LIGHT
        scheme = self._application.styleHints().colorScheme()
        return LIGHT if scheme is Qt.ColorScheme.Light else DARK

    def _put_on(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._application.setPalette(_palette_of(tokens))
        self._application.setStyleSheet(stylesheet_of(tokens, self._percent))
        self.changed.emit()

    @Slot(Qt.ColorScheme)
    def _follow_system(self, _scheme: Qt.ColorScheme) -> None:
        if self._choice is ThemeChoice.SYSTEM and self._tokens is not self._wanted():
            self._put_on(self._wanted())


class ZoomedWidth(QObject):
    """Holds a widget's width in proportion to the text in it, as long as the widget lives."""

    def __init__(
        self,
        widget: QWidget,
        theme: Theme,
        pixels: int,
        hold: Callable[[QWidget, int], None] = QWidget.setFixedWidth,
    ) -> None:
        """Hold it from now on.

        Args:
            widget: Whose width it is.
            theme: Tells that text is larger or smaller.
            pixels: The width at the usual size of text.
            hold: What is given to the widget: a fixed width, or a least one.
        """
        super().__init__(widget)
        self._widget, self._pixels, self._hold = widget, pixels, hold
        theme.changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        self._hold(self._widget, zoomed(self._pixels))


def _palette_of(tokens: Tokens) -> QPalette:
    """Return what the style draws with; the system's colour scheme is not asked, it is unset on bare X."""
    palette = QPalette()
    for role, colour in _roles(tokens).items():
        palette.setColor(role, QColor(colour))
    for role in (_Role.WindowText, _Role.Text, _Role.ButtonText, _Role.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.text_disabled))
    return palette


def _roles(tokens: Tokens) -> dict[QPalette.ColorRole, str]:
    return {
        _Role.Window: tokens.window,
        _Role.WindowText: tokens.text,
        _Role.Base: tokens.input,
        _Role.AlternateBase: tokens.hover,
        _Role.Text: tokens.text,
        _Role.PlaceholderText: tokens.text_quiet,
        _Role.Button: tokens.raised,
        _Role.ButtonText: tokens.text,
        _Role.BrightText: tokens.on_accent,
        _Role.Highlight: tokens.accent,
        _Role.HighlightedText: tokens.on_accent,
        _Role.Accent: tokens.accent,
        _Role.Link: tokens.accent_text,
        _Role.LinkVisited: tokens.accent_text,
        _Role.ToolTipBase: tokens.raised,
        _Role.ToolTipText: tokens.text,
        _Role.Light: tokens.border_strong,
        _Role.Midlight: tokens.border,
        _Role.Mid: tokens.border_strong,
        _Role.Dark: tokens.border_strong,
        _Role.Shadow: tokens.rail,
    }
