"""Bring files into the library, where they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from heygen_desktop.application.models import FitJudge, ModelSummary
from heygen_desktop.application.ports.artifacts import Artifacts
from heygen_desktop.application.ports.clock import Clock, Ids
from heygen_desktop.application.ports.events import EventStream
from heygen_desktop.application.ports.unit_of_work import UnitOfWork, UnitsOfWork
from heygen_desktop.domain.entities.ai_model import AIModel, ModelId, ModelType, ModelVersion
from heygen_desktop.domain.errors import ModelExistsError
from heygen_desktop.domain.events import ModelRegistered
from heygen_desktop.domain.values.actor import Actor
from heygen_desktop.domain.values.artifact import Artifact
from heygen_desktop.domain.values.names import checked_name, suggested_name
from heygen_desktop.domain.values.version import SemanticVersion

_TYPES = {
    "text-generation": ModelType.LANGUAGE,
    "text-classification": ModelType.LANGUAGE,
    "token-classification": ModelType.LANGUAGE,
    "fill-mask": ModelType.LANGUAGE,
    "feature-extraction": ModelType.EMBEDDING,
    "image-classification": ModelType.VISION,
    "object-detection": ModelType.VISION,
    "automatic-speech-recognition": ModelType.AUDIO,
    "text-to-speech": ModelType.AUDIO,
    "image-text-to-text": ModelType.MULTIMODAL,
}


@dataclass(frozen=True)
class Registration:
    """What the user asks to have registered; what is empty is found out."""

    path: Path
    name: str = ""
    """Empty: the folder's name, made safe."""
    version: str = ""
    """Empty: 1.0.0, or the next minor version of a name that was given and exists."""
    type: ModelType | None = None
    tags: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Registered:
    """What is in the library now."""

    summary: ModelSummary
    created: bool
    """False where the same files were registered before; nothing was added then."""


def _silent(_done: int, _total: int) -> None:
    """Nobody watches the progress."""


def _never() -> bool:
    return False


@dataclass(frozen=True)
class RegisterModel:
    """Reads the headers, takes the checksum, and writes one entry; the files are not touched."""

    units: UnitsOfWork
    artifacts: Artifacts
    judge: FitJudge
    events: EventStream
    clock: Clock
    ids: Ids
    actor: Actor

    def __call__(
        self,
        wanted: Registration,
        *,
        on_progress: Callable[[int, int], None] = _silent,
        should_stop: Callable[[], bool] = _never,
    ) -> Registered:
        """Return the entry, new or found.

        Args:
            on_progress: Bytes hashed so far, and in all.

        Raises:
            ArtifactError: The files cannot serve (see its kinds).
            InvalidNameError, InvalidVersionError: What was given cannot be one.
            ModelExistsError: The name, or the version, points at other files.
            RunCancelledError: ``should_stop`` answered True; nothing was registered.
        """
        _check(wanted)
        artifact = self.artifacts.inspect(wanted.path)
        with self.units(read_only=True) as unit:
            known = _known(unit, wanted, artifact)
        if known is not None:
            return Registered(ModelSummary(*known, self.judge.now()(artifact)), created=False)
        checksum = self.artifacts.checksum(
            artifact, on_progress=on_progress, should_stop=should_stop
        )
        artifact = replace(artifact, checksum=checksum)
        model, version, is_ours = self._store(wanted, artifact)
        if is_ours:
            self._tell(model, version, artifact)
        return Registered(ModelSummary(model, version, self.judge.now()(artifact)), created=is_ours)

    def _tell(self, model: AIModel, version: ModelVersion, artifact: Artifact) -> None:
        self.events.publish(
            ModelRegistered(
                at=version.created_at,
                model=model.name,
                version=str(version.version),
                path=str(artifact.path),
                size_bytes=artifact.size_bytes,
                parameters=artifact.parameters,
            )
        )

    def _store(
        self, wanted: Registration, artifact: Artifact
    ) -> tuple[AIModel, ModelVersion, bool]:
        """Return the entry, and whether it was made here and not by another while we hashed."""
        now = self.clock.now()
        with self.units() as unit:
            known = _known(unit, wanted, artifact)
            if known is not None:
                return *known, False
            model, is_new = self._model(unit, wanted, artifact, now)
            version = ModelVersion(_next_version(wanted, model), artifact, now, actor=self.actor)
            model.add_version(version)
            if is_new:
                unit.models.add(model)
            else:
                unit.models.save(model)
            unit.commit()
        return model, version, True

    def _model(
        self, unit: UnitOfWork, wanted: Registration, artifact: Artifact, now: datetime
    ) -> tuple[AIModel, bool]:
        name = wanted.name or suggested_name(artifact.path.name) or "model"
        existing = unit.models.by_name(name)
        if existing is not None:
            if not wanted.name:
                latest = existing.latest
                raise ModelExistsError(name, str(latest.version), str(latest.artifact.path))
            return existing, False
        return (
            AIModel(
                id=ModelId(self.ids.new()),
                name=name,
                type=wanted.type or _TYPES.get(artifact.task, ModelType.OTHER),
                created_at=now,
                updated_at=now,
                task=artifact.task,
                tags=wanted.tags,
                note=wanted.note,
                licence=artifact.licence,
            ),
            True,
        )


def _known(
    unit: UnitOfWork, wanted: Registration, artifact: Artifact
) -> tuple[AIModel, ModelVersion] | None:
    """The entry of these very files, unless another name or version is asked for."""
    for model in unit.models.by_path(artifact.path):
        for version in model.versions:
            if version.artifact.path == artifact.path and _same(wanted, model, version):
                return model, version
    return None


def _check(wanted: Registration) -> None:
    if wanted.name:
        checked_name("model", wanted.name)
    if wanted.version:
        SemanticVersion.parse(wanted.version)
    for tag in wanted.tags:
        checked_name("tag", tag)


def _same(wanted: Registration, model: AIModel, version: ModelVersion) -> bool:
    return wanted.name in ("", model.name) and wanted.version in ("", str(version.version))


def _next_version(wanted: Registration, model: AIModel) -> SemanticVersion:
    if wanted.version:
        return SemanticVersion.parse(wanted.version)
    return model.latest.version.next_minor() if model.versions else SemanticVersion(1, 0, 0)
