"""What the presenter of the monitor needs of its view."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from heygen_desktop.presentation.desktop.ports import Signal
from heygen_desktop.presentation.desktop.problems import Problem
from heygen_desktop.presentation.desktop.screens.monitor.charts import Frame
from heygen_desktop.presentation.desktop.screens.monitor.marks import Mark
from heygen_desktop.presentation.desktop.screens.monitor.processes import ProcessRow


@dataclass(frozen=True)
class MonitorState:
    """What the controls say."""

    range_s: int
    """The seconds up to now that are shown; 0 while another stretch is looked at."""
    is_live: bool = True
    words: str = ""
    """What is shown, in a few words."""


class MonitorView(Protocol):
    """Moments are seconds since the epoch."""

    @property
    def tick(self) -> Signal: ...

    @property
    def range_chosen(self) -> Signal:
        """Carries the seconds up to now that are wanted."""

    @property
    def zoom_requested(self) -> Signal:
        """Carries two moments, in any order."""

    @property
    def live_requested(self) -> Signal:
        """Back to what happens now."""

    @property
    def pause_toggled(self) -> Signal:
        """Stand still, or back to what happens now."""

    @property
    def run_requested(self) -> Signal:
        """Carries the id of the run whose mark was clicked."""

    @property
    def unload_requested(self) -> Signal:
        """Carries the row of the worker whose model is to leave memory."""

    @property
    def end_requested(self) -> Signal:
        """Carries the row of the worker that is to end at once."""

    @property
    def csv_requested(self) -> Signal: ...

    @property
    def picture_requested(self) -> Signal: ...

    @property
    def retry_requested(self) -> Signal: ...

    def tick_every(self, seconds: float) -> None:
        """Tick so often; 0 rests."""

    def show_frame(self, frame: Frame) -> None: ...

    def show_span(self, start: float, end: float) -> None:
        """Show another stretch of what is drawn, until its own points are there."""

    def show_marks(self, marks: Sequence[Mark]) -> None: ...

    def show_state(self, state: MonitorState) -> None: ...

    def show_no_gpu(self, why: str) -> None: ...

    def show_processes(self, rows: Sequence[ProcessRow]) -> None: ...

    def ask_confirmation(self, title: str, consequence: str, action: str) -> bool: ...

    def show_problem(self, problem: Problem | None) -> None: ...

    def ask_where(self, title: str, name: str, kinds: str) -> Path | None:
        """Let the person choose a file to write; None where they do not."""

    def picture(self) -> bytes:
        """Return the charts as they are, as a PNG."""
