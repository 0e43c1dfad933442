"""Work that goes on beside everything else until the program closes."""

from __future__ import annotations

import threading
from collections.abc import Callable

CLOSE_S = 5.0


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
