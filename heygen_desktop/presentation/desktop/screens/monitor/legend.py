"""The names of a chart's lines with their values, in one row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from heygen_desktop.presentation.desktop.theme.fonts import zoomed
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.theme.tokens import (
    SPACE_1,
    SPACE_2,
    SPACE_4,
    TEXT_SMALL_PX,
)
from heygen_desktop.presentation.desktop.wording import NONE

_DOT = 8
_MOST_DOTS = 4
_HEIGHT = 18
_LONGEST = 180
_SHORTEST = 48


@dataclass(frozen=True)
class Entry:
    """A line's name, value and colour, or those of several in one."""

    name: str
    value: str
    colours: tuple[int, ...]
    parts: tuple[str, ...] = ()
    """What the tooltip says of each of several."""


class Legend(QWidget):
    """As many entries as there is room for; the tooltip has all of them."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._entries: Sequence[Entry] = ()
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._wear_theme)
        self._wear_theme()

    def _wear_theme(self) -> None:
        font = self.font()
        font.setPixelSize(zoomed(TEXT_SMALL_PX))
        self.setFont(font)
        self.update()

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show these, left to right; those without a value last."""
        # A line that has ended goes behind those that live: they are what one looks for.
        entries = tuple(sorted(entries, key=lambda entry: entry.value == NONE))
        if entries != self._entries:
            self._entries = entries
            text = "\n".join(
                line for entry in entries for line in (f"{entry.name}  {entry.value}", *entry.parts)
            )
            self.setToolTip(text)
            self.setAccessibleName(text.replace("\n", ", "))
            self.update()

    def entries(self) -> Sequence[Entry]:
        """Return what is shown."""
        return self._entries

    def sizeHint(self) -> QSize:
        return QSize(160, _HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        right = self.width()
        shown = self._fitting()
        left_out = len(self._entries) - len(shown)
        if left_out:
            self._paint_more(painter, right, left_out)
            right -= self._more_width()
        for entry in reversed(shown):
            name, width = self._measure(entry)
            self._paint_entry(painter, entry, name, right - width)
            right -= width + SPACE_4
        painter.end()

    def _fitting(self) -> Sequence[Entry]:
        """Return the first entries that there is room for."""
        widths = [self._measure(entry)[1] + SPACE_4 for entry in self._entries]
        if sum(widths) <= self.width() + SPACE_4:
            return self._entries
        room = self.width() - self._more_width()
        count = sum(1 for total in accumulate(widths) if total <= room)
        return self._entries[: max(1, count)]  # one is always shown, if need be with its name cut

    def _measure(self, entry: Entry) -> tuple[str, int]:
        metrics = self.fontMetrics()
        value = metrics.horizontalAdvance(entry.value)
        dots = _dots_width(entry)
        others = self._more_width() if len(self._entries) > 1 else 0
        room = self.width() - others - dots - SPACE_1 - SPACE_2 - SPACE_4 - value
        longest = max(_SHORTEST, min(_LONGEST, room))
        name = metrics.elidedText(entry.name, Qt.TextElideMode.ElideMiddle, longest)
        words = metrics.horizontalAdvance(name) + value
        return name, dots + SPACE_1 + words + SPACE_2

    def _more_width(self) -> int:
        return self.fontMetrics().horizontalAdvance("+00 more") + SPACE_4

    def _paint_entry(self, painter: QPainter, entry: Entry, name: str, x: int) -> None:
        chart = self._theme.tokens.chart
        metrics = self.fontMetrics()
        base = (_HEIGHT + metrics.ascent() - metrics.descent()) // 2
        painter.setPen(Qt.PenStyle.NoPen)
        for at, colour in enumerate(entry.colours[:_MOST_DOTS]):
            painter.setBrush(QColor(chart[colour % len(chart)]))
            painter.drawEllipse(x + at * _DOT // 2, (_HEIGHT - _DOT) // 2, _DOT, _DOT)
        x += _dots_width(entry) + SPACE_1
        painter.setPen(self._theme.colour("text_quiet"))
        painter.drawText(x, base, name)
        painter.setPen(self._theme.colour("text"))
        painter.drawText(x + metrics.horizontalAdvance(name) + SPACE_2, base, entry.value)

    def _paint_more(self, painter: QPainter, right: int, count: int) -> None:
        metrics = self.fontMetrics()
        words = f"+{count} more"
        painter.setPen(self._theme.colour("text_quiet"))
        base = (_HEIGHT + metrics.ascent() - metrics.descent()) // 2
        painter.drawText(max(0, right - metrics.horizontalAdvance(words)), base, words)


def _dots_width(entry: Entry) -> int:
    return _DOT + (min(_MOST_DOTS, len(entry.colours)) - 1) * _DOT // 2
