"""The composition root: makes every adapter once, and closes what it opened."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from loguru import logger

from heygen_desktop import __version__
from heygen_desktop.application.assembly import Ports, assemble
from heygen_desktop.application.ports.logs import LogLevel
from heygen_desktop.application.settings.reading import ReadSettings
from heygen_desktop.domain.entities.environment import checked_environment
from heygen_desktop.domain.errors import ConfigurationError
from heygen_desktop.domain.events import Event, ProgramStarted, SettingChanged
from heygen_desktop.infrastructure.artifacts.readers import ArtifactReaders
from heygen_desktop.infrastructure.config.sources import (
    CommandLine,
    ProcessVariables,
    SettingsFile,
)
from heygen_desktop.infrastructure.database.database import Database
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
from heygen_desktop.infrastructure.monitoring.nvml_source import NvmlGpus
from heygen_desktop.infrastructure.monitoring.psutil_source import PsutilMachine
from heygen_desktop.infrastructure.monitoring.sampler import MachineSampler
from heygen_desktop.infrastructure.monitoring.series import MemorySeries
from heygen_desktop.infrastructure.secrets.keyring_store import KeyringStore
from heygen_desktop.infrastructure.secrets.observed import ObservedSecrets
from heygen_desktop.infrastructure.secrets.store import Secrets
from heygen_desktop.infrastructure.secrets.vault import VaultStore
from heygen_desktop.infrastructure.system.clock import SystemClock
from heygen_desktop.infrastructure.system.diagnostics import MachineDiagnostics
from heygen_desktop.infrastructure.system.event_stream import InProcessEventStream
from heygen_desktop.infrastructure.system.ids import RandomIds
from heygen_desktop.infrastructure.system.memory import NvmlGpuMemory, SystemMemory
from heygen_desktop.infrastructure.system.processes import SystemProcesses

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
    with ExitStack() as opened:
        home.prepare()
        if options.front == "desktop":
            opened.enter_context(InstanceLock(home.lock_file))
        events = InProcessEventStream(_tell_listener_error)
        database = Database(home.data, busy_timeout_s=options.busy_timeout_s)
        opened.callback(database.close)
        database.open()
        sources = (
            SettingsFile(home.config_file),
            ProcessVariables(environ),
            CommandLine(options.settings),
        )
        settings = ReadSettings(database.units, sources)(environment).settings
        log = LogPipeline(
            home.logs,
            logger=logger,
            level=LogLevel[settings.logging.level],
            max_bytes=settings.logging.max_file_mb * 1024**2,
            kept_files=settings.logging.kept_files,
            session_id=RandomIds().new(),
        )
        opened.callback(log.close)
        log.start()
        opened.callback(EventLog(events, logger).close)
        clock = SystemClock()
        supervisor = Supervisor(default_command(), events=events, clock=clock)
        opened.callback(supervisor.close)
        processes = SystemProcesses()
        residents = ResidentRegister(home.data / "residents", processes)
        server = ResidentServer(supervisor, residents, processes.current(), clock)
        if options.front != "cli":
            opened.callback(server.close)
            server.start()
        sampler = MachineSampler(clock, PsutilMachine(), NvmlGpus(monotonic=clock.monotonic))
        opened.callback(sampler.close)
        store = Secrets(
            KeyringStore(home.keyring_service),
            VaultStore(home.vault_file),
            prefer=settings.secrets.store,
            passphrase=lambda: _passphrase(environ),
        )
        ports = overrides(
            Ports(
                units=database.units,
                artifacts=ArtifactReaders(),
                inference=ResidentInference(supervisor, residents, processes.current()),
                keeper=ResidentKeeper(residents, keeper_command(home, environment)),
                secrets=ObservedSecrets(store, log.add_known_value),
                logs=LogFolder(home.logs, flush=log.flush),
                metrics=sampler,
                series=MemorySeries(),
                diagnostics=MachineDiagnostics(home, database, store, sampler, environ),
                sources=sources,
                events=events,
                clock=clock,
                ids=RandomIds(),
                processes=processes,
                memory=SystemMemory(NvmlGpuMemory()),
            )
        )
        application = assemble(
            ports,
            environment=environment,
            home=home.root or home.data,
            starter_model=resources_folder() / "starter-model",
            close=opened.pop_all().close,
        )
    follower = _LogLevelFollower(application, log)
    events.subscribe(follower)
    application.recover_runs()
    if options.front != "cli":
        events.publish(ProgramStarted(clock.now(), options.front, __version__, environment))
    return _Program(application, server, supervisor)


def resources_folder() -> Path:
    """Return the folder of what comes with the program: inside the package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent
    inside = package / "resources"
    return inside if inside.is_dir() else package.parent / "resources"


class _LogLevelFollower:
    """Lets a changed log level take effect at once."""

    def __init__(self, application: Application, log: LogPipeline) -> None:
        self._application = application
        self._log = log

    def __call__(self, event: Event) -> None:
        if isinstance(event, SettingChanged) and event.key == "logging.level":
            self._log.set_level(LogLevel[self._application.settings().logging.level])


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
