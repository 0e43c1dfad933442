"""List and search the library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from heygen_desktop.application.models import FitJudge, ModelSummary
from heygen_desktop.application.ports.unit_of_work import UnitsOfWork
from heygen_desktop.domain.repositories.models import ModelFilter


@dataclass(frozen=True)
class ListModels:
    """Reads the latest version of each model that matches."""

    units: UnitsOfWork
    judge: FitJudge

    def __call__(self, wanted: ModelFilter | None = None) -> Sequence[ModelSummary]:
        """Return the models that match, by name."""
        with self.units(read_only=True) as unit:
            models = unit.models.find(wanted or ModelFilter())
        fit = self.judge.now()
        return [ModelSummary(m, m.latest, fit(m.latest.artifact)) for m in models]

    def latest_versions(self) -> Mapping[str, str]:
        """Return the latest version of every model by the model's name."""
        with self.units(read_only=True) as unit:
            return unit.models.latest_versions()
