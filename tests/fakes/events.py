"""An event stream that remembers what was published, and hands it over at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from heygen_desktop.domain.events import Event

E = TypeVar("E", bound=Event)


class _Listening:
    def __init__(self, listeners: list[Callable[[Event], None]], mine: Callable[[Event], None]):
        self._listeners = listeners
        self._mine = mine
        self._is_open = True

    def flush(self, timeout_s: float | None = None) -> bool:
        return True

    def close(self) -> None:
        if self._is_open:
            self._is_open = False
            self._listeners.remove(self._mine)


class RecordingEventStream:
    """Fulfils ``EventStream`` for callers that flush before they look; keeps every event, in order.

    Listeners are called before ``publish`` returns, so that a test needs no thread and no wait.
    """

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.listener_errors: list[Exception] = []
        self._listeners: list[Callable[[Event], None]] = []

    @property
    def listeners(self) -> int:
        """How many listen now; a closed screen leaves none behind."""
        return len(self._listeners)

    def publish(self, event: Event) -> None:
        self.events.append(event)
        for listener in tuple(self._listeners):
            try:
                listener(event)
            except Exception as error:  # noqa: BLE001  a listener may raise anything; the port says so
                self.listener_errors.append(error)

    def subscribe(self, listener: Callable[[Event], None]) -> _Listening:
        self._listeners.append(listener)
        return _Listening(self._listeners, listener)

    def of(self, kind: type[E]) -> list[E]:
        """Return the recorded events of one kind, in order."""
        return [event for event in self.events if isinstance(event, kind)]
