"""The list of environments, each in its colour."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QWidget

from heygen_desktop.presentation.desktop.screens.environments.rows import EnvironmentRow
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_1, SPACE_2, SPACE_3
from heygen_desktop.presentation.desktop.widgets.labels import Badge, label, restyle
from heygen_desktop.presentation.desktop.widgets.layout import column, row

_STRIPE = 4
# What is drawn of an item is its entry; the text under it is for typing ahead.
_STYLE = """QListWidget { background: transparent; }
QListWidget::item { color: transparent; padding: 0; border-radius: 6px; }"""


class EnvironmentList(QListWidget):
    """Four rows; says which one is chosen, and which one shall be used."""

    chosen = Signal(str)
    use_requested = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Environments")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setStyleSheet(_STYLE)
        self.currentTextChanged.connect(self.chosen)
        self.itemActivated.connect(lambda item: self.use_requested.emit(item.text()))

    def show_rows(self, rows: Sequence[EnvironmentRow], selected: str) -> None:
        """Show these, this one chosen; says nothing of it."""
        with QSignalBlocker(self):
            while self.count() > len(rows):
                self.takeItem(self.count() - 1)
            for at, shown in enumerate(rows):
                self._show_row(at, shown)
                if shown.name == selected:
                    self.setCurrentRow(at)

    def _show_row(self, at: int, shown: EnvironmentRow) -> None:
        if at == self.count():
            self.addItem(QListWidgetItem())
            self.setItemWidget(self.item(at), _Entry())
        item = self.item(at)
        item.setText(shown.name)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, shown.spoken)
        item.setToolTip(_tooltip(shown))
        entry = self.itemWidget(item)
        assert isinstance(entry, _Entry)
        entry.show_row(shown)
        item.setSizeHint(entry.sizeHint())


class _Entry(QWidget):
    """A stripe in the environment's colour, its name, its parent and its history."""

    def __init__(self) -> None:
        super().__init__()
        self._stripe = QFrame()
        self._stripe.setProperty("role", "stripe")
        self._stripe.setFixedWidth(_STRIPE)
        self._badge = Badge()
        self._words = (label("", "strong"), label("", "soft"), label("", "small"))
        name, parent, history = self._words
        words = column(row(name, None, self._badge), parent, history, spacing=SPACE_1 // 2)
        margins = (SPACE_2, SPACE_2, SPACE_3, SPACE_2)
        row(self._stripe, (words, 1), on=self, margins=margins)

    def show_row(self, shown: EnvironmentRow) -> None:
        restyle(self._stripe, "tone", shown.name)
        for part, text in zip(self._words, (shown.name, shown.parent, shown.history), strict=True):
            part.setText(text)
        self._badge.show_badge("in use" if shown.is_active else "", shown.name)


def _tooltip(shown: EnvironmentRow) -> str:
    if shown.is_active:
        return "This window uses it."
    return "Double-click or press Enter to use it."
