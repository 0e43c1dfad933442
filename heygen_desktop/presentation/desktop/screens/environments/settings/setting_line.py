"""One line of the form: title, where the value comes from, help, editor, reset and more."""

from __future__ import annotations

import html

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from heygen_desktop.application.forms import FieldKind
from heygen_desktop.presentation.desktop.screens.environments.settings.rows import SettingRow
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_1, SPACE_2, SPACE_3
from heygen_desktop.presentation.desktop.widgets.buttons import icon_button
from heygen_desktop.presentation.desktop.widgets.fields import (
    SwitchEditor,
    TextEditor,
    editor_for,
    say_objection,
)
from heygen_desktop.presentation.desktop.widgets.labels import Badge, label
from heygen_desktop.presentation.desktop.widgets.toned_note import TonedNote

_EDITOR_WIDTH, _NUMBER_WIDTH, _BUTTON_WIDTH = 168, 104, 30


class SettingLine(QWidget):
    """A setting. Speaks through signals; knows its row."""

    typed = Signal(str, str)
    entered = Signal(str, str)
    reset = Signal(str)
    undo = Signal()

    def __init__(self, row: SettingRow, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = row
        self.editor = editor_for(row.field, theme)
        self.badge = Badge()
        self.note = TonedNote(theme)
        self.reset_button = icon_button(
            theme.icon("backup-restore"),
            f"Reset {row.field.title}: inherit it again",
            self._reset,
        )
        self._more = icon_button(
            theme.icon("dots-horizontal", "text_quiet"), f"More for {row.field.title}"
        )
        self._more.clicked.connect(lambda: self._offer(self._more.rect().bottomLeft(), self._more))
        self._lay_out()
        self._connect()
        self.show_row(row)

    def show_row(self, row: SettingRow) -> None:
        """Show the row; what is being typed in the same environment stays."""
        anew = row.environment != self._row.environment
        self._row = row
        self.editor.show_value(row.text, anew=anew)
        self.badge.show_badge(row.badge, row.tone)
        self.badge.setToolTip(_lines(row.origin))
        self.badge.setAccessibleDescription(row.origin)
        self.reset_button.setVisible(row.is_own)
        if anew or not self.editor.is_typing:
            self.show_problem("")

    def show_problem(self, sentence: str) -> None:
        """Say why the typed value cannot be; else say which layer wins over it, if one does."""
        self.note.say(sentence or self._row.note, "danger" if sentence else "warning")
        say_objection(self.editor, self._row.field, sentence)

    def set_locked(self, locked: bool) -> None:
        """Let the value be changed, or not."""
        self.editor.setEnabled(not locked)
        self.reset_button.setEnabled(not locked)

    def menu(self) -> QMenu:
        """Return what else can be done with the setting."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copied = QGuiApplication.clipboard().setText
        key, command = self._row.key, self._row.command
        menu.addAction("Copy key").triggered.connect(lambda: copied(key))
        menu.addAction("Copy as command").triggered.connect(lambda: copied(command))
        menu.addSeparator()
        reset = menu.addAction("Reset: inherit it again")
        reset.setEnabled(self._row.is_own and self.reset_button.isEnabled())
        reset.triggered.connect(self._reset)
        return menu

    def _lay_out(self) -> None:
        title = QHBoxLayout()
        title.setSpacing(SPACE_2)
        title.addWidget(label(self._row.field.title, "strong"))
        title.addWidget(self.badge)
        title.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(SPACE_1)
        words.addLayout(title)
        words.addWidget(label(self._row.field.help, "quiet", wraps=True))
        words.addWidget(self.note)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, SPACE_2, 0, SPACE_2)
        layout.setSpacing(SPACE_2)
        layout.addLayout(words, 1)
        layout.addSpacing(SPACE_3)
        top = Qt.AlignmentFlag.AlignTop
        layout.addWidget(self._entry(), 0, top)
        layout.addWidget(_fixed(self.reset_button), 0, top)
        layout.addWidget(self._more, 0, top)
        self.setToolTip(self._row.key)

    def _entry(self) -> QWidget:
        """Editors stand flush left in a column of one width, the unit behind them."""
        entry = QWidget()
        entry.setFixedWidth(_EDITOR_WIDTH)
        row = QHBoxLayout(entry)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_2)
        row.addWidget(self.editor)
        if not isinstance(self.editor, SwitchEditor):
            is_number = self._row.field.kind in (FieldKind.INTEGER, FieldKind.NUMBER)
            self.editor.setFixedWidth(_NUMBER_WIDTH if is_number else _EDITOR_WIDTH)
        if self._row.field.unit:
            row.addWidget(label(self._row.field.unit, "quiet"))
        row.addStretch(1)
        return entry

    def _connect(self) -> None:
        self.editor.entered.connect(lambda text: self.entered.emit(self._row.key, text))
        if isinstance(self.editor, TextEditor):
            self.editor.typed.connect(lambda text: self.typed.emit(self._row.key, text))
            self.editor.undo_requested.connect(self.undo)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(lambda point: self._offer(point, self))

    def _reset(self) -> None:
        self.editor.show_value(self._row.text, anew=True)  # what was refused is let go
        self.reset.emit(self._row.key)

    def _offer(self, point: QPoint, beside: QWidget) -> None:
        self.menu().popup(beside.mapToGlobal(point))


def _fixed(widget: QWidget) -> QWidget:
    """Return a place that keeps its width while the widget in it is hidden."""
    place = QWidget()
    place.setFixedWidth(_BUTTON_WIDTH)
    layout = QHBoxLayout(place)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(widget)
    return place


def _lines(text: str) -> str:
    """Return lines for a tooltip; what comes from files is never read as markup."""
    return f"<p style='white-space:pre'>{html.escape(text)}</p>"
