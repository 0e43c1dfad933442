"""Counters into rates."""

from __future__ import annotations

from collections.abc import Mapping


class Rates:
    """Differences of named counters between one reading and the next."""

    def __init__(self) -> None:
        self._last: Mapping[str, float] = {}
        self._at_s = 0.0

    def per_second(self, counters: Mapping[str, float], at_s: float) -> dict[str, float]:
        """Return each counter's growth per second since the last call.

        A counter that is new, that went backwards (a device was reset) or was read twice at one
        moment has the rate 0.

        Args:
            counters: Their values now.
            at_s: Monotonic seconds of the reading.
        """
        elapsed = at_s - self._at_s
        rates = {
            name: max(0.0, value - self._last.get(name, value)) / elapsed if elapsed > 0 else 0.0
            for name, value in counters.items()
        }
        self._last, self._at_s = dict(counters), at_s
        return rates
