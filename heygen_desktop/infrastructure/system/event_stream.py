"""The one stream of events inside a process; every open screen, the log and the charts hang on it."""

from __future__ import annotations

import threading
from collections.abc import Callable

from heygen_desktop.domain.events import Event

Listener = Callable[[Event], None]


class InProcessEventStream:
    """Fulfils ``EventStream``; any thread may publish, subscribe and close.

    Listeners are called in the order of their subscription, on the publisher's thread.
    """

    def __init__(self, on_listener_error: Callable[[Event, Exception], None]) -> None:
        """Keep where the errors of listeners go.

        Args:
            on_listener_error: Called on the publisher's thread with the event and what a listener
                raised; must not raise.
        """
        self._on_listener_error = on_listener_error
        self._lock = threading.Lock()
        self._places: tuple[_Place, ...] = ()

    def publish(self, event: Event) -> None:
        for place in self._places:
            if place.is_open:
                self._hand(event, place.listener)

    def subscribe(self, listener: Listener) -> _Place:
        place = _Place(listener, self._leave)
        with self._lock:
            self._places = (*self._places, place)
        return place

    def _hand(self, event: Event, listener: Listener) -> None:
        try:
            listener(event)
        except Exception as error:  # noqa: BLE001  a listener may raise anything; it is reported
            self._on_listener_error(event, error)

    def _leave(self, leaving: _Place) -> None:
        with self._lock:
            self._places = tuple(place for place in self._places if place is not leaving)


class _Place:
    """One listener's place on the stream."""

    def __init__(self, listener: Listener, leave: Callable[[_Place], None]) -> None:
        self.listener = listener
        self.is_open = True
        self._leave = leave

    def close(self) -> None:
        self.is_open = False
        self._leave(self)
