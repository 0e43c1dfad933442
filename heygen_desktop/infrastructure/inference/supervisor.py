"""Supervisor: keeps one worker process for each loaded model, and tasks on it in order.

Each model on a device in a precision has a *seat*: a waiting line and, while it is loaded, a worker.
Whoever holds the turn of the line is the only one who talks with the worker. Different models run
side by side. A worker that dies loses the run on it and nothing else; the next run starts a fresh one.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import psutil

from heygen_desktop.application.ports.clock import Clock
from heygen_desktop.application.ports.devices import Devices
from heygen_desktop.application.ports.events import EventStream
from heygen_desktop.application.ports.inference import (
    Loaded,
    LoadRequest,
    OnUpdate,
    ShouldStop,
    TaskRequest,
    TaskResult,
)
from heygen_desktop.domain.entities.run import Loading
from heygen_desktop.domain.entities.worker import Worker
from heygen_desktop.domain.errors import WorkerCrashedError
from heygen_desktop.domain.events import WorkerStarted, WorkerStopped
from heygen_desktop.infrastructure.devices.host import Host
from heygen_desktop.infrastructure.inference.conversation import LoadTalk, RunTalk
from heygen_desktop.infrastructure.inference.endings import Ending
from heygen_desktop.infrastructure.inference.messages import Load, Measured, Run
from heygen_desktop.infrastructure.inference.process import WorkerPolicy, WorkerProcess
from heygen_desktop.infrastructure.inference.waiting import WaitingLine, cancelled
from heygen_desktop.infrastructure.system.processes import process_of

_Key = tuple[Path, str, str]
_EXPECTED = frozenset({"unloaded", "the program ended", "its work was stopped"})
"""Reasons of ours for ending a worker that are nobody's fault."""


@dataclass
class _Seat:
    """The place of one model on one device in one precision; its fields change under one lock."""

    place: str
    """The device that it is meant for."""
    line: WaitingLine
    process: WorkerProcess | None = None
    worker: Worker | None = None
    """While the model is on its way into memory, what is known of it by then."""
    names: set[tuple[str, str]] = field(default_factory=set)
    """Every model name and version under which it was asked for since the process started."""
    busy: bool = False


class Supervisor:
    """Implements ``application.ports.inference.Inference``.

    Args:
        command: The worker's program and first arguments, such as ``default_command()``.
        devices: Asked what is there when a model is to be loaded.
        host: Asked for the processors that a worker may use.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        events: EventStream,
        clock: Clock,
        devices: Devices,
        host: Host,
        policy: WorkerPolicy | None = None,
    ) -> None:
        self._command = tuple(command)
        self._events = events
        self._clock = clock
        self._policy = policy or WorkerPolicy()
        self._devices = devices
        self._host = host
        self._owner = process_of(os.getpid())
        self._state = threading.Condition()
        self._seats: dict[_Key, _Seat] = {}
        self._calls = 0
        self._closed = False

    def run(
        self, model: LoadRequest, task: TaskRequest, *, on_update: OnUpdate, should_stop: ShouldStop
    ) -> TaskResult:
        """Load the model where it is not in memory, run the task, and return its result."""
        stop = self._or_closed(should_stop)
        with self._turn(model, stop) as seat:
            process, worker, load_s = self._loaded(seat, model, on_update, stop)
            on_update(Loaded(worker, was_loaded=load_s == 0.0))
            process.send(Run(model, task))
            seat.busy = True
            talk = RunTalk(process, model, on_update, stop, worker.device, load_s=load_s)
            try:
                return talk.hold()
            finally:
                seat.busy = not talk.is_over

    def load(self, model: LoadRequest, *, on_update: OnUpdate, should_stop: ShouldStop) -> Worker:
        """Bring the model into memory and keep it there."""
        stop = self._or_closed(should_stop)
        with self._turn(model, stop) as seat:
            _, worker, load_s = self._loaded(seat, model, on_update, stop)
            on_update(Loaded(worker, was_loaded=load_s == 0.0))
            return worker

    def unload(self, model: str, version: str = "") -> Sequence[Worker]:
        """Stop the workers of that model that this process holds, idle or busy; return them."""
        with self._state:
            self._refuse_when_closed()
            leaving = [
                (seat.process, self._measured(seat))
                for seat in self._seats.values()
                if seat.process is not None and _serves(seat, model, version)
            ]
        for process, _ in leaving:
            process.stop("unloaded")
        return [worker for _, worker in leaving if worker is not None]

    def holds(self, model: LoadRequest) -> bool:
        """Whether a run of this model would find it in memory."""
        return any(model.is_met_by(worker) for worker in self.workers())

    def workers(self) -> Sequence[Worker]:
        """Return the workers of this process with their memory as it is now."""
        with self._state:
            measured = [self._measured(seat) for seat in self._seats.values()]
        return [worker for worker in measured if worker is not None and not worker.is_loading]

    def close(self) -> None:
        """Stop every worker and wait for their end; later calls raise RuntimeError."""
        with self._state:
            self._closed = True
            every = [seat.process for seat in self._seats.values()]
        processes = [process for process in every if process is not None]
        for process in processes:
            process.terminate("the program ended")
        for process in processes:
            process.stop("the program ended")
        with self._state:
            self._state.wait_for(lambda: self._calls == 0, timeout=10.0)

    # One call

    @contextmanager
    def _turn(self, model: LoadRequest, should_stop: ShouldStop) -> Iterator[_Seat]:
        place = self._devices.look().get(model.device).id
        with self._state:
            self._refuse_when_closed()
            seat = self._seat_of(model, place)
            self._calls += 1
        try:
            with seat.line.turn(should_stop), self._whole_or_stopped(seat):
                yield seat
        finally:
            with self._state:
                self._calls -= 1
                self._state.notify_all()

    @contextmanager
    def _whole_or_stopped(self, seat: _Seat) -> Iterator[None]:
        """Leave the seat with an idle worker or none: never one in the middle of something."""
        try:
            yield
        finally:
            with self._state:
                process, worker = seat.process, seat.worker
            if process is not None:
                # on_update raised, or Ctrl-C came
                if seat.busy or worker is None or worker.is_loading:
                    process.kill("abandoned")
                if process.is_stopping:
                    process.join()
            seat.busy = False

    def _seat_of(self, model: LoadRequest, place: str) -> _Seat:
        """Return where the model is, else where it will be; the lock is held."""
        for (path, _, _), seat in self._seats.items():
            if path == model.path and seat.worker is not None and model.is_met_by(seat.worker):
                return seat
        made = _Seat(place, WaitingLine(poll_s=self._policy.poll_s))
        return self._seats.setdefault((model.path, place, model.dtype), made)

    def _loaded(
        self, seat: _Seat, model: LoadRequest, on_update: OnUpdate, should_stop: ShouldStop
    ) -> tuple[WorkerProcess, Worker, float]:
        """Return the process, its description, and how long the load took now (0: it was loaded)."""
        with self._state:
            process, worker = seat.process, seat.worker
            if process is not None and worker is not None and not process.is_stopping:
                seat.names.add((model.model, model.version))
                return process, worker, 0.0
        if process is not None:
            process.join()
        began = self._clock.monotonic()
        on_update(Loading("starting", None))
        threads = model.threads or max(1, self._host.processors() - 1)
        model = replace(model, threads=threads)
        process, expected = self._start(seat, model)
        process.send(Load(model))
        measured = LoadTalk(process, model, on_update, should_stop, model.device).hold()
        load_s = max(self._clock.monotonic() - began, 1e-9)
        return process, self._register(seat, process, expected, measured, load_s), load_s

    def _start(self, seat: _Seat, model: LoadRequest) -> tuple[WorkerProcess, Worker]:
        with self._state:
            if self._closed:
                raise cancelled("starting", tokens=0)
            process = seat.process = self._spawn(model)
            seat.names = {(model.model, model.version)}
            seat.worker = Worker(
                process=process.owner,
                owner=self._owner,
                model_id=model.model_id,
                model=model.model,
                version=model.version,
                device=seat.place,
                dtype=model.dtype,
                load_s=0.0,
                loaded_at=self._clock.now(),
                memory_bytes=0,
                peak_memory_bytes=0,
                is_loading=True,
            )
            return process, seat.worker

    def _spawn(self, model: LoadRequest) -> WorkerProcess:
        try:
            return WorkerProcess(
                self._command,
                threads=model.threads,
                niceness=model.niceness,
                clock=self._clock,
                policy=self._policy,
                on_end=self._note_end,
            )
        except OSError as error:
            how = f"it could not be started ({error.strerror or error})"
            raise WorkerCrashedError("starting", how) from error

    def _register(
        self,
        seat: _Seat,
        process: WorkerProcess,
        expected: Worker,
        measured: Measured,
        load_s: float,
    ) -> Worker:
        worker = replace(
            expected,
            device=measured.device,
            dtype=measured.dtype,
            load_s=load_s,
            loaded_at=self._clock.now(),
            memory_bytes=measured.memory_bytes,
            peak_memory_bytes=measured.peak_host_bytes,
            gpu_memory_bytes=measured.device_bytes,
            is_loading=False,
        )
        with self._state:
            if seat.process is not process:
                return worker  # it died just now; whoever talks with it next is told
            seat.worker = worker
        self._events.publish(
            WorkerStarted(
                worker.loaded_at,
                worker.model,
                worker.version,
                process.pid,
                worker.device,
                load_s,
                worker.memory_bytes,
            )
        )
        return worker

    def _note_end(self, process: WorkerProcess, ending: Ending) -> None:
        """Take the process from its seat; on its own thread, so that a death in idle time is seen."""
        with self._state:
            seat = next((s for s in self._seats.values() if s.process is process), None)
            worker = seat.worker if seat is not None else None
            if seat is not None:
                seat.process = seat.worker = None
        if worker is None or worker.is_loading:
            return  # it never held a model, so nobody was told of it
        self._events.publish(
            WorkerStopped(
                self._clock.now(),
                worker.model,
                worker.version,
                process.pid,
                ending.how,
                expected=ending.asked in _EXPECTED,
            )
        )

    # Small questions

    def _measured(self, seat: _Seat) -> Worker | None:
        if seat.worker is None or seat.process is None:
            return None
        memory = _resident_bytes(seat.process.pid) or seat.worker.memory_bytes
        peak = max(memory, seat.worker.peak_memory_bytes, seat.process.peak_host_bytes or 0)
        return replace(seat.worker, memory_bytes=memory, peak_memory_bytes=peak, busy=seat.busy)

    def _or_closed(self, should_stop: ShouldStop) -> ShouldStop:
        return lambda: self._closed or should_stop()

    def _refuse_when_closed(self) -> None:
        if self._closed:
            raise RuntimeError("the supervisor is closed")


def _serves(seat: _Seat, model: str, version: str) -> bool:
    return any(name == model and version in ("", known) for name, known in seat.names)


def _resident_bytes(pid: int) -> int | None:
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return None
