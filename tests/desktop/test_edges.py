"""Where the window meets the system: stray errors, signals, a second start, the ini file."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from heygen_desktop.presentation.desktop.qt.channel import channel_of, may_be_open
from heygen_desktop.presentation.desktop.qt.interrupt import InterruptWatch
from heygen_desktop.presentation.desktop.qt.last_resort import LastResort
from heygen_desktop.presentation.desktop.qt.memory import IniMemory
from heygen_desktop.presentation.desktop.qt.single_instance import FirstWindow, wake_first_window
from PySide6.QtCore import QtMsgType, qWarning
from PySide6.QtNetwork import QLocalSocket
from pytestqt.qtbot import QtBot

from tests.desktop.conftest import settle, wait_for

_SECOND_START = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from heygen_desktop.presentation.desktop.qt.single_instance import wake_first_window

qt = QCoreApplication([])
sys.exit(0 if wake_first_window(Path(sys.argv[1]), [Path(sys.argv[2])]) else 1)
"""


class Journal:
    """Reports and shown errors."""

    def __init__(self) -> None:
        self.reports: list[tuple[str, BaseException | None]] = []
        self.shown: list[tuple[BaseException, int]] = []

    def report(self, text: str, error: BaseException | None) -> None:
        self.reports.append((text, error))

    def show(self, error: BaseException) -> None:
        self.shown.append((error, threading.get_ident()))


@pytest.fixture
def journal(qtbot: QtBot) -> Journal:
    return Journal()


@pytest.fixture
def last_resort(journal: Journal) -> Iterator[LastResort]:
    made = LastResort(journal.report, journal.show)
    yield made
    made.close()


def test_a_stray_error_is_logged_at_once_and_shown_on_the_ui_thread(
    qtbot: QtBot, journal: Journal, last_resort: LastResort
) -> None:
    error = ValueError("stray")

    sys.excepthook(ValueError, error, None)
    assert journal.reports[0][1] is error
    assert journal.shown == []
    wait_for(qtbot, lambda: journal.shown)

    assert journal.shown == [(error, threading.get_ident())]


def test_a_thread_that_dies_is_seen(
    qtbot: QtBot, journal: Journal, last_resort: LastResort
) -> None:
    def work() -> None:
        raise KeyError("lost")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    wait_for(qtbot, lambda: journal.shown)

    assert isinstance(journal.shown[0][0], KeyError)
    threading.excepthook(threading.ExceptHookArgs((SystemExit, None, None, None)))
    assert len(journal.reports) == 1


def test_warnings_of_qt_go_to_the_log(journal: Journal, last_resort: LastResort) -> None:
    qWarning("the moon is full")

    assert journal.reports == [("Qt (default): the moon is full", None)]


def test_qts_debug_messages_do_not(journal: Journal, last_resort: LastResort) -> None:
    last_resort._on_qt_message(QtMsgType.QtDebugMsg, object(), "chatter")  # type: ignore[arg-type]  # any context does

    assert journal.reports == []


def test_the_hooks_are_given_back(journal: Journal) -> None:
    before = (sys.excepthook, threading.excepthook)

    LastResort(journal.report, journal.show).close()

    assert (sys.excepthook, threading.excepthook) == before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_closes_the_window_and_not_the_process(qtbot: QtBot, number: int) -> None:
    calls: list[int] = []
    before = signal.getsignal(number)
    watch = InterruptWatch(lambda: calls.append(threading.get_ident()))

    os.kill(os.getpid(), number)
    wait_for(qtbot, lambda: calls)
    watch.close()

    assert calls == [threading.main_thread().ident]
    assert signal.getsignal(number) is before


def test_other_signals_are_not_ours(qtbot: QtBot) -> None:
    calls: list[str] = []
    before = signal.signal(signal.SIGUSR1, lambda _number, _frame: None)
    watch = InterruptWatch(lambda: calls.append("closed"))

    os.kill(os.getpid(), signal.SIGUSR1)
    qtbot.wait(50)
    watch.close()
    signal.signal(signal.SIGUSR1, before)

    assert calls == []


def test_a_second_start_wakes_the_first_window_and_brings_its_files(
    qtbot: QtBot, tmp_path: Path
) -> None:
    woken: list[Sequence[Path]] = []
    first = FirstWindow(tmp_path, woken.append)
    file = tmp_path / "model.gguf"

    assert may_be_open(tmp_path)
    second = subprocess.Popen([sys.executable, "-c", _SECOND_START, str(tmp_path), str(file)])
    wait_for(qtbot, lambda: second.poll() is not None, timeout_ms=30_000)
    first.close()
    settle()

    assert second.returncode == 0
    assert woken == [[file]]


def test_where_nobody_listens_one_is_the_first(qtbot: QtBot, tmp_path: Path) -> None:
    assert not may_be_open(tmp_path)
    assert not wake_first_window(tmp_path)


def test_two_homes_have_two_windows(tmp_path: Path) -> None:
    assert channel_of(tmp_path / "a") != channel_of(tmp_path / "b")
    assert channel_of(tmp_path / "a") == channel_of(tmp_path / "b" / ".." / "a")


def test_what_a_crash_left_behind_does_not_keep_the_next_window_out(
    qtbot: QtBot, tmp_path: Path
) -> None:
    crashed = FirstWindow(tmp_path, lambda _paths: None)
    again = FirstWindow(tmp_path, lambda _paths: None)
    caller = QLocalSocket()
    caller.connectToServer(channel_of(tmp_path))

    assert caller.waitForConnected(2000)
    caller.abort()
    crashed.close()
    again.close()
    settle()


@pytest.mark.parametrize(
    ("line", "paths"),
    [
        (b"not json\n", []),
        (b"[1]\n", []),
        (b'{"paths": 3}\n', []),
        (b'{"paths": [1, "relative", "/models/a"]}\n', [Path("/models/a")]),
    ],
)
def test_only_absolute_paths_are_taken_from_a_message(
    qtbot: QtBot, tmp_path: Path, line: bytes, paths: list[Path]
) -> None:
    woken: list[Sequence[Path]] = []
    first = FirstWindow(tmp_path, woken.append)
    client = QLocalSocket()

    client.connectToServer(channel_of(tmp_path))
    assert client.waitForConnected(1000)
    client.write(line[:3])
    client.flush()
    settle()
    client.write(line[3:])
    client.flush()
    wait_for(qtbot, lambda: woken)
    client.abort()
    first.close()
    settle()

    assert woken == [paths]


def test_a_flood_is_cut_off(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("heygen_desktop.presentation.desktop.qt.single_instance._LONGEST", 100)
    woken: list[Sequence[Path]] = []
    first = FirstWindow(tmp_path, woken.append)
    client = QLocalSocket()

    client.connectToServer(channel_of(tmp_path))
    assert client.waitForConnected(1000)
    client.write(b"x" * 200)
    client.flush()
    wait_for(qtbot, lambda: client.state() is QLocalSocket.LocalSocketState.UnconnectedState)
    first.close()
    settle()

    assert woken == []


def test_the_window_remembers_between_two_starts(qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "window.ini"
    first = IniMemory(file)
    first.remember("table/Models", '{"widths": {"name": 200}}')
    first.remember("window/theme", "dark")
    first.remember("window/theme", "")
    first.close()

    second = IniMemory(file)

    assert second.recall("table/Models") == '{"widths": {"name": 200}}'
    assert second.recall("window/theme") == ""


def test_a_value_that_is_no_text_is_passed_over(qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "window.ini"
    file.write_text("[window]\nscreen=a, b, c\n", encoding="utf-8")

    assert IniMemory(file).recall("window/screen") == ""
