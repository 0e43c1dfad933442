"""``heygen logs``: reading and following the structured log."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated

import typer

from heygen_desktop.application.documents import log_document
from heygen_desktop.application.ports.logs import LogLevel, LogQuery, LogRecord
from heygen_desktop.domain.errors import InvalidParameterError
from heygen_desktop.presentation.cli.session import Session
from heygen_desktop.presentation.wording import moment

LOOK_EVERY_S = 0.25
_AGO = re.compile(r"(\d{1,9})\s*([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


class Level(StrEnum):
    """The levels, as they are typed."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"
    CRITICAL = "critical"


def logs(
    session: Session,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Go on, and show new records as they come.")
    ] = False,
    level: Annotated[
        Level, typer.Option(case_sensitive=False, help="Only this level and above.")
    ] = Level.DEBUG,
    grep: Annotated[
        str, typer.Option(metavar="TEXT", help="Only records that contain this text.")
    ] = "",
    since: Annotated[
        str, typer.Option(metavar="TIME", help="Only since then: 10m, 2h, 7d or 2026-01-31T17:00.")
    ] = "",
    run: Annotated[str, typer.Option(metavar="RUN", help="Only records of this run.")] = "",
    request: Annotated[str, typer.Option(metavar="ID", help="Only records of this request.")] = "",
    limit: Annotated[
        int, typer.Option(min=1, max=1_000_000, help="At most this many, the newest.")
    ] = 200,
) -> None:
    """Show the log, oldest line first."""
    application = session.application
    wanted = LogQuery(
        level=LogLevel[level.name],
        text=grep,
        since=moment_of(since, session.services.now()) if since else None,
        run_id=application.get_run(run).id if run else "",
        request_id=request,
        limit=limit,
    )
    if follow:
        _follow(session, wanted)
        return
    if not session.output.listing(application.logs.stream(wanted), log_document, line_of):
        session.output.note(f"No line matches in {application.logs.file}")


def _follow(session: Session, wanted: LogQuery) -> None:
    """Show the newest lines, then each as it comes, until Ctrl-C."""
    records, cursor = session.application.logs.tail(0)
    fresh = [record for record in records if wanted.matches(record)][-wanted.limit :]
    while True:
        for record in fresh:
            session.output.record(log_document(record), line_of(record))
        session.services.pause(LOOK_EVERY_S)
        records, cursor = session.application.logs.tail(cursor)
        fresh = [record for record in records if wanted.matches(record)]


def line_of(record: LogRecord) -> str:
    """Return a record as a person reads it; a traceback follows on lines of its own."""
    named = {key: value for key, value in record.ids.items() if key != "session_id"}
    named |= {key: _short(v) for key, v in record.extra.items() if isinstance(v, str | int | float)}
    head = f"{moment(record.time)}  {record.level.name:<8}  {record.category:<9}  {record.message}"
    line = "  ".join((head, *(f"{key}={value}" for key, value in named.items())))
    return f"{line}\n{record.exception}" if record.exception else line


def _short(value: str | float) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def moment_of(text: str, now: datetime) -> datetime:
    """Return the moment that ``10m``, ``2h`` or an ISO 8601 time means.

    A time without a zone is one of this machine's clock.

    Raises:
        InvalidParameterError: It is neither.
    """
    ago = _AGO.fullmatch(text.strip())
    try:
        if ago is not None:
            return now - timedelta(seconds=int(ago[1]) * _SECONDS[ago[2]])
        return datetime.fromisoformat(text.strip()).astimezone()
    except (ValueError, OverflowError) as error:
        expected = "a time such as 10m, 2h, 7d or 2026-01-31T17:00"
        raise InvalidParameterError("--since", text, expected) from error
