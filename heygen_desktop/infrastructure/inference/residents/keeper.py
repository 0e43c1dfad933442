"""Starts a resident where there is none, and asks it to load and keep a model."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Sequence

from heygen_desktop.application.ports.inference import LoadRequest, Update
from heygen_desktop.domain.entities.worker import Worker
from heygen_desktop.domain.errors import RunCancelledError, WorkerCrashedError, WorkerProtocolError
from heygen_desktop.infrastructure.inference.messages import NotTextError
from heygen_desktop.infrastructure.inference.residents import wire
from heygen_desktop.infrastructure.inference.residents.client import converse
from heygen_desktop.infrastructure.inference.residents.register import Resident, ResidentRegister
from heygen_desktop.infrastructure.inference.unsendable import path_is_no_text

START_LIMIT_S = 30.0
_LOOK_EVERY_S = 0.05


class ResidentKeeper:
    """Fulfils ``ModelKeeper``."""

    def __init__(self, register: ResidentRegister, command: Sequence[str]) -> None:
        """Start nothing yet.

        Args:
            command: What starts a resident of this home and environment.
        """
        self._register = register
        self._command = tuple(command)

    def load(
        self,
        model: LoadRequest,
        *,
        on_update: Callable[[Update], None],
        should_stop: Callable[[], bool],
    ) -> Worker:
        resident = next(iter(self._register.all()), None) or self._started(should_stop)
        try:
            answer = converse(resident, wire.AskLoad(model), on_update, should_stop)
        except NotTextError as error:
            raise path_is_no_text(model) from error
        if not isinstance(answer, wire.AnswerWorkers) or not answer.workers:
            raise WorkerProtocolError("a resident answered a load with something else")
        return answer.workers[0]

    def _started(self, should_stop: Callable[[], bool]) -> Resident:
        # Detached: it outlives this command, its terminal and its Ctrl-C. Its story is in the log.
        process = subprocess.Popen(
            self._command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            close_fds=True,
            start_new_session=True,
        )
        deadline = time.monotonic() + START_LIMIT_S
        while time.monotonic() < deadline:
            for resident in self._register.all():
                return resident
            if should_stop():
                process.terminate()
                process.wait()
                raise RunCancelledError("starting the process that keeps models loaded")
            if process.poll() is not None:
                raise WorkerCrashedError("starting the keeper", f"exit code {process.returncode}")
            time.sleep(_LOOK_EVERY_S)
        process.kill()
        process.wait()
        raise WorkerCrashedError("starting the keeper", f"silent for {START_LIMIT_S:.0f} s")
