"""What a person enters a value with, one editor for each kind of field of a schema. All speak in text."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit, QSlider

from heygen_desktop.application.forms import FieldKind, FormField
from heygen_desktop.presentation.desktop.theme.theme import Theme

_AIMED_RANGE = 20.0
"""A wider range than this cannot be aimed at with a slider."""
_AIM_STEPS = 100
_LINES_SHOWN = 2


class TextEditor(QLineEdit):
    """Text and numbers. Enter or leaving the field enters the value."""

    typed = Signal(str)
    entered = Signal(str)

    def __init__(self, field: FormField) -> None:
        super().__init__()
        if field.kind is not FieldKind.TEXT:
            self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setPlaceholderText(field.empty if field.optional else "")
        self.textEdited.connect(self.typed)
        self.editingFinished.connect(self._say_entered)
        self._shown = ""

    @property
    def is_typing(self) -> bool:
        """Whether there is text that was not entered, or that was refused."""
        return self.isModified()

    def show_value(self, text: str, *, anew: bool = False) -> None:
        """Show a value; what is being typed stays unless the field is shown ``anew``."""
        if self.isModified() and not anew:
            return
        self._shown = text
        if self.text() != text or self.isUndoAvailable():
            self.setText(text)
        self.setModified(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.isModified():
            self.setText(self._shown)
            self.typed.emit(self._shown)
        else:
            super().keyPressEvent(event)

    def enter(self, text: str) -> None:
        """Take the text as if it had been entered here."""
        self.show_value(text, anew=True)
        self.entered.emit(text)

    def _say_entered(self) -> None:
        if self.isModified():
            self.setModified(False)
            self.entered.emit(self.text())


class LinesEditor(QPlainTextEdit):
    """Texts, one a line. Leaving the field enters them."""

    typed = Signal(str)
    entered = Signal(str)

    def __init__(self, field: FormField) -> None:
        super().__init__()
        self.setPlaceholderText(field.empty)
        self.setTabChangesFocus(True)
        self.setFixedHeight(_LINES_SHOWN * self.fontMetrics().lineSpacing() + 16)
        self.textChanged.connect(lambda: self.typed.emit(self.toPlainText()))

    @property
    def is_typing(self) -> bool:
        """Whether there is text that was not entered."""
        return self.document().isModified()

    def show_value(self, text: str, *, anew: bool = False) -> None:
        """Show a value; what is being typed stays unless the field is shown ``anew``."""
        if self.is_typing and not anew:
            return
        if self.toPlainText() != text:
            with QSignalBlocker(self):
                self.setPlainText(text)
        self.document().setModified(False)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self.is_typing:
            self.document().setModified(False)
            self.entered.emit(self.toPlainText())


class ChoiceEditor(QComboBox):
    """One of a few words. The wheel scrolls the form and changes nothing."""

    entered = Signal(str)
    is_typing = False

    def __init__(self, field: FormField) -> None:
        super().__init__()
        self.addItems(list(field.choices))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.textActivated.connect(self.entered)

    def show_value(self, text: str, *, anew: bool = False) -> None:
        """Show a value; a list that is open is not disturbed by its own choice."""
        self.setCurrentText(text)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class SwitchEditor(QAbstractButton):
    """On or off, at once."""

    entered = Signal(str)
    is_typing = False

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedSize(self.sizeHint())
        self.clicked.connect(lambda on: self.entered.emit("true" if on else "false"))
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(40, 24)

    def show_value(self, text: str, *, anew: bool = False) -> None:
        """Show on for ``true``."""
        self.setChecked(text == "true")

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        edge = ("text", 2) if self.hasFocus() else ("border_strong", 1)
        painter.setPen(QPen(self._theme.colour(edge[0]), edge[1]))
        painter.setBrush(self._ground())
        painter.drawRoundedRect(track, track.height() / 2, track.height() / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("on_accent" if self._is_lit else "text_quiet"))
        size = track.height() - 8
        left = track.right() - size - 4 if self.isChecked() else track.left() + 4
        painter.drawEllipse(QRectF(left, track.top() + 4, size, size))
        painter.end()

    @property
    def _is_lit(self) -> bool:
        return self.isChecked() and self.isEnabled()

    def _ground(self) -> QColor:
        return self._theme.colour("accent" if self._is_lit else "raised")


class Slider(QSlider):
    """Sets an editor's number roughly, and follows it. The wheel scrolls the form."""

    def __init__(self, title: str, low: float, high: float, editor: TextEditor) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._low, self._step = low, (high - low) / _AIM_STEPS
        self.setAccessibleName(f"{title}, roughly")
        self.setRange(0, _AIM_STEPS)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        editor.textChanged.connect(self._follow)
        self.valueChanged.connect(lambda at: editor.enter(f"{low + at * self._step:.6g}"))

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def _follow(self, text: str) -> None:
        try:
            number = float(text)
        except ValueError:
            return  # it is being typed
        with QSignalBlocker(self):
            self.setValue(round((number - self._low) / self._step))


Editor = TextEditor | LinesEditor | ChoiceEditor | SwitchEditor


def editor_for(field: FormField, theme: Theme) -> Editor:
    """Return the editor of a field, named for screen readers."""
    makers: dict[FieldKind, Callable[[], Editor]] = {
        FieldKind.SWITCH: lambda: SwitchEditor(theme),
        FieldKind.CHOICE: lambda: ChoiceEditor(field),
        FieldKind.LINES: lambda: LinesEditor(field),
    }
    made = makers.get(field.kind, lambda: TextEditor(field))()
    made.setAccessibleName(field.title)
    say_objection(made, field)
    return made


def say_objection(editor: Editor, field: FormField, objection: str = "") -> None:
    """Say why the text cannot be the field's value, or again what the field is; refused text stays."""
    if objection and isinstance(editor, TextEditor):
        editor.setModified(True)
    editor.setAccessibleDescription(objection or f"{field.help} Must be {field.expected}.")


def slider_for(field: FormField, editor: TextEditor) -> Slider | None:
    """Return a slider that aims at the editor's number, or None where the range is too wide for one."""
    low, high = field.minimum, field.maximum
    if field.kind is not FieldKind.NUMBER or low is None or high is None:
        return None
    return Slider(field.title, low, high, editor) if 0 < high - low <= _AIMED_RANGE else None
