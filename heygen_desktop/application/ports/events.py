"""The one stream of what has happened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from heygen_desktop.domain.events import Event


class Subscription(Protocol):
    """A listener's place on the stream."""

    def close(self) -> None:
        """Stop listening; returns at once, and is safe to call twice."""


class EventStream(Protocol):
    """Publish and subscribe, inside one process."""

    def publish(self, event: Event) -> None:
        """Hand the event to every listener, on this thread.

        A listener that raises does not stop the others nor the publisher; its error is logged.
        """

    def subscribe(self, listener: Callable[[Event], None]) -> Subscription:
        """Call ``listener`` with each later event, on the thread that publishes it."""
