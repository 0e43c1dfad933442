"""The form. Shows what it is told and speaks in keys and texts."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from heygen_desktop.presentation.desktop.screens.environments.settings.rows import (
    Sections,
    SettingRow,
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
from heygen_desktop.presentation.desktop.widgets.layout import (
    STYLE,
    column,
    held,
    row,
    scrolling,
)
from heygen_desktop.presentation.desktop.widgets.problem import ProblemBanner
from heygen_desktop.presentation.desktop.widgets.search_field import SearchField

_FORM_WIDTH = 960


class SettingsForm(QWidget):
    """Sections of settings, a filter over them, and below them the last change."""

    value_typed = Signal(str, str)
    value_entered = Signal(str, str)
    reset_requested = Signal(str)
    unlock_requested = Signal()
    narrowed = Signal(str, bool)
    retry_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._lines: dict[str, SettingLine] = {}
        self._rules: dict[str, QFrame] = {}
        """The hairline over each line; it shows where another line is above."""
        self._cards: dict[str, Card] = {}
        self._is_locked = False
        self.search = SearchField("Search settings", theme.icon("magnify", "text_quiet"))
        self.only_changed = Chip("Only changed")
        self.layers_problem = ProblemBanner()
        self.layers_problem.setProperty("tone", "warning")
        self.problem = ProblemBanner(can_retry=True)
        self.show_problem = self.problem.show_problem
        self.show_layers_problem = self.layers_problem.show_problem
        self._nothing = EmptyState(
            theme.icon("magnify", "text_quiet"),
            "No setting matches",
            "Search for a title, a key such as inference.threads, or a word of the help.",
            "Show all settings",
        )
        self._nothing.hide()
        self._lock = _bar(
            label(
                "Production is what real work runs on, and staging inherits from it.", wraps=True
            ),
            button("Edit production", self.unlock_requested.emit),
        )
        self._lay_out()
        self._connect()

    def show_settings(self, sections: Sections, changed: int) -> None:
        for title, rows in sections.items():
            for each in rows:
                self._line(title, each).show_row(each)
        shown = {each.key for rows in sections.values() for each in rows}
        first = {rows[0].key for rows in sections.values()}
        for key, made in self._lines.items():
            made.setVisible(key in shown)
            self._rules[key].setVisible(key in shown - first)
        for title, card in self._cards.items():
            card.setVisible(title in sections)
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

    def focus_search(self) -> None:
        """Put the cursor into the search field."""
        self.search.setFocus()
        self.search.selectAll()

    def _say_narrowed(self) -> None:
        self.narrowed.emit(self.search.text(), self.only_changed.isChecked())

    def _show_all(self) -> None:
        self.search.clear()
        self.only_changed.setChecked(False)
        self._say_narrowed()

    def _line(self, title: str, shown: SettingRow) -> SettingLine:
        if shown.key not in self._lines:
            self._lines[shown.key] = self._add(title, shown)
        return self._lines[shown.key]

    def _add(self, title: str, shown: SettingRow) -> SettingLine:
        made = SettingLine(shown, self._theme)
        made.set_locked(self._is_locked)
        made.typed.connect(self.value_typed)
        made.entered.connect(self.value_entered)
        made.reset.connect(self.reset_requested)
        if title not in self._cards:
            self._cards[title] = Card(title)
            self._form.insertWidget(self._form.count() - 1, self._cards[title])
        self._rules[shown.key] = line()
        self._cards[title].body.addWidget(self._rules[shown.key])
        self._cards[title].body.addWidget(made)
        return made

    def _lay_out(self) -> None:
        self._form = column(None, spacing=SPACE_3, margins=(0, 0, SPACE_3, SPACE_4))
        form = column(
            row((self.search, 1), self.only_changed),
            *(self._lock, self.problem, self.layers_problem, self._nothing),
            (scrolling(held(self._form), "Settings of the environment"), 1),
            spacing=SPACE_3,
            margins=(SPACE_6, SPACE_4, SPACE_3, SPACE_3),
        )
        part = held(form)
        part.setMaximumWidth(_FORM_WIDTH)
        # A line longer than this is hard to read; the rest is air.
        row((part, 1000), None, on=self)

    def _connect(self) -> None:
        self.search.search_requested.connect(self._say_narrowed)
        self.only_changed.toggled.connect(self._say_narrowed)
        self.problem.retry_requested.connect(self.retry_requested)
        self._nothing.action_requested.connect(self._show_all)


def _bar(words: QWidget, act: QWidget) -> QFrame:
    bar = QFrame()
    bar.setProperty("role", "panel")
    bar.setProperty("tone", "neutral")
    row((words, 1), act, on=bar, spacing=STYLE, margins=(SPACE_3, SPACE_2, SPACE_2, SPACE_2))
    bar.hide()
    return bar
