"""A presenter's two ways to the task runner: it asks, or it changes.

What is asked under a name is asked once at a time: asking again takes the earlier question back. What
is changed is changed, behind earlier changes, whatever is asked or changed after it and also when the
screen closes meanwhile; only nobody is told then.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from heygen_desktop.domain.errors import HeyGenError
from heygen_desktop.presentation.desktop.ports import Queue, TaskContext, TaskHandle, TaskRunner
from heygen_desktop.presentation.desktop.problems import Problem, problem_of

T = TypeVar("T")
_CHANGE = ""
"""The name under which every change fails and succeeds."""


class _Question:
    """One that is open; its handle is there as soon as the runner has returned it."""

    handle: TaskHandle | None = None


class Work:
    """What a presenter has under way, closed with it. Used on the UI thread.

    A failure is shown as a problem, unless its caller says otherwise; the problem is taken back once
    the same question is answered or, after a change that failed, a change is made.
    """

    def __init__(self, tasks: TaskRunner, show_problem: Callable[[Problem | None], None]) -> None:
        self._tasks = tasks
        self._show_problem = show_problem
        self._questions: dict[str, _Question] = {}
        self._failed: str | None = None
        self._is_closed = False

    def ask(
        self,
        name: str,
        question: Callable[[TaskContext], T],
        answer: Callable[[T], None],
        *,
        ended: Callable[[], None] | None = None,
        failed: Callable[[HeyGenError], None] | None = None,
        on_progress: Callable[[object], None] | None = None,
        queue: Queue = Queue.QUERIES,
    ) -> None:
        """Ask off the UI thread, in place of an open question of that name.

        Args:
            name: Tells the presenter's questions apart.
            question: Gets a context that says when nobody waits any more; returns values.
            answer: Gets what the question returned.
            ended: Called before ``answer`` or ``failed``, once the question is closed.
            failed: Gets the error, in place of the problem that is shown otherwise.
            on_progress: Gets each value that the question reports.
            queue: Where the question waits; changes have ``change``.
        """
        self.take_back(name)
        if self._is_closed:
            return
        asked = self._questions[name] = _Question()

        def close(tell: Callable[[], None]) -> None:
            if self._questions.get(name) is not asked:
                return
            del self._questions[name]
            if ended is not None:
                ended()
            tell()

        asked.handle = self._tasks.submit(
            question,
            on_success=lambda found: close(lambda: self._succeed(name, answer, found)),
            on_error=lambda error: close(lambda: self._fail(name, failed, error)),
            on_progress=on_progress,
            queue=queue,
        )

    def change(
        self,
        change: Callable[[], T],
        changed: Callable[[T], None] | None = None,
        *,
        ended: Callable[[], None] | None = None,
        failed: Callable[[HeyGenError], None] | None = None,
    ) -> None:
        """Change something, in order with other changes.

        Args:
            change: Is carried out once and wholly, also where the screen is closed before its turn.
            changed: Gets what it returned, and says so; without it, what is in view says it.
            ended: Called before ``changed`` or ``failed``.
            failed: Gets the error, in place of the problem that is shown otherwise.
        """

        def close(tell: Callable[[], None]) -> None:
            if self._is_closed:
                return
            if ended is not None:
                ended()
            tell()

        self._tasks.submit(
            lambda _context: change(),
            on_success=lambda result: close(lambda: self._succeed(_CHANGE, changed, result)),
            on_error=lambda error: close(lambda: self._fail(_CHANGE, failed, error)),
            queue=Queue.CHANGES,
        )

    def is_open(self, name: str) -> bool:
        """Whether a question of that name waits for its answer."""
        return name in self._questions

    def take_back(self, *names: str) -> None:
        """Stop these questions and let their answers fall silent; without names, all of them."""
        for name in names or tuple(self._questions):
            asked = self._questions.pop(name, None)
            if asked is not None and asked.handle is not None:
                asked.handle.cancel()

    def close(self) -> None:
        """Take every question back, and tell nobody any more how a change ends; safe to repeat."""
        self._is_closed = True
        self.take_back()

    def _succeed(self, name: str, tell: Callable[[T], None] | None, result: T) -> None:
        if self._failed == name:
            self._failed = None
            self._show_problem(None)
        if tell is not None:
            tell(result)

    def _fail(
        self, name: str, tell: Callable[[HeyGenError], None] | None, error: HeyGenError
    ) -> None:
        if tell is not None:
            tell(error)
            return
        self._failed = name
        self._show_problem(problem_of(error))
