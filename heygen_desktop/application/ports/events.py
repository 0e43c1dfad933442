"""The one stream of what has happened."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from heygen_desktop.domain.events import Event


class Subscription(Protocol):
    """A listener's place on the stream."""

    def flush(self, timeout_s: float | None = None) -> bool:
        """Wait until the listener was told all that was published before this call.

        Args:
            timeout_s: The longest wait; None waits as long as the listener takes.

        Returns:
            Whether it was told all; also True where the place was closed.
        """

    def close(self) -> None:
        """Stop listening, and drop what waits; safe to call twice, and inside the listener.

        No call begins after it returns; one that is under way is waited for, a second at most.
        """


class EventStream(Protocol):
    """Publish and subscribe, inside one process."""

    def publish(self, event: Event) -> None:
        """Put the event into the queue of every listener, and return at once.

        Facts are never lost. For a listener that is far behind, updates of one run are joined.
        """

    def subscribe(self, listener: Callable[[Event], None]) -> Subscription:
        """Call ``listener`` with each later event, in order, never on the thread that publishes.

        One call at a time, on a thread of the listener's own: a slow one delays nobody else. What it
        raises is logged.
        """
