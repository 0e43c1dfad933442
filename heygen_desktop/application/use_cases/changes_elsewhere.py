"""Other programs on the same home: what they change is told here like what happens here."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass

from heygen_desktop.application.ports.clock import Clock
from heygen_desktop.application.ports.events import EventStream
from heygen_desktop.application.ports.unit_of_work import UnitsOfWork
from heygen_desktop.domain.errors import HeyGenError
from heygen_desktop.domain.events import ChangedElsewhere

LOOK_EVERY_S = 0.5


@dataclass(frozen=True)
class TellChangesElsewhere:
    """Looks, for fronts that stay, at the one counter that every change of the database moves."""

    units: UnitsOfWork
    events: EventStream
    clock: Clock

    def __call__(self, wait: Callable[[float], bool]) -> None:
        """Go on until the end is asked for; on a thread of its own.

        A look that fails is left out: the next one tells what it would have told.

        Args:
            wait: Waits so many seconds and returns True where the end was asked for meanwhile.
        """
        self._look()
        while not wait(LOOK_EVERY_S):
            self._look()

    def _look(self) -> None:
        with contextlib.suppress(HeyGenError):
            topics = self.units.changed_elsewhere()
            if topics:
                self.events.publish(ChangedElsewhere(self.clock.now(), topics))
