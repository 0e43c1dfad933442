"""Hold the files of registered models against what was kept of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from heygen_desktop.application.models import find_model, never, silent
from heygen_desktop.application.ports.artifacts import Artifacts
from heygen_desktop.application.ports.clock import Clock
from heygen_desktop.application.ports.events import EventStream
from heygen_desktop.application.ports.unit_of_work import UnitsOfWork
from heygen_desktop.domain.entities.ai_model import AIModel, ModelVersion
from heygen_desktop.domain.errors import (
    ArtifactChangedError,
    ArtifactError,
    ModelNotFoundError,
    ModelNotLoadedError,
)
from heygen_desktop.domain.events import ModelVerified
from heygen_desktop.domain.values.artifact import Artifact


@dataclass(frozen=True)
class Verification:
    """What the files of a version are, every byte of them read."""

    reference: str
    """``name@version``."""
    artifact: Artifact
    """As they are now, with their checksum."""
    changed: tuple[str, ...]
    """Files that are not what was registered; empty where all of them are."""


@dataclass(frozen=True)
class ModelFiles:
    """Notices files that changed: at a glance by size and time, for certain by their checksum."""

    units: UnitsOfWork
    artifacts: Artifacts
    events: EventStream
    clock: Clock
    unload: Callable[[str], object]
    """Takes a version out of memory, where it is held."""

    def problem(self, model: AIModel, version: ModelVersion) -> ArtifactError | None:
        """Return why the files cannot be used as they are, or None. No file is opened."""
        try:
            changed = version.artifact.changed_files(self.artifacts.files_now(version.artifact))
        except ArtifactError as error:
            return error
        reference = f"{model.name}@{version.version}"
        return ArtifactChangedError(reference, changed) if changed else None

    def card(self, version: ModelVersion) -> str:
        """Return the text of the README of a version's folder; empty where none can be read."""
        try:
            return self.artifacts.card(version.artifact)
        except ArtifactError:  # the facts of the model are worth more than what is said of it
            return ""

    def tokens(self, reference: str, text: str) -> int | None:
        """Return how many tokens a version makes of a text; None where that cannot be told."""
        with self.units(read_only=True) as unit:
            _model, version = find_model(unit, reference)
        try:
            return self.artifacts.tokens(version.artifact, text)
        except ArtifactError:
            return None

    def check(self, model: AIModel, version: ModelVersion) -> None:
        """Let the files be loaded, if nothing speaks for a change.

        An entry of 0.1.0 knows no times: its headers are read, and the times kept from then on.

        Raises:
            ArtifactChangedError: They changed; the headers are still those of a model.
            ArtifactError: They cannot serve (see its kinds).
        """
        problem, known = self.problem(model, version), version.artifact
        if problem is not None:
            self.artifacts.inspect(known.path)  # what is damaged or gone is told as that
            raise problem
        if any(file.modified_ns is None for file in known.files):
            self.artifacts.inspect(known.path)
            files = self.artifacts.files_now(known)
            self._keep(model.name, version, replace(known, files=files))

    def waiting(self) -> Sequence[str]:
        """Return ``name@version`` of each entry whose checksum is not computed yet, the oldest first."""
        with self.units(read_only=True) as unit:
            return unit.models.without_checksum()

    def verify(
        self,
        reference: str,
        *,
        on_progress: Callable[[int, int], None] = silent,
        should_stop: Callable[[], bool] = never,
    ) -> Verification:
        """Read every byte of a version's files and keep their checksum.

        Where they are not what was registered, nothing is kept: ``take`` does that.

        Args:
            on_progress: Bytes hashed so far, and in all.

        Raises:
            ModelNotFoundError, InvalidNameError: Nothing of that name is registered.
            ArtifactChangedError: They change just now.
            ArtifactError: They cannot serve (see its kinds).
            RunCancelledError: ``should_stop`` answered True.
        """
        with self.units(read_only=True) as unit:
            model, version = find_model(unit, reference)
        known, meant = version.artifact, f"{model.name}@{version.version}"
        seen = self.artifacts.inspect(known.path)
        checksum = self.artifacts.checksum(seen, on_progress=on_progress, should_stop=should_stop)
        self._require_still(meant, seen)
        changed = _changed(known, seen, checksum)
        verification = Verification(meant, replace(seen, checksum=checksum), changed)
        if not verification.changed:
            self._keep(model.name, version, verification.artifact)
            self._tell(model, version, was_changed=False)
        return verification

    def take(self, verification: Verification) -> None:
        """Keep files that changed as what they are now; what they were leaves memory.

        Raises:
            ModelNotFoundError: The entry was removed since.
            ArtifactChangedError: They changed once more.
        """
        self._require_still(verification.reference, verification.artifact)
        with self.units(read_only=True) as unit:
            model, version = find_model(unit, verification.reference)
        if not self._keep(model.name, version, verification.artifact):
            raise ModelNotFoundError(verification.reference)
        with suppress(ModelNotLoadedError):
            self.unload(verification.reference)
        self._tell(model, version, was_changed=True)

    def _require_still(self, reference: str, seen: Artifact) -> None:
        changed = seen.changed_files(self.artifacts.files_now(seen))
        if changed:
            raise ArtifactChangedError(reference, changed)

    def _keep(self, name: str, version: ModelVersion, artifact: Artifact) -> bool:
        """Store what is known of the files, unless the entry went or its files changed meanwhile."""
        with self.units() as unit:
            model = unit.models.by_name(name)
            if model is None or version not in model.versions:
                return False
            model.take_files(version.version, artifact)
            unit.models.save(model)
            unit.commit()
        return True

    def _tell(self, model: AIModel, version: ModelVersion, *, was_changed: bool) -> None:
        now, number = self.clock.now(), str(version.version)
        self.events.publish(ModelVerified(now, model.name, number, was_changed))


def _changed(known: Artifact, seen: Artifact, checksum: str) -> tuple[str, ...]:
    """A time that changed means nothing where the content is the same to the byte."""
    if known.checksum == checksum:
        return ()
    changed = known.changed_files(seen.files)
    if changed or not known.checksum:
        return changed
    return tuple(file.name for file in seen.files)  # of one size and time: one of these
