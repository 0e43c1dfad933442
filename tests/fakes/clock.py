"""A clock that stands still until a test moves it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

FAKE_START = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)


class FakeClock:
    """Fulfils ``Clock``; both readings move together, by ``advance`` alone."""

    def __init__(self, now: datetime = FAKE_START, monotonic: float = 1000.0) -> None:
        if now.utcoffset() != timedelta(0):
            raise ValueError("the fake clock speaks UTC, as the real one does")
        self._now = now
        self._monotonic = monotonic

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def advance(self, seconds: float) -> None:
        """Let so many seconds pass, at once."""
        if seconds < 0:
            raise ValueError("time only grows")
        self._now += timedelta(seconds=seconds)
        self._monotonic += seconds
