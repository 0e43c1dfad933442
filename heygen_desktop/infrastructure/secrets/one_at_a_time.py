"""Calls into libraries that may hang, one at a time, each with a limit, on a thread of their own.

A keyring may wait behind a dialog that nobody sees, or for a service that died. Whoever asks gets an
answer in time; the hanging call keeps its thread, which cannot hold up the end of the program.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError, wait
from typing import Generic, TypeVar

T = TypeVar("T")

LIMIT_S = 5.0
REST_S = 30.0
MOST_HANGING = 3
"""How many calls may hang at once before new ones wait for one of them to come back."""


class NoAnswerInTimeError(Exception):
    """The call took longer than the limit, or an earlier one still hangs."""


class Call(Generic[T]):
    """One call: its work runs on the thread, its caller may give it up."""

    def __init__(self, work: Callable[[Call[T]], T]) -> None:
        self.undo: Callable[[], None] | None = None
        """Set by the work before it changes anything: takes the change back for a late call."""
        self.answer: Future[T] = Future()
        """Cancelled once nobody waits for it any more."""
        self.thread_ended = threading.Event()
        """Set once nothing of this call runs any more, its undoing included."""
        self._work = work

    def check(self) -> None:
        """Stop the work here if nobody waits for it any more."""
        if self.answer.cancelled():
            raise NoAnswerInTimeError

    def run(self) -> None:
        """Do the work; called on the call's thread."""
        try:
            self._answer()
        except InvalidStateError:  # too late: whoever waited was told that nothing was changed
            if self.undo is not None:
                self.undo()
        finally:
            self.thread_ended.set()

    def _answer(self) -> None:
        try:
            result = self._work(self)
        except BaseException as error:  # noqa: BLE001  handed to the caller, whatever it is
            self.answer.set_exception(error)
        else:
            self.answer.set_result(result)


class OneAtATime:
    """Runs calls one after the other; after one that hangs, refuses at once for a while."""

    def __init__(
        self,
        *,
        limit_s: float = LIMIT_S,
        rest_s: float = REST_S,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Keep the limits.

        Args:
            limit_s: How long a caller waits at most, its turn included.
            rest_s: After a call that hung, how long new calls are refused while it still hangs.
            monotonic: Seconds that only grow.
        """
        self.limit_s = limit_s
        self._rest_s = rest_s
        self._monotonic = monotonic
        self._turn = threading.Lock()
        self._hanging: list[threading.Event] = []
        self._hung_at = 0.0

    def run(self, work: Callable[[Call[T]], T]) -> T:
        """Return what the work returns, or raise what it raises.

        Raises:
            NoAnswerInTimeError: Not within the limit. The work may go on; its ``undo`` is called
                should it still succeed.
        """
        deadline = time.monotonic() + self.limit_s
        if not self._turn.acquire(timeout=self.limit_s):
            raise NoAnswerInTimeError
        try:
            self._refuse_while_hanging()
            return self._start(work, deadline)
        finally:
            self._turn.release()

    def _start(self, work: Callable[[Call[T]], T], deadline: float) -> T:
        call = Call(work)
        threading.Thread(target=call.run, name="secret-store", daemon=True).start()
        wait([call.answer], max(0.0, deadline - time.monotonic()))
        if not call.answer.cancel():
            return call.answer.result()
        self._hanging.append(call.thread_ended)
        self._hung_at = self._monotonic()
        raise NoAnswerInTimeError

    def _refuse_while_hanging(self) -> None:
        self._hanging = [ended for ended in self._hanging if not ended.is_set()]
        is_resting = self._monotonic() - self._hung_at < self._rest_s
        if len(self._hanging) >= MOST_HANGING or (self._hanging and is_resting):
            raise NoAnswerInTimeError
