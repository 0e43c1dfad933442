"""Threads of programs that have no pool of their own, and of work that goes on beside everything else."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

CLOSE_S = 10.0
"""How long ``close`` waits; what was asked to stop needs fractions of a second."""


class ThreadExecutor:
    """Fulfils ``Executor``: each piece of work gets a thread of its own."""

    def __init__(self, on_error: Callable[[BaseException], None]) -> None:
        """Start nothing yet.

        Args:
            on_error: Gets what a piece of work raises, on its thread; must not raise.
        """
        self._on_error = on_error
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []

    def execute(self, work: Callable[[], None]) -> None:
        # Daemons, so that a worker that hangs at the end does not keep the whole program.
        thread = threading.Thread(target=self._do, args=(work,), name="run", daemon=True)
        with self._lock:
            self._threads = [each for each in self._threads if each.is_alive()]
            self._threads.append(thread)
            thread.start()

    def close(self) -> None:
        """Wait for what is under way, which its owner has asked to stop."""
        deadline = time.monotonic() + CLOSE_S
        while (thread := self._any()) is not None and (left := deadline - time.monotonic()) > 0:
            thread.join(left)

    def _any(self) -> threading.Thread | None:
        with self._lock:
            return next((each for each in self._threads if each.is_alive()), None)

    def _do(self, work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001  the edge of a thread
            self._on_error(error)


class Background:
    """One piece of work on a thread of its own; whoever starts it closes it."""

    def __init__(
        self,
        name: str,
        work: Callable[[Callable[[float], bool]], None],
        on_error: Callable[[BaseException], None],
    ) -> None:
        """Start nothing yet.

        Args:
            name: Of the thread.
            work: Gets a wait: so many seconds, and whether the end was asked for meanwhile.
            on_error: Gets what ended the work before its time.
        """
        self._work = work
        self._on_error = on_error
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._do, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """Ask for the end, and wait for it."""
        self._ending.set()
        self._thread.join(CLOSE_S)

    def _do(self) -> None:
        try:
            self._work(self._ending.wait)
        except Exception as error:  # noqa: BLE001  the edge of a thread
            self._on_error(error)
