"""Builds each screen on its first visit, shows one at a time, and closes them all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain
from pathlib import Path

from PySide6.QtWidgets import QAbstractButton, QApplication, QStackedWidget, QWidget

from heygen_desktop.presentation.desktop.ports import Memory
from heygen_desktop.presentation.desktop.screen import Command, Screen, ScreenContext, ScreenSpec
from heygen_desktop.presentation.desktop.shell.focus import FocusKeeper

_LAST = "window/screen"


class Navigator:
    """Fulfils ``ports.Navigation``. Holds every built screen, and so keeps its presenter alive."""

    def __init__(
        self,
        specs: Sequence[ScreenSpec],
        stack: QStackedWidget,
        memory: Memory,
        keys: FocusKeeper,
        on_shown: Callable[[str], None],
    ) -> None:
        """Take the list of screens.

        Args:
            specs: At least one; where none is remembered, the one that opens first is shown.
            stack: Where the widgets go.
            memory: Where the last screen is kept.
            keys: Puts the keyboard on the screen's first place.
            on_shown: Told the id of the screen that came into view.

        Raises:
            ValueError: There is no screen at all.
        """
        if not specs:
            raise ValueError("A window needs at least one screen.")
        self._specs = {spec.id: spec for spec in specs}
        self._stack = stack
        self._memory = memory
        self._keys = keys
        self._on_shown = on_shown
        self._context: ScreenContext | None = None
        self._built: dict[str, Screen] = {}
        self._current = ""

    @property
    def current(self) -> str:
        """The id of the screen in view, or an empty string before the first."""
        return self._current

    def start(self, context: ScreenContext) -> None:
        """From now on screens can be built; show the one that was in view last time."""
        self._context = context
        last = self._memory.recall(_LAST)
        first = min(self._specs.values(), key=lambda spec: not spec.opens_first)
        self.show(last if last in self._specs else first.id)

    def show(self, screen_id: str, argument: str = "") -> None:
        """See ``ports.Navigation``.

        Raises:
            ValueError: There is no such screen.
        """
        if screen_id not in self._specs:
            raise ValueError(f"There is no screen {screen_id!r}.")
        if self._context is None:
            return
        screen = self._screen(screen_id)
        if screen_id != self._current:
            self._swap(screen_id, screen)
        elif not screen.widget.isAncestorOf(QApplication.focusWidget() or screen.widget):
            self._open(screen, screen.widget.focusWidget())
        if argument and screen.receive is not None:
            self._open(screen, screen.first_focus)
            screen.receive(argument)

    def receive_files(self, paths: Sequence[Path]) -> None:
        """Hand dropped files to the screen that takes them, and show it."""
        for spec in self._specs.values():
            if spec.takes_files:
                self.show(spec.id)
                screen = self._built.get(spec.id)
                if screen is not None and screen.receive_files is not None:
                    screen.receive_files(paths)
                return

    def commands(self) -> list[Command]:
        """Return what the palette offers: what every screen can do, the one in view first."""
        going = [
            Command(f"Go to {spec.title}", partial(self.show, spec.id), keys=f"Ctrl+{number}")
            for number, spec in enumerate(self._specs.values(), start=1)
        ]
        theirs = {spec.id: self._commands_of(spec) for spec in self._specs.values()}
        return [*theirs.pop(self._current, ()), *going, *chain(*theirs.values())]

    def _commands_of(self, spec: ScreenSpec) -> list[Command]:
        return [
            Command(title, partial(self._act, spec.id, title), spec.title, keys)
            for title, keys in spec.commands.items()
        ]

    def _act(self, screen_id: str, title: str) -> None:
        """Do it where it can be seen."""
        self.show(screen_id)
        if screen_id in self._built:
            self._built[screen_id].commands[title]()

    def rest(self, *, resting: bool) -> None:
        """Say to the screen in view that nobody sees it (minimised), or that somebody does again."""
        screen = self._built.get(self._current)
        call = (screen.hidden if resting else screen.shown) if screen else None
        if call is not None:
            call()

    def close(self) -> None:
        """Close every presenter; safe to repeat."""
        self._context = None
        for screen in self._built.values():
            screen.presenter.close()

    def _screen(self, screen_id: str) -> Screen:
        if screen_id not in self._built:
            assert self._context is not None  # show() has checked it
            screen = self._specs[screen_id].build(self._context)
            self._stack.addWidget(screen.widget)
            self._built[screen_id] = screen
        return self._built[screen_id]

    def _swap(self, screen_id: str, screen: Screen) -> None:
        self.rest(resting=True)
        self._current = screen_id
        before = (
            screen.widget.focusWidget()
        )  # asked before Qt moves it to what Tab would reach next
        self._stack.setCurrentWidget(screen.widget)
        self._memory.remember(_LAST, screen_id)
        self._on_shown(screen_id)
        self.rest(resting=False)
        self._open(screen, before)

    def _open(self, screen: Screen, before: QWidget | None) -> None:
        """Put the keys where one worked there last; a button is no place to come back to."""
        here = screen.widget
        if before in (None, here) or isinstance(before, QAbstractButton):
            before = None
        if before is None or not before.isVisibleTo(here):
            before = screen.first_focus
        self._keys.put(before or here, here)
