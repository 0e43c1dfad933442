"""The worker's life: say hello, load one model, do one task after another, show that it lives."""

from __future__ import annotations

import gc
import os
import queue
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil

from heygen_desktop.application.ports.inference import LoadRequest, TaskRequest, TaskResult
from heygen_desktop.domain.entities.run import Loading
from heygen_desktop.domain.errors import RunFailedError, WorkerOutOfMemoryError
from heygen_desktop.infrastructure.inference.framing import ProtocolViolation
from heygen_desktop.infrastructure.inference.messages import (
    PROTOCOL_VERSION,
    Alive,
    Cancel,
    Failed,
    Hello,
    Load,
    Measured,
    Run,
    Shutdown,
)
from heygen_desktop.infrastructure.inference.worker.channel import Channel
from heygen_desktop.infrastructure.inference.worker.emitter import Emitter
from heygen_desktop.infrastructure.inference.worker.failures import failure_of
from heygen_desktop.infrastructure.inference.worker.runtime import (
    Control,
    LoadedModel,
    Report,
    Runtime,
)

_SIGN_OF_LIFE_S = 1.0
_STATUS = Path("/proc/self/status")
_CLEAR = Path("/proc/self/clear_refs")
_Turn = tuple[TaskRequest, Control]


class WorkerService:
    """Serves one channel. ``serve`` blocks on the main thread; two more threads listen and tick.

    Args:
        runtime_for: Returns the runtime of an artifact format, telling what its import does; raises
            ArtifactUnsupportedError where there is none.
        leave: Ends the process at once; ``os._exit`` but in tests.
    """

    def __init__(
        self,
        channel: Channel,
        runtime_for: Callable[[LoadRequest, Report], Runtime],
        *,
        leave: Callable[[int], None] = os._exit,
    ) -> None:
        self._channel = channel
        self._runtime_for = runtime_for
        self._leave = leave
        self._orders: queue.SimpleQueue[LoadRequest | _Turn | None] = queue.SimpleQueue()
        self._control = Control()
        """Of the run that was ordered last."""
        self._silent = threading.Event()

    def serve(self) -> None:
        """Do what the program asks, until it closes the channel or a failure makes going on useless."""
        listener = threading.Thread(target=self._listen, name="listen", daemon=True)
        ticker = threading.Thread(target=self._tick, name="tick", daemon=True)
        listener.start()
        ticker.start()
        self._channel.send(Hello(PROTOCOL_VERSION, os.getpid()))
        try:
            self._work()
        finally:
            self._silent.set()
            ticker.join()

    def _work(self) -> None:
        order = self._orders.get()
        model = self._load(order) if isinstance(order, LoadRequest) else None
        while model is not None and isinstance(turn := self._orders.get(), tuple):
            if not self._run(model, *turn):
                break

    def _listen(self) -> None:
        try:
            for message in self._channel.messages():
                match message:
                    case Load():
                        self._orders.put(message.model)
                    case Run():
                        # From now on it can be cancelled. A stop that comes too late stops no later run.
                        self._control = Control()
                        self._orders.put((message.task, self._control))
                    case Cancel():
                        self._control.cancel()
                    case Shutdown():
                        break
                    case _:
                        raise ProtocolViolation(f"{type(message).__name__} is no order")
        except ProtocolViolation as violation:
            print(f"the program sent what it must not send: {violation}", file=sys.stderr)  # noqa: T201 - standard error is the worker's log
        # The program is gone or wants us gone; the main thread may be deep in native code.
        self._orders.put(None)
        self._leave(0)

    def _tick(self) -> None:
        while not self._silent.wait(_SIGN_OF_LIFE_S):
            try:
                self._channel.send(Alive(self._control.step))
            except BrokenPipeError:
                return  # the program is gone, and the kernel or the listener ends us

    def _load(self, order: LoadRequest) -> LoadedModel | None:
        try:
            runtime = self._runtime_for(order, self._report)
            model = runtime.load(order, self._report)
        except Exception as error:  # noqa: BLE001 - whatever a runtime raises becomes a report
            failed = failure_of(error, model=order.model, phase="loading", device=order.device)
            self._channel.send(failed)
            return None
        # What is there now stays: later collections need not look at libraries and weights.
        gc.collect()
        gc.freeze()
        self._channel.send(
            Measured(
                device=model.device,
                dtype=model.dtype,
                memory_bytes=_resident_bytes(),
                peak_host_bytes=_peak_bytes(),
                device_bytes=model.gpu_memory_bytes(),
            )
        )
        return model

    def _report(self, stage: str, fraction: float | None) -> None:
        self._channel.send(Loading(stage, fraction))

    def _run(self, model: LoadedModel, task: TaskRequest, control: Control) -> bool:
        """Do one task; return whether the worker can do another."""
        _reset_peak()
        end = self._attempt(model, task, control)
        if isinstance(end, Failed) and end.failure.code == WorkerOutOfMemoryError.code:
            # Outside the handler: inside it, the exception would keep the tensors alive.
            gc.collect()
            model.relieve()
        self._tell_end(end, model)
        return not (isinstance(end, Failed) and end.fatal)

    def _tell_end(self, end: TaskResult | Failed, model: LoadedModel) -> None:
        try:
            self._channel.send(end)
        except RunFailedError as error:  # it does not fit a message
            self._channel.send(failure_of(error, model="", phase="running", device=model.device))

    def _attempt(
        self, model: LoadedModel, task: TaskRequest, control: Control
    ) -> TaskResult | Failed:
        emitter = Emitter(self._channel.send, lambda: (_peak_bytes(), model.gpu_peak_bytes()))
        try:
            outcome = model.run(task, emitter, control)
        except Exception as error:  # noqa: BLE001 - whatever a runtime raises ends this run, not the worker
            emitter.ended("")  # what was made up to here is kept
            return failure_of(
                error, model="", phase="running", device=model.device, tokens=emitter.tokens
            )
        emitter.ended("")
        return TaskResult(outcome.output, emitter.figures(), outcome.finish_reason)


def _resident_bytes() -> int:
    return int(psutil.Process().memory_info().rss)


def _reset_peak() -> None:
    """Begin to count the peak anew, where the system can; elsewhere it is that of the whole life."""
    with suppress(OSError):
        _CLEAR.write_text("5", encoding="ascii")


def _peak_bytes() -> int:
    """Return the highest resident memory since ``_reset_peak``, or now where that is not known."""
    with suppress(OSError):
        for line in _STATUS.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return max(int(line.split()[1]) * 1024, _resident_bytes())
    return _resident_bytes()
