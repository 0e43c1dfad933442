"""The store of what environments hold."""

from __future__ import annotations

from typing import Protocol

from heygen_desktop.domain.entities.environment import Revision


class EnvironmentRepository(Protocol):
    """Revisions of the four environments. Used inside a unit of work; nothing is overwritten."""

    def current(self, environment: str) -> Revision:
        """Return the newest revision; number 0 with no values where nothing was ever set."""

    def add(self, revision: Revision) -> None:
        """Append a revision; its number is the current one plus one."""
