"""Text in its roles, and small coloured marks. Colours come from the style sheet's properties."""

from __future__ import annotations

import re

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import (
    QGuiApplication,
    QIcon,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_8
from heygen_desktop.presentation.desktop.widgets.layout import row

_BREAK = "\u200b"
_LONG_WORD = re.compile(r"\S{25,}")
_PLACE = re.compile(r"([_./\\:@=,-]|[^\W_]{16})(?=\S)")


def label(
    text: str = "", role: str = "", *, wraps: bool = False, selectable: bool = False
) -> QLabel:
    """Return a label of plain text; what comes from outside is never read as markup.

    Args:
        text: What it says.
        role: ``heading title section soft quiet small`` or empty.
        wraps: Whether it breaks into lines.
        selectable: Whether it can be selected with mouse and keyboard.
    """
    made = _Lines(text) if wraps else QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("role", role)
    if selectable:
        made.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
    return made


class _Lines(QLabel):
    """Text that breaks into lines, and a long path or name at its marks: it widens no narrow place."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.setWordWrap(True)
        self.setText(text)

    def setText(self, text: str) -> None:
        super().setText(_LONG_WORD.sub(lambda word: _PLACE.sub(rf"\1{_BREAK}", word[0]), text))

    def text(self) -> str:
        return super().text().replace(_BREAK, "")

    def selectedText(self) -> str:
        return super().selectedText().replace(_BREAK, "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.selectedText())
        else:
            super().keyPressEvent(event)


def page_title(text: str) -> QLabel:
    """Return a screen's name, as high as the controls beside it: it stands alike on every screen."""
    made = label(text, "heading")
    made.setMinimumHeight(SPACE_8)
    return made


def restyle(widget: QWidget, name: str, value: str) -> None:
    """Set a property that the style sheet reads, and let the style read it again."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


class Badge(QLabel):
    """A word on a tinted ground: ``verified``, ``4-bit``, ``failed``."""

    def __init__(self, text: str = "", tone: str = "neutral") -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("tone", tone)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
        self.setAccessibleName(text)

    def show_badge(self, text: str, tone: str) -> None:
        """Say something else; an empty text hides the badge."""
        self.setText(text)
        self.setAccessibleName(text)
        self.setVisible(bool(text))
        restyle(self, "tone", tone)


class TonedNote(QLabel):
    """A sentence in a tone's colour, which follows the theme; hidden while there is nothing to say.

    The ground of a badge would stretch over the whole line.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._tone = "neutral"
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setProperty("role", "small")
        self.hide()
        self._colour()
        theme.changed.connect(self._colour)

    def say(self, sentence: str, tone: str) -> None:
        """Say this in a tone's colour; an empty sentence hides the note."""
        self.setText(sentence)
        self.setVisible(bool(sentence))
        if (
            tone != self._tone
        ):  # a style sheet costs more than the words, which may come with each key
            self._tone = tone
            self._colour()

    def _colour(self) -> None:
        self.setStyleSheet(f"color: {self._theme.tokens.tone(self._tone).text};")


class ElidedLabel(QLabel):
    """One line that gives way: what does not fit is cut and told by the tooltip."""

    def __init__(
        self,
        text: str = "",
        role: str = "",
        cut: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle,
    ) -> None:
        super().__init__()
        self._cut = cut
        self._full = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.show_text(text)

    def show_text(self, text: str) -> None:
        """Say this."""
        self._full = text
        self.setToolTip(text)
        self.setAccessibleName(text)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self.contentsRect().width()
        shown = self.fontMetrics().elidedText(self._full, self._cut, room)
        if shown != self.text():
            self.setText(shown)


class IconLabel(QWidget):
    """An icon that follows the theme, because it is painted anew and not kept as a picture."""

    def __init__(self, icon: QIcon, size: int = 16) -> None:
        super().__init__()
        self._icon = icon
        self._size = size
        self.setFixedSize(size, size)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def sizeHint(self) -> QSize:
        return QSize(self._size, self._size)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._icon.paint(painter, self.rect())
        painter.end()


class SectionHeader(QWidget):
    """A quiet title over a group, with room for something at its right end."""

    def __init__(self, text: str, trailing: QWidget | None = None):
        super().__init__()
        self._title = label(text, "section")
        row(self._title, None, *([trailing] if trailing else ()), on=self)

    def set_title(self, text: str) -> None:
        """Word the title anew, for example with a count."""
        self._title.setText(text)


def line() -> QFrame:
    """Return a hairline between two groups."""
    made = QFrame()
    made.setProperty("role", "line")
    return made
