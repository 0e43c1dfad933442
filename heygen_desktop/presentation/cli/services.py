"""What the command line is given from outside: how to build the program, and the terminal's manners."""

from __future__ import annotations

import getpass
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from heygen_desktop.application.application import Application


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
