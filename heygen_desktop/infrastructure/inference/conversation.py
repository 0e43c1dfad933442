"""Talking with one worker: from its start to the loaded model, and through one task.

Both talks block, ask ``should_stop`` every 50 ms, and end with a result or with one error of
domain/errors.py. They run on the caller's thread; ``on_update`` is called there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from heygen_desktop.application.ports.clock import Clock
from heygen_desktop.application.ports.inference import LoadRequest, TaskRequest, TaskResult, Update
from heygen_desktop.domain.entities.run import Loading, Produced, Progress, RunFigures
from heygen_desktop.domain.errors import (
    ArtifactUnsupportedError,
    DeviceUnavailableError,
    HeyGenError,
    InvalidParameterError,
    ModelLoadError,
    PromptTooLongError,
    RunFailedError,
    WorkerHungError,
    WorkerOutOfMemoryError,
    WorkerProtocolError,
)
from heygen_desktop.infrastructure.inference.messages import (
    PROTOCOL_VERSION,
    Cancel,
    Chunk,
    Done,
    Failed,
    FromWorker,
    Hello,
    LoadedInfo,
    LoadingStage,
)
from heygen_desktop.infrastructure.inference.process import (
    WorkerEnded,
    WorkerPolicy,
    WorkerProcess,
)
from heygen_desktop.infrastructure.inference.scheduler import cancelled

_LONGEST_TICK_S = 1.0
MOST_CHARACTERS = 32_000_000
"""Of one run's output, which is kept in memory until its end: ten times what the longest run makes."""


class Signs(Protocol):
    """What a worker is heard by."""

    @property
    def step(self) -> int:
        """Its own count of progress."""

    @property
    def signs(self) -> int:
        """How many messages came from it."""


@dataclass
class Silence:
    """How long a worker has given no sign of life, or made no progress.

    A pause of this program itself (the machine slept, the caller was slow) counts as one second at
    most, so that a worker is not blamed for it.
    """

    process: Signs
    clock: Clock
    progress_counts: bool
    """Whether a living worker that makes no step is silent, too: a GPU that hangs looks like that."""
    seconds: float = 0.0
    _seen: tuple[int, int] = (-1, -1)
    _at: float | None = None

    def measure(self) -> float:
        """Return the seconds since the last sign, as of now."""
        now = self.clock.monotonic()
        sign = (self.process.step, 0) if self.progress_counts else (0, self.process.signs)
        if sign != self._seen or self._at is None:
            self.seconds = 0.0
        else:
            self.seconds += min(now - self._at, _LONGEST_TICK_S)
        self._seen, self._at = sign, now
        return self.seconds

    def reset(self) -> None:
        """Note a sign that is not in the counts."""
        self._at = None


@dataclass
class Talk:
    """What both talks share: who is talked with, and how patiently."""

    process: WorkerProcess
    model: LoadRequest
    policy: WorkerPolicy
    clock: Clock
    on_update: Callable[[Update], None]
    should_stop: Callable[[], bool]
    phase: str = "starting"
    tokens: int = 0
    device: str = "cpu"

    def next_message(self, silence: Silence, limit_s: float) -> FromWorker | None:
        """Return what came, or None.

        Raises:
            HeyGenError: The worker ended, or was silent for longer than the limit (and is killed).
        """
        try:
            message = self.process.receive(self.policy.poll_s)
        except WorkerEnded as end:
            raise end.ending.error(self.phase, device=self.device, tokens=self.tokens) from None
        if message is not None:
            silence.reset()
        elif silence.measure() > limit_s:
            self.process.kill("hung")
            raise WorkerHungError(self.phase, silence.seconds)
        return message

    def refuse(self, message: FromWorker) -> WorkerProtocolError:
        """Kill the worker for a message out of place, and return the error."""
        return self.refuse_because(f"{type(message).__name__} was sent while {self.phase}.")

    def refuse_because(self, reason: str) -> WorkerProtocolError:
        """Kill the worker for what the reason says, and return the error."""
        self.process.violate(reason)
        return WorkerProtocolError(reason)


@dataclass
class LoadTalk(Talk):
    """From the start of the process to the loaded model."""

    def hold(self) -> LoadedInfo:
        """Return what the worker says of the loaded model.

        Raises:
            RunCancelledError: The stop was asked for; the load is thrown away with its process.
            ModelLoadError, ...: As the port says.
        """
        silence = Silence(self.process, self.clock, progress_counts=False)
        while True:
            if self.should_stop():
                self.process.kill("cancelled")
                raise cancelled("loading", tokens=0)
            message = self.next_message(silence, self.model.start_timeout_s)
            if message is not None and (loaded := self._hear(message)) is not None:
                return loaded

    def _hear(self, message: FromWorker) -> LoadedInfo | None:
        match message:
            case Hello() if self.phase == "starting":
                self._check_version(message)
                self.phase = "loading"
            case LoadingStage() if self.phase == "loading":
                self.on_update(Loading(message.stage, message.fraction))
            case LoadedInfo() if self.phase == "loading":
                return message
            case Failed(run_id="") if self.phase == "loading":
                self.process.stop("load failed")
                raise error_of(message, self.model, phase="loading", device=self.model.device)
            case _:
                raise self.refuse(message)
        return None

    def _check_version(self, hello: Hello) -> None:
        if hello.protocol != PROTOCOL_VERSION:
            self.process.violate(f"It speaks version {hello.protocol} of the protocol.")
            raise WorkerProtocolError(
                f"The worker speaks version {hello.protocol} of the protocol, this program "
                f"version {PROTOCOL_VERSION}; they come from different installations."
            )


@dataclass
class RunTalk(Talk):
    """One task, from its sending to its end."""

    task: TaskRequest = field(kw_only=True)
    load_s: float = 0.0
    is_over: bool = False
    """Whether the worker has ended the task, well or not, and awaits the next."""
    _characters: int = 0
    _asked_at: float | None = None
    _terminated: bool = False

    def hold(self) -> TaskResult:
        """Return the result of the task.

        Raises:
            RunCancelledError: The stop was asked for. A worker that answers stays loaded; one that
                does not is stopped.
            RunFailedError, ...: As the port says.
        """
        self.phase = "running"
        silence = Silence(self.process, self.clock, progress_counts=True)
        while True:
            self._press_for_the_stop()
            message = self.next_message(silence, self._limit_s())
            if message is not None and (result := self._hear(message)) is not None:
                return result

    def _limit_s(self) -> float:
        # While a stop is under way, the deadlines of the stop hold.
        return self.model.stall_timeout_s if self._asked_at is None else float("inf")

    def _press_for_the_stop(self) -> None:
        now = self.clock.monotonic()
        if self._asked_at is None:
            if self.should_stop():
                self._asked_at = now
                self.process.send(Cancel(self.task.run_id))
            return
        waited = now - self._asked_at
        if waited > self.policy.answer_s + self.policy.terminate_s:
            self.process.kill("cancelled")
        elif waited > self.policy.answer_s and not self._terminated:
            self._terminated = True
            self.process.terminate("cancelled")

    def _hear(self, message: FromWorker) -> TaskResult | None:
        run_id = getattr(message, "run_id", None)
        if run_id != self.task.run_id:
            raise self.refuse(message)
        match message:
            case Chunk():
                self._pass_on(message)
                return None
            case Done():
                self.is_over = True
                return self._finish(message)
            case Failed():
                self.is_over = True
                raise self._give_up(message)
            case _:
                raise self.refuse(message)

    def _pass_on(self, chunk: Chunk) -> None:
        if chunk.tokens < self.tokens:
            raise self.refuse(chunk)
        self._characters += len(chunk.text)
        if self._characters > MOST_CHARACTERS:
            raise self.refuse_because(f"Its output has more than {MOST_CHARACTERS:,} characters.")
        self.tokens = chunk.tokens
        progress = Progress("tokens", chunk.tokens, chunk.limit)
        self.on_update(Produced(chunk.text, progress, self._figures(chunk)))

    def _finish(self, done: Done) -> TaskResult:
        if self._asked_at is not None:
            raise cancelled("running", tokens=done.tokens)
        return TaskResult(done.output, self._figures(done), done.finish_reason)

    def _figures(self, told: Chunk | Done) -> RunFigures:
        return RunFigures(
            time_to_first_token_s=told.time_to_first_token_s,
            tokens_per_second=told.tokens_per_second,
            tokens=told.tokens,
            prompt_tokens=told.prompt_tokens,
            peak_memory_bytes=told.peak_host_bytes + (told.peak_device_bytes or 0),
            load_s=self.load_s,
            peak_host_bytes=told.peak_host_bytes,
            peak_device_bytes=told.peak_device_bytes,
        )

    def _give_up(self, failed: Failed) -> HeyGenError:
        if failed.fatal:
            self.process.stop("device failed")
        if self._asked_at is not None or failed.kind == "cancelled":
            return cancelled("running", tokens=max(failed.tokens, self.tokens))
        return error_of(failed, self.model, phase="running", device=self.device)


def error_of(failed: Failed, model: LoadRequest, *, phase: str, device: str) -> HeyGenError:
    """Return the error that a worker's report means."""
    error = _error_of(failed, model, phase, device)
    if failed.evidence:
        error.details["evidence"] = failed.evidence[-4000:]
    if failed.tokens:
        error.details["tokens"] = failed.tokens
    return error


def _error_of(failed: Failed, model: LoadRequest, phase: str, device: str) -> HeyGenError:
    match failed.kind:
        case "prompt_too_long":
            return PromptTooLongError(failed.prompt_tokens, failed.context_tokens)
        case "oom":
            return WorkerOutOfMemoryError(phase, device, failed.reason)
        case "device":
            return DeviceUnavailableError(model.device, tuple(failed.reason.split(", ")))
        case "unsupported":
            return ArtifactUnsupportedError(str(model.path), failed.reason)
        case "invalid":
            name, _, expected = failed.reason.partition(": ")
            return InvalidParameterError(name, "what was given", expected)
        case "load":
            return ModelLoadError(model.model, failed.reason)
        case _:
            return RunFailedError(failed.reason)
