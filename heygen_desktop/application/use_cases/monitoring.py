"""What the machine and the workers spend, now and over time."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from heygen_desktop.application.models import CurrentSettings
from heygen_desktop.application.ports.clock import Clock
from heygen_desktop.application.ports.events import EventStream
from heygen_desktop.application.ports.metrics import Metrics, Sample, SeriesStore, WorkerRef
from heygen_desktop.application.use_cases.memory import ListLoaded
from heygen_desktop.domain.errors import HeyGenError
from heygen_desktop.domain.events import Event, SettingChanged

INTERVAL_KEY = "monitoring.interval_s"
LONGEST_NAP_S = 1.0
"""A shorter interval takes effect after this time at the latest."""


@dataclass(frozen=True)
class WatchMachine:
    """Takes readings and keeps them."""

    metrics: Metrics
    series: SeriesStore
    loaded: ListLoaded

    def sample(self) -> Sample:
        """Take a reading, keep it, and return it."""
        workers = [WorkerRef(w.process.pid, f"{w.model}@{w.version}") for w in self.loaded.here()]
        reading = self.metrics.sample(workers)
        self.series.append(reading)
        return reading

    def latest(self) -> Sample | None:
        """Return the newest reading, or None before the first."""
        return self.series.latest()

    def since(self, start: datetime) -> Sequence[Sample]:
        """Return the readings at or after a moment, oldest first."""
        return self.series.since(start)

    def gpu_problem(self) -> str:
        """Return why a GPU is not in the readings, or an empty string."""
        return self.metrics.gpu_problem()


class KeepSampling:
    """Takes a reading at the interval of the settings, for fronts that stay, whoever looks at them."""

    def __init__(
        self, watch: WatchMachine, settings: CurrentSettings, events: EventStream, clock: Clock
    ) -> None:
        self._watch = watch
        self._settings = settings
        self._events = events
        self._clock = clock
        self._interval_s = 0.0

    def __call__(self, wait: Callable[[float], bool]) -> None:
        """Go on until the end is asked for; on a thread of its own.

        A reading that fails is left out, and the series shows the gap: the next one tries again.

        Args:
            wait: Waits so many seconds and returns True where the end was asked for meanwhile.
        """
        with contextlib.closing(self._events.subscribe(self._hear)):
            taken_at = self._take()
            while not wait(min(LONGEST_NAP_S, self._left_s(taken_at))):
                if self._left_s(taken_at) <= 0:
                    taken_at = self._take()

    def _take(self) -> float:
        """Take a reading, and return when: the time it took is part of the interval."""
        at = self._clock.monotonic()
        with contextlib.suppress(HeyGenError):
            if not self._interval_s:
                self._interval_s = self._settings().monitoring.interval_s
            self._watch.sample()
        return at

    def _left_s(self, taken_at: float) -> float:
        due = taken_at + (self._interval_s or LONGEST_NAP_S)
        return max(0.0, due - self._clock.monotonic())

    def _hear(self, event: Event) -> None:
        if isinstance(event, SettingChanged) and event.key == INTERVAL_KEY:
            self._interval_s = self._settings().monitoring.interval_s
