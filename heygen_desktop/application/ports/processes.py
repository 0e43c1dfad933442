"""Which processes of this machine still live."""

from __future__ import annotations

from typing import Protocol

from heygen_desktop.domain.entities.run import Owner


class Processes(Protocol):
    """Asks the operating system."""

    def current(self) -> Owner:
        """Return this process."""

    def is_alive(self, process: Owner) -> bool:
        """Whether exactly that process runs; a reused pid is another process."""

    def memory_bytes(self, process: Owner) -> int | None:
        """Return its resident memory, or None where it is gone."""
