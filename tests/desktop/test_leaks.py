"""The guard over the tests of the window: what a test leaves behind fails that test."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_CONFTEST = """
from tests.conftest import nothing_is_left_running  # noqa: F401
from tests.desktop.conftest import *  # noqa: F403
"""
_TESTS = """
import subprocess, sys, threading
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

kept = []

def test_nothing():
    pass

def test_process():
    kept.append(subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE))

def test_thread():
    hold = threading.Event()
    kept.append(hold)
    thread = threading.Thread(target=hold.wait, daemon=True)
    thread.start()

def test_timer():
    timer = QTimer()
    timer.start(1000)
    kept.append(timer)

def test_window():
    kept.append(QWidget())
"""


@pytest.mark.slow
def test_a_leftover_process_thread_timer_or_window_fails_its_test(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(_CONFTEST)
    (tmp_path / "pytest.ini").write_text("[pytest]\nqt_api = pyside6\nmarkers = shares_a_worker\n")
    (tmp_path / "test_left.py").write_text(_TESTS)
    options = ["-p", "no:cacheprovider", "-p", "no:randomly", "-p", "no:cov", "-q", "-rA"]

    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, f"--rootdir={tmp_path}", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=100,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(_ROOT)},
        check=False,
    )

    said = [line for line in done.stdout.splitlines() if line.startswith("ERROR ")]
    assert [line.partition("::")[2].partition(" ")[0] for line in said] == [
        "test_process",
        "test_thread",
        "test_timer",
        "test_window",
    ], done.stdout
    assert "-c input()" in done.stdout
