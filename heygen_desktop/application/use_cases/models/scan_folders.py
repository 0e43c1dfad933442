"""Find every model below some folders."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from heygen_desktop.application.models import registered_as
from heygen_desktop.application.ports.artifacts import Artifacts, ScanFinding
from heygen_desktop.application.ports.unit_of_work import UnitsOfWork


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
            return [
                FoundModel(f, registered_as(unit, f.artifact.path) if f.artifact else "")
                for f in findings
            ]
