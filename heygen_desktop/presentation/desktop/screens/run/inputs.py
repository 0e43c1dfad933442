"""Where the inputs are entered, made from the task's schema, with the acts that concern the next run."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QFileDialog, QPlainTextEdit, QWidget

from heygen_desktop.application.forms import FieldKind, FormField
from heygen_desktop.application.tasks.parts import worded
from heygen_desktop.domain.entities.run import Json
from heygen_desktop.presentation.desktop.screens.run.rows import InputRow, TokenCount
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_1
from heygen_desktop.presentation.desktop.widgets.buttons import button
from heygen_desktop.presentation.desktop.widgets.fields import LinesEditor, TextEditor, editor_for
from heygen_desktop.presentation.desktop.widgets.labels import TonedNote, label
from heygen_desktop.presentation.desktop.widgets.layout import (
    clear_layout,
    column,
    let_tab_reach,
    row,
    scrolling,
)
from heygen_desktop.presentation.wording import typed

_LEAST_HEIGHT = 56


class LongText(QPlainTextEdit):
    """A text of many lines."""

    changed = Signal(str)

    def __init__(self, field: FormField) -> None:
        super().__init__()
        self.setPlaceholderText(field.help)
        self.setAccessibleName(field.title)
        self.setTabChangesFocus(True)
        self.setMinimumHeight(_LEAST_HEIGHT)
        self.textChanged.connect(lambda: self.changed.emit(self.text()))

    def text(self) -> str:
        """Return what was written; ``toPlainText`` would make a plain blank of one that does not break."""
        return self.document().toRawText().replace("\N{PARAGRAPH SEPARATOR}", "\n")

    def show_value(self, value: Json) -> None:
        """Show this text, with the cursor at its end, without saying so."""
        text = typed(value)
        if text != self.text():
            with QSignalBlocker(self):
                self.setPlainText(text)
            self.moveCursor(QTextCursor.MoveOperation.End)


class FileEntry(QWidget):
    """Which file, and a way to choose another; chosen here, it is not kept yet."""

    chosen = Signal(str)
    """The path."""
    removed = Signal()

    def __init__(self, field: FormField) -> None:
        super().__init__()
        self._field = field
        self._name = label(field.help, "quiet", wraps=True)
        self.choose = button("Choose file\N{HORIZONTAL ELLIPSIS}", self._ask)
        self.choose.setAccessibleDescription(f"{field.title}: {field.help}")
        self.setFocusProxy(self.choose)
        self.remove = button("Remove", self._forget, "link")
        self.remove.setAccessibleName(f"Remove {field.title}")
        row(self.choose, (self._name, 1), self.remove, on=self)

    def show_value(self, value: Json) -> None:
        """Show the name and size of a kept file, or what it is for where there is none."""
        self._name.setText(worded(value) if value else self._field.help)
        self.remove.setVisible(bool(value) and not self._field.required)

    def _forget(self) -> None:
        self.show_value(None)
        self.removed.emit()

    def _ask(self) -> None:
        dialog = QFileDialog(self, f"Choose: {self._field.title}")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.chosen)
        dialog.open()


class InputsForm(QWidget):
    """An entry for each input; one alone needs no title."""

    changed = Signal(str, object)
    """The input's key and its value."""
    file_chosen = Signal(str, str)
    """The input's key and the path."""

    def __init__(self, theme: Theme, then: QWidget) -> None:
        """Make no entry yet; Tab goes from the last of them to ``then``."""
        super().__init__()
        self._theme = theme
        self._then = then
        self._fields: tuple[FormField, ...] = ()
        self._put: dict[str, Callable[[Json], None]] = {}
        self._column = column(on=self, spacing=SPACE_1)

    def show_inputs(self, rows: Sequence[InputRow]) -> None:
        """Show these values; the entries are made anew only where the schema is another."""
        fields = tuple(each.field for each in rows)
        if fields != self._fields:
            self._fields = fields
            self._rebuild()
        for each in rows:
            self._put[each.field.key](each.value)

    def _rebuild(self) -> None:
        clear_layout(self._column)
        entries = {field.key: self._add(field) for field in self._fields}
        self._put = {key: put for key, (_, put) in entries.items()}
        stops = [stop for entry, _ in entries.values() for stop in _stops(entry)]
        let_tab_reach(stops, self._then)
        if stops:
            self.setFocusProxy(stops[0])

    def _add(self, field: FormField) -> tuple[QWidget, Callable[[Json], None]]:
        if len(self._fields) > 1:
            self._column.addWidget(label(field.title, "soft"))
        if field.kind is FieldKind.TEXT:
            text = LongText(field)
            text.changed.connect(lambda value: self.changed.emit(field.key, value))
            self._column.addWidget(text, 1)
            return text, text.show_value
        if field.kind is FieldKind.FILE:
            file = FileEntry(field)
            file.chosen.connect(lambda path: self.file_chosen.emit(field.key, path))
            file.removed.connect(lambda: self.changed.emit(field.key, None))
            self._column.addWidget(file)
            return file, file.show_value
        editor = editor_for(field, self._theme)
        editor.entered.connect(lambda value: self.changed.emit(field.key, value))
        if isinstance(
            editor, TextEditor | LinesEditor
        ):  # else Ctrl+Enter would run the value before
            editor.typed.connect(lambda value: self.changed.emit(field.key, value))
        self._column.addWidget(editor)
        return editor, lambda value: editor.show_value(typed(value))


class InputsPane(QWidget):
    """The form, and under it Copy as CLI, Stop and Run."""

    run_requested = Signal()
    stop_requested = Signal()
    command_line_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._run = button("Run", self.run_requested.emit, "primary")
        self._run.setIcon(theme.icon("play", "on_accent"))
        self._run.setToolTip("Run (Ctrl+Enter)")
        self._stop = button("Stop", self.stop_requested.emit, "danger")
        self._stop.hide()
        self._stop.hide()
        self._command = button("Copy as CLI", self.command_line_requested.emit, "flat")
        self._command.setToolTip("Copy the shell command that makes the same run")
        self.form = InputsForm(theme, self._command)
        keys = label("Ctrl+Enter runs, Esc stops", "small")
        self._count = TonedNote(theme)
        self._count.setWordWrap(False)
        actions = row(self._command, keys, None, self._count, self._stop, self._run)
        area = scrolling(self.form, "Inputs")  # more inputs than there is room for scroll
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setMinimumHeight(_LEAST_HEIGHT)
        column((area, 1), actions, on=self)

    def show_count(self, count: TokenCount) -> None:
        """Show how long the input is."""
        self._count.say(count.text, count.tone)
        self._count.setToolTip(count.hint)
        self._count.setAccessibleName(f"{count.text}: {count.hint}" if count.text else "")

    def show_can_run(self, can_run: bool) -> None:
        """Let Run be pressed, or not."""
        self._run.setEnabled(can_run)
        self._command.setEnabled(can_run)

    def show_stop(self, stops: str) -> None:
        """Offer to stop that, in words, or take Stop away where there is nothing to stop."""
        self._stop.setVisible(bool(stops))
        self._stop.setToolTip(f"Stop {stops} (Esc)")


def _stops(entry: QWidget) -> list[QWidget]:
    return [entry.choose, entry.remove] if isinstance(entry, FileEntry) else [entry]
