"""Starts a resident where there is none, and asks it to load and keep a model."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence

from heygen_desktop.application.ports.clock import Clock
from heygen_desktop.application.ports.inference import LoadRequest, OnUpdate, ShouldStop
from heygen_desktop.domain.entities.worker import Worker
from heygen_desktop.domain.errors import (
    ResidentSilentError,
    RunCancelledError,
    WorkerCrashedError,
)
from heygen_desktop.infrastructure.inference.messages import ListWorkers
from heygen_desktop.infrastructure.inference.residents.client import Patience, Residents
from heygen_desktop.infrastructure.inference.residents.register import Resident, ResidentRegister

START_LIMIT_S = 30.0
_LOOK_EVERY_S = 0.05


class ResidentKeeper:
    """Fulfils ``ModelKeeper``."""

    def __init__(
        self,
        register: ResidentRegister,
        command: Sequence[str],
        clock: Clock,
        patience: Patience | None = None,
    ) -> None:
        """Start nothing yet.

        Args:
            command: What starts a resident of this home and environment.
        """
        self._register = register
        self._command = tuple(command)
        self._patience = patience or Patience()
        self._residents = Residents(register, clock, self._patience)

    def holds(self, model: LoadRequest) -> bool:
        return self._residents.holder(model) is not None

    def load(self, model: LoadRequest, *, on_update: OnUpdate, should_stop: ShouldStop) -> Worker:
        resident = self._keeping(model)
        if resident is None:
            with self._register.starting(should_stop):
                # Whoever held the turn before may have started one.
                resident = self._keeping(model) or self._started(should_stop)
        return self._residents.load(resident, model, on_update, should_stop)

    def _keeping(self, model: LoadRequest) -> Resident | None:
        """Return the resident that has the model, else any that answers, or None where there is none.

        Raises:
            ResidentSilentError: There is one, and it does not answer.
        """
        silent: list[Resident] = []
        answering = list(self._residents.answers(ListWorkers(), silent=silent))
        for resident, workers in answering:
            if any(map(model.is_met_by, workers)):
                return resident
        if silent and not answering:
            raise ResidentSilentError(silent[0].process.pid, self._patience.greeting_s)
        return answering[0][0] if answering else None

    def _started(self, should_stop: ShouldStop) -> Resident:
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
            for resident, _ in self._residents.answers(ListWorkers(), silent=[]):
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
