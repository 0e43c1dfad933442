"""What a presenter may ask of the window; no Qt here, so that a presenter is tested without one."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from pathlib import Path

    # For the annotations only: the window's first paint does not wait for the domain.
    from heygen_desktop.domain.errors import HeyGenError
    from heygen_desktop.domain.events import Event

T = TypeVar("T")


class Queue(Enum):
    """Where work waits. Long inference must never stand in front of "list the models"."""

    QUERIES = "queries"
    """Short reads; several at a time."""
    CHANGES = "changes"
    """Writes; one at a time, in the order in which they were submitted."""
    FILES = "files"
    """Reads of whole files, which take minutes; a few at a time."""
    INFERENCE = "inference"
    """Models: bringing them into memory, and runs as the application's dispatcher lets them begin."""


class TaskCancelledError(Exception):
    """Raised inside the work to leave it, once its handle was cancelled; nobody is told."""


class TaskContext(Protocol):
    """What work is given: its only way to the outside. Every member may be used on any thread."""

    @property
    def is_cancelled(self) -> bool:
        """Whether nobody waits for the result any more."""

    def raise_if_cancelled(self) -> None:
        """Leave the work where it was cancelled.

        Raises:
            TaskCancelledError: The handle was cancelled, or the program ends.
        """

    def progress(self, value: object) -> None:
        """Hand a value to ``on_progress`` on the UI thread, in order; a frozen value, never a widget."""


class TaskHandle(Protocol):
    """A caller's hold on submitted work."""

    def cancel(self) -> None:
        """Ask the work to stop, and let its result, error and progress fall silent. Safe to repeat."""


class TaskRunner(Protocol):
    """The one door off the UI thread. Callbacks come back on the UI thread."""

    def submit(
        self,
        work: Callable[[TaskContext], T],
        *,
        on_success: Callable[[T], None],
        on_error: Callable[[HeyGenError], None],
        on_progress: Callable[[object], None] | None = None,
        queue: Queue = Queue.QUERIES,
    ) -> TaskHandle:
        """Do the work elsewhere and return at once.

        Args:
            work: Gets values through its closure and a context; returns a value.
            on_success: Gets what the work returned.
            on_error: Gets an expected error as it was raised; anything else as ``UnexpectedError``,
                after the program has logged it.
            on_progress: Gets each value that the work reports.
            queue: Where the work waits.
        """


class Signal(Protocol):
    """The part of a Qt signal that a presenter uses."""

    def connect(self, slot: Callable[..., object], /) -> object:
        """Call the slot with each emission."""


class Subscription(Protocol):
    """A listener's place on the stream."""

    def close(self) -> None:
        """Stop listening; safe to repeat."""


class Events(Protocol):
    """What has happened in the program, delivered on the UI thread.

    Output that arrives faster than a screen can show is joined: at most 60 deliveries a second.
    """

    def subscribe(self, listener: Callable[[Event], None]) -> Subscription:
        """Call the listener with each later event; one that raises does not disturb the others."""


class Navigation(Protocol):
    """Moves the user to another screen."""

    def show(self, screen_id: str, argument: str = "") -> None:
        """Show the screen, built on its first visit, and hand it the argument where it is not empty.

        The argument is in the screen's own words, such as a run's id or a model's reference.
        """


class Notices(Protocol):
    """Short messages that need no answer, and the window's undo."""

    def notify(
        self,
        text: str,
        undo: Callable[[], object] | None = None,
        *,
        belongs_to: str = "",
        act: tuple[str, Callable[[], object]] | None = None,
        about: str = "",
    ) -> None:
        """Say that something went well; gone after a few seconds.

        Args:
            text: What was done, in a sentence.
            undo: Takes it back, from the notice's Undo button or by Ctrl+Z; see ``undo.py``.
            belongs_to: The place for which alone the undo is right, such as an environment.
            act: The words on one more button, and what it does: ``("Show in folder", show)``.
            about: What it tells the newest of; it takes the place of the last notice about that.
        """

    def saved(self, path: Path) -> None:
        """Say that a file was written there, with a way to its folder."""

    def let_go(self, belongs_to: str) -> None:
        """Forget what could be undone there, and close the notices that told of it."""

    def warn(self, text: str) -> None:
        """Say what went wrong outside the screen in view; stays until it is dismissed."""


class Memory(Protocol):
    """What the window remembers between two starts: column widths, splitter positions, filters."""

    def recall(self, key: str) -> str:
        """Return what was remembered under the key, or an empty string."""

    def remember(self, key: str, value: str) -> None:
        """Keep the value; an empty one forgets it."""
