"""What has a name: models, runs, settings, environments and secrets, for the palette."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from heygen_desktop.domain.entities.environment import PARENTS
from heygen_desktop.domain.repositories import RunFilter
from heygen_desktop.presentation.desktop.ports import Navigation, Notices, TaskRunner
from heygen_desktop.presentation.desktop.problems import Problem
from heygen_desktop.presentation.desktop.screen import Command
from heygen_desktop.presentation.desktop.wording import relative_text
from heygen_desktop.presentation.desktop.work import Work

if TYPE_CHECKING:
    from heygen_desktop.application.application import Application

MOST_RUNS = 1000
"""The newest; an older one is found in the history."""


@dataclass(frozen=True)
class Thing:
    """Something with a name, and where it can be seen."""

    title: str
    kind: str
    screen: str
    argument: str
    """What that screen is given to show it."""


class Finder:
    """Holds what has a name as it was when the palette opened last. Used on the UI thread."""

    def __init__(
        self,
        things: Callable[[], Sequence[Thing]],
        tasks: TaskRunner,
        navigation: Navigation,
        notices: Notices,
        found: Callable[[], None],
    ) -> None:
        """Hold nothing yet.

        Args:
            things: Reads all of them; called on another thread.
            tasks: Where that is done.
            navigation: Shows one.
            notices: Hears why they could not be read.
            found: Told that there are others now.
        """
        self._things = things
        self._navigation = navigation
        self._notices = notices
        self._tell = found
        self._work = Work(tasks, self._show_problem)
        self._commands: Sequence[Command] = ()

    def commands(self) -> Sequence[Command]:
        """Return a command for each, which shows it."""
        return self._commands

    def look(self) -> None:
        """Read them anew; what was found before is offered meanwhile."""
        self._work.ask("things", lambda _context: self._things(), self._found)

    def close(self) -> None:
        """Let everything go; safe to repeat."""
        self._work.close()

    def _found(self, things: Sequence[Thing]) -> None:
        self._commands = [self._command(thing) for thing in things]
        self._tell()

    def _command(self, thing: Thing) -> Command:
        show = partial(self._navigation.show, thing.screen, thing.argument)
        return Command(thing.title, show, thing.kind, only_if_wanted=True)

    def _show_problem(self, problem: Problem | None) -> None:
        if problem is not None:
            self._notices.warn(problem.title)


def things_of(application: Application) -> list[Thing]:
    """Return all that has a name. Raises StorageError."""
    return [
        *_environments(application),
        *_models(application),
        *_runs(application),
        *_settings(),
        *_secrets(application),
    ]


def _environments(application: Application) -> Iterator[Thing]:
    for name in PARENTS:
        in_use = " in use" if name == application.environment else ""
        yield Thing(name, f"Environment{in_use}", "environments", name)


def _models(application: Application) -> Iterator[Thing]:
    for name in application.list_models.latest_versions():
        yield Thing(name, "Model", "library", name)


def _runs(application: Application) -> Iterator[Thing]:
    now = datetime.now(UTC)
    for run in application.list_runs(RunFilter(limit=MOST_RUNS)).runs:
        summary = application.tasks.of(run.task).input_summary(run.inputs)
        kind = f"Run of {run.model} · {relative_text(run.queued_at, now)}"
        yield Thing(run.title or summary or run.id, kind, "run", f"run:{run.id}")


def _settings() -> Iterator[Thing]:
    from heygen_desktop.application.settings.effective import setting_fields  # noqa: PLC0415 - brings pydantic, on the worker thread

    for key, field in setting_fields().items():
        yield Thing(f"{field.title}  {key}", "Setting", "environments", f"setting:{key}")


def _secrets(application: Application) -> Iterator[Thing]:
    for environment in PARENTS:
        for secret in application.secrets.list(environment):
            argument = f"secret:{environment}/{secret.name}"
            yield Thing(secret.name, f"Secret of {environment}", "environments", argument)
