"""Bring files into the library, where they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from heygen_desktop.application.models import FitJudge, FitNow, ModelSummary, never, silent
from heygen_desktop.application.ports.artifacts import Artifacts
from heygen_desktop.application.ports.clock import Clock, Ids
from heygen_desktop.application.ports.events import EventStream
from heygen_desktop.application.ports.unit_of_work import UnitOfWork, UnitsOfWork
from heygen_desktop.domain.entities.ai_model import AIModel, ModelId, ModelType, ModelVersion
from heygen_desktop.domain.errors import (
    ArtifactChangedError,
    HeyGenError,
    ModelExistsError,
    RunCancelledError,
)
from heygen_desktop.domain.events import ModelRegistered
from heygen_desktop.domain.values.actor import Actor
from heygen_desktop.domain.values.artifact import Artifact
from heygen_desktop.domain.values.names import checked_name
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
    seen: Artifact | None = None
    """What was read of the files just before; they are read again only if they changed since."""


@dataclass(frozen=True)
class Registered:
    """What is in the library now."""

    summary: ModelSummary
    created: bool
    """False where the same files were registered before; nothing was added then."""

    @property
    def reference(self) -> str:
        """``name@version``."""
        return f"{self.summary.model.name}@{self.summary.version.version}"


@dataclass(frozen=True)
class RegisterModel:
    """Reads headers and writes entries at once; their checksums are computed later, by ``ModelFiles``."""

    units: UnitsOfWork
    artifacts: Artifacts
    judge: FitJudge
    events: EventStream
    clock: Clock
    ids: Ids
    actor: Actor

    def __call__(self, wanted: Registration) -> Registered:
        """Return the entry, new or found.

        Raises:
            ArtifactError: The files cannot serve (see its kinds).
            ArtifactChangedError: They are registered already, and were others then.
            InvalidNameError, InvalidVersionError: What was given cannot be one.
            ModelExistsError: The name, or the version, points at other files.
        """
        [result] = self.many([wanted])
        if isinstance(result, HeyGenError):
            raise result
        return result

    def many(
        self,
        wanted: Sequence[Registration],
        *,
        on_progress: Callable[[int, int], None] = silent,
        should_stop: Callable[[], bool] = never,
    ) -> Sequence[Registered | HeyGenError]:
        """Return what became of each, in order: its entry, or why there is none. All are stored together.

        Args:
            on_progress: Places read so far, and in all.

        Raises:
            RunCancelledError: ``should_stop`` answered True; nothing was registered.
        """
        read: list[Artifact | HeyGenError] = []
        for each in wanted:
            if should_stop():
                raise RunCancelledError("reading headers")
            on_progress(len(read), len(wanted))
            read.append(self._read(each))
        with self.units() as unit:
            entries = [
                found if isinstance(found, HeyGenError) else self._entry(unit, each, found)
                for each, found in zip(wanted, read, strict=True)
            ]
            unit.commit()
        fit = self.judge.now()
        return [e if isinstance(e, HeyGenError) else self._told(e, fit) for e in entries]

    def _read(self, wanted: Registration) -> Artifact | HeyGenError:
        try:
            _check(wanted)
            seen = wanted.seen
            if seen is not None and not seen.changed_files(self.artifacts.files_now(seen)):
                return seen
            return self.artifacts.inspect(wanted.path)
        except HeyGenError as error:
            return error

    def _entry(
        self, unit: UnitOfWork, wanted: Registration, artifact: Artifact
    ) -> _Entry | HeyGenError:
        try:
            return _known(unit, wanted, artifact) or self._added(unit, wanted, artifact)
        except (ArtifactChangedError, ModelExistsError) as error:
            return error

    def _added(self, unit: UnitOfWork, wanted: Registration, artifact: Artifact) -> _Entry:
        now = self.clock.now()
        model, is_new = self._model(unit, wanted, artifact, now)
        version = ModelVersion(_next_version(wanted, model), artifact, now, actor=self.actor)
        model.add_version(version)
        if is_new:
            unit.models.add(model)
        else:
            unit.models.save(model)
        return _Entry(model, version, is_added=True)

    def _model(
        self, unit: UnitOfWork, wanted: Registration, artifact: Artifact, now: datetime
    ) -> tuple[AIModel, bool]:
        name = wanted.name or artifact.suggested_name
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

    def _told(self, entry: _Entry, fit: FitNow) -> Registered:
        model, version, artifact = entry.model, entry.version, entry.version.artifact
        if entry.is_added:
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
        return Registered(ModelSummary(model, version, fit(artifact)), entry.is_added)


@dataclass(frozen=True)
class _Entry:
    model: AIModel
    version: ModelVersion
    is_added: bool


def _known(unit: UnitOfWork, wanted: Registration, artifact: Artifact) -> _Entry | None:
    """The entry of these very files, unless another name or version is asked for.

    Raises:
        ArtifactChangedError: The files are not those that the entry was made from.
    """
    for model in unit.models.by_path(artifact.path):
        for version in model.versions:
            if version.artifact.path == artifact.path and _same(wanted, model, version):
                changed = version.artifact.changed_files(artifact.files)
                if changed:
                    raise ArtifactChangedError(f"{model.name}@{version.version}", changed)
                return _Entry(model, version, is_added=False)
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
