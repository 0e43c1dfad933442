"""Uses models that another process of this home keeps loaded; else this process's own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from heygen_desktop.application.ports.clock import Clock
from heygen_desktop.application.ports.inference import (
    Inference,
    Loaded,
    LoadRequest,
    OnUpdate,
    ShouldStop,
    TaskRequest,
    TaskResult,
    Update,
)
from heygen_desktop.domain.entities.run import Loading, Owner, Produced
from heygen_desktop.domain.entities.worker import Worker
from heygen_desktop.domain.errors import (
    ResidentSilentError,
    RunCancelledError,
    WorkerCrashedError,
    WorkerProtocolError,
)
from heygen_desktop.infrastructure.inference.framing import ProtocolViolation
from heygen_desktop.infrastructure.inference.messages import (
    Alive,
    Cancel,
    Failed,
    ListWorkers,
    Load,
    Message,
    Run,
    Unload,
    Workers,
)
from heygen_desktop.infrastructure.inference.residents.line import GONE, Line, connected
from heygen_desktop.infrastructure.inference.residents.register import Resident, ResidentRegister
from heygen_desktop.infrastructure.inference.waiting import Silence

_STOP_QUESTION_EVERY_S = 0.05
_PHASE = "running in another process"


@dataclass(frozen=True)
class Patience:
    """How long another process is waited for, in seconds: one that is stopped holds up nobody."""

    greeting_s: float = 5.0
    """From the knock to the proof that it is the one."""
    answer_s: float = 10.0
    """For the answer to a short question; unloading stops a process."""
    silence_s: float = 10.0
    """Without a sign of life in a run or a load; it gives one each second."""
    stop_s: float = 5.0
    """From the request to stop to its answer."""


class ResidentInference:
    """Fulfils ``Inference`` on this process's own and on every resident of the home."""

    def __init__(
        self,
        own: Inference,
        register: ResidentRegister,
        process: Owner,
        clock: Clock,
        patience: Patience | None = None,
    ) -> None:
        self._own = own
        self._residents = Residents(register, clock, patience or Patience(), but_not=process)

    def run(
        self, model: LoadRequest, task: TaskRequest, *, on_update: OnUpdate, should_stop: ShouldStop
    ) -> TaskResult:
        has_begun = False

        def pass_on(update: Update) -> None:
            nonlocal has_begun
            has_begun = has_begun or not isinstance(update, Loading)
            on_update(update)

        resident = None if self._own.holds(model) else self._residents.holder(model)
        if resident is not None:
            try:
                return self._residents.run(resident, Run(model, task), pass_on, should_stop)
            except ResidentSilentError:
                if has_begun:
                    raise
        return self._own.run(model, task, on_update=on_update, should_stop=should_stop)

    def load(self, model: LoadRequest, *, on_update: OnUpdate, should_stop: ShouldStop) -> Worker:
        return self._own.load(model, on_update=on_update, should_stop=should_stop)

    def unload(self, model: str, version: str = "") -> Sequence[Worker]:
        stopped = list(self._own.unload(model, version))
        return [*stopped, *self._residents.unload(Unload(model, version), is_enough=bool(stopped))]

    def holds(self, model: LoadRequest) -> bool:
        return self._own.holds(model) or self._residents.holder(model) is not None

    def workers(self) -> Sequence[Worker]:
        return self._own.workers()

    def close(self) -> None:
        self._own.close()


@dataclass(frozen=True)
class Residents:
    """Talks with the residents of a home, each word within its time."""

    register: ResidentRegister
    clock: Clock
    patience: Patience
    but_not: Owner | None = None
    """A process that is passed over: one's own."""

    def holder(self, model: LoadRequest) -> Resident | None:
        """Return the resident that has this model in memory, or None."""
        answers = self.answers(ListWorkers(), silent=[])
        return next((r for r, workers in answers if any(map(model.is_met_by, workers))), None)

    def answers(
        self, ask: ListWorkers | Unload, *, silent: list[Resident]
    ) -> Iterator[tuple[Resident, Sequence[Worker]]]:
        """Yield each resident that answers, with the workers that it names.

        Args:
            silent: Gets each that does not answer in time.
        """
        for resident in self.register.all():
            if resident.process == self.but_not:
                continue
            try:
                yield resident, self._ask(resident, ask)
            except TimeoutError:
                silent.append(resident)
            except GONE:  # it ended meanwhile, and its models with it, or its socket was removed
                continue

    def unload(self, ask: Unload, *, is_enough: bool) -> Sequence[Worker]:
        """Let every resident stop the workers of a model, and return them.

        Raises:
            ResidentSilentError: Nobody had it (and that is not enough), but one did not answer.
        """
        silent: list[Resident] = []
        stopped = [worker for _, freed in self.answers(ask, silent=silent) for worker in freed]
        if silent and not (stopped or is_enough):
            raise ResidentSilentError(silent[-1].process.pid, self.patience.answer_s)
        return stopped

    def run(
        self, resident: Resident, ask: Run, on_update: OnUpdate, should_stop: ShouldStop
    ) -> TaskResult:
        """Let a resident do a task. Raises as ``converse`` does."""
        answer = self.converse(resident, ask, on_update, should_stop)
        if not isinstance(answer, TaskResult):
            raise WorkerProtocolError("a resident answered a run with something else")
        return answer

    def load(
        self, resident: Resident, model: LoadRequest, on_update: OnUpdate, should_stop: ShouldStop
    ) -> Worker:
        """Let a resident load a model and keep it. Raises as ``converse`` does."""
        answer = self.converse(resident, Load(model), on_update, should_stop)
        if not isinstance(answer, Workers) or not answer.workers:
            raise WorkerProtocolError("a resident answered a load with something else")
        return answer.workers[0]

    def converse(
        self, resident: Resident, ask: Run | Load, on_update: OnUpdate, should_stop: ShouldStop
    ) -> Message:
        """Ask a resident for something that takes its time, and return its last answer.

        Raises:
            RunCancelledError: ``should_stop`` answered True.
            ResidentSilentError: It gave no sign of life for too long.
            WorkerCrashedError: It went away meanwhile.
            HeyGenError: What went wrong over there, or the question cannot be sent.
        """
        try:
            with self._connected(resident) as line:
                line.say(ask)
                return self._last_answer(line, on_update, should_stop)
        except TimeoutError as error:
            limit_s = self.patience.silence_s
            raise ResidentSilentError(resident.process.pid, limit_s) from error
        except ProtocolViolation as error:
            raise WorkerProtocolError(str(error)) from error
        except GONE as error:
            raise WorkerCrashedError(_PHASE, "that process ended") from error

    def _last_answer(self, line: Line, on_update: OnUpdate, should_stop: ShouldStop) -> Message:
        stopping, heard = False, 0
        silence = Silence(self.clock)
        while True:
            if not stopping and should_stop():
                stopping = True
                line.say(Cancel())
            message = line.hear(_STOP_QUESTION_EVERY_S)
            heard += message is not None
            self._refuse_silence(silence.measure(heard), stopping)
            match message:
                case Loading() | Loaded() | Produced():
                    on_update(message)
                case Failed():
                    raise message.error()
                case None | Alive():
                    continue
                case _:
                    return message

    def _refuse_silence(self, seconds: float, stopping: bool) -> None:
        if stopping and seconds > self.patience.stop_s:
            raise RunCancelledError(_PHASE)
        if seconds > self.patience.silence_s:
            raise TimeoutError

    def _ask(self, resident: Resident, ask: ListWorkers | Unload) -> Sequence[Worker]:
        with self._connected(resident) as line:
            line.say(ask)
            answer = line.hear(self.patience.answer_s)
        if answer is None:
            raise TimeoutError
        return answer.workers if isinstance(answer, Workers) else ()

    def _connected(self, resident: Resident) -> Line:
        return connected(resident.address, bytes.fromhex(resident.key), self.patience.greeting_s)
