"""What people say of a model, changed where it stands: Enter or leaving a field keeps it, Esc does not."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QPlainTextEdit, QWidget

from heygen_desktop.application.forms import FieldKind, FormField
from heygen_desktop.presentation.desktop.screens.library.details import Said
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_1, SPACE_2, SPACE_3
from heygen_desktop.presentation.desktop.widgets.fields import TextEditor
from heygen_desktop.presentation.desktop.widgets.labels import SectionHeader, TonedNote, label
from heygen_desktop.presentation.desktop.widgets.layout import column

_LINES = (2, 10)
"""A note is as high as its text, within these."""
_FRAME = 20


class NoteEditor(QPlainTextEdit):
    """Several lines. Ctrl+Enter or leaving the field enters them."""

    entered = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._shown = ""
        self.setTabChangesFocus(True)
        self.setPlaceholderText("What is it good for?")
        self.textChanged.connect(self._fit)

    @property
    def is_typing(self) -> bool:
        """Whether there is text that was not entered."""
        return self.document().isModified()

    def show_value(self, text: str, *, anew: bool = False) -> None:
        """Show a note; what is being typed stays unless the field is shown ``anew``."""
        if self.is_typing and not anew:
            return
        self._shown = text
        if self.toPlainText() != text or self.document().isUndoAvailable():
            self.setPlainText(text)
        self.document().setModified(False)

    def enter(self, text: str) -> None:
        """Take the text as if it had been entered here."""
        self.show_value(text, anew=True)
        self.entered.emit(text)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self.is_typing and event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.enter(self.toPlainText())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.enter(self.toPlainText())
        elif event.key() == Qt.Key.Key_Escape and self.is_typing:
            self.show_value(self._shown, anew=True)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.minimumHeight())

    def _fit(self) -> None:
        fewest, most = _LINES
        lines = min(max(round(self.document().size().height()), fewest), most)
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + _FRAME)


class SaidSection(QWidget):
    """Description, tags and note of the model in view."""

    entered = Signal(str, str, str)
    """The model's name, what was written, and its text."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._model = ""
        self.description = _line("description", "What is it?")
        self.tags = _line("tags", "chat, small")
        self.note = NoteEditor()
        self._said = TonedNote(theme)
        self._editors: dict[str, TextEditor | NoteEditor] = {
            "description": self.description,
            "tags": self.tags,
            "note": self.note,
        }
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(SPACE_3)
        self._grid.setVerticalSpacing(SPACE_2)
        for at, (name, editor) in enumerate(self._editors.items()):
            self._add(2 * at, name, editor)
        self._grid.addWidget(self._said, 3, 1)
        column(SectionHeader("Notes"), self._grid, on=self)

    def show_said(self, model: str, said: Said) -> None:
        """Show what is said of a model; what was typed for another one is kept there first."""
        is_another = model != self._model
        if is_another:
            self._enter_what_is_typed()
            self.show_tag_problem("")
        self._model = model
        for name, editor in self._editors.items():
            editor.show_value(getattr(said, name), anew=is_another)

    def show_tag_problem(self, sentence: str) -> None:
        """Say why the tags cannot be kept; they stay as they were typed. An empty sentence clears it."""
        self._said.say(sentence, "danger")
        self.tags.setModified(bool(sentence))

    def _add(self, at: int, name: str, editor: TextEditor | NoteEditor) -> None:
        title = label(name.capitalize(), "quiet")
        title.setBuddy(editor)
        title.setContentsMargins(
            0, SPACE_1 + 2, 0, 0
        )  # its letters stand beside those of the field
        editor.setAccessibleName(name.capitalize())
        editor.setProperty("kind", "in-place")
        editor.entered.connect(lambda text: self.entered.emit(self._model, name, text))
        self._grid.addWidget(title, at, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(editor, at, 1)

    def _enter_what_is_typed(self) -> None:
        if self.description.is_typing:
            self.description.enter(self.description.text())
        if self.tags.is_typing:
            self.tags.enter(self.tags.text())
        if self.note.is_typing:
            self.note.enter(self.note.toPlainText())


def _line(name: str, empty: str) -> TextEditor:
    return TextEditor(
        FormField(name, name.capitalize(), "", FieldKind.TEXT, "", optional=True, empty=empty)
    )
