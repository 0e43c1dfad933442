"""The whole of one record, beside the list."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QPlainTextEdit,
    QScrollArea,
    QWidget,
)

from heygen_desktop.presentation.desktop.screens.logs.record_list import LEVEL_TONES
from heygen_desktop.presentation.desktop.screens.logs.rows import LogDetail
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_1, SPACE_2, SPACE_3, SPACE_4
from heygen_desktop.presentation.desktop.widgets.buttons import button, icon_button
from heygen_desktop.presentation.desktop.widgets.cards import KeyValueList
from heygen_desktop.presentation.desktop.widgets.labels import Badge, label
from heygen_desktop.presentation.desktop.widgets.layout import column, row, scrolling

_MOST_LINES = 400


class CodeBlock(QPlainTextEdit):
    """Read-only lines in the code font, as high as they are: the panel around them scrolls."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setProperty("role", "mono")
        self.setAccessibleName(name)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTabChangesFocus(True)

    def show_text(self, text: str) -> None:
        """Show these lines; none hides the block."""
        self.setPlainText(text)
        self.setVisible(bool(text))
        lines = min(_MOST_LINES, text.count("\n") + 1)
        self.setFixedHeight((lines + 1) * self.fontMetrics().lineSpacing() + SPACE_4)


class DetailPanel(QFrame):
    """Shows a record; hidden while there is none."""

    run_requested = Signal(str)
    run_filter_requested = Signal(str)
    closed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setAccessibleName("Record")
        self.setMinimumSize(280, 140)
        self._detail: LogDetail | None = None
        self.level = Badge()
        self.message = label("", "strong", wraps=True, selectable=True)
        self.cause = label("", wraps=True, selectable=True)
        self.facts = KeyValueList()
        self.open_run = button("Open run", self._say_run, "link")
        self.only_run = button("Only this run", self._say_only_run, "link")
        self._exception_title = label("Exception", "section")
        self.exception = CodeBlock("Exception")
        self.copy_json = icon_button(
            theme.icon("code-json"), "Copy as JSON", lambda: self._copy("as_json")
        )
        self.copy_text = icon_button(
            theme.icon("content-copy"), "Copy as text", lambda: self._copy("as_text")
        )
        self.close_button = icon_button(theme.icon("close"), "Close the record", self.closed.emit)
        self._lay_out()
        self.hide()

    def show_detail(self, detail: LogDetail | None) -> None:
        """Show this record from its top, or nothing."""
        is_another, self._detail = detail != self._detail, detail
        self.setVisible(detail is not None)
        if detail is None:
            return
        self.level.show_badge(detail.level.name, LEVEL_TONES[detail.level])
        self.message.setText(detail.message)
        self.cause.setText(detail.cause)
        self.cause.setVisible(bool(detail.cause))
        self.facts.show_rows(detail.facts)
        for value in self.facts.findChildren(QLabel):
            # A logger's name has no place to break at; it must not widen the panel.
            if value.wordWrap():
                value.setMinimumWidth(1)
                value.setToolTip(value.text())
        for made in (self.open_run, self.only_run):
            made.setVisible(bool(detail.run_id))
        self.exception.show_text(detail.exception)
        self._exception_title.setVisible(bool(detail.exception))
        if is_another:
            self._body.verticalScrollBar().setValue(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        self._body = self._scrolling()
        head = (self.level, None, self.copy_json, self.copy_text, self.close_button)
        column(
            row(*head, margins=(SPACE_4, SPACE_2, SPACE_2, 0)),
            (self._body, 1),
            on=self,
            margins=(1, 1, 1, SPACE_3),
        )

    def _scrolling(self) -> QScrollArea:
        body = QWidget()
        links = row(self.open_run, self.only_run, None, spacing=SPACE_1)
        words = (self.message, self.cause, links, self.facts)
        record = (*words, self._exception_title, self.exception, None)
        column(*record, on=body, margins=(SPACE_4, 0, SPACE_4, 0))
        return scrolling(body, "The whole record")

    def _say_run(self) -> None:
        if self._detail is not None:
            self.run_requested.emit(self._detail.run_id)

    def _say_only_run(self) -> None:
        if self._detail is not None:
            self.run_filter_requested.emit(self._detail.run_id)

    def _copy(self, form: str) -> None:
        if self._detail is not None:
            text = self._detail.as_json if form == "as_json" else self._detail.as_text
            QGuiApplication.clipboard().setText(text)
