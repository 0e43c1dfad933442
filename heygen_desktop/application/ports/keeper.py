"""Keeping a model in memory beyond the life of the command that asked for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from heygen_desktop.application.ports.inference import LoadRequest, Update
from heygen_desktop.domain.entities.worker import Worker


class ModelKeeper(Protocol):
    """Loads into a process that stays; it ends by itself once nothing is left to keep."""

    def holds(self, model: LoadRequest) -> bool:
        """Whether a process that stays has the model in memory."""

    def load(
        self,
        model: LoadRequest,
        *,
        on_update: Callable[[Update], None],
        should_stop: Callable[[], bool],
    ) -> Worker:
        """Bring the model into memory there. Raises as ``Inference.load`` does."""
