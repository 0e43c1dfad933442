"""The window on a large home: 10,000 models, 20,000 runs and a million log records, against a small home.

Run: ``python -m tests.performance.bench_opening [rounds] [percent]``, the latter of the large home.
Each step begins with a key and ends when its rows are in view; between them a 5 ms timer notes how long
the window's thread was away. Prints medians of both homes; exits 1 where the first rows of the Library
come later than ``FIRST_ROWS_S`` after the window is usable, or the thread was away longer than ``AWAY_S``.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from heygen_desktop.bootstrap import LaunchOptions, build
from heygen_desktop.domain.entities.run import RunId, RunState
from heygen_desktop.presentation.desktop.theme.theme import qt_arguments
from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QTableView

from tests.contracts.stored import NOON, a_model, a_run, a_version, an_artifact, in_state
from tests.desktop.person import Person
from tests.desktop.real_window import RealWindow, open_real_window

FIRST_ROWS_S, AWAY_S = 0.3, 0.25
_ROUNDS = 3
_MODELS, _RUNS, _RECORDS = 10_000, 20_000, 1_000_000
_SMALL = 50
_SETTINGS = {"secrets.store": "vault"}
_RECORD = (
    '{{"time":"{time}+00:00","level":"{level}","category":"runs","message":"Run succeeded",'
    '"logger":"heygen_desktop.infrastructure.logging.event_log","session_id":"8727a619f761","user":"jane",'
    '"run_id":"{number:012x}","extra":{{"front":"cli","model":"m{number:05}","version":"1.0.0",'
    '"tokens_per_second":27.5,"peak_memory_bytes":1234567890}}}}\n'
)


def fill(home: Path, models: int, runs: int, records: int) -> None:
    """Write a home of that size, as its database and log would have become over the years."""
    application = build(LaunchOptions(home=home))
    with application.list_models.units() as unit:
        for number in range(models):
            artifact = replace(an_artifact(f"/models/m{number:05}"), is_file=False)
            unit.models.add(a_model(f"m{number:05}", a_version("1.0.0", artifact)))
        for number in range(runs):
            run = a_run(f"{number:012x}", queued_at=NOON - timedelta(minutes=number))
            unit.runs.add(in_state(replace(run, id=RunId(f"{number:012x}")), RunState.SUCCEEDED))
        unit.commit()
    application.close()
    logs = home / "logs"
    logs.mkdir(exist_ok=True)
    with (logs / "heygen.jsonl").open("a", encoding="utf-8") as file:
        for number in range(records):
            time_ = (NOON + timedelta(seconds=number)).replace(tzinfo=None).isoformat()
            level = "ERROR" if number % 100 == 0 else "INFO"
            file.write(_RECORD.format(time=time_, level=level, number=number))


class Opened:
    """A window on a home, with a clock on its thread."""

    def __init__(self, qt: QApplication, home: Path) -> None:
        self.window: RealWindow = open_real_window(qt, home, settings=_SETTINGS)
        self.person: Person = self.window.person
        self.away_s = 0.0
        self._last = 0.0
        self._timer = QTimer()
        self._timer.setInterval(5)
        self._timer.timeout.connect(self._beat)
        self.window.wait_until_ready()

    def seconds(self, what: str, act: Callable[[], None], done: Callable[[], object]) -> float:
        """Return how long it took from the key to the rows."""
        self._last = time.perf_counter()
        self._timer.start()
        begun = time.perf_counter()
        act()
        self.person.wait(what, done, patience_s=120)
        taken = time.perf_counter() - begun
        self._timer.stop()
        return taken

    def rows(self, name: str) -> int:
        """Return how many rows the table of that name has."""
        tables = self.person.all(QTableView, name)
        return tables[0].model().rowCount() if tables else 0

    def _beat(self) -> None:
        now = time.perf_counter()
        self.away_s = max(self.away_s, now - self._last)
        self._last = now


@contextmanager
def opened(qt: QApplication, home: Path) -> Iterator[Opened]:
    """Open a window and close it."""
    one = Opened(qt, home)
    try:
        yield one
    finally:
        one.window.close()


def measure(qt: QApplication, home: Path, models: int) -> dict[str, float]:
    """Return the seconds of each step, and the longest time that the thread was away."""
    with opened(qt, home) as one:
        press, found = one.person.press, {}

        def search(words: str) -> None:
            press("Ctrl+F")
            field = QApplication.focusWidget()
            assert field is not None, "Ctrl+F goes to the search"
            QTest.keyClicks(field, words)

        steps: tuple[tuple[str, Callable[[], None], Callable[[], object]], ...] = (
            ("library, first rows", lambda: press("Ctrl+1"), lambda: one.rows("Models")),
            ("library, all", lambda: None, lambda: one.rows("Models") == models),
            ("library, search", lambda: search("m00007"), lambda: 0 < one.rows("Models") < models),
            ("runs", lambda: press("Ctrl+2"), lambda: one.rows("Runs")),
            ("logs", lambda: press("Ctrl+4"), lambda: _has_lines(one.person)),
        )
        for name, act, done in steps:
            found[name] = one.seconds(name, act, done)
        found["longest away"] = one.away_s
        return found


def _has_lines(person: Person) -> bool:
    lists = person.all(QAbstractScrollArea, "Log records")
    return bool(lists) and lists[0].verticalScrollBar().maximum() > 0


def main(rounds: int = _ROUNDS, share: int = 0) -> int:
    """Open both homes in turn, print medians, and return the exit code.

    Args:
        share: Of the large home, in percent; 0 is all of it, and a tenth where there is one round only.
    """
    share = share or (100 if rounds > 1 else 10)
    runs, records = _RUNS * share // 100, _RECORDS * share // 100
    qt = QApplication(qt_arguments(sys.argv[0]))
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder) / "small", Path(folder) / "large"
        models = _MODELS * share // 100
        fill(small, _SMALL, _SMALL, 1000)
        fill(large, models, runs, records)
        taken: dict[Path, list[dict[str, float]]] = {small: [], large: []}
        for _ in range(rounds):
            for home, count in ((small, _SMALL), (large, models)):
                taken[home].append(measure(qt, home, count))
    few, many = (
        {name: statistics.median(each[name] for each in taken[home]) for name in taken[home][0]}
        for home in (small, large)
    )
    print(f"{models:,} models, {runs:,} runs, {records:,} log records")
    for name, seconds in many.items():
        print(f"  {name:22} {seconds * 1000:7.0f} ms   {seconds / few[name]:5.1f} of a small home")
    late = many["library, first rows"] > FIRST_ROWS_S or many["longest away"] > AWAY_S
    print(f"  first rows at most {FIRST_ROWS_S * 1000:.0f} ms, away at most {AWAY_S * 1000:.0f} ms")
    return int(late)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
