"""Which processes still live, as far as this machine can tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from heygen_desktop.domain.entities.run import Owner


@dataclass(frozen=True)
class Program:
    """A process of ours that is no worker."""

    process: Owner
    memory_bytes: int | None
    """None where it has ended meanwhile."""
    is_this: bool


class Processes(Protocol):
    """Asks the operating system."""

    def current(self) -> Owner:
        """Return this process."""

    def is_here(self, process: Owner) -> bool:
        """Whether the process is one of this machine, living or not."""

    def is_gone(self, process: Owner) -> bool:
        """Whether exactly that process has ended; a reused pid is another process.

        Of a process of another machine nothing is known: it is not gone.
        """

    def memory_bytes(self, process: Owner) -> int | None:
        """Return its resident memory, or None where it is gone or of another machine."""

    def end(self, process: Owner) -> None:
        """End exactly that process at once; one that is gone or of another machine is left alone."""
