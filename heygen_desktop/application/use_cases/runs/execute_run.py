"""Execute a run whose turn has come, on the thread that calls, from loading to its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from heygen_desktop.application.models import FitNow, find_model
from heygen_desktop.application.ports.clock import Clock
from heygen_desktop.application.ports.devices import Devices
from heygen_desktop.application.ports.events import EventStream
from heygen_desktop.application.ports.inference import (
    Inference,
    Loaded,
    LoadRequest,
    TaskRequest,
    TaskResult,
    Update,
)
from heygen_desktop.application.ports.unit_of_work import UnitOfWork, UnitsOfWork
from heygen_desktop.application.runtimes import Runtimes
from heygen_desktop.application.settings.schema import Settings
from heygen_desktop.application.tasks.task import Tasks
from heygen_desktop.application.use_cases.load_model import load_request, refuse_too_large
from heygen_desktop.application.use_cases.models.model_files import ModelFiles
from heygen_desktop.application.use_cases.runs.keep_files import KeepFiles
from heygen_desktop.domain.entities.run import (
    Loading,
    Produced,
    Run,
    RunFailure,
    RunFigures,
    RunState,
)
from heygen_desktop.domain.entities.worker import Worker
from heygen_desktop.domain.errors import HeyGenError, RunCancelledError, StorageError
from heygen_desktop.domain.events import Event, RunChanged, RunLoading, RunProduced


@dataclass(frozen=True)
class ExecuteRun:
    """Drives one run through its states; whatever happens, its outcome is stored."""

    units: UnitsOfWork
    files: ModelFiles
    inference: Inference
    devices: Devices
    events: EventStream
    clock: Clock
    tasks: Tasks
    runtimes: Runtimes
    kept: KeepFiles

    def __call__(
        self, run: Run, *, settings: Callable[[], Settings], should_stop: Callable[[], bool]
    ) -> Run:
        """Return the run in its final state; a failure is in ``run.failure``, not raised.

        Blocks until the end. Progress and output are on the event stream.

        Args:
            run: Queued.
            settings: Asked once, for how its model is loaded.
            should_stop: Asked every 50 ms at least, also before anything is begun.

        Raises:
            StorageError: The outcome could not be stored; it is on the event stream all the same.
        """
        return _Execution(self, run, settings, should_stop).complete()


class _Execution:
    """The state of one run while it is executed."""

    def __init__(
        self,
        parts: ExecuteRun,
        run: Run,
        settings: Callable[[], Settings],
        should_stop: Callable[[], bool],
    ) -> None:
        self._parts = parts
        self._run = run
        self._settings = settings
        self._task = parts.tasks.of(run.task)
        self._should_stop = should_stop
        self._text: list[str] = []
        self._figures = RunFigures()

    def complete(self) -> Run:
        try:
            result = self._work()
        except RunCancelledError:
            return self._end(self._with_output(self._become(RunState.CANCELLED)))
        except HeyGenError as error:
            failed = self._run.fail(error, at=self._parts.clock.now())
            return self._end(self._with_output(failed))
        except BaseException as error:
            self._end(self._with_output(self._interrupted(error)))
            raise
        done = self._become(RunState.SUCCEEDED)
        return self._end(
            replace(
                done,
                output=dict(result.output),
                figures=result.figures,
                finish_reason=result.finish_reason,
            )
        )

    def _work(self) -> TaskResult:
        parts, run = self._parts, self._run
        if self._should_stop():
            raise RunCancelledError("queued")
        fit = FitNow(self._settings(), parts.devices.look(), parts.runtimes)
        with parts.units(read_only=True) as unit:
            self._raise_if_unwanted(unit)
            model, version = find_model(unit, f"{run.model}@{run.version}")
            request = load_request(model, version, run.device, fit)
            estimate = fit.measured(unit, model, version, device=request.device)
        parts.files.check(model, version)
        if not parts.inference.holds(request):
            refuse_too_large(model.name, estimate, fit.settings.inference)
        result = self._result(request)
        self._figures = result.figures
        return replace(result, output=self._task.checked_output(result.output))

    def _result(self, model: LoadRequest) -> TaskResult:
        parts, run = self._parts, self._run
        inputs = parts.kept.lent(run.inputs)
        task = TaskRequest(run.id, run.task, inputs, run.params, run.seed)
        if not self._task.makes_files:
            return self._done(model, task)
        with parts.kept.blobs.staging(run.id) as folder:
            result = self._done(model, replace(task, folder=folder))
            made = parts.kept.taken_over(run.task, result.output, folder)
            return replace(result, output=made)

    def _done(self, model: LoadRequest, task: TaskRequest) -> TaskResult:
        return self._parts.inference.run(
            model, task, on_update=self._updated, should_stop=self._should_stop
        )

    def _raise_if_unwanted(self, unit: UnitOfWork) -> None:
        """A queued run may have been ended by another process, which has said so in the books."""
        if unit.runs.cancel_requested([self._run.id]):
            raise RunCancelledError("queued")

    def _updated(self, update: Update) -> None:
        match update:
            case Loading():
                self._loading(update)
            case Loaded():
                self._loaded(update)
            case Produced():
                self._produced(update)

    def _loading(self, update: Loading) -> None:
        if self._run.state is RunState.QUEUED:
            self._store(self._become(RunState.LOADING))
        self._tell(RunLoading(self._parts.clock.now(), self._run.id, update))

    def _loaded(self, update: Loaded) -> None:
        load_s = 0.0 if update.was_loaded else update.worker.load_s
        self._figures = replace(self._figures, load_s=load_s)
        running = self._become(RunState.RUNNING)
        worker = update.worker
        self._store(
            replace(running, device=worker.device, dtype=worker.dtype, figures=self._figures),
            worker,
        )

    def _produced(self, update: Produced) -> None:
        self._text.append(update.text)
        self._figures = update.figures
        self._tell(RunProduced(self._parts.clock.now(), self._run.id, update))

    def _interrupted(self, error: BaseException) -> Run:
        """A mistake of ours, or Ctrl-C: the run must not stay open in the books."""
        why = RunFailure("run_interrupted", "The run was interrupted.", type(error).__name__)
        return replace(self._become(RunState.INTERRUPTED), failure=why)

    def _become(self, state: RunState) -> Run:
        return self._run.become(state, at=self._parts.clock.now())

    def _with_output(self, run: Run) -> Run:
        """What was made before the end is kept."""
        output = self._task.unfinished("".join(self._text))
        return replace(run, output=output, figures=self._figures)

    def _store(self, run: Run, worker: Worker | None = None) -> None:
        with self._parts.units() as unit:
            if not run.state.is_final:
                self._raise_if_unwanted(unit)
            if worker is not None:
                unit.workers.save(worker)  # so that other processes can list it
            unit.runs.save(run)
            unit.commit()
        self._run = run
        self._tell(RunChanged(self._parts.clock.now(), run))

    def _end(self, run: Run) -> Run:
        try:
            self._store(run)
        except StorageError as error:
            # Whoever watches must not wait for ever; the books are mended at the next start.
            lost = replace(run, state=RunState.FAILED, failure=RunFailure.of(error))
            self._tell(RunChanged(self._parts.clock.now(), lost))
            raise
        return run

    def _tell(self, event: Event) -> None:
        self._parts.events.publish(replace(event, actor=self._run.actor))
