from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from heygen_desktop.domain.errors import AlreadyRunningError, DiskFullError, HomeUnwritableError
from heygen_desktop.infrastructure.files import locked
from heygen_desktop.infrastructure.files.locked import InstanceLock

HOLD = """
import sys
from pathlib import Path
from heygen_desktop.infrastructure.files.locked import InstanceLock
with InstanceLock(Path(sys.argv[1])):
    print("held", flush=True)
    input()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "window.lock"


def test_a_second_window_is_told_who_holds_the_home(path: Path) -> None:
    with InstanceLock(path), pytest.raises(AlreadyRunningError) as refusal:
        InstanceLock(path).acquire()

    assert refusal.value.details["pid"] == os.getpid()


def test_a_closed_window_lets_the_home_go(path: Path) -> None:
    first = InstanceLock(path)
    first.acquire()
    first.close()
    first.close()

    with InstanceLock(path):
        assert path.read_text() == f"{os.getpid()}\n"


def test_a_lock_is_not_taken_twice_by_its_holder(path: Path) -> None:
    with InstanceLock(path) as lock, pytest.raises(RuntimeError, match="held already"):
        lock.acquire()


def test_a_killed_process_leaves_nothing_that_blocks(path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(AlreadyRunningError) as refusal:
            InstanceLock(path).acquire()
        other.kill()
        other.wait(10)

    with InstanceLock(path):
        assert refusal.value.details["pid"] == other.pid


@pytest.mark.parametrize("content", [b"", b"no number", b"\xff\xfe", b"9" * 5000])
def test_a_holder_that_left_no_pid_is_refused_without_one(path: Path, content: bytes) -> None:
    with InstanceLock(path):
        path.write_bytes(content)

        with pytest.raises(AlreadyRunningError) as refusal:
            InstanceLock(path).acquire()

    assert refusal.value.details["pid"] is None


def test_a_place_that_cannot_hold_a_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(HomeUnwritableError):
        InstanceLock(tmp_path / "missing" / "window.lock").acquire()


def test_a_file_system_without_locks_is_no_second_window(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(descriptor: int) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(locked, "_take", refuse)

    with pytest.raises(HomeUnwritableError, match="cannot be written"):
        InstanceLock(path).acquire()


def test_a_full_disk_leaves_the_home_free(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(descriptor: int, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", refuse)
        with pytest.raises(DiskFullError):
            InstanceLock(path).acquire()

    with InstanceLock(path):
        assert path.exists()
