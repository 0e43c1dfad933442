"""Look at files before registering them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from heygen_desktop.application.models import FitJudge, FitNow, registered_as
from heygen_desktop.application.ports.artifacts import Artifacts
from heygen_desktop.application.ports.unit_of_work import UnitOfWork, UnitsOfWork
from heygen_desktop.domain.values.artifact import Artifact
from heygen_desktop.domain.values.estimate import FitEstimate


@dataclass(frozen=True)
class Inspection:
    """What the files are, whether they fit, and whether the library has them."""

    artifact: Artifact
    estimate: FitEstimate
    registered_as: str
    """``name@version`` where this path is in the library already; otherwise empty."""


def inspection(unit: UnitOfWork, fit: FitNow, artifact: Artifact) -> Inspection:
    """Return what is known of files whose headers were read."""
    return Inspection(artifact, fit(artifact), registered_as(unit, artifact.path))


@dataclass(frozen=True)
class InspectArtifact:
    """Reads headers, changes nothing."""

    artifacts: Artifacts
    units: UnitsOfWork
    judge: FitJudge

    def __call__(self, path: Path) -> Inspection:
        """Return what is at the path. Raises ArtifactError and its kinds."""
        artifact = self.artifacts.inspect(path)
        with self.units(read_only=True) as unit:
            return inspection(unit, self.judge.now(), artifact)
