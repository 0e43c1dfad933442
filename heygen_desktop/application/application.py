"""Everything that a front is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from heygen_desktop.application.models import CurrentSettings
from heygen_desktop.application.ports.events import EventStream
from heygen_desktop.application.settings.reading import ReadSettings
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
from heygen_desktop.domain.values.device import DeviceList


@dataclass(frozen=True)
class Application:
    """The use cases, built once by the composition root. Safe to use from any thread."""

    environment: str
    """The active environment."""
    home: Path
    """The folder (or the data folder among several) in which everything lives."""
    actor: Actor
    """Who is behind what is done through this object."""
    acting_as: Callable[[Actor], Application]
    """Returns the same application for another actor; what is shared is shared, closing included."""
    settings: CurrentSettings
    devices: Callable[[], DeviceList]
    """Looks at the places where models can run."""
    events: EventStream
    tasks: Tasks
    """What models can be asked to do here."""

    inspect_artifact: InspectArtifact
    register_model: RegisterModel
    scan_folders: ScanFolders
    list_models: ListModels
    get_model: GetModel
    remove_model: RemoveModel
    ensure_starter_model: EnsureStarterModel
    model_files: ModelFiles

    queue_run: QueueRun
    execute_run: ExecuteRun
    cancel_run: CancelRun
    list_runs: ListRuns
    get_run: GetRun
    recover_runs: RecoverRuns

    load_model: LoadModel
    unload_model: UnloadModel
    list_loaded: ListLoaded

    list_environments: ListEnvironments
    read_settings: ReadSettings
    change_setting: ChangeSetting
    secrets: KeepSecrets

    watch_machine: WatchMachine
    logs: ReadLogs
    doctor: RunDoctor

    close: Callable[[], None]
    """Stops workers, flushes the log and closes the database; safe to call twice."""
