"""A model's README as it is meant to be read. Nothing of it is fetched, opened or run."""

from __future__ import annotations

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import (
    QGuiApplication,
    QShowEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)
from PySide6.QtWidgets import QTextBrowser

from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_1, SPACE_3

_DIALECT = (
    QTextDocument.MarkdownFeature.MarkdownDialectGitHub
    | QTextDocument.MarkdownFeature.MarkdownNoHTML
)


class ReadmeView(QTextBrowser):
    """Markdown. ``highlighted`` tells where a link leads; a click copies that."""

    link_copied = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._text = ""
        self._is_drawn = True
        self.setAccessibleName("README")
        self.setOpenLinks(False)
        self.anchorClicked.connect(self._copy)
        theme.changed.connect(self._draw_later)  # the colour of a link is laid out with it

    def show_text(self, text: str) -> None:
        """Show this; it is laid out once it comes into view."""
        if text != self._text:
            self._text = text
            self._draw_later()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._is_drawn:
            self._draw()

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """Give nothing: neither pictures nor style sheets are looked for."""
        return None

    def _draw_later(self) -> None:
        self._is_drawn = False
        if self.isVisible():
            self._draw()

    def _draw(self) -> None:
        document = QTextDocument(self)  # beside the view: laying out every step takes seconds
        document.setDefaultFont(self.font())
        document.setMarkdown(self._text, _DIALECT)
        _set(document)
        self.setDocument(document)
        self._is_drawn = True

    def _copy(self, link: QUrl) -> None:
        QGuiApplication.clipboard().setText(link.toString())
        self.link_copied.emit(link.toString())


def _set(document: QTextDocument) -> None:
    """Give paragraphs air, headings a modest size, and let code break: the column is narrow."""
    cursor = QTextCursor(document)
    block = document.begin()
    while block.isValid():
        form = block.blockFormat()
        above, below = _space(form, is_listed=block.textList() is not None)
        form.setTopMargin(above)
        form.setBottomMargin(below)
        form.setNonBreakableLines(False)
        cursor.setPosition(block.position())
        cursor.setBlockFormat(form)
        if form.headingLevel():
            size = QTextCharFormat()
            size.setProperty(QTextFormat.Property.FontSizeAdjustment, form.headingLevel() == 1)
            cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
            cursor.mergeCharFormat(size)
        block = block.next()


def _space(form: QTextBlockFormat, *, is_listed: bool) -> tuple[int, int]:
    """Return the pixels above and below a paragraph."""
    if form.headingLevel():
        return SPACE_3, SPACE_1
    if is_listed or form.hasProperty(QTextFormat.Property.BlockCodeFence):
        return 0, 0
    return SPACE_1, SPACE_1
