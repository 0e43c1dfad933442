"""The library: show, list and search models, and look at files before they are registered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from heygen_desktop.application.models import (
    FitJudge,
    FitNow,
    ModelSummary,
    find_model,
    never,
    registered_as,
)
from heygen_desktop.application.ports.artifacts import Artifacts
from heygen_desktop.application.ports.unit_of_work import UnitOfWork, UnitsOfWork
from heygen_desktop.domain.errors import HeyGenError
from heygen_desktop.domain.repositories import ModelFilter
from heygen_desktop.domain.values.artifact import Artifact
from heygen_desktop.domain.values.estimate import FitEstimate

if TYPE_CHECKING:
    from heygen_desktop.application.use_cases.models.model_files import ModelFiles

PAGE = 250
"""Models that are read at a time: the first are there at once, and a stop is not waited for long."""


@dataclass(frozen=True)
class GetModel:
    """Finds a model by its reference, with the peak that runs measured, and looks at its files."""

    units: UnitsOfWork
    judge: FitJudge
    files: ModelFiles

    def __call__(self, reference: str) -> ModelSummary:
        """Return the version that is meant. Raises ModelNotFoundError, InvalidNameError."""
        fit = self.judge.now()
        with self.units(read_only=True) as unit:
            model, version = find_model(unit, reference)
            estimate = fit.measured(unit, model, version)
        return ModelSummary(model, version, estimate, self.files.problem(model, version))


@dataclass(frozen=True)
class ListModels:
    """Reads the latest version of each model that matches."""

    units: UnitsOfWork
    judge: FitJudge

    def __call__(self, wanted: ModelFilter | None = None) -> Sequence[ModelSummary]:
        """Return the models that match, by name."""
        return [summary for page in self.pages(wanted) for summary in page]

    def pages(self, wanted: ModelFilter | None = None) -> Iterator[Sequence[ModelSummary]]:
        """Yield the models that match, by name, a page at a time; whoever needs no more stops asking.

        All pages show one state of the library, and are judged by one look at the devices.
        """
        fit, last = self.judge.now(), ""
        with self.units(read_only=True) as unit:
            while models := unit.models.find(wanted or ModelFilter(), after=last, limit=PAGE):
                yield [ModelSummary(m, m.latest, fit(m.latest.artifact)) for m in models]
                last = models[-1].name

    def latest_versions(self) -> Mapping[str, str]:
        """Return the latest version of every model by the model's name."""
        with self.units(read_only=True) as unit:
            return unit.models.latest_versions()


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


@dataclass(frozen=True)
class FoundModel:
    """A place that looks like a model: what is there, or why it cannot serve."""

    path: Path
    seen: Inspection | None
    problem: HeyGenError | None
    """None where ``seen`` is there."""


@dataclass(frozen=True)
class ScanFolders:
    """Looks, and registers nothing."""

    artifacts: Artifacts
    units: UnitsOfWork
    judge: FitJudge

    def __call__(
        self, folders: Sequence[Path], *, should_stop: Callable[[], bool] = never
    ) -> Sequence[FoundModel]:
        """Return what was found, by path. Raises ArtifactMissingError, RunCancelledError."""
        findings = self.artifacts.scan(folders, should_stop=should_stop)
        fit = self.judge.now()
        with self.units(read_only=True) as unit:
            return [
                FoundModel(
                    found.path,
                    inspection(unit, fit, found.artifact) if found.artifact else None,
                    found.problem,
                )
                for found in findings
            ]
