"""What a test may leave behind: nothing. Threads and processes here; windows belong to the window's tests."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

_GRACE_S = 2.0
"""What was told to end may take so long to be gone."""
_LIBRARIES = ("tqdm_monitor",)
"""Threads that a library keeps until the interpreter ends."""
_TASKS = Path("/proc/self/task")


@dataclass(frozen=True)
class Running:
    """The threads and child processes of the tests at one moment."""

    threads: frozenset[threading.Thread]
    processes: frozenset[int]

    @classmethod
    def now(cls) -> Running:
        """Return what runs now; a dead child that nobody has waited for does not."""
        return cls(frozenset(filter(_is_real, threading.enumerate())), _children())

    def begun_since(self, grace_s: float = _GRACE_S) -> list[str]:
        """Return what was begun after this moment and does not end in that time, in words."""
        deadline = time.monotonic() + grace_s
        while (more := self._more()) and time.monotonic() < deadline:
            threading.Event().wait(0.01)
        return more

    def _more(self) -> list[str]:
        now = Running.now()
        threads = [f"thread {thread.name}" for thread in now.threads - self.threads]
        return threads + [f"process {_command(pid)}" for pid in now.processes - self.processes]


def _is_real(thread: threading.Thread) -> bool:
    """Leave out the stand-ins that Python makes for threads of Qt's pools, and what libraries keep."""
    return not isinstance(thread, threading._DummyThread) and thread.name not in _LIBRARIES


def _children() -> frozenset[int]:
    """Ask the kernel for our own children alone: psutil reads every process, 3 ms a test."""
    try:
        lists = [(task / "children").read_text(encoding="ascii") for task in _TASKS.iterdir()]
    except OSError:  # another system, or a thread that ended meanwhile
        return frozenset(child.pid for child in psutil.Process().children() if _lives(child.pid))
    return frozenset(pid for pid in map(int, " ".join(lists).split()) if _lives(pid))


def _lives(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _command(pid: int) -> str:
    try:
        return f"{pid} {' '.join(psutil.Process(pid).cmdline())[:200]}"
    except psutil.NoSuchProcess:
        return f"{pid}, gone meanwhile"
