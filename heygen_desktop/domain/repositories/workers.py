"""The register of workers, so that one process may list what another holds in memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from heygen_desktop.domain.entities.run import Owner
from heygen_desktop.domain.entities.worker import Worker


class WorkerRegister(Protocol):
    """Every worker that some process of this home started. Used inside a unit of work."""

    def save(self, worker: Worker) -> None:
        """Add the worker or replace what was known of it (by its process)."""

    def remove(self, process: Owner) -> None:
        """Forget it."""

    def all(self) -> Sequence[Worker]:
        """Return all that were registered and not removed; some may have died since."""
