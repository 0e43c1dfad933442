"""Time and identity, given so that tests can give others."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """What time it is."""

    def now(self) -> datetime:
        """Return this moment, in UTC."""

    def monotonic(self) -> float:
        """Return seconds that only grow, for measuring."""


class Ids(Protocol):
    """Where new ids come from."""

    def new(self) -> str:
        """Return a fresh id: 12 lower-case hex digits, practically unique in one home."""
