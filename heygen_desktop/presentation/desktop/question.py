"""A presenter's question to the task runner: one at a time, and an overtaken answer is never heard."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from heygen_desktop.domain.errors import HeyGenError
from heygen_desktop.presentation.desktop.ports import Queue, TaskContext, TaskHandle, TaskRunner

T = TypeVar("T")


class Question:
    """Whether an answer is awaited, and how to take the question back. Used on the UI thread."""

    def __init__(self, tasks: TaskRunner) -> None:
        self._tasks = tasks
        self._handle: TaskHandle | None = None
        self._is_open = False

    @property
    def is_open(self) -> bool:
        """Whether the answer has not come yet."""
        return self._is_open

    def ask(
        self,
        work: Callable[[TaskContext], T],
        on_success: Callable[[T], None],
        on_error: Callable[[HeyGenError], None],
        queue: Queue = Queue.QUERIES,
    ) -> None:
        """Ask, in place of what was asked before; when an answer is heard, the question is closed."""
        self.take_back()
        self._is_open = True
        handle = self._tasks.submit(
            work,
            on_success=lambda result: self._answered(on_success, result),
            on_error=lambda error: self._answered(on_error, error),
            queue=queue,
        )
        # A runner may answer before it returns, and the answer may have asked the next question.
        if self._handle is None and self._is_open:
            self._handle = handle

    def take_back(self) -> None:
        """Let the answer fall silent; safe to repeat."""
        if self._handle is not None:
            self._handle.cancel()
        self._handle = None
        self._is_open = False

    def _answered(self, tell: Callable[[T], None], answer: T) -> None:
        self._handle = None
        self._is_open = False
        tell(answer)
