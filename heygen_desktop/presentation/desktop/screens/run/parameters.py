"""The parameters, made from the task's schema: a field that the schema gains appears here by itself."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from heygen_desktop.application.forms import FieldKind, FormField
from heygen_desktop.presentation.desktop.screens.run.rows import ParameterRow
from heygen_desktop.presentation.desktop.theme.theme import Theme, ZoomedWidth
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_1, SPACE_3
from heygen_desktop.presentation.desktop.widgets.buttons import button, icon_button
from heygen_desktop.presentation.desktop.widgets.fields import (
    LinesEditor,
    SwitchEditor,
    TextEditor,
    editor_for,
    say_objection,
    slider_for,
)
from heygen_desktop.presentation.desktop.widgets.labels import TonedNote, label
from heygen_desktop.presentation.desktop.widgets.layout import (
    Part,
    clear_layout,
    column,
    held,
    let_tab_reach,
    row,
    scrolling,
)
from heygen_desktop.presentation.wording import shortened, typed

_WIDTH = 80
_LONG_WIDTH = 128
_DIGITS = 6
"""More of them need the greater width."""
_NAME_SHOWN = 16
_OPENS = " \N{BLACK DOWN-POINTING SMALL TRIANGLE}"
_IN_LINES = (FieldKind.TEXT, FieldKind.LINES)
"""What is written under its title, not beside it."""


class ParameterEntry(QWidget):
    """The editor of one parameter, a slider where one can aim, and why a text cannot be."""

    changed = Signal(str)

    def __init__(self, field: FormField, theme: Theme) -> None:
        super().__init__()
        self._setting = ""
        self.editor = editor_for(field, theme)
        self.note = TonedNote(theme)
        self.reset = icon_button(theme.icon("restore"), f"Reset {field.title}", self._reset)
        self.editor.entered.connect(self.changed)
        if isinstance(self.editor, TextEditor | LinesEditor):
            self.editor.typed.connect(self.changed)
        column(*self._parts(field, theme), self.note, on=self, spacing=SPACE_1)

    def _parts(self, field: FormField, theme: Theme) -> list[Part]:
        title = label(field.title, "soft")
        for each in (title, self.editor):
            each.setToolTip(f"{field.help} ({field.unit})" if field.unit else field.help)
        if field.kind in _IN_LINES:
            return [row((title, 1), self.reset, spacing=SPACE_1), self.editor]
        if isinstance(self.editor, TextEditor):
            ZoomedWidth(self.editor, theme, _LONG_WIDTH if _is_long(field) else _WIDTH)
        elif not isinstance(self.editor, SwitchEditor):  # a choice may have longer words
            self.editor.setMinimumWidth(_WIDTH)
        head = row((title, 1), self.editor, self.reset, spacing=SPACE_1)
        slider = slider_for(field, self.editor) if isinstance(self.editor, TextEditor) else None
        return [head] if slider is None else [head, slider]

    def show_row(self, shown: ParameterRow) -> None:
        """Show the value without saying that it changed; what is being typed stays."""
        self._setting = typed(shown.setting)
        say_objection(self.editor, shown.field, shown.objection)
        is_typed = bool(shown.objection) or self.editor.hasFocus()
        self.editor.show_value(typed(shown.value), anew=not is_typed)
        self.note.say(shown.objection, "danger")
        self.reset.setEnabled(shown.value != shown.setting or bool(shown.objection))
        self.reset.setToolTip(f"Back to the setting: {self._setting or shown.field.empty}")

    def _reset(self) -> None:
        self.editor.show_value(self._setting, anew=True)
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)  # the button is disabled now
        self.changed.emit(self._setting)


class ParametersPanel(QWidget):
    """One row for each parameter, and a way to take the last seed."""

    changed = Signal(str, str)
    seed_reuse_requested = Signal()
    preset_picked = Signal(str)
    """A name; empty for what the settings say."""
    preset_named = Signal(str)
    preset_removed = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._fields: tuple[FormField, ...] = ()
        self._entries: dict[str, ParameterEntry] = {}
        self._column = column()
        self._reuse = button("Reuse last seed", self.seed_reuse_requested.emit)
        self._reuse.setToolTip("Take the seed of the last run")
        self._reuse.setEnabled(False)
        self._names: Sequence[str] = ()
        self._name: str | None = ""
        self._presets = button("Presets", self._open_presets, "flat")
        self._presets.setToolTip("Presets of this model")
        margins = (SPACE_3, 0, SPACE_3, 0)
        head = row(label("Parameters", "section"), None, self._presets, margins=margins)
        rows = held(column(self._column, self._reuse, None, margins=margins))
        column(head, (scrolling(rows, "Parameters"), 1), on=self, spacing=SPACE_1)

    def show_parameters(self, rows: Sequence[ParameterRow]) -> None:
        """Show these values; the entries are made anew only where the schema is another."""
        fields = tuple(each.field for each in rows)
        if fields != self._fields:
            self._rebuild(fields)
            self._fields = fields
        for each in rows:
            self._entries[each.field.key].show_row(each)

    def show_presets(self, names: Sequence[str], name: str | None) -> None:
        """Offer these presets; the one of that name is what the parameters are."""
        self._names, self._name = names, name
        self._presets.setText(_plain(shortened(name or "Presets", _NAME_SHOWN)) + _OPENS)

    def presets_menu(self) -> QMenu:
        """Return a menu of what can be done with presets; it deletes itself once closed."""
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        for name in ("", *self._names):
            taken = menu.addAction(_plain(name) or "From the settings")
            taken.setCheckable(True)
            taken.setChecked(name == self._name)
            taken.triggered.connect(lambda _on=False, name=name: self.preset_picked.emit(name))
        menu.addSeparator()
        menu.addAction("Save as preset…").triggered.connect(self._ask_name)
        if self._name:
            gone = menu.addAction(f"Remove “{_plain(self._name)}”")
            gone.triggered.connect(
                lambda _on=False, name=self._name: self.preset_removed.emit(name)
            )
        return menu

    def _open_presets(self) -> None:
        self.presets_menu().popup(self._presets.mapToGlobal(self._presets.rect().bottomLeft()))

    def _ask_name(self) -> None:
        dialog = QInputDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle("Save a preset")
        dialog.setLabelText("Name of the preset, such as Precise:")
        dialog.setTextValue(self._name or "")
        dialog.setOkButtonText("Save")
        dialog.textValueSelected.connect(self.preset_named)
        dialog.open()

    def show_can_reuse(self, can_reuse: bool) -> None:
        """Whether there is a last run whose seed could be taken."""
        self._reuse.setEnabled(can_reuse)

    def _rebuild(self, fields: Sequence[FormField]) -> None:
        clear_layout(self._column)
        self._entries = {field.key: self._add(field) for field in fields}
        entries = self._entries.values()
        made = [each for entry in entries for each in (entry.editor, entry.reset)]
        let_tab_reach(made, self._reuse)

    def _add(self, field: FormField) -> ParameterEntry:
        entry = ParameterEntry(field, self._theme)
        entry.changed.connect(lambda text: self.changed.emit(field.key, text))
        self._column.addWidget(entry)
        return entry


def _is_long(field: FormField) -> bool:
    return field.kind is FieldKind.INTEGER and (field.maximum or 0) >= 10**_DIGITS


def _plain(name: str) -> str:
    """In menus and on buttons an ampersand marks a key."""
    return name.replace("&", "&&")
