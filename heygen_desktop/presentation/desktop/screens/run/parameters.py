"""The parameters, made from the task's schema: a field that the schema gains appears here by itself."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QRegularExpression, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from heygen_desktop.application.forms import FormField
from heygen_desktop.presentation.desktop.screens.run.rows import ParameterRow
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_1, SPACE_2, SPACE_3
from heygen_desktop.presentation.desktop.widgets.buttons import button, icon_button
from heygen_desktop.presentation.desktop.widgets.fields import (
    SwitchEditor,
    TextEditor,
    editor_for,
    say_objection,
    slider_for,
)
from heygen_desktop.presentation.desktop.widgets.labels import label
from heygen_desktop.presentation.desktop.widgets.toned_note import TonedNote
from heygen_desktop.presentation.wording import typed

_AIMED_WIDTH = 80


class ParameterEntry(QWidget):
    """The editor of one parameter, a slider where one can aim, and why a text cannot be."""

    changed = Signal(str)

    def __init__(self, field: FormField, theme: Theme) -> None:
        super().__init__()
        self._preset = ""
        self.editor = editor_for(field, theme)
        self.editor.setToolTip(field.help)
        self.note = TonedNote(theme)
        self.reset = icon_button(theme.icon("restore"), f"Reset {field.title}", self._reset)
        self.editor.entered.connect(self.changed)
        row = QHBoxLayout()
        row.setSpacing(SPACE_2)
        if isinstance(self.editor, TextEditor):
            self.editor.typed.connect(self.changed)
            slider = slider_for(field, self.editor)
            if slider is not None:
                row.addWidget(slider, 1)
                self.editor.setFixedWidth(_AIMED_WIDTH)
        row.addWidget(self.editor, 0 if isinstance(self.editor, SwitchEditor) else 1)
        if field.unit:
            row.addWidget(label(field.unit, "quiet"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_1)
        layout.addLayout(row)
        layout.addWidget(self.note)

    def show_row(self, row: ParameterRow) -> None:
        """Show the value without saying that it changed; what is being typed stays."""
        self._preset = typed(row.preset)
        say_objection(self.editor, row.field, row.objection)
        is_typed = bool(row.objection) or self.editor.hasFocus()
        self.editor.show_value(typed(row.value), anew=not is_typed)
        self.note.say(row.objection, "danger")
        self.reset.setEnabled(row.value != row.preset or bool(row.objection))
        self.reset.setToolTip(f"Back to the setting: {self._preset}")

    def _reset(self) -> None:
        self.editor.show_value(self._preset, anew=True)
        self.changed.emit(self._preset)


class ParametersPanel(QWidget):
    """One row for each parameter, then the seed."""

    changed = Signal(str, str)
    seed_changed = Signal(str, bool)
    seed_reuse_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._fields: tuple[FormField, ...] = ()
        self._entries: dict[str, ParameterEntry] = {}
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(SPACE_1)
        self._grid.setVerticalSpacing(SPACE_1)
        self._grid.setColumnStretch(0, 1)
        self._seed, self._random = QLineEdit(), QCheckBox("Random")
        self._reuse = button("Reuse last", self.seed_reuse_requested.emit)
        self._reuse.setToolTip("Take the seed of the last run")
        self._reuse.setEnabled(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_3, SPACE_3, SPACE_3, SPACE_3)
        layout.setSpacing(SPACE_2)
        layout.addLayout(self._grid)
        layout.addLayout(self._seed_rows())
        layout.addStretch(1)

    def show_parameters(self, rows: Sequence[ParameterRow]) -> None:
        """Show these values; the entries are made anew only where the schema is another."""
        fields = tuple(row.field for row in rows)
        if fields != self._fields:
            self._rebuild(rows)
            self._fields = fields
        for row in rows:
            self._entries[row.field.key].show_row(row)

    def show_seed(self, text: str, is_random: bool) -> None:
        """Show the seed, and whether one is drawn for each run."""
        blocker = QSignalBlocker(self)
        self._random.setChecked(is_random)
        self._seed.setText(text)
        self._seed.setEnabled(not is_random)
        blocker.unblock()

    def show_can_reuse(self, can_reuse: bool) -> None:
        """Whether there is a last run whose seed could be taken."""
        self._reuse.setEnabled(can_reuse)

    def _rebuild(self, rows: Sequence[ParameterRow]) -> None:
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._entries = {row.field.key: self._row(row, 2 * at) for at, row in enumerate(rows)}
        self._put_the_seed_last()

    def _put_the_seed_last(self) -> None:
        """Let Tab go downwards: the seed was there before the rows above it were made."""
        entries = self._entries.values()
        made = [each for entry in entries for each in (entry.editor, entry.reset)]
        # Qt put them behind everything else: first to where the seed is, then the seed behind them.
        chain = [self._random, *made, self._random, self._seed, self._reuse]
        for before, after in pairwise(chain):
            QWidget.setTabOrder(before, after)

    def _row(self, row: ParameterRow, at: int) -> ParameterEntry:
        field = row.field
        title = label(field.title, "soft")
        title.setToolTip(field.help)
        title.setContentsMargins(0, SPACE_1 if at else 0, 0, 0)
        entry = ParameterEntry(field, self._theme)
        entry.changed.connect(lambda text: self.changed.emit(field.key, text))
        self._grid.addWidget(title, at, 0, 1, 2)
        self._grid.addWidget(entry, at + 1, 0)
        self._grid.addWidget(entry.reset, at + 1, 1, Qt.AlignmentFlag.AlignTop)
        return entry

    def _seed_rows(self) -> QVBoxLayout:
        self._seed.setAccessibleName("Seed")
        self._seed.setPlaceholderText("random")
        self._seed.setToolTip("The same model, prompt, parameters and seed give the same text.")
        digits = QRegularExpression(r"[0-9]{0,19}")
        self._seed.setValidator(QRegularExpressionValidator(digits, self._seed))
        self._random.setToolTip("Draw another seed for each run; it is kept with the run.")
        self._seed.textEdited.connect(lambda _text: self._say_seed())
        self._random.toggled.connect(lambda _on: self._say_seed())
        head, entry = QHBoxLayout(), QHBoxLayout()
        head.addWidget(label("Seed", "soft"), 1)
        head.addWidget(self._random)
        entry.setSpacing(SPACE_1)
        entry.addWidget(self._seed, 1)
        entry.addWidget(self._reuse)
        rows = QVBoxLayout()
        rows.setSpacing(SPACE_1)
        rows.addLayout(head)
        rows.addLayout(entry)
        return rows

    def _say_seed(self) -> None:
        self._seed.setEnabled(not self._random.isChecked())
        self.seed_changed.emit(self._seed.text(), self._random.isChecked())
