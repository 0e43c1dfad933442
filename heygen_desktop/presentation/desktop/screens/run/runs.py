"""Starts and stops runs: the queue, a thread for each, and a stop that does not wait for either."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from heygen_desktop.application.use_cases.runs.cancel_run import CancelRun
from heygen_desktop.application.use_cases.runs.execute_run import ExecuteRun
from heygen_desktop.application.use_cases.runs.queue_run import QueueRun, RunRequest
from heygen_desktop.domain.entities.run import Run
from heygen_desktop.domain.errors import (
    HeyGenError,
    InvalidTransitionError,
    NotFoundError,
    RunNotFoundError,
)
from heygen_desktop.domain.repositories.runs import RunFilter, RunPage
from heygen_desktop.presentation.desktop.ports import Queue, TaskContext
from heygen_desktop.presentation.desktop.screens.run.composer import ComposerUseCases
from heygen_desktop.presentation.desktop.screens.run.stopping import StopSwitch
from heygen_desktop.presentation.desktop.work import Work


@dataclass(frozen=True)
class RunActs:
    """The use cases that begin and end a run."""

    queue: QueueRun
    execute: ExecuteRun
    cancel: CancelRun


@dataclass(frozen=True)
class RunUseCases:
    """What the screen asks of the application."""

    composer: ComposerUseCases
    acts: RunActs
    list_runs: Callable[[RunFilter], RunPage]
    get_run: Callable[[str], Run]
    now: Callable[[], datetime]
    """With time zone."""

    def run_or_nothing(self, run_id: str) -> Run | NotFoundError:
        """Return the run of exactly that id: the beginning of one could also be a model's name."""
        try:
            run = self.get_run(run_id)
        except NotFoundError as error:
            return error
        return run if run.id == run_id else RunNotFoundError(run_id)


class RunStarter:
    """Used on the UI thread. The end of a run is told by its last event, not here."""

    def __init__(self, acts: RunActs, work: Work) -> None:
        self._acts = acts
        self._work = work
        self._switches: dict[str, StopSwitch] = {}

    def start(
        self,
        request: RunRequest,
        on_queued: Callable[[Run], None],
        on_refused: Callable[[HeyGenError], None],
    ) -> None:
        """Queue a run, say so, and execute it as soon as a thread is free."""

        def queued(run: Run) -> None:
            on_queued(run)
            self._execute(run.id)

        self._work.change(lambda: self._acts.queue(request), queued, failed=on_refused)

    def stop(self, run_id: str) -> None:
        """Stop a run, at once where this window executes it; safe to repeat."""
        switch = self._switches.get(run_id)
        if switch is not None:
            switch.turn_on()
        self._work.change(lambda: self._cancel(run_id, switch), lambda _done: None)

    def forget(self, run_id: str) -> None:
        """The run has ended; its switch is not needed any more."""
        self._switches.pop(run_id, None)

    def _execute(self, run_id: str) -> None:
        switch = self._switches[run_id] = StopSwitch()

        def work(context: TaskContext) -> None:
            if switch.claim():
                self._acts.execute(run_id, should_stop=lambda: switch.is_on or context.is_cancelled)

        self._work.ask(f"execute {run_id}", work, lambda _done: None, queue=Queue.INFERENCE)

    def _cancel(self, run_id: str, switch: StopSwitch | None) -> None:
        """Leave word in the books; a run that still waits for a thread is ended right here."""
        try:
            self._acts.cancel(run_id)
        except InvalidTransitionError:
            return  # it ended while the stop was on its way, which is what was asked for
        if switch is not None and switch.claim():
            self._acts.execute(run_id, should_stop=lambda: True)
