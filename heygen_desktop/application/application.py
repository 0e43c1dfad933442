"""Everything that a front is given, and everything outside that it is put together from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from heygen_desktop.application.once import once

if TYPE_CHECKING:
    from pathlib import Path

    from heygen_desktop.application.models import FitJudge
    from heygen_desktop.application.ports.artifacts import Artifacts
    from heygen_desktop.application.ports.blobs import BlobStore
    from heygen_desktop.application.ports.clock import Clock, Ids
    from heygen_desktop.application.ports.devices import Devices
    from heygen_desktop.application.ports.diagnostics import Check, Diagnostics
    from heygen_desktop.application.ports.events import EventStream
    from heygen_desktop.application.ports.executor import Executor
    from heygen_desktop.application.ports.inference import Inference, ModelKeeper
    from heygen_desktop.application.ports.logs import Logs
    from heygen_desktop.application.ports.metrics import Metrics, SeriesStore
    from heygen_desktop.application.ports.processes import Processes
    from heygen_desktop.application.ports.secrets import SecretStore
    from heygen_desktop.application.ports.settings import SettingsSources
    from heygen_desktop.application.ports.unit_of_work import UnitsOfWork
    from heygen_desktop.application.runtimes import Runtimes
    from heygen_desktop.application.settings.effective import EffectiveSettings
    from heygen_desktop.application.settings.reading import ReadSettings
    from heygen_desktop.application.settings.schema import Settings
    from heygen_desktop.application.tasks.task import Tasks
    from heygen_desktop.application.use_cases.change_setting import ChangeSetting
    from heygen_desktop.application.use_cases.changes_elsewhere import TellChangesElsewhere
    from heygen_desktop.application.use_cases.environments import ListEnvironments
    from heygen_desktop.application.use_cases.load_model import LoadModel
    from heygen_desktop.application.use_cases.memory import EndWorker, ListLoaded, UnloadModel
    from heygen_desktop.application.use_cases.models.change_model import RemoveModel, UpdateModel
    from heygen_desktop.application.use_cases.models.ensure_starter_model import EnsureStarterModel
    from heygen_desktop.application.use_cases.models.library import (
        GetModel,
        InspectArtifact,
        ListModels,
        ScanFolders,
    )
    from heygen_desktop.application.use_cases.models.model_files import ModelFiles
    from heygen_desktop.application.use_cases.models.register_model import RegisterModel
    from heygen_desktop.application.use_cases.monitoring import (
        KeepSampling,
        WatchMachine,
    )
    from heygen_desktop.application.use_cases.runs.cancel_run import ArrangeRuns, CancelRun
    from heygen_desktop.application.use_cases.runs.dispatcher import Dispatcher
    from heygen_desktop.application.use_cases.runs.history import KeepHistory
    from heygen_desktop.application.use_cases.runs.keep_files import KeepFiles
    from heygen_desktop.application.use_cases.runs.read_runs import GetRun, ListRuns
    from heygen_desktop.application.use_cases.runs.recover_runs import RecoverRuns, ResumeRuns
    from heygen_desktop.application.use_cases.runs.start_run import StartRun
    from heygen_desktop.application.use_cases.secrets import KeepSecrets
    from heygen_desktop.domain.entities.worker import Worker
    from heygen_desktop.domain.values.actor import Actor
    from heygen_desktop.domain.values.device import DeviceList


class Ports(Protocol):
    """Everything outside that the use cases need; what is never asked for need never be made."""

    @property
    def units(self) -> UnitsOfWork: ...
    @property
    def blobs(self) -> BlobStore: ...
    @property
    def artifacts(self) -> Artifacts: ...
    @property
    def inference(self) -> Inference: ...
    def own_workers(self) -> Sequence[Worker]:
        """Return the workers of this process; nothing is begun for the question."""

    @property
    def keeper(self) -> ModelKeeper: ...
    @property
    def secrets(self) -> SecretStore: ...
    @property
    def logs(self) -> Logs: ...
    @property
    def metrics(self) -> Metrics: ...
    @property
    def series(self) -> SeriesStore: ...
    @property
    def diagnostics(self) -> Diagnostics: ...
    @property
    def sources(self) -> SettingsSources: ...
    @property
    def events(self) -> EventStream: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def ids(self) -> Ids: ...
    @property
    def processes(self) -> Processes: ...
    @property
    def devices(self) -> Devices: ...
    @property
    def executor(self) -> Executor: ...


class Application:
    """The use cases, each put together when it is first asked for. Safe to use from any thread."""

    def __init__(
        self,
        ports: Ports,
        *,
        environment: str,
        home: Path,
        starter_model: Path,
        actor: Actor,
        close: Callable[[], None],
        tasks: Tasks | None = None,
        first: Application | None = None,
        runtimes: Runtimes | None = None,
    ) -> None:
        """Make nothing yet.

        Args:
            environment: The one in use, until another one is.
            home: The folder (or the data folder among several) in which everything lives.
            starter_model: The folder of the model that comes with the program.
            actor: Who is behind what is done through this object.
            close: Stops workers, flushes the log and closes the database; is called by ``close``.
            tasks: What models can be asked to do here; all that this version knows where None.
            first: The one of another actor, with which this one shares its queue.
            runtimes: What executes them; all that this version has where None.
        """
        self._ports = ports
        self._environment = environment
        self.home = home
        self._starter_model = starter_model
        self.actor = actor
        self._close = close
        self._tasks = tasks
        self._first = first or self
        self.on_settings: Callable[[EffectiveSettings], None] = lambda _found: None
        """Told what the settings are, and what was passed over, whenever they are read; set it first."""
        self._runtimes = runtimes

    def acting_as(self, other: Actor) -> Application:
        """Return the same application for another actor; what is shared is shared, closing included."""
        return Application(
            self._ports,
            environment=self.environment,
            home=self.home,
            starter_model=self._starter_model,
            actor=other,
            close=self._close,
            tasks=self._tasks,
            first=self._first,
            runtimes=self._runtimes,
        )

    @property
    def environment(self) -> str:
        """The one in use: whose settings hold, and in which runs start. The same for every actor."""
        return self._first._environment

    def use_environment(self, name: str) -> None:
        """Act in this environment from now on; runs that were started stay in theirs.

        Raises:
            EnvironmentNotFoundError: There is no such environment.
        """
        from heygen_desktop.domain.entities.environment import checked_environment
        from heygen_desktop.domain.events import EnvironmentChanged

        former = self.environment
        if checked_environment(name) != former:
            self._first._environment = name
            self.events.publish(EnvironmentChanged(self._ports.clock.now(), name, former))

    def close(self) -> None:
        """Stop what runs and let go of everything; safe to call twice. What waits stays queued."""
        self.stop_runs()
        self._close()

    def stop_runs(self) -> None:
        """Begin no run any more and ask those under way to stop; returns at once."""
        if "dispatcher" in vars(self._first):  # else none was ever started
            self._first.dispatcher.close()

    @once
    def events(self) -> EventStream:
        """What has happened, as it happens."""
        from heygen_desktop.application.acting import ActingEvents

        return ActingEvents(self._ports.events, self.actor)

    def settings(self) -> Settings:
        """Return the settings of the environment in use as they hold now."""
        return self.settings_in_use().settings

    def settings_in_use(self) -> EffectiveSettings:
        """Return them with where each comes from, and of which environment they are."""
        return self.read_settings(self.environment)

    def devices(self) -> DeviceList:
        """Look at the places where models can run."""
        return self._ports.devices.look()

    @once
    def tasks(self) -> Tasks:
        """What models can be asked to do here."""
        from heygen_desktop.application.tasks.registry import TASKS

        return TASKS if self._tasks is None else self._tasks

    @once
    def runtimes(self) -> Runtimes:
        """What executes which format here."""
        from heygen_desktop.application.runtimes import RUNTIMES

        return RUNTIMES if self._runtimes is None else self._runtimes

    @once
    def _judge(self) -> FitJudge:
        from heygen_desktop.application.models import FitJudge

        return FitJudge(self._ports.devices, self.settings, self.runtimes)

    @once
    def inspect_artifact(self) -> InspectArtifact:
        from heygen_desktop.application.use_cases.models.library import InspectArtifact

        p = self._ports
        return InspectArtifact(p.artifacts, p.units, self._judge)

    @once
    def register_model(self) -> RegisterModel:
        from heygen_desktop.application.use_cases.models.register_model import RegisterModel

        p = self._ports
        return RegisterModel(
            p.units, p.artifacts, self._judge, self.events, p.clock, p.ids, self.actor
        )

    @once
    def scan_folders(self) -> ScanFolders:
        from heygen_desktop.application.use_cases.models.library import ScanFolders

        p = self._ports
        return ScanFolders(p.artifacts, p.units, self._judge)

    @once
    def list_models(self) -> ListModels:
        from heygen_desktop.application.use_cases.models.library import ListModels

        return ListModels(self._ports.units, self._judge)

    @once
    def get_model(self) -> GetModel:
        from heygen_desktop.application.use_cases.models.library import GetModel

        return GetModel(self._ports.units, self._judge, self.model_files)

    @once
    def remove_model(self) -> RemoveModel:
        from heygen_desktop.application.use_cases.models.change_model import RemoveModel

        p = self._ports
        return RemoveModel(p.units, self.events, p.clock)

    @once
    def update_model(self) -> UpdateModel:
        from heygen_desktop.application.use_cases.models.change_model import UpdateModel

        p = self._ports
        return UpdateModel(p.units, self.events, p.clock)

    @once
    def ensure_starter_model(self) -> EnsureStarterModel:
        from heygen_desktop.application.use_cases.models.ensure_starter_model import (
            EnsureStarterModel,
        )

        return EnsureStarterModel(
            self._ports.units, self.register_model, self.model_files, self._starter_model
        )

    @once
    def model_files(self) -> ModelFiles:
        from heygen_desktop.application.use_cases.models.model_files import ModelFiles

        p = self._ports
        return ModelFiles(
            p.units,
            p.artifacts,
            self.events,
            p.clock,
            lambda name: self.unload_model(name),  # noqa: PLW0108 - a glance at files needs no supervisor
        )

    @once
    def files(self) -> KeepFiles:
        from heygen_desktop.application.use_cases.runs.keep_files import KeepFiles

        return KeepFiles(self._ports.units, self._ports.blobs)

    @once
    def dispatcher(self) -> Dispatcher:
        """The queue of this process, whoever acts."""
        if self._first is not self:
            return self._first.dispatcher
        from heygen_desktop.application.use_cases.runs.dispatcher import Dispatcher
        from heygen_desktop.application.use_cases.runs.execute_run import ExecuteRun

        p = self._ports
        execute = ExecuteRun(
            p.units,
            self.model_files,
            p.inference,
            p.devices,
            self.events,
            p.clock,
            self.tasks,
            self.runtimes,
            self.files,
        )
        return Dispatcher(
            execute,
            p.executor,
            self.settings_in_use,
            self.read_settings,
            p.units,
            self.events,
            p.clock,
        )

    @once
    def start_run(self) -> StartRun:
        from heygen_desktop.application.use_cases.runs.start_run import StartRun

        p = self._ports
        return StartRun(
            p.units,
            self.settings_in_use,
            self.dispatcher,
            self.events,
            p.clock,
            p.ids,
            p.processes,
            self.actor,
            self.tasks,
            self.runtimes,
            self.files,
        )

    @once
    def cancel_run(self) -> CancelRun:
        from heygen_desktop.application.use_cases.runs.cancel_run import CancelRun

        p = self._ports
        return CancelRun(p.units, self.dispatcher, p.processes, self.events, p.clock)

    @once
    def arrange_runs(self) -> ArrangeRuns:
        from heygen_desktop.application.use_cases.runs.cancel_run import ArrangeRuns

        p = self._ports
        return ArrangeRuns(p.units, self.dispatcher, self.events, p.clock)

    @once
    def history(self) -> KeepHistory:
        from heygen_desktop.application.use_cases.runs.history import KeepHistory

        p = self._ports
        return KeepHistory(p.units, self.events, p.clock, p.ids)

    @once
    def list_runs(self) -> ListRuns:
        from heygen_desktop.application.use_cases.runs.read_runs import ListRuns

        return ListRuns(self._ports.units)

    @once
    def get_run(self) -> GetRun:
        from heygen_desktop.application.use_cases.runs.read_runs import GetRun

        return GetRun(self._ports.units)

    @once
    def recover_runs(self) -> RecoverRuns:
        from heygen_desktop.application.use_cases.runs.recover_runs import RecoverRuns

        p = self._ports
        return RecoverRuns(p.units, p.processes, self.events, p.clock)

    @once
    def resume_runs(self) -> ResumeRuns:
        from heygen_desktop.application.use_cases.runs.recover_runs import ResumeRuns

        p = self._ports
        return ResumeRuns(
            p.units, p.processes, self.events, p.clock, self.dispatcher, self.settings_in_use
        )

    @once
    def load_model(self) -> LoadModel:
        from heygen_desktop.application.use_cases.load_model import LoadModel

        p = self._ports
        return LoadModel(p.units, self.model_files, p.inference, p.keeper, self._judge)

    @once
    def unload_model(self) -> UnloadModel:
        from heygen_desktop.application.use_cases.memory import UnloadModel

        return UnloadModel(self._ports.inference, self.list_loaded)

    @once
    def end_worker(self) -> EndWorker:
        from heygen_desktop.application.use_cases.memory import EndWorker

        return EndWorker(self._ports.processes, self.list_loaded)

    @once
    def list_loaded(self) -> ListLoaded:
        from heygen_desktop.application.use_cases.memory import ListLoaded

        p = self._ports
        return ListLoaded(p.units, p.own_workers, p.processes)

    @once
    def list_environments(self) -> ListEnvironments:
        from heygen_desktop.application.use_cases.environments import ListEnvironments

        return ListEnvironments(self._ports.units, lambda: self.environment)

    @once
    def read_settings(self) -> ReadSettings:
        from heygen_desktop.application.settings.reading import ReadSettings

        p = self._ports
        return ReadSettings(p.units, p.sources, self.on_settings)

    @once
    def change_setting(self) -> ChangeSetting:
        from heygen_desktop.application.use_cases.change_setting import ChangeSetting

        p = self._ports
        return ChangeSetting(p.units, self.read_settings, self.events, p.clock, self.actor)

    @once
    def secrets(self) -> KeepSecrets:
        from heygen_desktop.application.use_cases.secrets import KeepSecrets

        p = self._ports
        return KeepSecrets(p.units, p.secrets, self.events, p.clock, self.actor)

    @once
    def watch_machine(self) -> WatchMachine:
        from heygen_desktop.application.use_cases.monitoring import WatchMachine

        p = self._ports
        return WatchMachine(p.metrics, p.series, self.list_loaded)

    @property
    def logs(self) -> Logs:
        """What was written down; everything logged before a question is seen by it."""
        return self._ports.logs

    @once
    def keep_sampling(self) -> KeepSampling:
        from heygen_desktop.application.use_cases.monitoring import KeepSampling

        p = self._ports
        return KeepSampling(self.watch_machine, self.settings, self.events, p.clock, p.units)

    @once
    def tell_changes_elsewhere(self) -> TellChangesElsewhere:
        from heygen_desktop.application.use_cases.changes_elsewhere import TellChangesElsewhere

        return TellChangesElsewhere(self._ports.units, self.events, self._ports.clock)

    def doctor(self) -> Sequence[Check]:
        """Return what works on this machine and what to do about the rest; nothing is changed."""
        return self._ports.diagnostics.checks()
