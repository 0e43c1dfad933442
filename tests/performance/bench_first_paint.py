"""How long until the window is painted, against a bare PySide6 window; alternated, medians.

Run: ``python -m tests.performance.bench_first_paint [rounds]``. Prints milliseconds and the ratio;
exits 1 where ours takes more than twice as long.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LIMIT = 2.0
_ROUNDS = 5

_BARE = """
import os, sys, time
from PySide6.QtWidgets import QApplication, QMainWindow, QTableWidget

def done():
    print(time.time()); sys.stdout.flush(); os._exit(0)

class Window(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        done()

qt = QApplication([])
window = Window()
window.setCentralWidget(QTableWidget(50, 5))
window.resize(1280, 800)
window.show()
qt.exec()
"""

_OURS = """
import os, sys, time
from pathlib import Path
from PySide6.QtWidgets import QApplication
import heygen_desktop.presentation.desktop.app  # what the program itself imports first
from heygen_desktop.presentation.desktop.navigation import SCREENS
from heygen_desktop.presentation.desktop.session import WindowOptions, WindowSession
from heygen_desktop.presentation.desktop.theme.theme import qt_arguments

def done():
    print(time.time()); sys.stdout.flush(); os._exit(0)

qt = QApplication(qt_arguments("heygen-desktop"))
session = WindowSession(
    qt, WindowOptions(None, SCREENS, Path(sys.argv[1]), "0", lambda text, error: None)
)
session.window.first_painted.connect(done)
session.start()
qt.exec()
"""


def first_paint_ms(script: str, home: str) -> float:
    """Return the milliseconds from the start of a process to its first paint."""
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(Path(home, "bytecode"))}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has its bytecode
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    before = time.time()
    done = subprocess.run(
        [sys.executable, "-c", script, home],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return (float(done.stdout.split()[-1]) - before) * 1000


def main(rounds: int = _ROUNDS) -> int:
    """Measure, print, and return the exit code."""
    bare: list[float] = []
    ours: list[float] = []
    with tempfile.TemporaryDirectory() as home:
        first_paint_ms(_BARE, home), first_paint_ms(_OURS, home)  # fill the disk cache
        for _ in range(rounds):
            bare.append(first_paint_ms(_BARE, home))
            ours.append(first_paint_ms(_OURS, home))
    ratio = statistics.median(ours) / statistics.median(bare)
    print(f"bare window  {statistics.median(bare):6.0f} ms  (best {min(bare):.0f})")
    print(f"HeyGen       {statistics.median(ours):6.0f} ms  (best {min(ours):.0f})")
    print(f"ratio        {ratio:6.2f}      limit {LIMIT}")
    return 0 if ratio <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else _ROUNDS))
