"""How the use cases are put together from ports: once, for the program and for its tests alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from heygen_desktop.application.acting import ActingEvents
from heygen_desktop.application.application import Application
from heygen_desktop.application.models import FitJudge
from heygen_desktop.application.ports.artifacts import Artifacts
from heygen_desktop.application.ports.clock import Clock, Ids
from heygen_desktop.application.ports.devices import Devices
from heygen_desktop.application.ports.diagnostics import Diagnostics
from heygen_desktop.application.ports.events import EventStream
from heygen_desktop.application.ports.inference import Inference
from heygen_desktop.application.ports.keeper import ModelKeeper
from heygen_desktop.application.ports.logs import Logs
from heygen_desktop.application.ports.metrics import Metrics, SeriesStore
from heygen_desktop.application.ports.processes import Processes
from heygen_desktop.application.ports.secrets import SecretStore
from heygen_desktop.application.ports.settings import SettingsSources
from heygen_desktop.application.ports.unit_of_work import UnitsOfWork
from heygen_desktop.application.settings.reading import ReadSettings
from heygen_desktop.application.settings.schema import Settings
from heygen_desktop.application.tasks.registry import TASKS
from heygen_desktop.application.tasks.task import Tasks
from heygen_desktop.application.use_cases.environments.change_setting import ChangeSetting
from heygen_desktop.application.use_cases.environments.list_environments import ListEnvironments
from heygen_desktop.application.use_cases.logs.read_logs import ReadLogs
from heygen_desktop.application.use_cases.memory.list_loaded import ListLoaded
from heygen_desktop.application.use_cases.memory.load_model import LoadModel
from heygen_desktop.application.use_cases.memory.unload_model import UnloadModel
from heygen_desktop.application.use_cases.models.ensure_starter_model import EnsureStarterModel
from heygen_desktop.application.use_cases.models.get_model import GetModel
from heygen_desktop.application.use_cases.models.inspect_artifact import InspectArtifact
from heygen_desktop.application.use_cases.models.list_models import ListModels
from heygen_desktop.application.use_cases.models.model_files import ModelFiles
from heygen_desktop.application.use_cases.models.register_model import RegisterModel
from heygen_desktop.application.use_cases.models.remove_model import RemoveModel
from heygen_desktop.application.use_cases.models.scan_folders import ScanFolders
from heygen_desktop.application.use_cases.monitoring.watch_machine import WatchMachine
from heygen_desktop.application.use_cases.runs.cancel_run import CancelRun
from heygen_desktop.application.use_cases.runs.execute_run import ExecuteRun
from heygen_desktop.application.use_cases.runs.get_run import GetRun
from heygen_desktop.application.use_cases.runs.list_runs import ListRuns
from heygen_desktop.application.use_cases.runs.queue_run import QueueRun
from heygen_desktop.application.use_cases.runs.recover_runs import RecoverRuns
from heygen_desktop.application.use_cases.secrets.keep_secrets import KeepSecrets
from heygen_desktop.application.use_cases.system.run_doctor import RunDoctor
from heygen_desktop.domain.values.actor import Actor


@dataclass(frozen=True)
class Ports:
    """Everything outside that the use cases need."""

    units: UnitsOfWork
    artifacts: Artifacts
    inference: Inference
    keeper: ModelKeeper
    secrets: SecretStore
    logs: Logs
    metrics: Metrics
    series: SeriesStore
    diagnostics: Diagnostics
    sources: SettingsSources
    events: EventStream
    clock: Clock
    ids: Ids
    processes: Processes
    devices: Devices


def assemble(
    ports: Ports,
    *,
    environment: str,
    home: Path,
    starter_model: Path,
    actor: Actor,
    close: Callable[[], None],
    tasks: Tasks = TASKS,
) -> Application:
    """Return the application on these ports.

    Args:
        environment: The active one.
        home: The folder in which everything lives.
        starter_model: The folder of the model that comes with the program.
        actor: Who is behind what is done through it.
        close: Called by whoever built the application, at its end.
        tasks: What models can be asked to do.
    """
    p = replace(ports, events=ActingEvents(ports.events, actor))
    read = ReadSettings(p.units, p.sources)

    def settings() -> Settings:
        return read(environment).settings

    def acting_as(other: Actor) -> Application:
        return assemble(
            ports,
            environment=environment,
            home=home,
            starter_model=starter_model,
            actor=other,
            close=close,
            tasks=tasks,
        )

    judge = FitJudge(p.devices, settings)
    register = RegisterModel(p.units, p.artifacts, judge, p.events, p.clock, p.ids, actor)
    files = ModelFiles(p.units, p.artifacts, p.events, p.clock)
    loaded = ListLoaded(p.units, p.inference, p.processes)
    return Application(
        environment=environment,
        home=home,
        actor=actor,
        acting_as=acting_as,
        settings=settings,
        devices=p.devices.look,
        events=p.events,
        tasks=tasks,
        inspect_artifact=InspectArtifact(p.artifacts, p.units, judge),
        register_model=register,
        scan_folders=ScanFolders(p.artifacts, p.units),
        list_models=ListModels(p.units, judge),
        get_model=GetModel(p.units, judge, files),
        remove_model=RemoveModel(p.units, p.events, p.clock),
        ensure_starter_model=EnsureStarterModel(p.units, register, files, starter_model),
        model_files=files,
        queue_run=QueueRun(
            p.units, settings, p.events, p.clock, p.ids, p.processes, environment, actor, tasks
        ),
        execute_run=ExecuteRun(
            p.units, files, p.inference, loaded, judge, p.events, p.clock, tasks
        ),
        cancel_run=CancelRun(p.units, p.processes, p.events, p.clock),
        list_runs=ListRuns(p.units),
        get_run=GetRun(p.units),
        recover_runs=RecoverRuns(p.units, p.processes, p.events, p.clock),
        load_model=LoadModel(p.units, files, p.inference, p.keeper, loaded, judge),
        unload_model=UnloadModel(p.units, p.inference, loaded),
        list_loaded=loaded,
        list_environments=ListEnvironments(p.units, environment),
        read_settings=read,
        change_setting=ChangeSetting(p.units, read, p.events, p.clock, actor),
        secrets=KeepSecrets(p.units, p.secrets, p.events, p.clock, actor),
        watch_machine=WatchMachine(p.metrics, p.series, loaded),
        logs=ReadLogs(p.logs),
        doctor=RunDoctor(p.diagnostics),
        close=close,
    )
