"""The queue of runs of this process: what runs next, what runs beside it, and how it is stopped."""

from __future__ import annotations

import contextlib
import itertools
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent import futures
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from heygen_desktop.application.ports.clock import Clock
from heygen_desktop.application.ports.events import EventStream, Subscription
from heygen_desktop.application.ports.executor import Executor
from heygen_desktop.application.ports.unit_of_work import UnitsOfWork
from heygen_desktop.application.settings.effective import EffectiveSettings, SettingsInUse
from heygen_desktop.application.settings.schema import Settings
from heygen_desktop.application.use_cases.runs.execute_run import ExecuteRun
from heygen_desktop.domain.entities.run import Run, RunId
from heygen_desktop.domain.errors import HeyGenError, RunCancelledError, StorageError
from heygen_desktop.domain.events import Event, RunChanged, RunUpdate, SettingsChanged

PARALLEL_RUNS_KEY = "inference.parallel_runs"
ASK_DATABASE_EVERY_S = 0.25
"""How often it is looked whether another process asked one of these runs to stop."""

OnUpdate = Callable[[RunChanged | RunUpdate], None]


def tell(events: EventStream, run_id: str, on_update: OnUpdate) -> Subscription:
    """Let a caller hear of one run until it has ended, and return its place on the stream."""

    def hear(event: Event) -> None:
        if not isinstance(event, RunChanged | RunUpdate) or event.run_id != run_id:
            return
        try:
            on_update(event)
        finally:
            if isinstance(event, RunChanged) and event.run.state.is_final:
                place.close()

    place = events.subscribe(hear)
    return place


class RunHandle:
    """A caller's hold on a run that was started. Safe from any thread."""

    def __init__(
        self, run: Run, stop: Callable[[RunId], object], told: Subscription | None
    ) -> None:
        self.run = run
        """As it was queued."""
        self._stop = stop
        self._told = told
        self._end: futures.Future[Run] = futures.Future()

    def cancel(self) -> None:
        """Ask the run to stop; a queued one ends at once. Returns at once; safe to repeat."""
        self._stop(self.run.id)

    def wait(self, timeout_s: float | None = None) -> Run | None:
        """Return the run in its final state once all its updates were told; None if that is not yet.

        Raises:
            StorageError: How it ended could not be stored.
            RunCancelledError: The program closes while the run waits in the queue.
        """
        futures.wait([self._end], timeout_s)
        if not self._end.done() or not (self._told is None or self._told.flush(timeout_s)):
            return None
        return self._end.result()

    def end(self, outcome: Run | BaseException) -> None:
        """Say how it ended; for the dispatcher alone."""
        if isinstance(outcome, BaseException):
            self._end.set_exception(outcome)
        else:
            self._end.set_result(outcome)

    def drop(self) -> None:
        """Say that it does not begin any more; for the dispatcher alone."""
        self.end(RunCancelledError("queued"))
        if self._told is not None:
            self._told.close()


@dataclass(frozen=True, eq=False)
class _Entry:
    """A run in line or at work."""

    run: Run
    handle: RunHandle
    arrival: int
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def order(self) -> tuple[int, datetime, int]:
        """The smaller begins first."""
        return -self.run.priority, self.run.queued_at, self.arrival

    @property
    def seat(self) -> tuple[str, str, str]:
        """Runs of the same seat would only wait for each other inside one worker."""
        return self.run.model_id, self.run.version, self.run.device


class Dispatcher:
    """Runs by priority and arrival, one for each loaded model, as many as the settings allow.

    The line is the queued runs of this process in the database; here stands what they wait for. A
    run whose model is at work lets later runs of other models pass. Safe from any thread.
    """

    def __init__(
        self,
        execute: ExecuteRun,
        executor: Executor,
        settings: SettingsInUse,
        settings_of: Callable[[str], EffectiveSettings],
        units: UnitsOfWork,
        events: EventStream,
        clock: Clock,
    ) -> None:
        """Make an empty line.

        Args:
            execute: Drives one run to its end.
            executor: Where that is done.
            settings: Reads the settings in use now; they say how many runs go side by side.
            settings_of: Reads the settings of an environment as they hold now.
            units: Where other processes leave word that a run should stop.
            events: Where a changed setting is heard of.
            clock: Tells how long nobody looked for such word.
        """
        self._execute_run = execute
        self._executor = executor
        self._settings = settings
        self._settings_in = settings_of
        self._units = units
        self._events = events
        self._clock = clock
        self._lock = threading.Lock()
        self._arrivals = itertools.count()
        self._waiting: list[_Entry] = []
        self._running: dict[RunId, _Entry] = {}
        self._next_look = 0.0
        self._following: Subscription | None = None
        self._is_closed = False

    def take(
        self, run: Run, chosen: EffectiveSettings, told: Subscription | None = None
    ) -> RunHandle:
        """Put a queued run of this process in line, and begin what may begin.

        Args:
            chosen: The settings as they were read for this run.
            told: Hears of the run; the handle waits for it.
        """
        handle = RunHandle(run, self.stop, told)
        self._enter(handle)
        self._dispatch(chosen)
        return handle

    def take_all(self, runs: Iterable[Run], chosen: EffectiveSettings) -> None:
        """Put queued runs of this process in line, in this order, before the first begins."""
        for run in runs:
            self._enter(RunHandle(run, self.stop, None))
        self._dispatch(chosen)

    def stop(self, run_id: RunId) -> bool:
        """Stop a run that waits or is at work here, and return whether it was; returns at once."""
        with self._lock:
            at_work = self._running.get(run_id)
            waits = next((entry for entry in self._waiting if entry.run.id == run_id), None)
            if waits is not None:
                self._waiting.remove(waits)
        for entry in (at_work, waits):
            if entry is not None:
                entry.stop.set()
        if waits is not None:
            self._executor.execute(partial(self._run, waits, None))
        return bool(at_work or waits)

    def arrange(self, run_ids: Sequence[RunId]) -> Sequence[Run]:
        """Let runs that wait here begin in this order, before those that are not named.

        Returns:
            Those that got another priority for it, as they are now; the caller stores them.
        """
        places = {run_id: place for place, run_id in enumerate(run_ids)}
        with self._lock:
            ordered = sorted(self._waiting, key=lambda e: places.get(e.run.id, len(places)))
            self._waiting = _in_priority(ordered)
            before = {entry.run.id: entry.run for entry in ordered}
            return [e.run for e in self._waiting if e.run is not before[e.run.id]]

    def follow_settings(self) -> None:
        """From now on let a change of how many runs go side by side take effect at once."""
        if self._following is None:
            self._following = self._events.subscribe(self._hear)

    def close(self) -> None:
        """Begin nothing more, and ask what runs to stop; returns at once, and is safe to repeat.

        What waits stays queued in the database, for the next program that takes it up.
        """
        with self._lock:
            self._is_closed = True
            waiting, self._waiting = self._waiting, []
            running = tuple(self._running.values())
        if self._following is not None:
            self._following.close()
        for entry in waiting:
            entry.handle.drop()
        for entry in running:
            entry.stop.set()

    def _enter(self, handle: RunHandle) -> None:
        with self._lock:
            self._waiting.append(_Entry(handle.run, handle, next(self._arrivals)))
            self._waiting.sort(key=lambda entry: entry.order)

    def _dispatch(self, chosen: EffectiveSettings) -> None:
        while (entry := self._next(chosen.settings.inference.parallel_runs)) is not None:
            self._executor.execute(partial(self._run, entry, chosen))

    def _next(self, side_by_side: int) -> _Entry | None:
        """Return the first in line that may begin now, as begun."""
        with self._lock:
            if self._is_closed or len(self._running) >= side_by_side:
                return None
            taken = {entry.seat for entry in self._running.values()}
            entry = next((each for each in self._waiting if each.seat not in taken), None)
            if entry is not None:
                if not self._running:  # its first step looks for itself
                    self._next_look = self._clock.monotonic() + ASK_DATABASE_EVERY_S
                self._waiting.remove(entry)
                self._running[entry.run.id] = entry
            return entry

    def _run(self, entry: _Entry, chosen: EffectiveSettings | None) -> None:
        """Drive a run to its end, on a thread of the executor, and let the next one begin."""
        outcome: Run | BaseException
        try:
            outcome = self._execute_run(
                entry.run,
                settings=partial(self._settings_of, entry.run, chosen),
                should_stop=partial(self._should_stop, entry),
            )
        except BaseException as error:  # noqa: BLE001  handed to whoever waits for the run
            outcome = error
        with self._lock:
            self._running.pop(entry.run.id, None)
        entry.handle.end(outcome)
        self._go_on(chosen)
        if isinstance(outcome, BaseException) and not isinstance(outcome, HeyGenError):
            raise outcome

    def _settings_of(self, run: Run, chosen: EffectiveSettings | None) -> Settings:
        """A run of another environment, taken up here, runs by the settings of its own."""
        if chosen is None or run.environment != chosen.environment:
            chosen = self._settings_in(run.environment)
        return chosen.settings

    def _go_on(self, chosen: EffectiveSettings | None) -> None:
        if not self._waiting:
            return
        with contextlib.suppress(StorageError):  # then as many as were allowed before
            chosen = self._settings()
        if chosen is not None:
            self._dispatch(chosen)

    def _should_stop(self, entry: _Entry) -> bool:
        if not entry.stop.is_set():
            self._look_for_word()
        return entry.stop.is_set()

    def _look_for_word(self) -> None:
        """Stop what another process asked to be stopped; one question for all runs of this one."""
        with self._lock:
            now = self._clock.monotonic()
            if now < self._next_look:
                return
            self._next_look = now + ASK_DATABASE_EVERY_S
            mine = [*self._running, *(entry.run.id for entry in self._waiting)]
        with self._units(read_only=True) as unit:
            asked = unit.runs.cancel_requested(mine)
        for run_id in asked:
            self.stop(run_id)

    def _hear(self, event: Event) -> None:
        if isinstance(event, SettingsChanged) and event.concerns(PARALLEL_RUNS_KEY):
            self._dispatch(self._settings())


def _in_priority(ordered: Sequence[_Entry]) -> list[_Entry]:
    """Return the entries with priorities that say this order, raised no more than it takes."""
    found: list[_Entry] = []
    for entry in reversed(ordered):
        found.append(_before(found[-1], entry) if found else entry)
    return found[::-1]


def _before(behind: _Entry, entry: _Entry) -> _Entry:
    if entry.order < behind.order:
        return entry
    least = behind.run.priority
    raised = (replace(entry, run=replace(entry.run, priority=p)) for p in (least, least + 1))
    return next(each for each in raised if each.order < behind.order)
