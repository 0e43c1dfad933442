"""What must not be seen while it is typed: the masked field, and the dialog for a secret's value."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

from heygen_desktop.presentation.desktop.problems import Problem
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_1, SPACE_2, SPACE_4, SPACE_6
from heygen_desktop.presentation.desktop.widgets.buttons import button
from heygen_desktop.presentation.desktop.widgets.labels import Badge, label
from heygen_desktop.presentation.desktop.widgets.layout import STYLE, Part, column, row
from heygen_desktop.presentation.desktop.widgets.problem import ProblemBanner

_Echo = QLineEdit.EchoMode


class MaskedField(QLineEdit):
    """Masked until the eye is pressed; keeps line ends that were pasted."""

    def __init__(self, name: str, theme: Theme) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setEchoMode(_Echo.Password)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText
        )
        self._theme = theme
        self.eye = QAction(theme.icon("eye-outline", "text_quiet"), "Show what is typed", self)
        self.eye.setCheckable(True)
        self.eye.toggled.connect(self._look)
        self.addAction(self.eye, QLineEdit.ActionPosition.TrailingPosition)

    def forget(self) -> None:
        """Mask the field and empty it."""
        self.eye.setChecked(False)
        self.clear()

    def _look(self, on: bool) -> None:
        self.setEchoMode(_Echo.Normal if on else _Echo.Password)
        self.eye.setText("Mask what is typed" if on else "Show what is typed")
        name = "eye-off-outline" if on else "eye-outline"
        self.eye.setIcon(self._theme.icon(name, "text_quiet"))


class EntryDialog(QDialog):
    """For a new secret, or for another value of one that is there."""

    value_entered = Signal(str, str, bool)
    """Name, value, and whether a value of that name may be replaced."""

    def __init__(self, environment: str, name: str, theme: Theme, parent: QWidget) -> None:
        """Word the dialog.

        Args:
            environment: Where the value will be kept.
            name: The secret whose value is replaced; empty for a new one.
            theme: Where icons come from.
            parent: The window it belongs to.
        """
        super().__init__(parent)
        self._replaces = bool(name)
        self.setWindowTitle("Replace a secret's value" if name else "Set a secret")
        self.setMinimumWidth(480)
        self.name = QLineEdit(name)
        self.name.setAccessibleName("Name")
        self.name.setPlaceholderText("hub-token")
        self.name.setReadOnly(self._replaces)
        self.value = MaskedField("Value", theme)
        self.problem = ProblemBanner()
        self._cancel = button("Cancel", self.reject)
        self.keep = button("Replace" if name else "Set", self._say, "primary")
        self.keep.setDefault(True)
        self._lay_out(environment)
        for field in (self.name, self.value):
            field.textChanged.connect(self._typed)
        self._typed()
        self._begin()

    def show_problem(self, problem: Problem) -> None:
        """The value was not kept; what was typed stays."""
        self.problem.show_problem(problem)
        self._set_busy(False)
        self._begin()
        self._column.activate()
        # Wrapped lines need more height than the dialog had.
        self.resize(self.width(), self._column.totalHeightForWidth(self.width()))

    def forget(self) -> None:
        """Let go of what was typed, and close."""
        self.value.forget()
        self.close()

    def done(self, result: int) -> None:
        self.value.forget()
        super().done(result)

    def _begin(self) -> None:
        (self.value if self._replaces else self.name).setFocus()

    def _say(self) -> None:
        self._set_busy(True)
        self.value_entered.emit(self.name.text().strip(), self.value.text(), self._replaces)

    def _typed(self) -> None:
        self.problem.show_problem(None)
        self.keep.setEnabled(bool(self.name.text().strip() and self.value.text()))

    def _set_busy(self, busy: bool) -> None:
        self.keep.setText("Keeping…" if busy else "Replace" if self._replaces else "Set")
        self.keep.setEnabled(not busy)
        self.name.setEnabled(not busy)
        self.value.setEnabled(not busy)

    def _lay_out(self, environment: str) -> None:
        title = row(label(self.windowTitle(), "title"), Badge(environment, environment), None)
        buttons = row(None, self._cancel, self.keep, spacing=STYLE)
        fields: list[Part] = []
        for words, field in (("Name", self.name), ("Value", self.value)):
            fields += [label(words, "soft"), field, SPACE_2]
        parts = (title, SPACE_2, *fields, self.problem, None, SPACE_2, buttons)
        margins = (SPACE_6, SPACE_4, SPACE_6, SPACE_4)
        self._column = column(*parts, on=self, spacing=SPACE_1, margins=margins)
