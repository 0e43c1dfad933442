"""The form. Shows what it is told and speaks in keys and texts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from heygen_desktop.presentation.desktop.problems import Problem
from heygen_desktop.presentation.desktop.screens.environments.settings.rows import (
    SettingRow,
    SettingSection,
)
from heygen_desktop.presentation.desktop.screens.environments.settings.setting_line import (
    SettingLine,
)
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_2, SPACE_3, SPACE_4, SPACE_6
from heygen_desktop.presentation.desktop.widgets.buttons import Chip, button
from heygen_desktop.presentation.desktop.widgets.cards import Card
from heygen_desktop.presentation.desktop.widgets.empty_state import EmptyState
from heygen_desktop.presentation.desktop.widgets.labels import label, line, restyle
from heygen_desktop.presentation.desktop.widgets.problem import ProblemBanner
from heygen_desktop.presentation.desktop.widgets.search_field import SearchField

_FORM_WIDTH = 960


class SettingsForm(QWidget):
    """Sections of settings, a filter over them, and below them the last change."""

    value_typed = Signal(str, str)
    value_entered = Signal(str, str)
    reset_requested = Signal(str)
    undo_requested = Signal()
    unlock_requested = Signal()
    search_changed = Signal(str)
    only_changed_requested = Signal(bool)
    retry_requested = Signal()
    all_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lines: dict[str, SettingLine] = {}
        self._cards: dict[str, Card] = {}
        self._is_locked = False
        self.search = SearchField("Search settings", theme.icon("magnify", "text_quiet"))
        self.only_changed = Chip("Only changed")
        self.layers_problem = ProblemBanner()
        self.layers_problem.setProperty("tone", "warning")
        self.problem = ProblemBanner(can_retry=True)
        self._nothing = EmptyState(
            theme.icon("magnify", "text_quiet"),
            "No setting matches",
            "Search for a title, a key such as inference.threads, or a word of the help.",
            "Show all settings",
        )
        self._nothing.hide()
        self._lock, self._lock_words = self._lock_bar()
        self._undo, self._undo_words = self._undo_bar()
        self._lay_out()
        self._connect()

    def show_settings(self, sections: Sequence[SettingSection], changed: int) -> None:
        shown = {row.key for section in sections for row in section.rows}
        for section in sections:
            for row in section.rows:
                self._show_row(section.title, row)
        for key, made in self._lines.items():
            made.setVisible(key in shown)
        titles = {section.title for section in sections}
        for title, card in self._cards.items():
            card.setVisible(title in titles)
        self._nothing.setVisible(not sections and bool(self._lines))
        self.only_changed.show_count(changed)

    def show_locked(self, environment: str) -> None:
        self._is_locked = bool(environment)
        self._lock.setVisible(self._is_locked)
        restyle(self._lock, "tone", environment or "neutral")
        for made in self._lines.values():
            made.set_locked(self._is_locked)

    def show_value_problem(self, key: str, sentence: str) -> None:
        if key in self._lines:
            self._lines[key].show_problem(sentence)

    def show_undo(self, text: str) -> None:
        self._undo_words.setText(text)
        self._undo.setVisible(bool(text))

    def show_layers_problem(self, problem: Problem | None) -> None:
        self.layers_problem.show_problem(problem)

    def show_problem(self, problem: Problem | None) -> None:
        self.problem.show_problem(problem)

    def clear_filters(self) -> None:
        for field in (self.search, self.only_changed):
            field.blockSignals(True)
        self.search.clear()
        self.only_changed.setChecked(False)
        restyle(self.only_changed, "tone", "neutral")
        for field in (self.search, self.only_changed):
            field.blockSignals(False)

    def line_of(self, key: str) -> SettingLine:
        """Return the line of a setting.

        Raises:
            KeyError: It has not been shown yet.
        """
        return self._lines[key]

    def focus_search(self) -> None:
        """Put the cursor into the search field."""
        self.search.setFocus()
        self.search.selectAll()

    def _show_row(self, title: str, row: SettingRow) -> None:
        made = self._lines.get(row.key)
        if made is None:
            made = self._add(title, row)
        made.show_row(row)

    def _add(self, title: str, row: SettingRow) -> SettingLine:
        made = SettingLine(row, self._theme)
        made.set_locked(self._is_locked)
        made.typed.connect(self.value_typed)
        made.entered.connect(self.value_entered)
        made.reset.connect(self.reset_requested)
        made.undo.connect(self.undo_requested)
        self._lines[row.key] = made
        if title not in self._cards:
            self._cards[title] = Card(title)
            self._form.insertWidget(self._form.count() - 1, self._cards[title])
        else:
            self._cards[title].body.addWidget(line())
        self._cards[title].body.addWidget(made)
        return made

    def _lay_out(self) -> None:
        filters = QHBoxLayout()
        filters.setSpacing(SPACE_2)
        filters.addWidget(self.search, 1)
        filters.addWidget(self.only_changed)
        body = QWidget()
        body.setProperty("role", "body")
        self._form = QVBoxLayout(body)
        self._form.setContentsMargins(0, 0, SPACE_3, SPACE_4)
        self._form.setSpacing(SPACE_3)
        self._form.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(body)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QWidget()
        column.setMaximumWidth(_FORM_WIDTH)
        layout = QVBoxLayout(column)
        layout.setContentsMargins(SPACE_6, SPACE_4, SPACE_3, SPACE_3)
        layout.setSpacing(SPACE_3)
        layout.addLayout(filters)
        for part in (self._lock, self.problem, self.layers_problem, self._nothing):
            layout.addWidget(part)
        layout.addWidget(scroll, 1)
        layout.addWidget(self._undo)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(column, 1000)  # a line longer than this is hard to read; the rest is air
        whole.addStretch(1)

    def _connect(self) -> None:
        self.search.search_requested.connect(self.search_changed)
        self.only_changed.toggled.connect(self.only_changed_requested)
        self.problem.retry_requested.connect(self.retry_requested)
        self._nothing.action_requested.connect(self.all_requested)
        undo = QShortcut(QKeySequence.StandardKey.Undo, self)
        undo.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        undo.activated.connect(self.undo_requested)
        find = QShortcut(QKeySequence.StandardKey.Find, self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self.focus_search)

    def _lock_bar(self) -> tuple[QFrame, QLabel]:
        words = label(
            "Production is what real work runs on, and staging inherits from it.",
            wraps=True,
        )
        unlock = button("Edit production", self.unlock_requested.emit)
        return _bar(words, unlock), words

    def _undo_bar(self) -> tuple[QFrame, QLabel]:
        words = label("", wraps=True)
        undo = button("Undo", self.undo_requested.emit)
        undo.setToolTip("Ctrl+Z")
        return _bar(words, undo), words


def _bar(words: QWidget, act: QWidget) -> QFrame:
    bar = QFrame()
    bar.setProperty("role", "panel")
    bar.setProperty("tone", "neutral")
    row = QHBoxLayout(bar)
    row.setContentsMargins(SPACE_3, SPACE_2, SPACE_2, SPACE_2)
    row.addWidget(words, 1)
    row.addWidget(act)
    bar.hide()
    return bar
