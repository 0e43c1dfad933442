"""Where work is done that takes longer than its caller may wait."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Executor(Protocol):
    """Does work on threads of its own. Safe from any thread."""

    def execute(self, work: Callable[[], None]) -> None:
        """Do the work soon, beside all other work; returns at once.

        How much goes on side by side is up to the caller. What the work raises is reported where a
        person or the log sees it, and harms no other work.
        """
