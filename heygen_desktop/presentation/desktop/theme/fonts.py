"""Chooses the text and code fonts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication

from heygen_desktop.presentation.desktop.theme.tokens import CODE_FAMILIES, TEXT_PX


def text_font(percent: int = 100) -> QFont:
    """Return Inter where it is installed, else the system's own interface font, at 13 pixels zoomed so."""
    system = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    font = _first_installed(("Inter",), system)
    font.setPixelSize(round(TEXT_PX * percent / 100))
    return font


def zoomed(pixels: int) -> int:
    """Return a text size as the application's font is zoomed now; it changes with the theme."""
    return round(pixels * QGuiApplication.font().pixelSize() / TEXT_PX)


def code_font() -> QFont:
    """Return a fixed-width font for logs, prompts and checksums, at 13 pixels zoomed."""
    system = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font = _first_installed(CODE_FAMILIES, system)
    font.setPixelSize(zoomed(TEXT_PX))
    font.setStyleHint(QFont.StyleHint.Monospace)
    return font


def _first_installed(families: Sequence[str], otherwise: QFont) -> QFont:
    there = (QFont(family) for family in families if QFontDatabase.hasFamily(family))
    return next(there, QFont(otherwise))
