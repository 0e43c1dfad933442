"""The worker's life: say hello, load one model, do one task after another, show that it lives."""

from __future__ import annotations

import gc
import os
import queue
import sys
import threading
import time
from collections.abc import Callable

from heygen_desktop.infrastructure.inference.framing import FrameTooLargeError, ProtocolViolation
from heygen_desktop.infrastructure.inference.messages import (
    PROTOCOL_VERSION,
    Alive,
    Cancel,
    Done,
    Failed,
    Hello,
    Load,
    LoadedInfo,
    LoadingStage,
    Run,
    Shutdown,
)
from heygen_desktop.infrastructure.inference.worker import memory
from heygen_desktop.infrastructure.inference.worker.channel import Channel
from heygen_desktop.infrastructure.inference.worker.emitter import Emitter
from heygen_desktop.infrastructure.inference.worker.failures import failure_of
from heygen_desktop.infrastructure.inference.worker.runtime import (
    Control,
    LoadedModel,
    Report,
    Runtime,
    TaskRefused,
)

_SIGN_OF_LIFE_S = 1.0
_Turn = tuple[Run, Control]


class WorkerService:
    """Serves one channel. ``serve`` blocks on the main thread; two more threads listen and tick.

    Args:
        runtime_for: Returns the runtime of an artifact format, telling what its import does; raises
            TaskRefused where there is none.
        leave: Ends the process at once; ``os._exit`` but in tests.
    """

    def __init__(
        self,
        channel: Channel,
        runtime_for: Callable[[str, Report], Runtime],
        *,
        leave: Callable[[int], None] = os._exit,
    ) -> None:
        self._channel = channel
        self._runtime_for = runtime_for
        self._leave = leave
        self._orders: queue.SimpleQueue[Load | _Turn | None] = queue.SimpleQueue()
        self._state = threading.Lock()
        self._controls: dict[str, Control] = {}
        """Of the runs that were ordered and have not ended."""
        self._silent = threading.Event()

    def serve(self) -> None:
        """Do what the program asks, until it closes the channel or a failure makes going on useless."""
        listener = threading.Thread(target=self._listen, name="listen", daemon=True)
        ticker = threading.Thread(target=self._tick, name="tick", daemon=True)
        self._channel.send(Hello(PROTOCOL_VERSION, os.getpid()))
        listener.start()
        ticker.start()
        try:
            model = self._load()
            while model is not None and isinstance(turn := self._orders.get(), tuple):
                if not self._run(model, *turn):
                    break
        finally:
            self._silent.set()
            ticker.join()

    def _listen(self) -> None:
        try:
            for message in self._channel.messages():
                match message:
                    case Load():
                        self._orders.put(message)
                    case Run():
                        self._await_turn(message)
                    case Cancel():
                        self._cancel(message.run_id)
                    case Shutdown():
                        break
        except ProtocolViolation as violation:
            print(f"the program sent what it must not send: {violation}", file=sys.stderr)  # noqa: T201 - standard error is the worker's log
        # The program is gone or wants us gone; the main thread may be deep in native code.
        self._orders.put(None)
        self._leave(0)

    def _tick(self) -> None:
        while not self._silent.wait(_SIGN_OF_LIFE_S):
            with self._state:
                step = sum(control.step for control in self._controls.values())
            try:
                self._channel.send(Alive(step))
            except BrokenPipeError:
                return  # the program is gone, and the kernel or the listener ends us

    def _await_turn(self, order: Run) -> None:
        control = Control()
        with self._state:  # from now on it can be cancelled
            self._controls[order.run_id] = control
        self._orders.put((order, control))

    def _cancel(self, run_id: str) -> None:
        with self._state:
            control = self._controls.get(run_id)
        if control is not None:  # else it has just ended, and its end is on the way
            control.cancel()

    def _load(self) -> LoadedModel | None:
        order = self._orders.get()
        if not isinstance(order, Load):
            return None
        began = time.perf_counter()
        try:
            runtime = self._runtime_for(order.format, self._report)
            model = runtime.load(order, self._report)
        except Exception as error:  # noqa: BLE001 - whatever a runtime raises becomes a report
            self._channel.send(failure_of(error, run_id=""))
            return None
        # What is there now stays: later collections need not look at libraries and weights.
        gc.collect()
        gc.freeze()
        self._channel.send(
            LoadedInfo(
                device=model.device,
                dtype=model.dtype,
                load_s=time.perf_counter() - began,
                memory_bytes=memory.resident_bytes(),
                peak_memory_bytes=memory.peak_bytes(),
                gpu_memory_bytes=model.gpu_memory_bytes(),
            )
        )
        return model

    def _report(self, stage: str, fraction: float | None) -> None:
        self._channel.send(LoadingStage(stage, fraction))

    def _run(self, model: LoadedModel, order: Run, control: Control) -> bool:
        """Do one task; return whether the worker can do another."""
        memory.reset_peak()
        end = self._attempt(model, order, control)
        if isinstance(end, Failed) and end.kind == "oom":
            # Outside the handler: inside it, the exception would keep the tensors alive.
            gc.collect()
            model.relieve()
        # Before the end is told: after it, a run of the same id may come.
        with self._state:
            del self._controls[order.run_id]
        self._tell_end(end)
        return not (isinstance(end, Failed) and end.fatal)

    def _tell_end(self, end: Done | Failed) -> None:
        try:
            self._channel.send(end)
        except FrameTooLargeError:
            refused = TaskRefused("run", "The output is larger than a message may be.")
            self._channel.send(failure_of(refused, run_id=end.run_id))

    def _attempt(self, model: LoadedModel, order: Run, control: Control) -> Done | Failed:
        emitter = Emitter(
            order.run_id,
            self._channel.send,
            lambda: (memory.peak_bytes(), model.gpu_peak_bytes()),
        )
        try:
            outcome = model.run(order, emitter, control)
        except Exception as error:  # noqa: BLE001 - whatever a runtime raises ends this run, not the worker
            return self._stopped_by(error, order, emitter)
        emitter.ended("")
        return Done(
            order.run_id,
            outcome.output,
            outcome.finish_reason,
            emitter.tokens,
            emitter.prompt_tokens,
            emitter.tokens_per_second,
            emitter.time_to_first_token_s,
            memory.peak_bytes(),
            model.gpu_peak_bytes(),
        )

    def _stopped_by(self, error: Exception, order: Run, emitter: Emitter) -> Failed:
        emitter.ended("")  # what was made up to here is kept
        return failure_of(
            error,
            run_id=order.run_id,
            tokens=emitter.tokens,
            prompt_tokens=emitter.prompt_tokens,
        )
