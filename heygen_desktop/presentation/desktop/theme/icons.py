"""The one icon family: Material Design Icons, from the font that qtawesome brings.

Importing qtawesome costs 70 ms warm and 750 ms cold, because it loads eleven fonts; loading this one
costs a few. An icon asks for its colour when it is painted, so a change of theme needs a repaint only.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QIconEngine, QPainter, QPixmap

_PACKAGE = "qtawesome"
_FONT = "materialdesignicons6-webfont-[0-9]*.ttf"
_MARK = Path(__file__).parent / "images" / "application.svg"
_CHARMAP = "materialdesignicons6-webfont-charmap-*.json"


def application_icon() -> QIcon:
    """Return the program's mark, drawn at each size; the first use loads Qt's SVG reader."""
    return QIcon(str(_MARK))


class IconFont:
    """Glyphs by name; reads the font when the first one is asked for."""

    def __init__(self, folder: Path | None = None) -> None:
        """Take the folder with the font.

        Args:
            folder: Where the font and its table of names lie; qtawesome's own where it is None.
        """
        self._folder = folder or _fonts_of_qtawesome()

    @cached_property
    def family(self) -> str:
        """The font's family, registered with Qt.

        Raises:
            FileNotFoundError: The installation lacks the font.
        """
        number = QFontDatabase.addApplicationFont(str(self._only(_FONT)))
        return QFontDatabase.applicationFontFamilies(number)[0]

    def glyph(self, name: str) -> str:
        """Return the one character that draws the icon.

        Raises:
            KeyError: The family has no such icon.
        """
        # The table is JSON of 7,000 names; a look into its text is ten times quicker than parsing it.
        found = re.search(rf'"{re.escape(name)}": "0x([0-9a-f]+)"', self._names)
        if found is None:
            raise KeyError(name)
        return chr(int(found[1], 16))

    @cached_property
    def _names(self) -> str:
        return self._only(_CHARMAP).read_text("utf-8")

    def _only(self, pattern: str) -> Path:
        for path in sorted(self._folder.glob(pattern)):
            return path
        raise FileNotFoundError(f"{pattern} is not in {self._folder}")


def _fonts_of_qtawesome() -> Path:
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or found.origin is None:
        raise FileNotFoundError(f"{_PACKAGE} is not installed")
    return Path(found.origin).parent / "fonts"


class GlyphEngine(QIconEngine):
    """Draws one glyph in the colour of the moment."""

    def __init__(
        self, family: str, glyph: str, colour: Callable[[QIcon.Mode, QIcon.State], QColor]
    ) -> None:
        super().__init__()
        self._family = family
        self._glyph = glyph
        self._colour = colour

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        font = QFont(self._family)
        font.setPixelSize(max(1, min(rect.width(), rect.height())))
        painter.save()
        painter.setFont(font)
        painter.setPen(self._colour(mode, state))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self._glyph)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        if size.isEmpty():
            return pixmap  # of a button that has no room: Qt asks, and warns of whoever paints
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        return GlyphEngine(self._family, self._glyph, self._colour)
