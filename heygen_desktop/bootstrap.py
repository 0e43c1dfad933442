"""The composition root: makes every adapter once, and closes what it opened."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from loguru import logger

from heygen_desktop import __version__
from heygen_desktop.application.acting import ActingEvents
from heygen_desktop.application.assembly import Ports, assemble
from heygen_desktop.application.ports.logs import LogLevel
from heygen_desktop.application.ports.settings import SettingsSources
from heygen_desktop.application.settings.reading import ReadSettings
from heygen_desktop.application.settings.schema import LoggingSettings, SecretSettings, Settings
from heygen_desktop.domain.entities.environment import checked_environment
from heygen_desktop.domain.errors import ConfigurationError
from heygen_desktop.domain.events import Event, ProgramStarted
from heygen_desktop.domain.values.actor import Actor
from heygen_desktop.infrastructure.artifacts.readers import ArtifactReaders
from heygen_desktop.infrastructure.config.sources import (
    CommandLine,
    ProcessVariables,
    SettingsFile,
)
from heygen_desktop.infrastructure.database.database import Database
from heygen_desktop.infrastructure.devices.host import Host
from heygen_desktop.infrastructure.devices.local import LocalDevices
from heygen_desktop.infrastructure.devices.nvidia import NvidiaDriver
from heygen_desktop.infrastructure.files.home import Home
from heygen_desktop.infrastructure.files.instance_lock import InstanceLock
from heygen_desktop.infrastructure.inference.command import default_command
from heygen_desktop.infrastructure.inference.residents.client import ResidentInference
from heygen_desktop.infrastructure.inference.residents.keeper import ResidentKeeper
from heygen_desktop.infrastructure.inference.residents.keeping import keep_until_unneeded
from heygen_desktop.infrastructure.inference.residents.register import ResidentRegister
from heygen_desktop.infrastructure.inference.residents.server import ResidentServer
from heygen_desktop.infrastructure.inference.supervisor import Supervisor
from heygen_desktop.infrastructure.logging.event_log import EventLog
from heygen_desktop.infrastructure.logging.pipeline import LogPipeline
from heygen_desktop.infrastructure.logging.reader import LogFolder
from heygen_desktop.infrastructure.monitoring.psutil_source import PsutilMachine
from heygen_desktop.infrastructure.monitoring.sampler import MachineSampler
from heygen_desktop.infrastructure.monitoring.series import MemorySeries
from heygen_desktop.infrastructure.secrets.keyring_store import KeyringStore
from heygen_desktop.infrastructure.secrets.store import Secrets
from heygen_desktop.infrastructure.secrets.vault import VaultStore
from heygen_desktop.infrastructure.system.clock import SystemClock
from heygen_desktop.infrastructure.system.diagnostics import MachineDiagnostics
from heygen_desktop.infrastructure.system.event_stream import InProcessEventStream
from heygen_desktop.infrastructure.system.ids import RandomIds
from heygen_desktop.infrastructure.system.login import login_name
from heygen_desktop.infrastructure.system.processes import SystemProcesses, host_name

if TYPE_CHECKING:
    from heygen_desktop.application.application import Application

DEFAULT_ENVIRONMENT = "development"
ENVIRONMENT_VARIABLE = "HEYGEN_ENV"
PASSPHRASE_VARIABLE = "HEYGEN_VAULT_PASSPHRASE_FILE"  # noqa: S105  a variable's name, not a passphrase


@dataclass(frozen=True)
class LaunchOptions:
    """What the command line says about the whole program."""

    home: Path | None = None
    """Everything in this folder; None for HEYGEN_HOME or the platform's folders."""
    environment: str | None = None
    """None for HEYGEN_ENV, or development."""
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
) -> Application:
    """Return the whole program, ready to be used; its ``close`` undoes everything.

    Args:
        options: What the command line said.
        overrides: Gets the real ports and returns those to use; for tests.
        environ: The process's variables.

    Raises:
        EnvironmentNotFoundError, HomeUnwritableError, DiskFullError, DatabaseBusyError,
        DatabaseCorruptError, DatabaseTooNewError
        AlreadyRunningError: The front is the desktop, and another window has this home.
    """
    return _build(options, overrides, environ).application


def keep_models(options: LaunchOptions, *, wait: Callable[[float], bool]) -> None:
    """Keep models in memory for other processes of this home until nobody needs them.

    Args:
        wait: Waits so many seconds and returns True where the end was asked for meanwhile.
    """
    program = _build(replace(options, front="keeper"), _as_they_are, os.environ)
    try:
        why = keep_until_unneeded(
            program.server,
            program.supervisor,
            idle_limit_s=lambda: program.application.settings().inference.keep_loaded_min * 60,
            wait=wait,
        )
        logger.bind(category="program").info("The keeper ends: {why}", why=why)
    finally:
        program.application.close()


def keeper_command(home: Home, environment: str) -> tuple[str, ...]:
    """Return what starts a process that keeps models of this home."""
    place = ("--home", str(home.root)) if home.root else ()
    return (sys.executable, "-P", "-m", "heygen_desktop", "--keep", "--env", environment, *place)


@dataclass(frozen=True)
class _Program:
    application: Application
    server: ResidentServer
    supervisor: Supervisor


def _build(
    options: LaunchOptions, overrides: Callable[[Ports], Ports], environ: Mapping[str, str]
) -> _Program:
    environment = checked_environment(
        options.environment or environ.get(ENVIRONMENT_VARIABLE) or DEFAULT_ENVIRONMENT
    )
    home = Home.locate(options.home, environ, options.portable)
    actor = Actor(login_name(), options.front, host_name())
    events = ActingEvents(InProcessEventStream(_tell_listener_error), actor)
    construction = _Construction(options, environ, environment, home, actor, events)
    try:
        return construction.complete(overrides)
    except BaseException:
        construction.opened.close()
        raise


@dataclass(frozen=True)
class _Construction:
    """The steps from an empty process to the whole program; ``opened`` undoes them, the last first."""

    options: LaunchOptions
    environ: Mapping[str, str]
    environment: str
    home: Home
    actor: Actor
    events: ActingEvents
    opened: ExitStack = field(default_factory=ExitStack)
    clock: SystemClock = field(default_factory=SystemClock)
    processes: SystemProcesses = field(default_factory=SystemProcesses)
    host: Host = field(default_factory=Host)

    @cached_property
    def driver(self) -> NvidiaDriver:
        """The door to NVIDIA's driver, for the readings and the devices alike."""
        driver = NvidiaDriver(monotonic=self.clock.monotonic)
        self.opened.callback(driver.close)
        return driver

    @cached_property
    def devices(self) -> LocalDevices:
        """The devices as workers, which inherit these variables, will find them."""
        return LocalDevices(self.host, self.driver, self.environ)

    def complete(self, overrides: Callable[[Ports], Ports]) -> _Program:
        self._take_home()
        database = self._opened_database()
        sources = self._sources()
        read = ReadSettings(database.units, sources)
        settings = read(self.environment).settings
        log = self._started_log(settings.logging)

        def follow_level() -> None:
            log.set_level(LogLevel[read(self.environment).settings.logging.level])

        event_log = self._event_log(follow_level)
        supervisor = self._supervisor()
        residents = ResidentRegister(self.home.data / "residents", self.processes)
        server = self._server(supervisor, residents)
        inference = ResidentInference(supervisor, residents, self.processes.current())
        keeper = ResidentKeeper(residents, keeper_command(self.home, self.environment))
        ports = self._ports(database, sources, settings, log, event_log, inference, keeper)
        application = self._assembled(overrides(ports))
        self._begin(application)
        return _Program(application, server, supervisor)

    def _take_home(self) -> None:
        self.home.prepare()
        if self.options.front == "desktop":
            self.opened.enter_context(InstanceLock(self.home.lock_file))

    def _opened_database(self) -> Database:
        database = Database(self.home.data, busy_timeout_s=self.options.busy_timeout_s)
        self.opened.callback(database.close)
        database.open()
        return database

    def _sources(self) -> SettingsSources:
        return (
            SettingsFile(self.home.config_file),
            ProcessVariables(self.environ),
            CommandLine(self.options.settings),
        )

    def _started_log(self, chosen: LoggingSettings) -> LogPipeline:
        log = LogPipeline(
            self.home.logs,
            logger=logger,
            level=LogLevel[chosen.level],
            max_bytes=chosen.max_file_mb * 1024**2,
            kept_files=chosen.kept_files,
            session_id=RandomIds().new(),
        )
        self.opened.callback(log.close)
        log.start()
        return log

    def _event_log(self, follow_level: Callable[[], None]) -> EventLog:
        event_log = EventLog(self.events, logger, follow_level)
        self.opened.callback(event_log.close)
        return event_log

    def _supervisor(self) -> Supervisor:
        supervisor = Supervisor(
            default_command(),
            events=self.events,
            clock=self.clock,
            devices=self.devices,
            host=self.host,
        )
        self.opened.callback(supervisor.close)
        return supervisor

    def _server(self, supervisor: Supervisor, residents: ResidentRegister) -> ResidentServer:
        """A command ends too soon to keep anything for others; every other front listens."""
        server = ResidentServer(supervisor, residents, self.processes.current(), self.clock)
        if self.options.front != "cli":
            self.opened.callback(server.close)
            server.start()
        return server

    def _ports(
        self,
        database: Database,
        sources: SettingsSources,
        settings: Settings,
        log: LogPipeline,
        event_log: EventLog,
        inference: ResidentInference,
        keeper: ResidentKeeper,
    ) -> Ports:
        sampler = MachineSampler(self.clock, PsutilMachine(self.host), self.driver)
        store = self._secret_store(settings.secrets, log)

        def flush_log() -> None:
            event_log.flush()
            log.flush()

        return Ports(
            units=database.units,
            artifacts=ArtifactReaders(),
            inference=inference,
            keeper=keeper,
            secrets=store,
            logs=LogFolder(self.home.logs, flush=flush_log),
            metrics=sampler,
            series=MemorySeries(),
            diagnostics=MachineDiagnostics(self.home, database, store, self.devices, self.environ),
            sources=sources,
            events=self.events,
            clock=self.clock,
            ids=RandomIds(),
            processes=self.processes,
            devices=self.devices,
        )

    def _secret_store(self, chosen: SecretSettings, log: LogPipeline) -> Secrets:
        return Secrets(
            KeyringStore(self.home.keyring_service),
            VaultStore(self.home.vault_file),
            prefer=chosen.store,
            passphrase=lambda: _passphrase(self.environ),
            on_value=log.add_known_value,
        )

    def _assembled(self, ports: Ports) -> Application:
        return assemble(
            ports,
            environment=self.environment,
            home=self.home.root or self.home.data,
            starter_model=resources_folder() / "starter-model",
            actor=self.actor,
            close=self.opened.close,
        )

    def _begin(self, application: Application) -> None:
        application.recover_runs()
        if self.options.front != "cli":
            started = ProgramStarted(
                self.clock.now(), self.options.front, __version__, self.environment
            )
            self.events.publish(started)


def resources_folder() -> Path:
    """Return the folder of what comes with the program: inside the package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent
    inside = package / "resources"
    return inside if inside.is_dir() else package.parent / "resources"


def _tell_listener_error(event: Event, error: Exception) -> None:
    logger.bind(category="program").opt(exception=error).error(
        "A listener failed on {event}", event=type(event).__name__
    )


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
