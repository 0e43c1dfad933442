"""The story of the environments: choose one, and see its settings and secrets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from heygen_desktop.application.use_cases.environments import (
    EnvironmentSummary,
    ListEnvironments,
)
from heygen_desktop.domain.events import Event, SecretChanged, SettingsChanged, elsewhere
from heygen_desktop.domain.repositories import Topic
from heygen_desktop.presentation.desktop.ports import Events, Signal, TaskRunner
from heygen_desktop.presentation.desktop.problems import Problem
from heygen_desktop.presentation.desktop.screens.environments.rows import EnvironmentRow
from heygen_desktop.presentation.desktop.wording import counted
from heygen_desktop.presentation.desktop.work import Work


class EnvironmentsView(Protocol):
    """What the presenter needs of the screen."""

    @property
    def environment_selected(self) -> Signal:
        """Carries the name."""

    @property
    def use_requested(self) -> Signal:
        """Carries the name."""

    @property
    def retry_requested(self) -> Signal: ...

    def show_environments(self, rows: Sequence[EnvironmentRow], selected: str) -> None: ...

    def show_problem(self, problem: Problem | None) -> None: ...


class EnvironmentPart(Protocol):
    """What shows one side of the chosen environment."""

    def show(self, environment: str) -> None:
        """Show this environment."""

    def refresh(self) -> None:
        """Read it anew."""

    def close(self) -> None:
        """Let everything go."""


class EnvironmentsPresenter:
    """Keeps the list true and tells the two parts which environment is chosen."""

    def __init__(
        self,
        view: EnvironmentsView,
        list_environments: ListEnvironments,
        use_environment: Callable[[str], None],
        settings: EnvironmentPart,
        secrets: EnvironmentPart,
        tasks: TaskRunner,
        events: Events,
    ) -> None:
        self._view = view
        self._list = list_environments
        self._use = use_environment
        self._settings = settings
        self._secrets = secrets
        self._work = Work(tasks, view.show_problem)
        self.selected = ""
        """The environment that is shown; empty before the first."""
        self._rows: tuple[EnvironmentRow, ...] = ()
        self._subscription = events.subscribe(self._happened)
        view.environment_selected.connect(self.select)
        view.use_requested.connect(self.use)
        view.retry_requested.connect(self.refresh)

    def select(self, name: str) -> None:
        """Show this environment's settings and secrets."""
        if name and name != self.selected:
            self.selected = name
            self._view.show_environments(self._rows, name)
            self._settings.show(name)
            self._secrets.show(name)

    def use(self, name: str) -> None:
        """Let the settings and secrets of this environment hold, at once."""
        self._work.change(lambda: self._use(name))

    def refresh(self) -> None:
        """Read everything anew: another program may have changed it."""
        self._read_list()
        self._settings.refresh()
        self._secrets.refresh()

    def close(self) -> None:
        """Stop listening and let everything go; safe to repeat."""
        self._subscription.close()
        self._work.close()
        self._settings.close()
        self._secrets.close()

    def _read_list(self) -> None:
        self._work.ask("list", lambda _: self._list(), self._listed)

    def _listed(self, found: Sequence[EnvironmentSummary]) -> None:
        self._rows = tuple(_row(each) for each in found)
        if self.selected:
            self._view.show_environments(self._rows, self.selected)
        else:
            self.select(next(row.name for row in self._rows if row.is_active))

    def _happened(self, event: Event) -> None:
        if isinstance(event, SettingsChanged) and event.concerns():
            self._read_list()
            self._settings.refresh()
        of_selected = isinstance(event, SecretChanged) and event.environment == self.selected
        if of_selected or elsewhere(event, Topic.SECRETS):
            self._secrets.refresh()


def _row(found: EnvironmentSummary) -> EnvironmentRow:
    return EnvironmentRow(
        name=found.name,
        parent=f"inherits from {found.parent}" if found.parent else "inherits nothing",
        history=" · ".join(_history(found)),
        is_active=found.is_active,
    )


def _history(found: EnvironmentSummary) -> Iterator[str]:
    yield counted(found.own_values, "own setting") if found.own_values else "no own settings"
    if found.revision:
        yield f"revision {found.revision}"
