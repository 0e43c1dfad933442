"""Chooses the text and code fonts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QFont, QFontDatabase

from heygen_desktop.presentation.desktop.theme.tokens import TEXT_PX


def text_font() -> QFont:
    """Return Inter where it is installed, else the system's own interface font, at 13 pixels."""
    system = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    return _sized(_first_installed(("Inter",), system))


def code_font() -> QFont:
    """Return a fixed-width font for logs, prompts and checksums, at 13 pixels."""
    system = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font = _sized(_first_installed(("JetBrains Mono", "DejaVu Sans Mono"), system))
    font.setStyleHint(QFont.StyleHint.Monospace)
    return font


def _first_installed(families: Sequence[str], otherwise: QFont) -> QFont:
    there = (QFont(family) for family in families if QFontDatabase.hasFamily(family))
    return next(there, QFont(otherwise))


def _sized(font: QFont) -> QFont:
    font.setPixelSize(TEXT_PX)
    return font
