"""Show one model."""

from __future__ import annotations

from dataclasses import dataclass

from heygen_desktop.application.models import FitJudge, ModelSummary, find_model
from heygen_desktop.application.ports.unit_of_work import UnitsOfWork
from heygen_desktop.application.use_cases.models.model_files import ModelFiles


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
