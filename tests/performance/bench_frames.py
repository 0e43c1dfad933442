"""Frames of the window while a model writes into it, against the same window at rest.

Run: ``python -m tests.performance.bench_frames [rounds]``. A 16 ms timer asks the visible window, with
its Run screen, to paint itself whole; the time between two paints is a frame. Phases of rest and of
streaming alternate in one process. Prints p50, p99 and maximum of both; exits 1 where the p99 under
generation is more than 1.3 times the p99 at rest (medians of the phases).
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from heygen_desktop.domain.entities.run import RunState
from heygen_desktop.domain.repositories import RunFilter
from heygen_desktop.presentation.desktop.theme.theme import qt_arguments
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from tests.desktop.person import let_run
from tests.desktop.real_window import RealWindow, open_real_window

LIMIT = 1.3
_ROUNDS = 5
_PHASE_S = 6.0
_FRAME_MS = 16
_SETTINGS = {
    "generation.max_tokens": "480",
    "generation.temperature": "0.8",
    "secrets.store": "vault",
}
_PROMPT = "It was"


class FrameClock(QObject):
    """Asks a window to paint itself every 16 ms and notes when it did."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._painted: list[float] = []
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_FRAME_MS)
        self._timer.timeout.connect(window.update)
        window.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802  Qt's name
        if event.type() is QEvent.Type.Paint:
            self._painted.append(time.perf_counter())
        return False

    def frames(self, seconds: float, goes_on: Callable[[], bool]) -> list[float]:
        """Return the milliseconds between paints, while ``goes_on`` and no longer than that."""
        self._painted = []
        self._timer.start()
        end = time.perf_counter() + seconds
        while time.perf_counter() < end and goes_on():
            let_run(50)
        self._timer.stop()
        pairs = zip(self._painted, self._painted[1:], strict=False)
        return [(later - before) * 1000 for before, later in pairs]


@dataclass(frozen=True)
class Figures:
    """Milliseconds between frames."""

    p50: float
    p99: float
    worst: float

    @classmethod
    def of(cls, phases: Sequence[Sequence[float]]) -> Figures:
        """Return medians over the phases, and the worst of all."""
        return cls(
            statistics.median(statistics.median(phase) for phase in phases),
            statistics.median(percentile(phase, 0.99) for phase in phases),
            max(max(phase) for phase in phases),
        )

    def line(self, title: str) -> str:
        """Word them."""
        return (
            f"{title:12} p50 {self.p50:6.1f} ms  p99 {self.p99:6.1f} ms  max {self.worst:6.1f} ms"
        )


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value under which that share of them lies."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def while_writing(opened: RealWindow, clock: FrameClock, seconds: float) -> list[float]:
    """Return the frames of so many seconds in which tokens came; begins runs anew as they end."""
    frames: list[float] = []
    left = seconds
    while left > 0:
        begin_run(opened)
        started = time.perf_counter()
        frames += clock.frames(left, lambda: writes(opened))
        left -= time.perf_counter() - started
    stop_run(opened)
    return frames


def begin_run(opened: RealWindow) -> None:
    """Ask for a long text and wait until it comes."""
    person = opened.person
    person.wait("the last run to end", lambda: not writes(opened))
    person.click("Run", QPushButton)
    person.wait("text to come", lambda: person.sees("Running"), patience_s=60)


def stop_run(opened: RealWindow) -> None:
    """Stop what still runs."""
    opened.person.press("Esc")
    opened.person.wait("the run to end", lambda: not writes(opened))


def writes(opened: RealWindow) -> bool:
    """Return whether the run in view is under way."""
    return opened.person.sees("Running") or opened.person.sees("Loading")


def tokens_per_second(opened: RealWindow) -> float:
    """Return the median speed of the finished runs: proof that something was generated."""
    runs = opened.application.list_runs(RunFilter(limit=50)).runs
    speeds = [run.figures.tokens_per_second for run in runs if run.state in _ENDED]
    return statistics.median(speed for speed in speeds if speed)


_ENDED = (RunState.SUCCEEDED, RunState.CANCELLED)


def measure(opened: RealWindow, rounds: int, phase_s: float) -> int:
    """Alternate rest and generation, print, and return the exit code."""
    clock = FrameClock(opened.session.window)
    rest: list[list[float]] = []
    writing: list[list[float]] = []
    while_writing(opened, clock, 1.0)  # loads the model
    for _ in range(rounds):
        rest.append(clock.frames(phase_s, lambda: True))
        writing.append(while_writing(opened, clock, phase_s))
    idle, busy = Figures.of(rest), Figures.of(writing)
    print(idle.line("at rest"))
    print(busy.line("generating"), f" at {tokens_per_second(opened):.0f} tokens/s")
    print(f"{'ratio':12} p99 {busy.p99 / idle.p99:6.2f}      limit {LIMIT}")
    return 0 if busy.p99 <= LIMIT * idle.p99 else 1


def main(rounds: int = _ROUNDS, phase_s: float = _PHASE_S) -> int:
    """Open the window, measure, close it, and return the exit code."""
    qt = QApplication.instance() or QApplication(qt_arguments("heygen-desktop"))
    assert isinstance(qt, QApplication)
    with tempfile.TemporaryDirectory() as folder:
        opened = open_real_window(qt, Path(folder), settings=_SETTINGS)
        try:
            opened.wait_until_ready()
            opened.person.press("Ctrl+2")
            opened.person.enter("Prompt", _PROMPT)
            return measure(opened, rounds, phase_s)
        finally:
            opened.close()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else _ROUNDS))
