"""A stop that takes effect at once, whether its run has begun or still waits for a thread."""

from __future__ import annotations

import threading


class StopSwitch:
    """One for each run; used on the UI thread and on the thread that executes the run."""

    def __init__(self) -> None:
        self._stopped = threading.Event()
        self._claim = threading.Lock()

    @property
    def is_on(self) -> bool:
        """Whether the run should end."""
        return self._stopped.is_set()

    def turn_on(self) -> None:
        """Ask the run to end."""
        self._stopped.set()

    def claim(self) -> bool:
        """Return True to the first who asks, who alone executes the run; False to all others."""
        return self._claim.acquire(blocking=False)
