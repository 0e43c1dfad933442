"""The screen's hold on its submitted work: one answer to each question, and all of it let go at the end."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from heygen_desktop.domain.errors import HeyGenError
from heygen_desktop.presentation.desktop.ports import Queue, TaskContext, TaskHandle, TaskRunner

T = TypeVar("T")


class Jobs:
    """Submits work with one way to tell of failures."""

    def __init__(self, tasks: TaskRunner, on_error: Callable[[HeyGenError], None]) -> None:
        self._tasks = tasks
        self._on_error = on_error
        self._handles: dict[str, TaskHandle] = {}
        self._closed = False

    def ask(self, name: str, question: Callable[[], T], answer: Callable[[T], None]) -> None:
        """Read something; an earlier question of that name that is still open falls silent."""
        self._submit(name, lambda _context: question(), answer, self._on_error, Queue.QUERIES)

    def change(
        self,
        name: str,
        work: Callable[[], T],
        done: Callable[[T], None],
        on_error: Callable[[HeyGenError], None] | None = None,
    ) -> None:
        """Write something, in order with other changes; the name tells it from them."""
        self._submit(name, lambda _context: work(), done, on_error or self._on_error, Queue.CHANGES)

    def execute(self, name: str, work: Callable[[TaskContext], T]) -> None:
        """Run a model; what becomes of it is told by events."""
        self._submit(name, work, lambda _done: None, self._on_error, Queue.INFERENCE)

    def close(self) -> None:
        """Let everything go; nothing is answered any more."""
        self._closed = True
        for handle in self._handles.values():
            handle.cancel()

    def _submit(
        self,
        name: str,
        work: Callable[[TaskContext], T],
        done: Callable[[T], None],
        failed: Callable[[HeyGenError], None],
        queue: Queue,
    ) -> None:
        if self._closed:
            return
        earlier = self._handles.pop(name, None)
        if earlier is not None:
            earlier.cancel()
        self._handles[name] = self._tasks.submit(
            work, on_success=done, on_error=failed, queue=queue
        )
