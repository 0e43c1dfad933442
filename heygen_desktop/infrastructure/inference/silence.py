"""How long another process has given no sign of life."""

from __future__ import annotations

from dataclasses import dataclass

from heygen_desktop.application.ports.clock import Clock

_LONGEST_TICK_S = 1.0


@dataclass
class Silence:
    """Seconds without a sign of life.

    A pause of this program itself (the machine slept, the caller was slow) counts as one second at
    most, so that the other side is not blamed for it.
    """

    clock: Clock
    seconds: float = 0.0
    _sign: int = -1
    _at: float | None = None

    def measure(self, sign: int) -> float:
        """Return the seconds since the sign last changed, as of now.

        Args:
            sign: A count that grows, or changes, with each sign of life.
        """
        now = self.clock.monotonic()
        if sign != self._sign or self._at is None:
            self.seconds = 0.0
        else:
            self.seconds += min(now - self._at, _LONGEST_TICK_S)
        self._sign, self._at = sign, now
        return self.seconds

    def reset(self) -> None:
        """Note a sign that is not in the count."""
        self._at = None
