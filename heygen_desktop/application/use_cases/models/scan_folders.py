"""Find every model below some folders."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from heygen_desktop.application.ports.artifacts import Artifacts, ScanFinding
from heygen_desktop.application.ports.unit_of_work import UnitsOfWork
from heygen_desktop.domain.repositories.models import ModelFilter


@dataclass(frozen=True)
class FoundModel:
    """A finding, and whether the library has it."""

    finding: ScanFinding
    registered_as: str
    """``name@version``, or empty."""


def _never() -> bool:
    return False


@dataclass(frozen=True)
class ScanFolders:
    """Looks, and registers nothing."""

    artifacts: Artifacts
    units: UnitsOfWork

    def __call__(
        self, folders: Sequence[Path], *, should_stop: Callable[[], bool] = _never
    ) -> Sequence[FoundModel]:
        """Return what was found, by path. Raises ArtifactMissingError, RunCancelledError."""
        findings = self.artifacts.scan(folders, should_stop=should_stop)
        with self.units(read_only=True) as unit:
            known = {
                version.artifact.path: f"{model.name}@{version.version}"
                for model in unit.models.find(ModelFilter())
                for version in model.versions
            }
        return [
            FoundModel(f, known.get(f.artifact.path, "") if f.artifact else "") for f in findings
        ]
