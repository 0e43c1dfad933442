"""Talking with one worker: from its start to the loaded model, and through one task.

Both talks block, ask ``should_stop`` every 50 ms, and end with a result or with one error of
domain/errors.py. They run on the caller's thread; ``on_update`` is called there.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from heygen_desktop.application.ports.inference import (
    LoadRequest,
    OnUpdate,
    ShouldStop,
    TaskResult,
)
from heygen_desktop.domain.entities.run import Loading, Produced
from heygen_desktop.domain.errors import (
    ArtifactError,
    HeyGenError,
    InferenceError,
    InvalidInputError,
    RunCancelledError,
    WorkerHungError,
    WorkerProtocolError,
)
from heygen_desktop.infrastructure.inference.messages import (
    PROTOCOL_VERSION,
    Cancel,
    Failed,
    Hello,
    Measured,
    Message,
)
from heygen_desktop.infrastructure.inference.process import (
    WorkerEnded,
    WorkerProcess,
)
from heygen_desktop.infrastructure.inference.waiting import Silence, cancelled

MOST_CHARACTERS = 32_000_000
"""Of one run's output, which is kept in memory until its end: ten times what the longest run makes."""
_TRUSTED = (InferenceError, InvalidInputError, ArtifactError)
"""What a worker may say went wrong; nothing of the rest of the program is its to tell."""


@dataclass
class Talk:
    """What both talks share: who is talked with, and how patiently."""

    process: WorkerProcess
    model: LoadRequest
    on_update: OnUpdate
    should_stop: ShouldStop
    device: str
    phase: str = "starting"
    tokens: int = 0

    def next_message(
        self, silence: Silence, limit_s: float, *, progress_counts: bool = False
    ) -> Message | None:
        """Return what came, or None.

        Args:
            progress_counts: Whether a living worker that makes no step is silent, too: a GPU that
                hangs looks like that.

        Raises:
            HeyGenError: The worker ended, or was silent for longer than the limit (and is killed).
        """
        try:
            message = self.process.receive(self.process.policy.poll_s)
        except WorkerEnded as end:
            raise end.ending.error(self.phase, device=self.device, tokens=self.tokens) from None
        if message is not None:
            silence.reset()
        elif silence.measure(self._sign(progress_counts)) > limit_s:
            self.process.kill("hung")
            raise WorkerHungError(self.phase, silence.seconds)
        return message

    def _sign(self, progress_counts: bool) -> int:
        return self.process.step if progress_counts else self.process.signs

    def error_of(self, failed: Failed) -> HeyGenError:
        """Return the error that the worker tells, where it is one that a worker can have."""
        error = failed.error()
        if isinstance(error, _TRUSTED):
            return error
        return self.refuse_because(f"It told of the error {failed.failure.code[:80]}.")

    def refuse(self, message: Message) -> WorkerProtocolError:
        """Kill the worker for a message out of place, and return the error."""
        return self.refuse_because(f"{type(message).__name__} was sent while {self.phase}.")

    def refuse_because(self, reason: str) -> WorkerProtocolError:
        """Kill the worker for what the reason says, and return the error."""
        self.process.violate(reason)
        return WorkerProtocolError(reason)


@dataclass
class LoadTalk(Talk):
    """From the start of the process to the loaded model."""

    def hold(self) -> Measured:
        """Return what the worker says of the loaded model.

        Raises:
            RunCancelledError: The stop was asked for; the load is thrown away with its process.
            ModelLoadError, ...: As the port says.
        """
        silence = Silence(self.process.clock)
        while True:
            if self.should_stop():
                self.process.kill("its work was stopped")
                raise cancelled("loading", tokens=0)
            message = self.next_message(silence, self.model.start_timeout_s)
            if message is not None and (loaded := self._hear(message)) is not None:
                return loaded

    def _hear(self, message: Message) -> Measured | None:
        match message:
            case Hello() if self.phase == "starting":
                self._check_version(message)
                self.phase = "loading"
            case Loading() if self.phase == "loading":
                self.on_update(message)
            case Measured() if self.phase == "loading":
                return message
            case Failed() if self.phase == "loading":
                self.process.stop("load failed")
                raise self.error_of(message)
            case _:
                raise self.refuse(message)
        return None

    def _check_version(self, hello: Hello) -> None:
        if hello.protocol != PROTOCOL_VERSION:
            raise self.refuse_because(
                f"The worker speaks version {hello.protocol} of the protocol, this program "
                f"version {PROTOCOL_VERSION}; they come from different installations."
            )


@dataclass
class RunTalk(Talk):
    """One task, from its sending to its end."""

    load_s: float = field(kw_only=True)
    is_over: bool = False
    """Whether the worker has ended the task, well or not, and awaits the next."""
    _characters: int = 0
    _done: int = 0
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
        silence = Silence(self.process.clock)
        while True:
            self._press_for_the_stop()
            message = self.next_message(silence, self._limit_s(), progress_counts=True)
            if message is not None and (result := self._hear(message)) is not None:
                return result

    def _limit_s(self) -> float:
        # While a stop is under way, the deadlines of the stop hold.
        return self.model.stall_timeout_s if self._asked_at is None else float("inf")

    def _press_for_the_stop(self) -> None:
        now = self.process.clock.monotonic()
        if self._asked_at is None:
            if self.should_stop():
                self._asked_at = now
                self.process.send(Cancel())
            return
        waited = now - self._asked_at
        if waited > self.process.policy.answer_s + self.process.policy.terminate_s:
            self.process.kill("its work was stopped")
        elif waited > self.process.policy.answer_s and not self._terminated:
            self._terminated = True
            self.process.terminate("its work was stopped")

    def _hear(self, message: Message) -> TaskResult | None:
        match message:
            case Produced():
                self._pass_on(message)
                return None
            case TaskResult():
                self.is_over = True
                return self._finish(message)
            case Failed():
                self.is_over = True
                raise self._give_up(message)
            case _:
                raise self.refuse(message)

    def _pass_on(self, batch: Produced) -> None:
        if batch.progress.done < self._done or batch.figures.tokens < self.tokens:
            raise self.refuse(batch)
        self._characters += len(batch.text)
        if self._characters > MOST_CHARACTERS:
            raise self.refuse_because(f"Its output has more than {MOST_CHARACTERS:,} characters.")
        self.tokens, self._done = batch.figures.tokens, batch.progress.done
        self.on_update(replace(batch, figures=replace(batch.figures, load_s=self.load_s)))

    def _finish(self, result: TaskResult) -> TaskResult:
        if self._asked_at is not None:
            raise cancelled("running", tokens=result.figures.tokens)
        return replace(result, figures=replace(result.figures, load_s=self.load_s))

    def _give_up(self, failed: Failed) -> HeyGenError:
        if failed.fatal:
            self.process.stop("device failed")
        error = self.error_of(failed)
        if self._asked_at is not None or isinstance(error, RunCancelledError):
            told = error.details.get("tokens")
            return cancelled(
                "running", tokens=max(told if isinstance(told, int) else 0, self.tokens)
            )
        return error
