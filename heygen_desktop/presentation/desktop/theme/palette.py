"""Qt's palette from the tokens: what the style draws itself follows the theme, on every platform."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPalette

from heygen_desktop.presentation.desktop.theme.tokens import Tokens

_Role = QPalette.ColorRole


def palette_of(tokens: Tokens) -> QPalette:
    """Return the palette; the system's own colour scheme is not asked, it is unset on bare X."""
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
