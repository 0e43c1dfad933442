"""What the presenter of the log screen needs of its view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from heygen_desktop.application.ports.logs import LogLevel
from heygen_desktop.presentation.desktop.ports import Signal
from heygen_desktop.presentation.desktop.problems import Problem
from heygen_desktop.presentation.desktop.screens.logs.rows import LogDetail, LogRow


@dataclass(frozen=True)
class LogsState:
    """What stands around the list."""

    levels: frozenset[LogLevel] = frozenset(LogLevel)
    text: str = ""
    source: str = ""
    """Whose records alone are listed; empty for everyone's."""
    counts: Mapping[LogLevel, int] = field(default_factory=dict)
    following: bool = True
    unseen: int = 0
    """New records below what is in view."""
    paused: bool = False
    held: int = 0
    """New records that wait for the end of the pause."""
    records: str = ""
    file: str = ""


class LogsView(Protocol):
    """What the presenter needs of the screen."""

    @property
    def tick(self) -> Signal:
        """Twice a second while the screen is live."""

    @property
    def levels_chosen(self) -> Signal:
        """Carries a frozen set of ``LogLevel``."""

    @property
    def text_searched(self) -> Signal:
        """Carries the text, once the typing pauses."""

    @property
    def filters_cleared(self) -> Signal: ...

    @property
    def source_cleared(self) -> Signal:
        """The chip of the run or request was closed."""

    @property
    def source_requested(self) -> Signal:
        """Carries ``run:ID``: only its records are wanted."""

    @property
    def run_requested(self) -> Signal:
        """Carries the id of the run to be shown on its own screen."""

    @property
    def follow_requested(self) -> Signal:
        """Carries whether the newest line stays in view."""

    @property
    def pause_requested(self) -> Signal:
        """Carries whether the list stands still."""

    @property
    def record_selected(self) -> Signal:
        """Carries the position of a record, or 0 for none."""

    @property
    def folder_requested(self) -> Signal: ...

    @property
    def retry_requested(self) -> Signal: ...

    def set_live(self, live: bool) -> None:
        """Tick, or rest."""

    def show_reading(self) -> None:
        """Say that the log is being read."""

    def show_rows(self, rows: Sequence[LogRow]) -> None:
        """Show these lines in place of all others."""

    def add_rows(self, rows: Sequence[LogRow], dropped: int) -> None:
        """Add lines at the end, and take so many off the top."""

    def show_nothing(self, title: str, sentence: str, *, can_clear: bool) -> None:
        """Say why there are no lines."""

    def show_state(self, state: LogsState) -> None: ...

    def show_detail(self, detail: LogDetail | None) -> None: ...

    def show_problem(self, problem: Problem | None) -> None: ...

    def open_folder(self, folder: Path) -> bool:
        """Open it in the file manager; return whether there was one."""
