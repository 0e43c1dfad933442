"""Find every model below some folders."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from heygen_desktop.application.models import FitJudge
from heygen_desktop.application.ports.artifacts import Artifacts
from heygen_desktop.application.ports.unit_of_work import UnitsOfWork
from heygen_desktop.application.use_cases.models.inspect_artifact import Inspection, inspection
from heygen_desktop.domain.errors import HeyGenError


@dataclass(frozen=True)
class FoundModel:
    """A place that looks like a model: what is there, or why it cannot serve."""

    path: Path
    seen: Inspection | None
    problem: HeyGenError | None
    """None where ``seen`` is there."""


def _never() -> bool:
    return False


@dataclass(frozen=True)
class ScanFolders:
    """Looks, and registers nothing."""

    artifacts: Artifacts
    units: UnitsOfWork
    judge: FitJudge

    def __call__(
        self, folders: Sequence[Path], *, should_stop: Callable[[], bool] = _never
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
