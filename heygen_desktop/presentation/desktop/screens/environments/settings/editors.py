"""What a person enters a value with, one editor for each kind of field. All speak in text."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QWidget

from heygen_desktop.application.forms import FieldKind, FormField
from heygen_desktop.presentation.desktop.theme.theme import Theme

_NUMBER_WIDTH, _TEXT_WIDTH = 104, 168


class TextEditor(QLineEdit):
    """Text and numbers. Enter or leaving the field enters the value."""

    typed = Signal(str)
    entered = Signal(str)
    undo_requested = Signal()

    def __init__(self, field: FormField, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        is_text = field.kind is FieldKind.TEXT
        self.setFixedWidth(_TEXT_WIDTH if is_text else _NUMBER_WIDTH)
        if not is_text:
            self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.textEdited.connect(self.typed)
        self.editingFinished.connect(self._say_entered)
        self._shown = ""

    def show_value(self, text: str, *, anew: bool) -> None:
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
        elif event.matches(QKeySequence.StandardKey.Undo) and not self.isUndoAvailable():
            self.undo_requested.emit()
        else:
            super().keyPressEvent(event)

    def _say_entered(self) -> None:
        if self.isModified():
            self.setModified(False)
            self.entered.emit(self.text())


class ChoiceEditor(QComboBox):
    """One of a few words. The wheel scrolls the form and changes nothing."""

    entered = Signal(str)

    def __init__(self, field: FormField, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.addItems(list(field.choices))
        self.setFixedWidth(_TEXT_WIDTH)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.textActivated.connect(self.entered)

    def show_value(self, text: str, *, anew: bool) -> None:
        """Show a value; a list that is open is not disturbed by its own choice."""
        self.setCurrentText(text)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class SwitchEditor(QAbstractButton):
    """On or off, at once."""

    entered = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedSize(self.sizeHint())
        self.clicked.connect(lambda on: self.entered.emit("true" if on else "false"))
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(40, 24)

    def show_value(self, text: str, *, anew: bool) -> None:
        """Show on for ``true``."""
        self.setChecked(text == "true")

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(self._theme.colour("focus" if self.hasFocus() else "border_strong"))
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


Editor = TextEditor | ChoiceEditor | SwitchEditor


def editor_for(field: FormField, theme: Theme) -> Editor:
    """Return the editor of a field, named for screen readers."""
    made: Editor
    if field.kind is FieldKind.SWITCH:
        made = SwitchEditor(theme)
    elif field.kind is FieldKind.CHOICE:
        made = ChoiceEditor(field)
    else:
        made = TextEditor(field)
    made.setAccessibleName(field.title)
    made.setAccessibleDescription(f"{field.help} Must be {field.expected}.")
    return made
