"""A written ``Inference``: scripted, in memory, no process, no waiting but for events given to it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from heygen_desktop.application.ports.inference import (
    Loaded,
    LoadRequest,
    TaskRequest,
    TaskResult,
    Update,
)
from heygen_desktop.domain.entities.run import Loading, Owner, Produced, Progress, RunFigures
from heygen_desktop.domain.entities.worker import Worker
from heygen_desktop.domain.errors import DeviceUnavailableError, HeyGenError, RunCancelledError

_Key = tuple[Path, str, str]


@dataclass
class Script:
    """What the next load and run do. Change it between calls as you like."""

    pieces: Sequence[str] = ("Once", " upon", " a", " time.")
    """One token each; joined they are the output."""
    stages: Sequence[str] = ("starting", "importing torch", "reading weights")
    finish_reason: str = "stop"
    load_failure: HeyGenError | None = None
    """Raised after the stages."""
    run_failure: HeyGenError | None = None
    """Raised after the pieces."""
    hold_loading: threading.Event | None = None
    """Loading waits here, after its stages, until the event is set or the stop is asked for."""
    hold_running: threading.Event | None = None
    """Running waits here, after its first piece, until the event is set or the stop is asked for."""
    time_to_first_token_s: float = 0.1
    tokens_per_second: float = 50.0
    load_s: float = 1.5
    memory_bytes: int = 300_000_000


@dataclass
class _Place:
    turn: threading.Lock = field(default_factory=threading.Lock)
    worker: Worker | None = None
    names: set[tuple[str, str]] = field(default_factory=set)
    unloaded: threading.Event = field(default_factory=threading.Event)


class FakeInference:
    """Keeps the promises of the port that callers rely on.

    Args:
        script: What loads and runs do; also reachable as ``script``.
        devices: Those that can be used.
    """

    def __init__(self, script: Script | None = None, *, devices: Sequence[str] = ("cpu",)) -> None:
        self.script = script or Script()
        self.ran: list[tuple[LoadRequest, TaskRequest]] = []
        """Every run that got its turn, in order."""
        self.running = threading.Event()
        """Set once a run has produced its first piece; clear it yourself."""
        self.loading = threading.Event()
        """Set once a load has told its stages; clear it yourself."""
        self.closed = False
        self._devices = tuple(devices)
        self._places: dict[_Key, _Place] = {}
        self._state = threading.Lock()
        self._next_pid = 40_000

    def run(
        self,
        model: LoadRequest,
        task: TaskRequest,
        *,
        on_update: Callable[[Update], None],
        should_stop: Callable[[], bool],
    ) -> TaskResult:
        place = self._take_turn(model, should_stop)
        try:
            load_s = self._bring_in(place, model, on_update, should_stop)
            self.ran.append((model, task))
            return self._produce(place, load_s, on_update, should_stop)
        finally:
            self._set_busy(place, busy=False)
            place.turn.release()

    def load(
        self,
        model: LoadRequest,
        *,
        on_update: Callable[[Update], None],
        should_stop: Callable[[], bool],
    ) -> Worker:
        place = self._take_turn(model, should_stop)
        try:
            self._bring_in(place, model, on_update, should_stop)
            assert place.worker is not None
            return place.worker
        finally:
            place.turn.release()

    def unload(self, model: str, version: str = "") -> Sequence[Worker]:
        self._refuse_when_closed()
        left = []
        with self._state:
            for place in self._places.values():
                if any(model == n and version in ("", v) for n, v in place.names):
                    place.unloaded.set()
                    if place.worker is not None:
                        left.append(place.worker)
                    place.worker = None
        return left

    def holds(self, model: LoadRequest) -> bool:
        return any(map(model.is_met_by, self.workers()))

    def workers(self) -> Sequence[Worker]:
        with self._state:
            return [p.worker for p in self._places.values() if p.worker is not None]

    def close(self) -> None:
        self.closed = True
        with self._state:
            for place in self._places.values():
                place.unloaded.set()
                place.worker = None

    def _take_turn(self, model: LoadRequest, should_stop: Callable[[], bool]) -> _Place:
        self._refuse_when_closed()
        if model.device not in ("auto", *self._devices):
            raise DeviceUnavailableError(model.device, self._devices)
        with self._state:
            place = self._places.setdefault((model.path, model.device, model.dtype), _Place())
        while not place.turn.acquire(timeout=0.005):
            _stop_if(self.closed or should_stop(), "waiting", 0)
        if self.closed or should_stop():
            place.turn.release()
            _stop_if(True, "waiting", 0)
        return place

    def _bring_in(
        self,
        place: _Place,
        model: LoadRequest,
        on_update: Callable[[Update], None],
        should_stop: Callable[[], bool],
    ) -> float:
        place.names.add((model.model, model.version))
        if place.worker is not None:
            on_update(Loaded(place.worker, was_loaded=True))
            return 0.0
        place.unloaded.clear()
        for stage in self.script.stages:
            _stop_if(should_stop(), "loading", 0)
            on_update(Loading(stage))
        self.loading.set()
        self._hold(self.script.hold_loading, place, should_stop, "loading", 0)
        if self.script.load_failure is not None:
            raise self.script.load_failure
        with self._state:
            place.worker = self._new_worker(model)
        on_update(Loaded(place.worker, was_loaded=False))
        return self.script.load_s

    def _produce(
        self,
        place: _Place,
        load_s: float,
        on_update: Callable[[Update], None],
        should_stop: Callable[[], bool],
    ) -> TaskResult:
        self._set_busy(place, busy=True)
        script = self.script
        for count, piece in enumerate(script.pieces, start=1):
            _stop_if(should_stop() or place.unloaded.is_set(), "running", count - 1)
            on_update(self._produced(piece, count, load_s))
            if count == 1:
                self.running.set()
                self._hold(script.hold_running, place, should_stop, "running", count)
        if script.run_failure is not None:
            raise script.run_failure
        figures = self._figures(len(script.pieces), load_s)
        return TaskResult({"text": "".join(script.pieces)}, figures, script.finish_reason)

    def _produced(self, piece: str, count: int, load_s: float) -> Produced:
        progress = Progress("tokens", count, len(self.script.pieces))
        return Produced(piece, progress, self._figures(count, load_s))

    def _figures(self, tokens: int, load_s: float) -> RunFigures:
        return RunFigures(
            time_to_first_token_s=self.script.time_to_first_token_s,
            tokens_per_second=self.script.tokens_per_second if tokens > 1 else None,
            tokens=tokens,
            prompt_tokens=3,
            peak_memory_bytes=self.script.memory_bytes,
            load_s=load_s,
            peak_host_bytes=self.script.memory_bytes,
        )

    def _hold(
        self,
        gate: threading.Event | None,
        place: _Place,
        should_stop: Callable[[], bool],
        phase: str,
        tokens: int,
    ) -> None:
        while gate is not None and not gate.wait(0.005):
            _stop_if(should_stop() or place.unloaded.is_set(), phase, tokens)

    def _set_busy(self, place: _Place, *, busy: bool) -> None:
        with self._state:
            if place.worker is not None:
                place.worker = replace(place.worker, busy=busy)

    def _new_worker(self, model: LoadRequest) -> Worker:
        self._next_pid += 1
        return Worker(
            process=Owner(self._next_pid, 1.0),
            owner=Owner(1, 1.0),
            model_id=model.model_id,
            model=model.model,
            version=model.version,
            device="cpu" if model.device == "auto" else model.device,
            dtype="float32" if model.dtype == "auto" else model.dtype,
            load_s=self.script.load_s,
            loaded_at=datetime(2026, 1, 1, tzinfo=UTC),
            memory_bytes=self.script.memory_bytes,
            peak_memory_bytes=self.script.memory_bytes,
        )

    def _refuse_when_closed(self) -> None:
        if self.closed:
            raise RuntimeError("the fake inference is closed")


def _stop_if(asked: bool, phase: str, tokens: int) -> None:
    if asked:
        error = RunCancelledError(phase)
        error.details["tokens"] = tokens
        raise error
