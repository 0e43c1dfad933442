"""The parameters, made from the task's schema: a field that the schema gains appears here by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from PySide6.QtCore import QRegularExpression, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QSlider,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from heygen_desktop.application.forms import FieldKind, FormField
from heygen_desktop.domain.entities.run import Json
from heygen_desktop.presentation.desktop.screens.run.rows import ParameterRow
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_1, SPACE_2, SPACE_3
from heygen_desktop.presentation.desktop.widgets.buttons import button, icon_button
from heygen_desktop.presentation.desktop.widgets.labels import label
from heygen_desktop.presentation.desktop.widgets.wheel import turn_only_with_focus

_INT32 = 2**31 - 1
_SLIDER_STEPS = 100
_SLIDER_RANGE = 20.0
"""A wider range than this cannot be aimed at with a slider."""


class FieldEditor(QWidget):
    """The entry for one field of a schema."""

    changed = Signal(object)

    def __init__(self, field: FormField, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field = field
        self._entry: QWidget = self
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(SPACE_2)
        makers: dict[FieldKind, Callable[[], Callable[[Json], None]]] = {
            FieldKind.SWITCH: self._switch,
            FieldKind.INTEGER: self._integer,
            FieldKind.NUMBER: self._number,
            FieldKind.CHOICE: self._choice,
            FieldKind.TEXT: self._text,
        }
        # A number that may be absent is typed: a spin box always has a value.
        is_plain = not field.optional or field.kind in (FieldKind.SWITCH, FieldKind.CHOICE)
        self._put = makers[field.kind]() if is_plain else self._text()

    @property
    def entry(self) -> QWidget:
        """What takes the keys."""
        return self._entry

    def show_value(self, value: Json) -> None:
        """Show this value without saying that it changed."""
        blocker = QSignalBlocker(self)
        self._put(value)
        blocker.unblock()

    def _say(self, value: Json) -> None:
        # A signal of int cannot be tied to a signal of object: Qt refuses the connection.
        self.changed.emit(value)

    def _add(self, widget: QWidget, stretch: int = 0) -> None:
        widget.setAccessibleName(self._field.title)
        widget.setAccessibleDescription(self._field.help)
        widget.setToolTip(self._field.help)
        turn_only_with_focus(widget)
        self._entry = widget
        self._layout.addWidget(widget, stretch)

    def _switch(self) -> Callable[[Json], None]:
        box = QCheckBox(self._field.title)
        box.toggled.connect(self._say)
        self._add(box)
        return lambda value: box.setChecked(bool(value))

    def _integer(self) -> Callable[[Json], None]:
        box = QSpinBox()
        low, high = self._field.minimum, self._field.maximum
        box.setRange(
            -_INT32 if low is None else int(low), _INT32 if high is None else min(_INT32, int(high))
        )
        box.lineEdit().setTextMargins(SPACE_1, 0, 0, 0)
        box.setGroupSeparatorShown(True)
        box.setStepType(QSpinBox.StepType.AdaptiveDecimalStepType)
        box.setSuffix(f" {self._field.unit}" if self._field.unit else "")
        box.valueChanged.connect(self._say)
        self._add(box, 1)

        def put(value: Json) -> None:
            # Setting the same value again would move the cursor of who is typing it.
            if isinstance(value, int) and box.value() != value:
                box.setValue(value)

        return put

    def _number(self) -> Callable[[Json], None]:
        box = QDoubleSpinBox()
        low = -1e9 if self._field.minimum is None else self._field.minimum
        high = 1e9 if self._field.maximum is None else self._field.maximum
        box.lineEdit().setTextMargins(SPACE_1, 0, 0, 0)
        box.setDecimals(2)
        box.setRange(low, high)
        box.setSingleStep(0.05)
        box.setSuffix(f" {self._field.unit}" if self._field.unit else "")
        if high - low <= _SLIDER_RANGE:
            box.setFixedWidth(80)
            self._add(self._slider(box), 1)
        self._add(box)
        box.valueChanged.connect(self._say)

        def put(value: Json) -> None:
            if isinstance(value, int | float) and box.value() != value:
                box.setValue(value)

        return put

    def _slider(self, box: QDoubleSpinBox) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setAccessibleName(f"{self._field.title}, roughly")
        slider.setRange(0, _SLIDER_STEPS)
        slider.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        low, span = box.minimum(), box.maximum() - box.minimum()

        def follow(value: float) -> None:
            blocker = QSignalBlocker(slider)
            slider.setValue(round((value - low) / span * _SLIDER_STEPS))
            blocker.unblock()

        box.valueChanged.connect(follow)
        slider.valueChanged.connect(lambda step: box.setValue(low + step / _SLIDER_STEPS * span))
        return slider

    def _choice(self) -> Callable[[Json], None]:
        box = QComboBox()
        box.addItems(self._field.choices)
        box.currentTextChanged.connect(self._say)
        self._add(box, 1)
        return lambda value: box.setCurrentText(str(value))

    def _text(self) -> Callable[[Json], None]:
        edit = QLineEdit()
        edit.setPlaceholderText("not set" if self._field.optional else "")
        edit.editingFinished.connect(lambda: self.changed.emit(edit.text() or self._absent()))
        self._add(edit, 1)
        return lambda value: edit.setText("" if value is None else str(value))

    def _absent(self) -> str | None:
        return None if self._field.optional else ""


class ParametersPanel(QWidget):
    """One row for each parameter, then the seed."""

    changed = Signal(str, object)
    seed_changed = Signal(str, bool)
    seed_reuse_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._fields: tuple[FormField, ...] = ()
        self._editors: dict[str, tuple[FieldEditor, QWidget]] = {}
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
            editor, reset = self._editors[row.field.key]
            editor.show_value(row.value)
            reset.setEnabled(row.value != row.preset)
            reset.setToolTip(f"Back to the setting: {row.preset}")
            reset.setProperty("preset", row.preset)

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
        self._editors = {row.field.key: self._row(row, 2 * at) for at, row in enumerate(rows)}
        self._put_the_seed_last()

    def _put_the_seed_last(self) -> None:
        """Let Tab go downwards: the seed was there before the rows above it were made."""
        rows = self._editors.values()
        made = [each for editor, reset in rows for each in (editor.entry, reset)]
        # Qt put them behind everything else: first to where the seed is, then the seed behind them.
        chain = [self._random, *made, self._random, self._seed, self._reuse]
        for before, after in pairwise(chain):
            QWidget.setTabOrder(before, after)

    def _row(self, row: ParameterRow, at: int) -> tuple[FieldEditor, QWidget]:
        field = row.field
        title = label(field.title, "soft")
        title.setToolTip(field.help)
        title.setContentsMargins(0, SPACE_1 if at else 0, 0, 0)
        editor = FieldEditor(field)
        reset = icon_button(self._theme.icon("restore"), f"Reset {field.title}")
        editor.changed.connect(lambda value: self.changed.emit(field.key, value))
        reset.clicked.connect(lambda: self.changed.emit(field.key, reset.property("preset")))
        self._grid.addWidget(title, at, 0, 1, 2)
        self._grid.addWidget(editor, at + 1, 0)
        self._grid.addWidget(reset, at + 1, 1)
        return editor, reset

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
