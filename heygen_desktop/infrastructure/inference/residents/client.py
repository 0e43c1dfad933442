"""Uses models that another process of this home keeps loaded; else this process's own."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection

from heygen_desktop.application.ports.inference import (
    Inference,
    LoadRequest,
    TaskRequest,
    TaskResult,
    Update,
)
from heygen_desktop.domain.entities.run import Owner
from heygen_desktop.domain.entities.worker import Worker
from heygen_desktop.domain.errors import RunCancelledError, WorkerCrashedError, WorkerProtocolError
from heygen_desktop.infrastructure.inference.framing import FrameTooLargeError
from heygen_desktop.infrastructure.inference.messages import NotTextError
from heygen_desktop.infrastructure.inference.residents import wire
from heygen_desktop.infrastructure.inference.residents.register import Resident, ResidentRegister
from heygen_desktop.infrastructure.inference.residents.server import serves
from heygen_desktop.infrastructure.inference.unsendable import input_cannot_be_sent

STOP_QUESTION_EVERY_S = 0.05
ANSWER_LIMIT_S = 10.0
"""How long a short question waits: a process that somebody stopped (Ctrl-Z) holds up nobody."""
_GONE = (OSError, EOFError, AuthenticationError)


class ResidentInference:
    """Fulfils ``Inference`` on this process's own and on every resident of the home."""

    def __init__(self, own: Inference, register: ResidentRegister, process: Owner) -> None:
        self._own = own
        self._register = register
        self._process = process

    def run(
        self,
        model: LoadRequest,
        task: TaskRequest,
        *,
        on_update: Callable[[Update], None],
        should_stop: Callable[[], bool],
    ) -> TaskResult:
        resident = None if serves(self._own, model) else self._holder(model)
        if resident is None:
            return self._own.run(model, task, on_update=on_update, should_stop=should_stop)
        try:
            answer = converse(resident, wire.AskRun.of(model, task), on_update, should_stop)
        except (FrameTooLargeError, NotTextError) as error:
            raise input_cannot_be_sent(error) from error
        if not isinstance(answer, wire.AnswerResult):
            raise WorkerProtocolError("a resident answered a run with something else")
        return answer.result

    def load(
        self,
        model: LoadRequest,
        *,
        on_update: Callable[[Update], None],
        should_stop: Callable[[], bool],
    ) -> Worker:
        return self._own.load(model, on_update=on_update, should_stop=should_stop)

    def unload(self, model: str, version: str = "") -> Sequence[Worker]:
        stopped = list(self._own.unload(model, version))
        for resident in self._others():
            with contextlib.suppress(*_GONE):  # it ended meanwhile, and its models with it
                answer = _ask(resident, wire.AskUnload(model, version))
                if isinstance(answer, wire.AnswerWorkers):
                    stopped.extend(answer.workers)
        return stopped

    def workers(self) -> Sequence[Worker]:
        return self._own.workers()

    def close(self) -> None:
        self._own.close()

    def _holder(self, model: LoadRequest) -> Resident | None:
        for resident in self._others():
            # It ended meanwhile; ask the next. A path of stray bytes is loaded by nobody.
            with contextlib.suppress(*_GONE, NotTextError):
                answer = _ask(resident, wire.AskServes(model))
                if isinstance(answer, wire.AnswerYesNo) and answer.yes:
                    return resident
        return None

    def _others(self) -> Iterator[Resident]:
        return (r for r in self._register.all() if r.process != self._process)


def converse(
    resident: Resident,
    ask: wire.AskRun | wire.AskLoad,
    on_update: Callable[[Update], None],
    should_stop: Callable[[], bool],
) -> wire.Answer:
    """Ask a resident for something that takes its time, and return its last answer.

    Raises:
        RunCancelledError: ``should_stop`` answered True.
        WorkerCrashedError: The resident went away meanwhile.
        FrameTooLargeError, NotTextError: The question is one that cannot be sent.
        HeyGenError: What went wrong over there.
    """
    try:
        with _connected(resident) as connection:
            wire.send(connection, ask)
            return _last_answer(connection, on_update, should_stop)
    except _GONE as error:
        raise WorkerCrashedError("running in another process", "that process ended") from error


def _last_answer(
    connection: Connection, on_update: Callable[[Update], None], should_stop: Callable[[], bool]
) -> wire.Answer:
    is_stopping = False
    while True:
        if not is_stopping and should_stop():
            is_stopping = True
            wire.send(connection, wire.AskStop())
        if not connection.poll(STOP_QUESTION_EVERY_S):
            continue
        answer = wire.receive_answer(connection)
        match answer:
            case wire.AnswerLoading() | wire.AnswerLoaded() | wire.AnswerProduced():
                on_update(answer.update)
            case wire.AnswerError():
                raise wire.error_of(answer)
            case _:
                if is_stopping and isinstance(answer, wire.AnswerYesNo):
                    raise RunCancelledError("running in another process")
                return answer


def _ask(resident: Resident, ask: wire.Ask) -> wire.Answer:
    with _connected(resident) as connection:
        wire.send(connection, ask)
        if not connection.poll(ANSWER_LIMIT_S):
            raise TimeoutError(f"no answer within {ANSWER_LIMIT_S:.0f} s")  # an OSError: as if gone
        return wire.receive_answer(connection)


def _connected(resident: Resident) -> Connection:
    return Client(resident.address, authkey=bytes.fromhex(resident.key))
