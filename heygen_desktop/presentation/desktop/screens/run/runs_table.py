"""A table of runs whose focus is the run in view: news never move it to another one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal

from heygen_desktop.presentation.desktop.ports import Memory
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.widgets.rows_model import Column, Row
from heygen_desktop.presentation.desktop.widgets.table import DataTable


class RunsTable(DataTable[Row]):
    """Where the run in view is not listed (a search hides it, it left the queue), no row is in focus."""

    chosen = Signal(str)
    """The person brought the row with this key into focus."""

    def __init__(
        self,
        name: str,
        columns: Sequence[Column[Row]],
        key: Callable[[Row], str],
        memory: Memory,
        theme: Theme,
        *,
        can_sort: bool = True,
    ) -> None:
        super().__init__(name, columns, key, memory, theme, can_sort=can_sort)
        self._in_view = ""
        self._is_told = False
        self.selected.connect(self._say_chosen)

    def show_rows(self, rows: Sequence[Row]) -> None:
        self._is_told = True
        super().show_rows(rows)
        if self.selected_key != self._in_view:
            super().select(self._in_view)
        self._is_told = False

    def select(self, key: str) -> None:
        self._in_view = key
        super().select(key)

    def _say_chosen(self, key: str) -> None:
        if key and not self._is_told:
            self._in_view = key
            self.chosen.emit(key)
