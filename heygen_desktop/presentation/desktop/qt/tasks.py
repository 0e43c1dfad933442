"""The one door off the UI thread.

One signal, which lives as long as the program, brings everything back. A job owns no QObject, so
that none can die on the wrong thread; the pool owns the job.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar

from PySide6.QtCore import QDeadlineTimer, QObject, Qt, QThreadPool, Signal, Slot

from heygen_desktop.domain.errors import HeyGenError
from heygen_desktop.presentation.desktop.ports import Queue, TaskCancelledError, TaskContext
from heygen_desktop.presentation.desktop.problems import UnexpectedError

T = TypeVar("T")
_QUERY_THREADS = 4
_FILE_THREADS = 2
"""One may wait for a slow disk while the other computes."""
MOST_RUNS = 64
"""Threads for models; how many work side by side is for the application to say."""


class _Kind(Enum):
    PROGRESS = "progress"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class _Context:
    """What the work is given, and what the caller cancels; used on both threads."""

    def __init__(self, post: Callable[[_Kind, object], None]) -> None:
        self._post = post
        self._cancelled = threading.Event()

    @property
    def is_cancelled(self) -> bool:
        return self._cancelled.is_set()

    def raise_if_cancelled(self) -> None:
        if self.is_cancelled:
            raise TaskCancelledError

    def progress(self, value: object) -> None:
        if not self.is_cancelled:
            self._post(_Kind.PROGRESS, value)

    def cancel(self) -> None:
        self._cancelled.set()


@dataclass(frozen=True)
class _Job:
    context: _Context
    queue: Queue
    # Any: a job's result has the type of its own caller; submit() ties the two together.
    on_success: Callable[[Any], None]
    on_error: Callable[[HeyGenError], None]
    on_progress: Callable[[object], None] | None


class QtTaskRunner(QObject):
    """Runs work in thread pools; made, used and shut down on the UI thread.

    It is the ``Executor`` of the window's application too; ``execute`` alone may be called on any
    thread.
    """

    # object: Signal(int) would cut numbers to 32 bits, Signal(dict) would copy.
    _posted = Signal(object, object, object)

    def __init__(self, on_unexpected: Callable[[BaseException], None]) -> None:
        """Make the pools; threads start with the first work.

        Args:
            on_unexpected: Told of each error that is not the program's own, on the UI thread.
        """
        super().__init__()
        self._on_unexpected = on_unexpected
        sizes = {
            Queue.QUERIES: _QUERY_THREADS,
            Queue.CHANGES: 1,
            Queue.FILES: _FILE_THREADS,
            Queue.INFERENCE: MOST_RUNS,
        }
        self._pools = {queue: self._pool(size) for queue, size in sizes.items()}
        self._jobs: dict[int, _Job] = {}
        self._ids = itertools.count(1)
        self._closing = False
        self._posted.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def pending(self) -> int:
        """How many jobs have not come back yet."""
        return len(self._jobs)

    def execute(self, work: Callable[[], None]) -> None:
        """See ``application.ports.executor``; what it raises goes to ``on_unexpected``."""
        self.submit(
            lambda _context: work(),
            on_success=_nothing,
            on_error=_nothing,
            queue=Queue.INFERENCE,
        )

    def submit(
        self,
        work: Callable[[TaskContext], T],
        *,
        on_success: Callable[[T], None],
        on_error: Callable[[HeyGenError], None],
        on_progress: Callable[[object], None] | None = None,
        queue: Queue = Queue.QUERIES,
    ) -> _Context:
        """See ``TaskRunner.submit``.

        Raises:
            RuntimeError: The runner was shut down.
        """
        if self._closing:
            raise RuntimeError("Work was submitted after the task runner was shut down.")
        number = next(self._ids)
        context = _Context(lambda kind, value: self._post(number, kind, value))
        self._jobs[number] = _Job(context, queue, on_success, on_error, on_progress)
        self._pools[queue].start(lambda: self._run(number, context, work))
        return context

    def shutdown(self, timeout_ms: int = 3000, changes_ms: int = 10_000) -> bool:
        """Take what is asked back and wait for it; nothing is delivered any more.

        Args:
            timeout_ms: How long reads and runs may take to notice.
            changes_ms: How long changes may take, those that still wait included: they were asked for,
                so that they are made. What has not begun by then is let go.

        Returns:
            Whether all threads came to rest in time.
        """
        self._closing = True
        changes = self._pools[Queue.CHANGES]
        self._let_go(queue for queue in Queue if queue is not Queue.CHANGES)
        are_made = changes.waitForDone(changes_ms)
        self._let_go((Queue.CHANGES,))
        deadline = QDeadlineTimer(timeout_ms)
        rested = [
            pool.waitForDone(deadline) for pool in self._pools.values() if pool is not changes
        ]
        self._jobs.clear()
        return are_made and all(rested)

    def _let_go(self, queues: Iterable[Queue]) -> None:
        for queue in queues:
            self._pools[queue].clear()
            for job in self._jobs.values():
                if job.queue is queue:
                    job.context.cancel()

    def _pool(self, size: int) -> QThreadPool:
        pool = QThreadPool(self)
        pool.setMaxThreadCount(size)
        return pool

    def _run(self, number: int, context: _Context, work: Callable[[TaskContext], T]) -> None:
        """Do the work, on a thread of a pool."""
        try:
            context.raise_if_cancelled()
            result = work(context)
        except TaskCancelledError:
            self._post(number, _Kind.CANCELLED, None)
        except BaseException as error:  # noqa: BLE001 - the edge of a thread; it is handed to the UI thread
            self._post(number, _Kind.FAILED, error)
        else:
            self._post(number, _Kind.DONE, result)

    def _post(self, number: int, kind: _Kind, value: object) -> None:
        if not self._closing:
            self._posted.emit(number, kind, value)

    @Slot(object, object, object)
    def _deliver(self, number: int, kind: _Kind, value: object) -> None:
        """Call the caller back, on the UI thread."""
        job = self._jobs.get(number)
        if job is None:
            return
        if kind is not _Kind.PROGRESS:
            del self._jobs[number]
        if job.context.is_cancelled:
            return
        if kind is _Kind.DONE:
            job.on_success(value)
        elif kind is _Kind.FAILED:
            self._deliver_error(job, value)
        elif kind is _Kind.PROGRESS and job.on_progress is not None:
            job.on_progress(value)

    def _deliver_error(self, job: _Job, error: object) -> None:
        if isinstance(error, HeyGenError):
            job.on_error(error)
        elif isinstance(error, BaseException):
            self._on_unexpected(error)
            job.on_error(UnexpectedError(error))


def _nothing(_outcome: object) -> None:
    """Whoever started the work hears of it in another way."""
