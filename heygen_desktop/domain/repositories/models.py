"""The store of models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from heygen_desktop.domain.entities.ai_model import AIModel, ModelId


@dataclass(frozen=True)
class ModelFilter:
    """Which models are wanted; an empty field does not narrow."""

    search: str = ""
    """Words that must all occur in name, note, tags, architecture or path; case is ignored."""
    type: str = ""
    format: str = ""
    status: str = ""
    tag: str = ""


class ModelRepository(Protocol):
    """All models of this home. Used inside a unit of work."""

    def add(self, model: AIModel) -> None:
        """Add a new model. Its name is not taken (ask ``by_name`` first)."""

    def save(self, model: AIModel) -> None:
        """Store a model that was read from here and changed."""

    def remove(self, model_id: ModelId) -> None:
        """Forget a model with all versions. Runs that name it stay."""

    def by_id(self, model_id: ModelId) -> AIModel | None:
        """Return the model, or None."""

    def by_name(self, name: str) -> AIModel | None:
        """Return the model of exactly that name, or None. Names differ in more than case."""

    def by_path(self, path: Path) -> Sequence[AIModel]:
        """Return the models with a version at exactly that path, by name."""

    def latest_versions(self) -> Mapping[str, str]:
        """Return the latest version of every model by the model's name, in order of name."""

    def without_checksum(self) -> Sequence[str]:
        """Return ``name@version`` of each version whose checksum is empty, the oldest first."""

    def find(
        self, wanted: ModelFilter, *, after: str = "", limit: int | None = None
    ) -> Sequence[AIModel]:
        """Return the models that match, by name. A model matches by its latest version.

        Args:
            after: Only those that stand behind a model of this name.
            limit: At most so many; all where None.
        """
