"""Cards and the inspector's list of names and values."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QMenu, QWidget

from heygen_desktop.presentation.desktop.theme.tokens import SPACE_1, SPACE_3, SPACE_4
from heygen_desktop.presentation.desktop.widgets.labels import label
from heygen_desktop.presentation.desktop.widgets.layout import column


class Card(QFrame):
    """A framed group. Put widgets into ``body``."""

    def __init__(self, title: str = "") -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.body = column(on=self, margins=(SPACE_4, SPACE_3, SPACE_4, SPACE_3))
        if title:
            self.body.addWidget(label(title, "title"))
            self.setAccessibleName(title)


class KeyValueList(QWidget):
    """Rows of a name and a value; values can be selected, and copied from their menu."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(SPACE_3)
        self._grid.setVerticalSpacing(SPACE_1 + 2)
        self._grid.setColumnStretch(1, 1)
        self._rows: list[tuple[QLabel, QLabel]] = []

    def show_rows(self, rows: Sequence[tuple[str, str]]) -> None:
        """Show these names and values, in order; widgets are reused so that a selection survives."""
        while len(self._rows) < len(rows):
            self._add()
        for at, (name, value) in enumerate(self._rows):
            used = at < len(rows)
            name.setVisible(used)
            value.setVisible(used)
            if used:
                self._fill(name, value, *rows[at])

    def rows(self) -> list[tuple[str, str]]:
        """Return what is shown."""
        return [(n.text(), v.text()) for n, v in self._rows if not n.isHidden()]

    def _fill(self, name: QLabel, value: QLabel, name_text: str, value_text: str) -> None:
        name.setText(name_text)
        if value.text() != value_text:
            value.setText(value_text)
        value.setAccessibleName(f"{name_text}: {value_text}")

    def _add(self) -> None:
        name, value = label("", "quiet"), label("", wraps=True, selectable=True)
        value.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        value.customContextMenuRequested.connect(
            lambda point: self._offer_copy(value).popup(value.mapToGlobal(point))
        )
        row = len(self._rows)
        top_left = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
        self._grid.addWidget(name, row, 0, top_left)
        self._grid.addWidget(value, row, 1)
        self._rows.append((name, value))

    def _offer_copy(self, value: QLabel) -> QMenu:
        menu = QMenu(value)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Copy").triggered.connect(
            lambda: QGuiApplication.clipboard().setText(value.selectedText() or value.text())
        )
        return menu
