"""What waits for one listener: every fact in its order, and no more updates than fit."""

from __future__ import annotations

from collections import OrderedDict

from heygen_desktop.domain.events import Event, RunChanged, RunUpdate

_Key = tuple[str, type[Event]]


class EventQueue:
    """First in, first out. Used under its owner's lock.

    Facts are never dropped. Once ``limit`` events wait, an update joins the one of its kind and run
    that still waits, so that what waits is bounded however slow the listener is.
    """

    def __init__(self, limit: int = 0) -> None:
        """Make an empty queue.

        Args:
            limit: How many events may wait before updates are joined; 0 joins whatever can be.
        """
        self._limit = limit
        self._events: OrderedDict[int, Event] = OrderedDict()
        self._joinable: dict[_Key, int] = {}
        self.last = 0
        """The number of the newest event; they count from 1. What joins an earlier one gets none."""
        self.taken = 0
        """The number of the event that was taken last."""

    def __len__(self) -> int:
        return len(self._events)

    def put(self, event: Event) -> None:
        """Add an event at the end, or to an update that waits."""
        if isinstance(event, RunChanged):
            self._part_before(event.run.id)
        if isinstance(event, RunUpdate):
            place = self._joinable.get((event.run_id, type(event)))
            if place is not None and len(self._events) >= self._limit:
                self._events[place] = event.after(self._events[place])
                return
        self.last += 1
        self._events[self.last] = event
        if isinstance(event, RunUpdate):
            self._joinable[event.run_id, type(event)] = self.last

    def pop(self) -> Event:
        """Take the oldest event. Raises KeyError where none waits."""
        number, event = self._events.popitem(last=False)
        self.taken = number
        if isinstance(event, RunUpdate):
            key = (event.run_id, type(event))
            if self._joinable.get(key) == number:
                del self._joinable[key]
        return event

    def clear(self) -> None:
        """Drop all that waits."""
        self._events.clear()
        self._joinable.clear()

    def _part_before(self, run_id: str) -> None:
        """What comes after a change of state must not be joined with what came before it."""
        for key in [key for key in self._joinable if key[0] == run_id]:
            del self._joinable[key]
