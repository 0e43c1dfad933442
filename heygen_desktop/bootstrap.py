"""The composition root: makes every adapter once, and closes what it opened."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from heygen_desktop import __version__
from heygen_desktop.application.application import Application, Ports
from heygen_desktop.application.once import once
from heygen_desktop.domain.entities.environment import checked_environment
from heygen_desktop.domain.errors import ConfigurationError, StorageError
from heygen_desktop.domain.values.actor import Actor
from heygen_desktop.infrastructure.files.home import Home
from heygen_desktop.infrastructure.system.clock import RandomIds, SystemClock
from heygen_desktop.infrastructure.system.processes import host_name, login_name

if TYPE_CHECKING:
    from loguru import Logger

    from heygen_desktop.application.acting import ActingEvents
    from heygen_desktop.application.ports.executor import Executor
    from heygen_desktop.application.ports.settings import SettingsSources
    from heygen_desktop.application.settings.schema import Settings
    from heygen_desktop.domain.entities.worker import Worker
    from heygen_desktop.domain.events import Event
    from heygen_desktop.infrastructure.artifacts.readers import ArtifactReaders
    from heygen_desktop.infrastructure.database.database import Database
    from heygen_desktop.infrastructure.database.unit_of_work import SqliteUnitsOfWork
    from heygen_desktop.infrastructure.devices.host import Host
    from heygen_desktop.infrastructure.devices.local import LocalDevices
    from heygen_desktop.infrastructure.devices.nvidia import NvidiaDriver
    from heygen_desktop.infrastructure.files.blobs import BlobFolder
    from heygen_desktop.infrastructure.inference.residents.client import ResidentInference
    from heygen_desktop.infrastructure.inference.residents.keeper import ResidentKeeper
    from heygen_desktop.infrastructure.inference.residents.register import ResidentRegister
    from heygen_desktop.infrastructure.inference.residents.server import ResidentServer
    from heygen_desktop.infrastructure.inference.supervisor import Supervisor
    from heygen_desktop.infrastructure.logging.pipeline import LogPipeline
    from heygen_desktop.infrastructure.logging.reader import LogFolder
    from heygen_desktop.infrastructure.monitoring.sampler import MachineSampler
    from heygen_desktop.infrastructure.monitoring.series import DaySeries
    from heygen_desktop.infrastructure.secrets.store import Secrets
    from heygen_desktop.infrastructure.system.diagnostics import MachineDiagnostics
    from heygen_desktop.infrastructure.system.processes import SystemProcesses

DEFAULT_ENVIRONMENT = "development"
ENVIRONMENT_VARIABLE = "HEYGEN_ENV"
PASSPHRASE_VARIABLE = "HEYGEN_VAULT_PASSPHRASE_FILE"  # noqa: S105  a variable's name, not a passphrase


@dataclass(frozen=True)
class LaunchOptions:
    """What the command line says about the whole program."""

    home: Path | None = None
    """Everything in this folder; None for HEYGEN_HOME or the platform's folders."""
    environment: str | None = None
    """None for HEYGEN_ENV, the last one, or development."""
    last_environment: str = ""
    """The one that was in use here last; empty where nobody chose one."""
    portable: bool = False
    """Keep everything beside the program."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """Setting values of the command line."""
    front: str = "cli"
    """``desktop`` takes the home for itself: one window for one home."""
    busy_timeout_s: float = 5.0
    """How long a locked database is waited for."""


def _as_they_are(ports: Ports) -> Ports:
    return ports


def build(
    options: LaunchOptions,
    *,
    overrides: Callable[[Ports], Ports] = _as_they_are,
    environ: Mapping[str, str] = os.environ,
    executor: Executor | None = None,
) -> Application:
    """Return the whole program, ready to be used; its ``close`` undoes everything.

    Args:
        options: What the command line said.
        overrides: Gets the real ports, of which none is made yet, and returns those to use; for tests.
        environ: The process's variables.
        executor: Where runs are executed; on threads of the program's own where None.

    Raises:
        EnvironmentNotFoundError, HomeUnwritableError, DiskFullError, DatabaseBusyError,
        DatabaseCorruptError, DatabaseTooNewError
        AlreadyRunningError: The front is the desktop, and another window has this home.
    """
    adapters = Adapters(options, environ, executor)
    return _built(adapters, overrides(adapters))


def keep_models(options: LaunchOptions, *, wait: Callable[[float], bool]) -> None:
    """Keep models in memory for other processes of this home until nobody needs them.

    Args:
        wait: Waits so many seconds and returns True where the end was asked for meanwhile.
    """
    from heygen_desktop.infrastructure.inference.residents.server import keep_until_unneeded

    adapters = Adapters(replace(options, front="keeper"), os.environ, None)
    application = _built(adapters, adapters)
    try:
        why = keep_until_unneeded(
            adapters.server,
            adapters.supervisor,
            idle_limit_s=lambda: application.settings().inference.keep_loaded_min * 60,
            wait=wait,
        )
        adapters.logger().bind(category="program").info("The keeper ends: {why}", why=why)
    finally:
        application.close()


def keeper_command(home: Home, environment: str) -> tuple[str, ...]:
    """Return what starts a process that keeps models of this home."""
    place = ("--home", str(home.root)) if home.root else ()
    return (sys.executable, "-P", "-m", "heygen_desktop", "--keep", "--env", environment, *place)


def _built(adapters: Adapters, ports: Ports) -> Application:
    application = Application(
        ports,
        environment=adapters.environment,
        home=adapters.home.root or adapters.home.data,
        starter_model=resources_folder() / "starter-model",
        actor=adapters.actor,
        close=adapters.opened.close,
    )
    try:
        adapters.begin(application)
    except BaseException:
        application.close()
        raise
    return application


class Adapters:
    """Fulfils ``Ports``: each adapter is made, with what it needs, when it is first asked for.

    ``opened`` undoes all of it, the last first: workers end, then what they did is told to the log,
    then the log is written out, then the database and the home are let go.
    """

    def __init__(
        self, options: LaunchOptions, environ: Mapping[str, str], executor: Executor | None
    ) -> None:
        """Touch nothing yet. Raises EnvironmentNotFoundError."""
        self._options = options
        self._executor = executor
        self._environ = environ
        named = options.environment or environ.get(ENVIRONMENT_VARIABLE)
        self._first_environment = checked_environment(
            named or options.last_environment or DEFAULT_ENVIRONMENT
        )
        self._application: Application | None = None
        self.home = Home.locate(options.home, environ, options.portable)
        self.opened = ExitStack()
        self._books, self._writing, self._telling, self._working = (
            self.opened.enter_context(ExitStack()) for _ in range(4)
        )
        self.clock = SystemClock()
        self.ids = RandomIds()
        self.actor = Actor(login_name(), options.front, host_name())
        self._flush_events: Callable[[], None] = lambda: None

    @property
    def environment(self) -> str:
        """The one in use now."""
        return self._application.environment if self._application else self._first_environment

    def begin(self, application: Application) -> None:
        """Take the home, and begin what a front that stays has; a command begins what it needs."""
        self._application = application
        self.home.prepare()
        if self._options.front == "cli":
            return
        if self._options.front == "desktop":
            from heygen_desktop.infrastructure.files.locked import InstanceLock

            self._books.enter_context(InstanceLock(self.home.lock_file))
        self.logger()
        application.recover_runs()
        if self._options.front == "desktop":  # the only one that brings back what it removed
            self._forget_removed(application)
            self._working.callback(self._forget_removed, application)
        self._sweep(application)
        self._working.callback(self.server.close)
        self._listen()
        if self._options.front == "desktop":
            self._begin("sampling", application.keep_sampling)
            self._begin("changes", application.tell_changes_elsewhere)
        from heygen_desktop.domain.events import ProgramStarted

        self.events.publish(
            ProgramStarted(self.clock.now(), self._options.front, __version__, self.environment)
        )

    def _begin(self, name: str, work: Callable[[Callable[[float], bool]], None]) -> None:
        """Nobody looks at a keeper, so that only the window measures and follows what others do."""
        from heygen_desktop.infrastructure.system.threads import Background

        background = Background(name, work, self._tell_error)
        self._working.callback(background.close)
        background.start()

    def _listen(self) -> None:
        try:
            self.server.start()
        except StorageError as error:
            if self._options.front == "keeper":  # it lives for nothing else
                raise
            self.logger().bind(category="program").warning(
                "Other processes cannot use the models of this one: {why}", why=error.cause
            )

    def _forget_removed(self, application: Application) -> None:
        self._try_later(application.history.purge, "Removed runs could not be forgotten: {why}")

    def _sweep(self, application: Application) -> None:
        self._try_later(
            application.files.sweep, "Files that no run refers to could not be removed: {why}"
        )

    def _try_later(self, work: Callable[[], object], words: str) -> None:
        """What cannot be done now is done at a later start; it keeps nobody from working."""
        try:
            work()
        except StorageError as error:
            self.logger().bind(category="program").warning(words, why=error.cause)

    @once
    def events(self) -> ActingEvents:
        """Made, with the log's place on it, when something happens or somebody listens."""
        from heygen_desktop.application.acting import ActingEvents
        from heygen_desktop.infrastructure.logging.event_log import EventLog
        from heygen_desktop.infrastructure.system.event_stream import InProcessEventStream

        events = ActingEvents(InProcessEventStream(self._tell_listener_error), self.actor)
        event_log = EventLog(events, self.logger, self._follow_level)
        self._telling.callback(event_log.close)
        self._flush_events = event_log.flush
        return events

    @once
    def units(self) -> SqliteUnitsOfWork:
        units = self._database.units
        if self._options.front == "cli":  # other fronts do it as they begin
            self._end_what_was_left_open(units)
        return units

    def _end_what_was_left_open(self, units: SqliteUnitsOfWork) -> None:
        """Whoever looks into the books finds no run of a dead process open."""
        with units(read_only=True) as unit:
            if not unit.runs.active():
                return
        from heygen_desktop.application.use_cases.runs.recover_runs import RecoverRuns

        RecoverRuns(units, self.processes, self.events, self.clock)()

    @once
    def _database(self) -> Database:
        from heygen_desktop.infrastructure.database.database import Database

        database = Database(self.home.data, busy_timeout_s=self._options.busy_timeout_s)
        self._books.callback(database.close)
        database.open()
        return database

    @once
    def blobs(self) -> BlobFolder:
        from heygen_desktop.infrastructure.files.blobs import BlobFolder

        return BlobFolder(self.home.blobs)

    @once
    def sources(self) -> SettingsSources:
        from heygen_desktop.infrastructure.config.sources import (
            CommandLine,
            ProcessVariables,
            SettingsFile,
        )

        return (
            SettingsFile(self.home.config_file),
            ProcessVariables(self._environ),
            CommandLine(self._options.settings),
        )

    def _settings(self) -> Settings:
        from heygen_desktop.application.settings.reading import ReadSettings

        return ReadSettings(self.units, self.sources)(self.environment).settings

    def logger(self) -> Logger:
        """Return loguru's logger, once it writes to the log of this home."""
        from loguru import logger

        assert self._log  # begun by the look
        return logger

    @once
    def _log(self) -> LogPipeline:
        from loguru import logger

        from heygen_desktop.application.ports.logs import LogLevel
        from heygen_desktop.infrastructure.logging.pipeline import LogPipeline

        chosen = self._settings().logging
        log = LogPipeline(
            self.home.logs,
            logger=logger,
            level=LogLevel[chosen.level],
            max_bytes=chosen.max_file_mb * 1024**2,
            kept_files=chosen.kept_files,
            session_id=self.ids.new(),
        )
        self._writing.callback(log.close)
        log.start()

        return log

    def _follow_level(self) -> None:
        from heygen_desktop.application.ports.logs import LogLevel

        self._log.set_level(LogLevel[self._settings().logging.level])

    def _tell_listener_error(self, event: Event, error: Exception) -> None:
        self.logger().bind(category="program").opt(exception=error).error(
            "A listener failed on {event}", event=type(event).__name__
        )

    @once
    def logs(self) -> LogFolder:
        from heygen_desktop.infrastructure.logging.reader import LogFolder

        return LogFolder(self.home.logs, flush=self._flush_log)

    def _flush_log(self) -> None:
        self._flush_events()
        if "_log" in vars(self):  # where none was begun, nothing waits
            self._log.flush()

    @once
    def processes(self) -> SystemProcesses:
        from heygen_desktop.infrastructure.system.processes import SystemProcesses

        return SystemProcesses()

    @once
    def _host(self) -> Host:
        from heygen_desktop.infrastructure.devices.host import Host

        return Host()

    @once
    def _driver(self) -> NvidiaDriver:
        """The door to NVIDIA's driver, for the readings and the devices alike."""
        from heygen_desktop.infrastructure.devices.nvidia import NvidiaDriver

        driver = NvidiaDriver(monotonic=self.clock.monotonic)
        self._working.callback(driver.close)
        return driver

    @once
    def devices(self) -> LocalDevices:
        """The devices as workers, which inherit these variables, will find them."""
        from heygen_desktop.infrastructure.devices.local import LocalDevices

        return LocalDevices(self._host, self._driver, self._environ)

    @once
    def artifacts(self) -> ArtifactReaders:
        from heygen_desktop.infrastructure.artifacts.readers import ArtifactReaders

        return ArtifactReaders()

    @once
    def supervisor(self) -> Supervisor:
        """The workers of this very process."""
        from heygen_desktop.infrastructure.inference.environment import default_command
        from heygen_desktop.infrastructure.inference.supervisor import Supervisor

        supervisor = Supervisor(
            default_command(),
            events=self.events,
            clock=self.clock,
            devices=self.devices,
            host=self._host,
        )
        self._working.callback(supervisor.close)
        return supervisor

    @once
    def _residents(self) -> ResidentRegister:
        from heygen_desktop.infrastructure.inference.residents.register import ResidentRegister

        return ResidentRegister(self.home.data / "residents", self.processes)

    @once
    def inference(self) -> ResidentInference:
        from heygen_desktop.infrastructure.inference.residents.client import ResidentInference

        me = self.processes.current()
        return ResidentInference(self.supervisor, self._residents, me, self.clock)

    def own_workers(self) -> Sequence[Worker]:
        return self.supervisor.workers() if "supervisor" in vars(self) else ()

    @once
    def keeper(self) -> ResidentKeeper:
        from heygen_desktop.infrastructure.inference.residents.keeper import ResidentKeeper

        command = keeper_command(self.home, self.environment)
        return ResidentKeeper(self._residents, command, self.clock)

    @once
    def server(self) -> ResidentServer:
        """Lets others use what this process loads; a command ends too soon for that."""
        from heygen_desktop.infrastructure.inference.residents.server import ResidentServer

        return ResidentServer(
            self.supervisor, self._residents, self.processes.current(), self.clock
        )

    @once
    def executor(self) -> Executor:
        from heygen_desktop.infrastructure.system.threads import ThreadExecutor

        if self._executor is not None:
            return self._executor
        executor = ThreadExecutor(self._tell_error)
        self._working.callback(executor.close)
        return executor

    def _tell_error(self, error: BaseException) -> None:
        self.logger().bind(category="program").opt(exception=error).error(
            "Work in the background failed"
        )

    @once
    def metrics(self) -> MachineSampler:
        from heygen_desktop.infrastructure.monitoring.sampler import MachineSampler, PsutilMachine

        return MachineSampler(self.clock, PsutilMachine(self._host), self._driver)

    @once
    def series(self) -> DaySeries:
        from heygen_desktop.infrastructure.monitoring.series import DaySeries

        return DaySeries()

    @once
    def secrets(self) -> Secrets:
        from heygen_desktop.infrastructure.secrets.keyring_store import KeyringStore
        from heygen_desktop.infrastructure.secrets.store import Secrets
        from heygen_desktop.infrastructure.secrets.vault import VaultStore

        return Secrets(
            KeyringStore(self.home.keyring_service),
            VaultStore(self.home.vault_file),
            prefer=self._settings().secrets.store,
            passphrase=lambda: _passphrase(self._environ),
            on_value=self._log.add_known_value,
        )

    @once
    def diagnostics(self) -> MachineDiagnostics:
        from heygen_desktop.infrastructure.system.diagnostics import MachineDiagnostics

        return MachineDiagnostics(
            self.home, self._database, self.secrets, self.devices, self.blobs, self._environ
        )


def resources_folder() -> Path:
    """Return the folder of what comes with the program: inside the package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent
    inside = package / "resources"
    return inside if inside.is_dir() else package.parent / "resources"


def _passphrase(environ: Mapping[str, str]) -> str | None:
    """The passphrase from the file that the variable names; never from a variable itself."""
    named = environ.get(PASSPHRASE_VARIABLE)
    if not named:
        return None
    try:
        return Path(named).read_text(encoding="utf-8").rstrip("\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "It is not UTF-8 text"
        raise ConfigurationError(PASSPHRASE_VARIABLE, f"{named}: {reason}.") from error
