"""Task runners, signals and event streams for presenter tests: no thread, no Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from heygen_desktop.domain.errors import HeyGenError
from heygen_desktop.domain.events import Event
from heygen_desktop.presentation.desktop.ports import Queue, TaskCancelledError, TaskContext
from heygen_desktop.presentation.desktop.undo import Deed, UndoStack

T = TypeVar("T")


class FakeTask:
    """A piece of submitted work: its context and its handle."""

    def __init__(self, queue: Queue, on_progress: Callable[[object], None] | None) -> None:
        self.queue = queue
        self.is_cancelled = False
        self._on_progress = on_progress

    def cancel(self) -> None:
        self.is_cancelled = True

    def raise_if_cancelled(self) -> None:
        if self.is_cancelled:
            raise TaskCancelledError

    def progress(self, value: object) -> None:
        if self._on_progress is not None and not self.is_cancelled:
            self._on_progress(value)

    def do(
        self,
        work: Callable[[TaskContext], T],
        on_success: Callable[[T], None],
        on_error: Callable[[HeyGenError], None],
    ) -> None:
        """Do the work and call back, as the real runner does on two threads."""
        try:
            self.raise_if_cancelled()
            result = work(self)
        except TaskCancelledError:
            return
        except HeyGenError as error:
            if not self.is_cancelled:
                on_error(error)
        else:
            if not self.is_cancelled:
                on_success(result)


class NowTaskRunner:
    """Does the work at once, on the caller's thread. An unexpected error is raised into the test."""

    def __init__(self) -> None:
        self.submitted: list[FakeTask] = []

    def submit(
        self,
        work: Callable[[TaskContext], T],
        *,
        on_success: Callable[[T], None],
        on_error: Callable[[HeyGenError], None],
        on_progress: Callable[[object], None] | None = None,
        queue: Queue = Queue.QUERIES,
    ) -> FakeTask:
        task = FakeTask(queue, on_progress)
        self.submitted.append(task)
        task.do(work, on_success, on_error)
        return task


class LaterTaskRunner:
    """Keeps the work until the test says when."""

    def __init__(self) -> None:
        self.submitted: list[FakeTask] = []
        self._waiting: list[Callable[[], None]] = []

    @property
    def waiting(self) -> int:
        """How many pieces of work have not been done."""
        return len(self._waiting)

    def submit(
        self,
        work: Callable[[TaskContext], T],
        *,
        on_success: Callable[[T], None],
        on_error: Callable[[HeyGenError], None],
        on_progress: Callable[[object], None] | None = None,
        queue: Queue = Queue.QUERIES,
    ) -> FakeTask:
        task = FakeTask(queue, on_progress)
        self.submitted.append(task)
        self._waiting.append(lambda: task.do(work, on_success, on_error))
        return task

    def run_next(self) -> None:
        """Do the oldest piece."""
        self._waiting.pop(0)()

    def run_all(self) -> None:
        """Do every piece, those that are submitted on the way included."""
        while self._waiting:
            self.run_next()


class FakeSignal:
    """A signal without Qt."""

    def __init__(self) -> None:
        self._slots: list[Callable[..., object]] = []

    def connect(self, slot: Callable[..., object], /) -> None:
        self._slots.append(slot)

    def emit(self, *arguments: object) -> None:
        for slot in tuple(self._slots):
            slot(*arguments)


class FakeSubscription:
    """A place on ``FakeEvents``."""

    def __init__(self, leave: Callable[[], None]) -> None:
        self._leave = leave
        self.closed = False

    def close(self) -> None:
        if not self.closed:
            self.closed = True
            self._leave()


class FakeEvents:
    """The stream, delivered at once; also an ``EventStream`` for the relay."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[Event], None]] = []

    @property
    def listeners(self) -> int:
        """How many still listen; 0 once every presenter was closed."""
        return len(self._listeners)

    def subscribe(self, listener: Callable[[Event], None]) -> FakeSubscription:
        self._listeners.append(listener)
        return FakeSubscription(lambda: self._listeners.remove(listener))

    def publish(self, event: Event) -> None:
        for listener in tuple(self._listeners):
            listener(event)


@dataclass
class FakeNavigation:
    """Notes where the user was taken."""

    shown: list[tuple[str, str]] = field(default_factory=list)

    def show(self, screen_id: str, argument: str = "") -> None:
        self.shown.append((screen_id, argument))


@dataclass
class FakeNotices:
    """Notes what was said; Ctrl+Z is ``undo``."""

    notices: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    acts: dict[str, Callable[[], object]] = field(default_factory=dict)
    """What the buttons of notices do, by their words."""
    about: dict[str, str] = field(default_factory=dict)
    """The last notice about each thing."""
    stack: UndoStack = field(default_factory=UndoStack)

    def notify(
        self,
        text: str,
        undo: Callable[[], object] | None = None,
        *,
        belongs_to: str = "",
        act: tuple[str, Callable[[], object]] | None = None,
        about: str = "",
    ) -> None:
        if about in self.about:
            self.notices.remove(self.about[about])
        if about:
            self.about[about] = text
        self.notices.append(text)
        if undo is not None:
            self.stack.push(Deed(text, undo, belongs_to))
        if act is not None:
            self.acts[act[0]] = act[1]

    def saved(self, path: Path) -> None:
        self.notify(f"Saved {path.name}.")

    @property
    def undoable(self) -> str:
        return self.stack.newest.text if self.stack.newest else ""

    def undo(self) -> None:
        self.stack.take_back(self.stack.newest)

    def let_go(self, belongs_to: str = "") -> None:
        self.stack.let_go(belongs_to)

    def warn(self, text: str) -> None:
        self.warnings.append(text)


@dataclass
class FakeMemory:
    """Remembers in a dictionary."""

    values: dict[str, str] = field(default_factory=dict)

    def recall(self, key: str) -> str:
        return self.values.get(key, "")

    def remember(self, key: str, value: str) -> None:
        self.values[key] = value
