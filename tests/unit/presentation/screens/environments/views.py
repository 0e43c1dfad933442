"""Views that note what they were shown, and speak when a test says so."""

from __future__ import annotations

from collections.abc import Sequence

from heygen_desktop.domain.entities.secret import Secret
from heygen_desktop.presentation.desktop.problems import Problem
from heygen_desktop.presentation.desktop.screens.environments.rows import EnvironmentRow
from heygen_desktop.presentation.desktop.screens.environments.secrets.rows import ASKING, StoreRow
from heygen_desktop.presentation.desktop.screens.environments.settings.rows import (
    Sections,
    SettingRow,
)

from tests.fakes.tasks import FakeSignal


class FakeEnvironmentsView:
    """The frame of the screen."""

    def __init__(self) -> None:
        self.environment_selected = FakeSignal()
        self.use_requested = FakeSignal()
        self.retry_requested = FakeSignal()
        self.rows: Sequence[EnvironmentRow] = ()
        self.selected = ""
        self.problem: Problem | None = None

    def show_environments(self, rows: Sequence[EnvironmentRow], selected: str) -> None:
        self.rows, self.selected = rows, selected

    def show_problem(self, problem: Problem | None) -> None:
        self.problem = problem


class FakeSettingsView:
    """The form."""

    def __init__(self) -> None:
        self.value_typed = FakeSignal()
        self.value_entered = FakeSignal()
        self.reset_requested = FakeSignal()
        self.unlock_requested = FakeSignal()
        self.narrowed = FakeSignal()
        self.retry_requested = FakeSignal()
        self.sections: Sections = {}
        self.changed = 0
        self.locked = ""
        self.value_problems: dict[str, str] = {}
        self.layers_problem: Problem | None = None
        self.problem: Problem | None = None

    def show_settings(self, sections: Sections, changed: int) -> None:
        self.sections, self.changed = sections, changed

    def show_locked(self, environment: str) -> None:
        self.locked = environment

    def show_value_problem(self, key: str, sentence: str) -> None:
        self.value_problems[key] = sentence

    def show_layers_problem(self, problem: Problem | None) -> None:
        self.layers_problem = problem

    def show_problem(self, problem: Problem | None) -> None:
        self.problem = problem

    def row(self, key: str) -> SettingRow:
        """Return the row that is shown of a setting."""
        return next(row for rows in self.sections.values() for row in rows if row.key == key)

    @property
    def keys(self) -> list[str]:
        """What is shown, in order."""
        return [row.key for rows in self.sections.values() for row in rows]


class FakeSecretsView:
    """The table of secrets."""

    def __init__(self) -> None:
        self.adding_requested = FakeSignal()
        self.replacing_requested = FakeSignal()
        self.value_entered = FakeSignal()
        self.reveal_requested = FakeSignal()
        self.copy_requested = FakeSignal()
        self.deletion_requested = FakeSignal()
        self.passphrase_entered = FakeSignal()
        self.retry_requested = FakeSignal()
        self.rows: Sequence[Secret] = ()
        self.environment = ""
        self.store = ASKING
        self.entry: tuple[str, str] | None = None
        self.entry_problem: Problem | None = None
        self.revealed: tuple[str, str] | None = None
        self.copied = ""
        self.problem: Problem | None = None

    def show_secrets(self, rows: Sequence[Secret], environment: str) -> None:
        self.rows, self.environment = tuple(rows), environment

    def show_store(self, store: StoreRow) -> None:
        self.store = store

    def open_entry(self, environment: str, name: str) -> None:
        self.entry = (environment, name)

    def show_entry_problem(self, problem: Problem) -> None:
        self.entry_problem = problem

    def close_entry(self) -> None:
        self.entry, self.entry_problem = None, None

    def reveal_value(self, name: str, value: str) -> None:
        self.revealed = (name, value)

    def copy_value(self, value: str) -> None:
        self.copied = value

    def hide_value(self) -> None:
        self.revealed = None

    def forget_values(self) -> None:
        self.revealed, self.copied, self.entry = None, "", None

    def show_problem(self, problem: Problem | None) -> None:
        self.problem = problem

    @property
    def is_entry_open(self) -> bool:
        """Whether a name and a value are being asked for."""
        return self.entry is not None

    @property
    def names(self) -> list[str]:
        """The secrets that are listed."""
        return [row.name for row in self.rows]
