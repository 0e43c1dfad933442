"""AIModel: one name, many versions, each pointing at files that stay where they are."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import NewType

from heygen_desktop.domain.errors import (
    ModelExistsError,
    ModelNotFoundError,
)
from heygen_desktop.domain.values.actor import Actor
from heygen_desktop.domain.values.artifact import Artifact
from heygen_desktop.domain.values.version import SemanticVersion

ModelId = NewType("ModelId", str)


class ModelType(StrEnum):
    """What kind of thing the model works on."""

    LANGUAGE = "language"
    EMBEDDING = "embedding"
    VISION = "vision"
    AUDIO = "audio"
    MULTIMODAL = "multimodal"
    OTHER = "other"


class ModelStatus(StrEnum):
    """The life of a version."""

    REGISTERED = "registered"
    VERIFIED = "verified"
    DEPLOYED = "deployed"
    ARCHIVED = "archived"
    TRAINING = "training"
    TRAINED = "trained"
    FAILED = "failed"


TRANSITIONS: dict[ModelStatus, frozenset[ModelStatus]] = {
    ModelStatus.REGISTERED: frozenset({ModelStatus.VERIFIED, ModelStatus.ARCHIVED}),
    ModelStatus.VERIFIED: frozenset({ModelStatus.DEPLOYED, ModelStatus.ARCHIVED}),
    ModelStatus.DEPLOYED: frozenset({ModelStatus.VERIFIED, ModelStatus.ARCHIVED}),
    ModelStatus.ARCHIVED: frozenset({ModelStatus.REGISTERED}),
    ModelStatus.TRAINING: frozenset({ModelStatus.TRAINED, ModelStatus.FAILED}),
    ModelStatus.TRAINED: frozenset({ModelStatus.VERIFIED, ModelStatus.ARCHIVED}),
    ModelStatus.FAILED: frozenset({ModelStatus.TRAINING, ModelStatus.ARCHIVED}),
}
"""The allowed changes of state; they stand here and nowhere else."""


@dataclass(frozen=True)
class ModelVersion:
    """One version of a model and the files behind it."""

    version: SemanticVersion
    artifact: Artifact
    created_at: datetime
    status: ModelStatus = ModelStatus.REGISTERED
    actor: Actor = field(default_factory=Actor)
    """Who registered it."""


@dataclass
class AIModel:
    """The aggregate: change it through its methods, store it whole."""

    id: ModelId
    name: str
    type: ModelType
    created_at: datetime
    updated_at: datetime
    task: str = ""
    tags: tuple[str, ...] = ()
    description: str = ""
    """What it is, in a line."""
    note: str = ""
    """What people found out about it, in as many lines as they like."""
    is_favourite: bool = False
    licence: str = ""
    creator: str = ""
    versions: tuple[ModelVersion, ...] = ()
    """In order of version, the earliest first; never empty once stored."""
    aliases: dict[str, SemanticVersion] = field(default_factory=dict)

    @property
    def latest(self) -> ModelVersion:
        """The highest version.

        Raises:
            ModelNotFoundError: The model has no version yet.
        """
        if not self.versions:
            raise ModelNotFoundError(self.name)
        return self.versions[-1]

    def version(self, selector: str = "") -> ModelVersion:
        """Return the version that a selector means.

        Args:
            selector: A version, an alias, or empty for the latest.

        Raises:
            ModelNotFoundError: No version or alias of that name.
        """
        if not selector:
            return self.latest
        wanted = self.aliases.get(selector)
        for candidate in self.versions:
            if candidate.version == wanted or str(candidate.version) == selector:
                return candidate
        raise ModelNotFoundError(f"{self.name}@{selector}")

    def add_version(self, added: ModelVersion) -> None:
        """Add a version.

        Raises:
            ModelExistsError: That version is taken.
        """
        for existing in self.versions:
            if existing.version == added.version:
                raise ModelExistsError(
                    self.name, str(existing.version), str(existing.artifact.path)
                )
        self.versions = tuple(sorted((*self.versions, added), key=lambda v: v.version))
        self.updated_at = added.created_at

    def take_files(self, version: SemanticVersion, artifact: Artifact) -> None:
        """Let a version point at its files as they are now."""
        self.versions = tuple(
            replace(v, artifact=artifact) if v.version == version else v for v in self.versions
        )

    def remove_version(self, version: SemanticVersion, *, at: datetime) -> None:
        """Forget a version and the aliases that point at it; its files are not touched."""
        self.versions = tuple(v for v in self.versions if v.version != version)
        self.aliases = {alias: v for alias, v in self.aliases.items() if v != version}
        self.updated_at = at
