"""The story of the form: show what holds, check what is typed, set it, and take it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from heygen_desktop.application.forms import checked_value
from heygen_desktop.application.settings.effective import EffectiveSettings, setting_fields
from heygen_desktop.application.settings.reading import ReadSettings
from heygen_desktop.application.settings.schema import Settings
from heygen_desktop.application.use_cases.change_setting import ChangeSetting
from heygen_desktop.domain.errors import InvalidParameterError
from heygen_desktop.presentation.desktop.ports import Notices, Signal, TaskRunner
from heygen_desktop.presentation.desktop.problems import Problem
from heygen_desktop.presentation.desktop.screens.environments.settings.rows import (
    Sections,
    SettingRow,
    problem_of_layers,
    sections_of,
    setting_rows,
)
from heygen_desktop.presentation.desktop.work import Work
from heygen_desktop.presentation.wording import typed

GUARDED = "production"


class SettingsView(Protocol):
    """What the presenter needs of the form."""

    @property
    def value_typed(self) -> Signal:
        """Carries the key and the text so far."""

    @property
    def value_entered(self) -> Signal:
        """Carries the key and the text that shall hold."""

    @property
    def reset_requested(self) -> Signal:
        """Carries the key."""

    @property
    def unlock_requested(self) -> Signal:
        """The person confirmed that production shall be edited."""

    @property
    def narrowed(self) -> Signal:
        """Carries the words that are searched for, and whether only changed settings are wanted."""

    @property
    def retry_requested(self) -> Signal: ...

    def show_settings(self, sections: Sections, changed: int) -> None:
        """Show these, and how many settings differ from the defaults."""

    def show_locked(self, environment: str) -> None:
        """Ask before this environment is edited; an empty name asks nothing."""

    def show_value_problem(self, key: str, sentence: str) -> None:
        """Say why the typed value cannot be; an empty sentence clears it."""

    def show_layers_problem(self, problem: Problem | None) -> None:
        """Show what was passed over in file or process variables."""

    def show_problem(self, problem: Problem | None) -> None:
        """Show why the settings cannot be read or changed."""


class SettingsPresenter:
    """Keeps the form of one environment true."""

    def __init__(
        self,
        view: SettingsView,
        read: ReadSettings,
        change: ChangeSetting,
        tasks: TaskRunner,
        notices: Notices,
    ) -> None:
        self._view = view
        self._read = read
        self._change = change
        self._work = Work(tasks, view.show_problem)
        self._notices = notices
        self._environment = ""
        self._rows: dict[str, SettingRow] = {}
        self._words = ""
        self._only_changed = False
        self._unlocked = False
        self._layers_problem: Problem | None = None
        view.value_typed.connect(self.check)
        view.value_entered.connect(self.enter)
        view.reset_requested.connect(self.reset)
        view.unlock_requested.connect(self.unlock)
        view.narrowed.connect(self.narrow)
        view.retry_requested.connect(self.refresh)

    def show(self, environment: str) -> None:
        """Show another environment; what is typed or could be undone in the last one is let go."""
        if self._environment not in ("", environment):
            self._notices.let_go(self._environment)
        self._environment, self._rows = environment, {}
        self._view.show_locked(environment if self._is_locked else "")
        self.refresh()

    def refresh(self) -> None:
        """Read the layers again; an answer that was overtaken falls silent."""
        if not self._environment:
            return
        environment = self._environment
        self._work.ask("read", lambda _: self._read(environment), self._found_settings)

    def check(self, key: str, text: str) -> None:
        """Say at once whether the text could be a value."""
        self._view.show_value_problem(key, _objection(key, text))

    def enter(self, key: str, text: str) -> None:
        """Set the value in this environment, where it differs from what is there."""
        if not self._may_change(key):
            return
        objection = _objection(key, text)
        self._view.show_value_problem(key, objection)
        if objection:
            return
        value = checked_value(Settings, key, text)
        if typed(value) == self._rows[key].text:
            self._show_rows()
            return
        environment = self._environment
        self._submit(key, lambda: self._change.set(environment, key, value), f"is {typed(value)}")

    def reset(self, key: str) -> None:
        """Let the environment inherit the value again."""
        if not self._may_change(key):
            return
        environment = self._environment
        self._view.show_value_problem(key, "")
        self._submit(key, lambda: self._change.unset(environment, key), "is reset")

    def unlock(self) -> None:
        """Edit production from now on, until the program ends."""
        self._unlocked = True
        self._view.show_locked("")

    def narrow(self, words: str, only_changed: bool) -> None:
        """Show the settings with these words and, where it is wished, only those that a layer changes."""
        self._words, self._only_changed = words, only_changed
        self._show_rows()

    def close(self) -> None:
        """Take what is asked back; a change under way is still made."""
        self._work.close()

    @property
    def _is_locked(self) -> bool:
        return self._environment == GUARDED and not self._unlocked

    def _may_change(self, key: str) -> bool:
        shown = self._rows.get(key)
        return shown is not None and (shown.is_personal or not self._is_locked)

    def _submit(self, key: str, change: Callable[[], object], outcome: str) -> None:
        shown = self._rows[key]
        self._work.change(
            change,
            lambda _revision: self._notices.notify(
                f"{shown.field.title} {outcome} {shown.where}.",
                undo=lambda: self._take_back(shown),
                belongs_to="" if shown.is_personal else shown.environment,
            ),
            ended=self.refresh,
        )

    def _take_back(self, before: SettingRow) -> None:
        own, environment, key = before.own, before.environment, before.key
        again = "is reset" if own is None else f"is {typed(own.value)} again"
        self._work.change(
            lambda: (
                self._change.unset(environment, key)
                if own is None
                else self._change.set(environment, key, own.value)
            ),
            lambda _revision: self._notices.notify(f"{before.field.title} {again} {before.where}."),
            ended=self.refresh,
        )

    def _found_settings(self, found: EffectiveSettings) -> None:
        self._rows = {row.key: row for row in setting_rows(found)}
        self._show_layers_problem(problem_of_layers(found.problems))
        self._show_rows()

    def _show_layers_problem(self, problem: Problem | None) -> None:
        """Once: what was dismissed comes back only when it is another one."""
        if problem != self._layers_problem:
            self._layers_problem = problem
            self._view.show_layers_problem(problem)

    def _show_rows(self) -> None:
        shown = [row for row in self._rows.values() if self._takes(row)]
        changed = sum(row.is_changed for row in self._rows.values())
        self._view.show_settings(sections_of(shown), changed)

    def _takes(self, row: SettingRow) -> bool:
        return (row.is_changed or not self._only_changed) and row.matches(self._words)


def _objection(key: str, text: str) -> str:
    try:
        checked_value(Settings, key, text)
    except InvalidParameterError:
        return setting_fields()[key].objection
    return ""
