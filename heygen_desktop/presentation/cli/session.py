"""One command at work: what it is given from outside, its application, its output, and how it ends."""

from __future__ import annotations

import getpass
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from heygen_desktop.application.documents import Document, error_body
from heygen_desktop.domain.errors import HeyGenError, RunCancelledError, StoppedBySignalError
from heygen_desktop.presentation.cli.output import Output, ReaderGoneError
from heygen_desktop.presentation.cli.stopping import Interrupted, Stopping

if TYPE_CHECKING:
    from heygen_desktop.application.application import Application
    from heygen_desktop.application.settings.effective import EffectiveSettings

SUCCESS, FAILURE = 0, 1


@dataclass(frozen=True)
class LaunchChoices:
    """Where and as what the program starts, as far as the user said so."""

    home: Path | None = None
    environment: str | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    """Values of the ``command line`` layer, by ``section.key``."""


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Services:
    """All that commands need and do not make themselves."""

    build: Callable[[LaunchChoices], Application]
    """Returns an application that the caller closes. Raises HeyGenError."""
    ask_hidden: Callable[[str], str] = getpass.getpass
    """Asks on the terminal for a line that is not shown. Raises EOFError."""
    pause: Callable[[float], None] = time.sleep
    """Waits so many seconds; a signal ends the wait."""
    now: Callable[[], datetime] = _now


class Session:
    """What every command is given first."""

    def __init__(
        self, services: Services, choices: LaunchChoices, output: Output, stopping: Stopping
    ) -> None:
        self.services = services
        self.choices = choices
        self.output = output
        self.stopping = stopping
        self._application: Application | None = None
        self._warned: set[str] = set()

    @property
    def application(self) -> Application:
        """The application, built when it is first asked for. Raises HeyGenError."""
        if self._application is None:
            self._application = self.services.build(self.choices)
            self._application.on_settings = self.warn_of_settings
        return self._application

    def warn_of_settings(self, found: EffectiveSettings) -> None:
        """Say, once, which values were passed over because they cannot be used."""
        for problem in found.problems:
            origin = problem.details.get("origin")
            where = f" ({origin})" if origin else ""
            warning = f"warning: {problem.message} {problem.cause}{where}"
            if warning not in self._warned:
                self._warned.add(warning)
                self.output.note(warning)

    def close(self) -> None:
        """Close the application where one was built."""
        if self._application is not None:
            self._application.close()
            self._application = None


Work = Callable[[Session], int | None]
"""A command with its arguments filled in; returns an exit code, None for 0."""


def perform(work: Work, services: Services, choices: LaunchChoices, *, as_json: bool) -> int:
    """Do the work, say how it ended, and return the exit code.

    The edge of the program: every error becomes words here and nowhere else. Wrong usage passes
    through, to be worded by typer.
    """
    output = Output(as_json=as_json)
    with Stopping() as stopping:
        session = Session(services, choices, output, stopping)
        try:
            return _worded(session, work)
        except ReaderGoneError:
            return SUCCESS


def _worded(session: Session, work: Work) -> int:
    try:
        return _closed(session, work)
    except HeyGenError as error:
        if isinstance(error, RunCancelledError) and session.stopping.asked():
            return _interrupted(session)
        session.output.failure(error_body(error))
        return FAILURE
    except Interrupted:
        return _interrupted(session)
    except (ReaderGoneError, typer.BadParameter, typer.Exit):
        raise
    except Exception as error:  # noqa: BLE001  # the last edge: a mistake of ours is told, not hidden
        if session.stopping.asked():  # a library may reword the signal that came while it worked
            return _interrupted(session)
        session.output.note("".join(traceback.format_exception(error)))
        session.output.failure(unexpected(error))
        return FAILURE


def _interrupted(session: Session) -> int:
    stopping = session.stopping
    session.output.failure(error_body(StoppedBySignalError(stopping.signal_name)), brief=True)
    return stopping.exit_code


def _closed(session: Session, work: Work) -> int:
    try:
        return work(session) or SUCCESS
    finally:
        session.close()


def unexpected(error: Exception) -> Document:
    """Return what is said of a mistake in this program."""
    return {
        "code": "unexpected",
        "message": "Something went wrong inside the program.",
        "cause": f"{type(error).__name__}: {error}",
        "remedy": "Try again. If it happens again, report it with the lines above.",
        "details": {"type": type(error).__name__},
    }
