"""What the real program has imported when its window is painted, and when it is ready."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

_PROGRAM = """
import json, os, sys
from pathlib import Path

import heygen_desktop.__main__ as program
from heygen_desktop.presentation.desktop import session as sessions
from heygen_desktop.presentation.desktop.shell.window import MainWindow
from PySide6.QtCore import QTimer

HEAVY = ("torch", "transformers", "pyqtgraph", "numpy", "sqlalchemy", "pydantic")
seen = {}

def note(when):
    seen[when] = [name for name in HEAVY if name in sys.modules]

class WatchedWindow(MainWindow):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.first_painted.connect(lambda: note("painted"))

    def set_ready(self, ready):
        super().set_ready(ready)
        if ready:
            QTimer.singleShot(500, self, self._leave)  # the first screen asks for its rows meanwhile

    def _leave(self):
        note("ready")
        self.close()

sessions.MainWindow = WatchedWindow
try:
    program.window(["--home", sys.argv[1]])
except SystemExit as end:
    seen["code"] = end.code
print(json.dumps(seen))
"""


@pytest.mark.slow
def test_the_window_is_painted_before_anything_heavy_is_imported(tmp_path: Path) -> None:
    surroundings = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}

    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=100,
        env=surroundings,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout.splitlines()[-1])
    assert seen["painted"] == []
    assert "sqlalchemy" in seen["ready"], "the program was not loaded; this would prove nothing"
    assert {"torch", "transformers", "pyqtgraph"}.isdisjoint(seen["ready"])
    assert seen["code"] == 0
