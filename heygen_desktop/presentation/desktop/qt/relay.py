"""Brings the program's events to the UI thread, at the pace of a screen.

Events come in bursts of dozens while a model writes. The relay gathers them under a lock, joins the
updates of a run, and empties itself on the UI thread at most 60 times a second.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer, Signal, Slot

from heygen_desktop.application.event_queue import EventQueue
from heygen_desktop.domain.events import Event
from heygen_desktop.presentation.desktop.ports import Events, Subscription

INTERVAL_MS = 16


class _Listener:
    """A place in the relay's list; leaves it when closed."""

    def __init__(self, listener: Callable[[Event], None], leave: Callable[[_Listener], None]):
        self.listener = listener
        self._leave = leave

    def close(self) -> None:
        self._leave(self)


class EventRelay(QObject):
    """Delivers each event to plain callables on the UI thread, in the order of publication."""

    _woken = Signal()

    def __init__(self, on_unexpected: Callable[[BaseException], None]) -> None:
        """Make a relay that hears nothing yet.

        Args:
            on_unexpected: Told of an error that a listener raises.
        """
        super().__init__()
        self._on_unexpected = on_unexpected
        self._listeners: list[_Listener] = []
        self._lock = threading.Lock()
        self._waiting = EventQueue()
        self._source: Subscription | None = None
        self._since_delivery = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._deliver)
        self._woken.connect(self._pace, Qt.ConnectionType.QueuedConnection)

    def attach(self, source: Events) -> None:
        """Listen to the stream from now on."""
        self._source = source.subscribe(self.receive)

    def subscribe(self, listener: Callable[[Event], None]) -> Subscription:
        """See ``ports.Events.subscribe``; to be called on the UI thread."""
        place = _Listener(listener, self._leave)
        self._listeners.append(place)
        return place

    def close(self) -> None:
        """Stop listening; what waits is dropped."""
        if self._source is not None:
            self._source.close()
            self._source = None
        self._timer.stop()
        self._listeners.clear()
        with self._lock:
            self._waiting.clear()

    def receive(self, event: Event) -> None:
        """Take an event, on any thread."""
        with self._lock:
            must_wake = not len(self._waiting)
            self._waiting.put(event)
        if must_wake:
            self._woken.emit()

    @Slot()
    def _pace(self) -> None:
        passed = self._since_delivery.elapsed() if self._since_delivery.isValid() else INTERVAL_MS
        if passed >= INTERVAL_MS:
            self._deliver()
        elif not self._timer.isActive():
            self._timer.start(int(INTERVAL_MS - passed))

    @Slot()
    def _deliver(self) -> None:
        self._since_delivery.start()
        with self._lock:
            events = [self._waiting.pop() for _ in range(len(self._waiting))]
        for event in events:
            for place in tuple(self._listeners):
                self._tell(place, event)

    def _tell(self, place: _Listener, event: Event) -> None:
        if place not in self._listeners:  # an earlier listener closed it
            return
        try:
            place.listener(event)
        except Exception as error:  # noqa: BLE001 - one screen's mistake must not silence the others
            self._on_unexpected(error)

    def _leave(self, place: _Listener) -> None:
        if place in self._listeners:
            self._listeners.remove(place)
