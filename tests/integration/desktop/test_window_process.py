"""The window as a process: start, second start, Ctrl+C, no display, and what is imported when."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

_PROGRAM = """
import sys
from pathlib import Path
from heygen_desktop.domain.errors import DisplayMissingError
from heygen_desktop.presentation.desktop.app import run_window
from heygen_desktop.presentation.desktop.session import WindowOptions
from tests.desktop.toys import ToyScreens

home = Path(sys.argv[1])
toys = ToyScreens()

def build(_executor, _last_environment):
    from tests.factories.application import fake_application
    print("building", flush=True)
    if sys.argv[2] == "stuck":
        import threading
        threading.Event().wait()
    return fake_application(home=home)

def say(text, error):
    print("report:", text, error, flush=True)

try:
    code = run_window(WindowOptions(build, toys.specs(), home, "1", say))
except DisplayMissingError as error:
    print(error.message)
    code = 7
print("closed", code)
sys.exit(code)
"""

_FORBIDDEN = (
    "numpy",
    "pydantic",
    "sqlalchemy",
    "loguru",
    "keyring",
    "pyqtgraph",
    "torch",
    "transformers",
    "qtawesome",
    "PySide6.QtNetwork",
    "heygen_desktop.application.application",
)


def start(home: Path, *, mode: str = "normal", **environment: str) -> subprocess.Popen[str]:
    surroundings = {**os.environ, "QT_QPA_PLATFORM": "offscreen", **environment}
    return subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, str(home), mode],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=surroundings,
    )


def wait_for_line(process: subprocess.Popen[str], wanted: str) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if line.strip() == wanted:
            return
    raise AssertionError(f"the process ended without {wanted!r}")


@pytest.fixture
def window(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    process = start(tmp_path)
    wait_for_line(process, "building")
    yield process
    if process.poll() is None:
        process.kill()
    process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_window_properly(
    window: subprocess.Popen[str], number: signal.Signals
) -> None:
    window.send_signal(number)
    output, errors = window.communicate(timeout=30)

    assert (window.returncode, output.strip(), errors) == (0, "closed 0", "")


def test_a_second_start_wakes_the_first_and_leaves(
    window: subprocess.Popen[str], tmp_path: Path
) -> None:
    second = start(tmp_path)
    output, errors = second.communicate(timeout=30)

    assert second.returncode == 0
    assert output.splitlines() == [
        "HeyGen Desktop is already open; its window was brought to the front.",
        "closed 0",
    ]
    assert errors == ""
    assert window.poll() is None


def test_a_task_that_never_ends_does_not_keep_the_process(tmp_path: Path) -> None:
    process = start(tmp_path, mode="stuck")
    wait_for_line(process, "building")

    before = time.monotonic()
    process.send_signal(signal.SIGINT)
    output, _errors = process.communicate(timeout=30)

    assert process.returncode == 0
    assert "report: A task did not stop in time" in output
    assert time.monotonic() - before < 15


def test_without_a_display_nothing_is_started(tmp_path: Path) -> None:
    process = start(tmp_path, QT_QPA_PLATFORM="", DISPLAY="", WAYLAND_DISPLAY="")
    output, errors = process.communicate(timeout=30)

    assert process.returncode == 7
    assert output.splitlines()[0] == "There is no display to open a window on."
    assert errors == ""
    assert list(tmp_path.iterdir()) == []


def test_the_first_paint_waits_for_nothing_heavy(tmp_path: Path) -> None:
    script = (
        "import sys, heygen_desktop.presentation.desktop.app\n"
        "import heygen_desktop.presentation.desktop.session\n"
        f"print([name for name in {_FORBIDDEN!r} if name in sys.modules])"
    )

    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )

    assert done.stdout.strip() == "[]"
