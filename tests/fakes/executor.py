"""An executor without threads: work is done at once, or when the test says so."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable


class FakeExecutor:
    """Fulfils ``Executor`` for callers that do not count on another thread.

    Set ``is_busy`` to have work wait until ``let_go``.
    """

    def __init__(self) -> None:
        self.is_busy = False
        self.errors: list[BaseException] = []
        """What pieces of work raised."""
        self._waiting: deque[Callable[[], None]] = deque()

    @property
    def waiting(self) -> int:
        """How many pieces of work have not been begun."""
        return len(self._waiting)

    def execute(self, work: Callable[[], None]) -> None:
        if self.is_busy:
            self._waiting.append(work)
        else:
            self._do(work)

    def let_go(self) -> None:
        """Do all that waits, what comes on the way included, and be busy no more."""
        self.is_busy = False
        while self._waiting:
            self._do(self._waiting.popleft())

    def _do(self, work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001  work may raise anything; it is kept
            self.errors.append(error)
