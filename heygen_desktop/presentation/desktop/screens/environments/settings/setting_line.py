"""One line of the form: title, where the value comes from, help, editor, reset and more."""

from __future__ import annotations

import html

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

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
from heygen_desktop.presentation.desktop.widgets.labels import Badge, TonedNote, label
from heygen_desktop.presentation.desktop.widgets.layout import column, held, row

_EDITOR_WIDTH, _NUMBER_WIDTH, _BUTTON_WIDTH = 168, 104, 30


class SettingLine(QWidget):
    """A setting. Speaks through signals; knows its row."""

    typed = Signal(str, str)
    entered = Signal(str, str)
    reset = Signal(str)

    def __init__(self, shown: SettingRow, theme: Theme) -> None:
        super().__init__()
        self._row = shown
        self.editor = editor_for(shown.field, theme)
        self.badge = Badge()
        self.note = TonedNote(theme)
        self.reset_button = icon_button(
            theme.icon("backup-restore"),
            f"Reset {shown.field.title}",
            self._reset,
        )
        self._more = icon_button(
            theme.icon("dots-horizontal", "text_quiet"), f"More for {shown.field.title}"
        )
        self._more.clicked.connect(lambda: self._offer(self._more.rect().bottomLeft(), self._more))
        self._lay_out()
        self._connect()
        self.show_row(shown)

    def show_row(self, shown: SettingRow) -> None:
        """Show the row; what is being typed in the same environment stays."""
        anew = shown.environment != self._row.environment
        self._row = shown
        self.editor.show_value(shown.text, anew=anew)
        self.badge.show_badge(shown.badge, shown.tone)
        self.badge.setToolTip(_lines(shown.origin))
        self.badge.setAccessibleDescription(shown.origin)
        self.reset_button.setVisible(shown.own is not None)
        if anew or not self.editor.is_typing:
            self.show_problem("")

    def show_problem(self, sentence: str) -> None:
        """Say why the typed value cannot be; else say which layer wins over it, if one does."""
        self.note.say(sentence or self._row.note, "danger" if sentence else "warning")
        say_objection(self.editor, self._row.field, sentence)

    def set_locked(self, locked: bool) -> None:
        """Let the value be changed, or not; what is the person's own always can be."""
        locked = locked and not self._row.is_personal
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
        reset = menu.addAction("Reset")
        reset.setEnabled(self._row.own is not None and self.reset_button.isEnabled())
        reset.triggered.connect(self._reset)
        return menu

    def _lay_out(self) -> None:
        title = row(label(self._row.field.title, "strong"), self.badge, None)
        about = label(self._row.field.help, "quiet", wraps=True)
        words = column(title, about, self.note, spacing=SPACE_1)
        acts = (self._entry(), _fixed(self.reset_button), self._more)
        layout = row((words, 1), SPACE_3, *acts, on=self, margins=(0, SPACE_2, 0, SPACE_2))
        for act in acts:
            layout.setAlignment(act, Qt.AlignmentFlag.AlignTop)
        self.setToolTip(self._row.key)

    def _entry(self) -> QWidget:
        """Editors stand flush left in a column of one width, the unit behind them."""
        if not isinstance(self.editor, SwitchEditor):
            is_number = self._row.field.kind in (FieldKind.INTEGER, FieldKind.NUMBER)
            self.editor.setFixedWidth(_NUMBER_WIDTH if is_number else _EDITOR_WIDTH)
        unit = [label(self._row.field.unit, "quiet")] if self._row.field.unit else []
        entry = held(row(self.editor, *unit, None))
        entry.setFixedWidth(_EDITOR_WIDTH)
        return entry

    def _connect(self) -> None:
        self.editor.entered.connect(lambda text: self.entered.emit(self._row.key, text))
        if isinstance(self.editor, TextEditor):
            self.editor.typed.connect(lambda text: self.typed.emit(self._row.key, text))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(lambda point: self._offer(point, self))

    def _reset(self) -> None:
        self.editor.show_value(self._row.text, anew=True)  # what was refused is let go
        self.reset.emit(self._row.key)

    def _offer(self, point: QPoint, beside: QWidget) -> None:
        self.menu().popup(beside.mapToGlobal(point))


def _fixed(widget: QWidget) -> QWidget:
    """Return a place that keeps its width while the widget in it is hidden."""
    place = held(row(widget))
    place.setFixedWidth(_BUTTON_WIDTH)
    return place


def _lines(text: str) -> str:
    """Return lines for a tooltip; what comes from files is never read as markup."""
    return f"<p style='white-space:pre'>{html.escape(text)}</p>"
