"""The one stream of events inside a process; every open screen, the log and the charts hang on it."""

from __future__ import annotations

import threading
from collections.abc import Callable

from heygen_desktop.application.event_queue import EventQueue
from heygen_desktop.domain.events import Event

Listener = Callable[[Event], None]
OnError = Callable[[Event, Exception], None]

WAITING_EVENTS = 256
"""So many events may wait for one listener before updates of a run are joined."""
LAST_CALL_S = 1.0
"""How long ``close`` waits for a call that is under way."""


class InProcessEventStream:
    """Fulfils ``EventStream``; any thread may publish, subscribe and close.

    Each listener has a queue and a thread of its own, which starts with its first event.
    """

    def __init__(self, on_listener_error: OnError, *, waiting_events: int = WAITING_EVENTS) -> None:
        """Keep where the errors of listeners go.

        Args:
            on_listener_error: Called on the listener's thread with the event and what the listener
                raised; must not raise.
            waiting_events: How many events may wait for one listener before updates are joined.
        """
        self._on_listener_error = on_listener_error
        self._waiting_events = waiting_events
        self._lock = threading.Lock()
        self._places: tuple[_Place, ...] = ()

    def publish(self, event: Event) -> None:
        for place in self._places:
            place.put(event)

    def subscribe(self, listener: Listener) -> _Place:
        place = _Place(
            listener, EventQueue(self._waiting_events), self._on_listener_error, self._leave
        )
        with self._lock:
            self._places = (*self._places, place)
        return place

    def _leave(self, leaving: _Place) -> None:
        with self._lock:
            self._places = tuple(place for place in self._places if place is not leaving)


class _Place:
    """One listener's place on the stream, with the thread on which it listens."""

    def __init__(
        self,
        listener: Listener,
        waiting: EventQueue,
        on_error: OnError,
        leave: Callable[[_Place], None],
    ) -> None:
        self._listener = listener
        self._on_error = on_error
        self._leave = leave
        self._waiting = waiting
        self._told = 0
        """Every event up to this number has been handed over."""
        self._is_open = True
        self._thread: threading.Thread | None = None
        self._changed = threading.Condition()

    def put(self, event: Event) -> None:
        with self._changed:
            if not self._is_open:
                return
            self._waiting.put(event)
            if self._thread is None:
                # A daemon: a program that forgets to close a place can still end.
                self._thread = threading.Thread(target=self._listen, name="listener", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def flush(self, timeout_s: float | None = None) -> bool:
        if threading.current_thread() is self._thread:
            raise RuntimeError("a listener cannot wait for itself")
        with self._changed:
            wanted = self._waiting.last
            return self._changed.wait_for(
                lambda: self._told >= wanted or not self._is_open, timeout_s
            )

    def close(self) -> None:
        self._leave(self)
        with self._changed:
            self._is_open = False
            self._waiting.clear()
            self._changed.notify_all()
            thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(LAST_CALL_S)

    def _listen(self) -> None:
        while (event := self._next()) is not None:
            try:
                self._listener(event)
            except Exception as error:  # noqa: BLE001  a listener may raise anything; it is reported
                self._on_error(event, error)

    def _next(self) -> Event | None:
        """Note that the last event was handed over, and wait for one more; None once closed."""
        with self._changed:
            self._told = self._waiting.taken
            self._changed.notify_all()
            self._changed.wait_for(lambda: len(self._waiting) or not self._is_open)
            return self._waiting.pop() if self._is_open else None
