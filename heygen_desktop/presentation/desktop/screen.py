"""What a screen is to the window, and what it is given when it is built."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from heygen_desktop.presentation.desktop.ports import (
    Events,
    Memory,
    Navigation,
    Notices,
    TaskRunner,
)

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from heygen_desktop.application.application import Application
    from heygen_desktop.presentation.desktop.theme.theme import Theme


class ScreenPresenter(Protocol):
    """The part of a presenter that the window uses."""

    def close(self) -> None:
        """Cancel the handles and close the subscriptions; safe to repeat."""


@dataclass(frozen=True)
class Command:
    """An entry of the command palette."""

    title: str
    """Verb first: ``Register a model folder``."""
    run: Callable[[], object]
    hint: str = ""
    """Where it acts, or what it is, in quiet text."""
    keys: str = ""
    """The shortcut that does the same."""
    only_if_wanted: bool = False
    """Whether it is listed only once somebody types: one of very many."""


@dataclass(frozen=True)
class Screen:
    """A built screen. Whoever holds it keeps widget and presenter alive."""

    widget: QWidget
    presenter: ScreenPresenter
    commands: Mapping[str, Callable[[], object]] = field(default_factory=dict)
    """What each command of its line in the list of screens does."""
    first_focus: QWidget | None = None
    """Where work begins: the keys go there when the screen opens, or once it is shown there."""
    receive: Callable[[str], None] | None = None
    """Gets the argument of ``Navigation.show``."""
    receive_files: Callable[[Sequence[Path]], None] | None = None
    """Gets files dropped anywhere on the window, where the screen takes them."""
    shown: Callable[[], None] | None = None
    """Called each time the screen comes into view."""
    hidden: Callable[[], None] | None = None
    """Called each time it leaves: live views rest."""


@dataclass(frozen=True)
class ScreenContext:
    """All that a screen's ``build`` is given."""

    application: Application
    """It takes readings of the machine by itself; screens read them with ``watch_machine.since``."""
    tasks: TaskRunner
    events: Events
    navigation: Navigation
    notices: Notices
    memory: Memory
    theme: Theme


@dataclass(frozen=True)
class ScreenSpec:
    """One line of the list of screens."""

    id: str
    title: str
    icon: str
    build: Callable[[ScreenContext], Screen]
    """Imports the screen's package on the first visit, so that start-up does not pay for it."""
    takes_files: bool = False
    """Whether files dropped on the window go here."""
    opens_first: bool = False
    """Whether a window that was never open before begins here."""
    commands: Mapping[str, str] = field(default_factory=dict)
    """What can be done there, verb first, with its shortcut or an empty text. The palette offers it
    before the screen is built."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """What else is done there by which keys."""

    @property
    def all_keys(self) -> dict[str, str]:
        """What is done there by which keys."""
        return {what: keys for what, keys in self.commands.items() if keys} | dict(self.keys)
