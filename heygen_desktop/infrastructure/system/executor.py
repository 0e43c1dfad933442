"""Threads for runs, in programs that have no pool of their own: a command, a server."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

CLOSE_S = 10.0
"""How long ``close`` waits; a run that was asked to stop needs fractions of a second."""


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
