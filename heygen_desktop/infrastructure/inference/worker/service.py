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
        self._orders: queue.SimpleQueue[Load | Run | None] = queue.SimpleQueue()
        self._state = threading.Lock()
        self._running: tuple[str, Control] | None = None
        self._cancelled_early: set[str] = set()
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
            while model is not None and isinstance(order := self._orders.get(), Run):
                if not self._run(model, order):
                    break
        finally:
            self._silent.set()
            ticker.join()

    def _listen(self) -> None:
        try:
            for message in self._channel.messages():
                match message:
                    case Load() | Run():
                        self._orders.put(message)
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
                step = self._running[1].step if self._running else 0
            try:
                self._channel.send(Alive(step))
            except BrokenPipeError:
                return  # the program is gone, and the kernel or the listener ends us

    def _cancel(self, run_id: str) -> None:
        with self._state:
            if self._running is not None and self._running[0] == run_id:
                self._running[1].cancel()
            else:
                self._cancelled_early.add(run_id)

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

    def _run(self, model: LoadedModel, order: Run) -> bool:
        """Do one task; return whether the worker can do another."""
        control = self._begin(order.run_id)
        memory.reset_peak()
        failed = self._attempt(model, order, control)
        with self._state:
            self._running = None
        if failed is None:
            return True
        # Outside the handler: inside it, the exception would keep the tensors alive.
        gc.collect()
        if not failed.fatal:
            model.relieve()
        self._channel.send(failed)
        return not failed.fatal

    def _begin(self, run_id: str) -> Control:
        control = Control()
        with self._state:
            self._running = (run_id, control)
            if run_id in self._cancelled_early:
                control.cancel()
            self._cancelled_early.clear()
        return control

    def _attempt(self, model: LoadedModel, order: Run, control: Control) -> Failed | None:
        emitter = Emitter(
            order.run_id,
            self._channel.send,
            lambda: (memory.resident_bytes(), model.gpu_memory_bytes()),
        )
        try:
            outcome = model.run(order, emitter, control)
            emitter.ended("")
            self._channel.send(
                Done(
                    order.run_id,
                    outcome.output,
                    outcome.finish_reason,
                    emitter.tokens,
                    emitter.prompt_tokens,
                    emitter.tokens_per_second,
                    emitter.time_to_first_token_s,
                    memory.peak_bytes() + (model.gpu_peak_bytes() or 0),
                )
            )
        except FrameTooLargeError:
            return failure_of(
                TaskRefused("run", "The output is larger than a message may be."),
                run_id=order.run_id,
            )
        except Exception as error:  # noqa: BLE001 - whatever a runtime raises ends this run, not the worker
            return self._stopped_by(error, order, emitter)
        return None

    def _stopped_by(self, error: Exception, order: Run, emitter: Emitter) -> Failed:
        emitter.ended("")  # what was made up to here is kept
        return failure_of(
            error,
            run_id=order.run_id,
            tokens=emitter.tokens,
            prompt_tokens=emitter.prompt_tokens,
        )
