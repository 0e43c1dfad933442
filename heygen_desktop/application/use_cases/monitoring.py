"""What the machine and the workers spend, now and over time."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from itertools import groupby, zip_longest
from statistics import fmean
from typing import TYPE_CHECKING, TypeVar

from heygen_desktop.application.models import CurrentSettings
from heygen_desktop.application.ports.clock import Clock
from heygen_desktop.application.ports.events import EventStream
from heygen_desktop.application.ports.metrics import Metrics, Sample, SeriesStore, WorkerRef
from heygen_desktop.application.ports.unit_of_work import UnitsOfWork
from heygen_desktop.application.use_cases.memory import ListLoaded
from heygen_desktop.domain.errors import HeyGenError
from heygen_desktop.domain.events import Event, SettingsChanged

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T", bound="DataclassInstance")
INTERVAL_KEY = "monitoring.interval_s"
LONGEST_NAP_S = 1.0
"""A shorter interval takes effect after this time at the latest."""
SETTLE_S = 0.25
"""Between a first reading, which has no rates, and the first that tells any."""
KEPT = timedelta(days=1)
JOINED_S = 30
WRITTEN_S = 60


@dataclass(frozen=True)
class WatchMachine:
    """Takes readings and keeps them."""

    metrics: Metrics
    series: SeriesStore
    loaded: ListLoaded

    def begin(self) -> None:
        """Take the reading that the rates of the next are measured from; having none, it is not kept."""
        self.metrics.sample(self._workers())

    def sample(self) -> Sample:
        """Take a reading, keep it, and return it."""
        reading = self.metrics.sample(self._workers())
        self.series.append(reading)
        return reading

    def recall(self, kept: Iterable[Sample]) -> None:
        """Put readings of before, oldest first, in front of those that come."""
        for sample in kept:
            self.series.append(sample)

    def latest(self) -> Sample | None:
        """Return the newest reading, or None before the first."""
        return self.series.latest()

    def since(self, start: datetime) -> Sequence[Sample]:
        """Return the readings at or after a moment, oldest first."""
        return self.series.since(start)

    def gpu_problem(self) -> str:
        """Return why a GPU is not in the readings, or an empty string."""
        return self.metrics.gpu_problem()

    def _workers(self) -> Sequence[WorkerRef]:
        return [WorkerRef(w.process.pid, f"{w.model}@{w.version}") for w in self.loaded.here()]


class KeptReadings:
    """A day of readings in the database, joined to two a minute; a kill loses one minute at most."""

    def __init__(self, units: UnitsOfWork, clock: Clock) -> None:
        self._units = units
        self._clock = clock
        self._taken: list[Sample] = []
        """Since the database was written to."""

    def recall(self) -> Sequence[Sample]:
        """Return what is kept, oldest first."""
        now = self._clock.now()
        with self._units(read_only=True) as unit:
            return [each for each in unit.readings.since(now - KEPT) if each.at <= now]

    def keep(self, sample: Sample) -> None:
        """Take a reading, and write those of the minute that is over. Raises as ``write`` does."""
        if self._taken and _part(sample, WRITTEN_S) != _part(self._taken[0], WRITTEN_S):
            over, self._taken = self._taken, [sample]
            self._write(over)
        else:
            self._taken.append(sample)

    def write(self) -> None:
        """Write what was taken. Raises as a unit of work does; what could not be written is left out."""
        over, self._taken = self._taken, []
        if over:
            self._write(over)

    def _write(self, samples: Sequence[Sample]) -> None:
        with self._units() as unit:
            unit.readings.add(joined(samples))
            unit.readings.forget_before(self._clock.now() - KEPT)
            unit.commit()


def joined(samples: Sequence[Sample]) -> Sequence[Sample]:
    """Return one reading for each half minute.

    It is the last, with the highest processor use and memory that there were, so that no peak is
    lost, and the mean of each rate of disk and network: half a minute at the highest would tell of
    traffic that never was.
    """
    halves = groupby(samples, key=lambda sample: _part(sample, JOINED_S))
    return [_joined(tuple(group)) for _, group in halves]


def _part(sample: Sample, seconds: int) -> float:
    """Return which stretch of so many seconds the reading is of."""
    return sample.at.timestamp() // seconds


def _joined(samples: Sequence[Sample]) -> Sample:
    cores = zip_longest(*(each.cpu_per_core_percent for each in samples), fillvalue=0.0)
    return replace(
        _one_of(samples),
        cpu_per_core_percent=tuple(max(core) for core in cores),
        gpus=_each_one((gpu for each in samples for gpu in each.gpus), "index"),
        workers=_each_one((worker for each in samples for worker in each.workers), "pid"),
    )


def _each_one(things: Iterable[T], key: str) -> tuple[T, ...]:
    groups: dict[int, list[T]] = {}
    for thing in things:
        groups.setdefault(getattr(thing, key), []).append(thing)
    return tuple(_one_of(group) for group in groups.values())


def _one_of(things: Sequence[T]) -> T:
    """Return the last of several, with the highest of each figure and the mean of each rate."""
    last = things[-1]
    joint = {
        each.name: fmean(figures) if each.name.endswith("_per_s") else max(figures)
        for each in fields(last)
        if (figures := _figures([getattr(thing, each.name) for thing in things]))
    }
    return replace(last, **joint)


def _figures(values: Sequence[object]) -> Sequence[float]:
    return [value for value in values if isinstance(value, int | float)]


class KeepSampling:
    """Takes a reading at the interval of the settings, for fronts that stay, whoever looks at them."""

    def __init__(
        self,
        watch: WatchMachine,
        settings: CurrentSettings,
        events: EventStream,
        clock: Clock,
        units: UnitsOfWork,
    ) -> None:
        self._watch = watch
        self._settings = settings
        self._events = events
        self._clock = clock
        self._kept = KeptReadings(units, clock)
        self._interval_s = 0.0

    def __call__(self, wait: Callable[[float], bool]) -> None:
        """Recall what was kept, and go on until the end is asked for; on a thread of its own.

        A reading that fails is left out, and the series shows the gap: the next one tries again.

        Args:
            wait: Waits so many seconds and returns True where the end was asked for meanwhile.
        """
        with contextlib.suppress(HeyGenError):
            self._watch.recall(self._kept.recall())
        with contextlib.closing(self._events.subscribe(self._hear)):
            with contextlib.suppress(HeyGenError):
                self._watch.begin()
            if wait(SETTLE_S):
                return
            taken_at = self._take()
            while not wait(min(LONGEST_NAP_S, self._left_s(taken_at))):
                if self._left_s(taken_at) <= 0:
                    taken_at = self._take()
        with contextlib.suppress(HeyGenError):
            self._kept.write()

    def _take(self) -> float:
        """Take a reading, and return when: the time it took is part of the interval."""
        at = self._clock.monotonic()
        with contextlib.suppress(HeyGenError):
            if not self._interval_s:
                self._interval_s = self._settings().monitoring.interval_s
            self._kept.keep(self._watch.sample())
        return at

    def _left_s(self, taken_at: float) -> float:
        due = taken_at + (self._interval_s or LONGEST_NAP_S)
        return max(0.0, due - self._clock.monotonic())

    def _hear(self, event: Event) -> None:
        if isinstance(event, SettingsChanged) and event.concerns(INTERVAL_KEY):
            self._interval_s = self._settings().monitoring.interval_s
