"""Waiting: for the turn to talk to a worker, which anyone may give up, and for a sign of life."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from heygen_desktop.application.ports.clock import Clock
from heygen_desktop.application.ports.inference import ShouldStop
from heygen_desktop.domain.errors import RunCancelledError

_LONGEST_TICK_S = 1.0


class WaitingLine:
    """A queue for one worker. One holds the turn; the others wait in the order of their coming."""

    def __init__(self, *, poll_s: float = 0.05) -> None:
        self._poll_s = poll_s
        self._changed = threading.Condition()
        self._tickets: deque[object] = deque()

    @property
    def length(self) -> int:
        """How many hold or await the turn."""
        with self._changed:
            return len(self._tickets)

    @contextmanager
    def turn(self, should_stop: ShouldStop) -> Iterator[None]:
        """Wait for the turn, and hold it inside the ``with`` block.

        Args:
            should_stop: Asked before the turn is taken and at least every ``poll_s`` while waiting.

        Raises:
            RunCancelledError: ``should_stop`` answered True.
        """
        ticket = object()
        with self._changed:
            self._tickets.append(ticket)
        try:
            self._await(ticket, should_stop)
            yield
        finally:
            with self._changed:
                self._tickets.remove(ticket)
                self._changed.notify_all()

    def _await(self, ticket: object, should_stop: ShouldStop) -> None:
        while True:
            if should_stop():
                raise cancelled("waiting", tokens=0)
            with self._changed:
                if self._tickets[0] is ticket:
                    return
                self._changed.wait(self._poll_s)


def cancelled(phase: str, *, tokens: int) -> RunCancelledError:
    """Return the error of a stop that was asked for, with what was made up to then."""
    error = RunCancelledError(phase)
    error.details["tokens"] = tokens
    return error


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
