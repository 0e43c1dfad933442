"""Show one model."""

from __future__ import annotations

from dataclasses import dataclass

from heygen_desktop.application.models import FitJudge, ModelSummary, find_model
from heygen_desktop.application.ports.unit_of_work import UnitsOfWork


@dataclass(frozen=True)
class GetModel:
    """Finds a model by its reference; the estimate knows the peak that earlier runs measured."""

    units: UnitsOfWork
    judge: FitJudge

    def __call__(self, reference: str) -> ModelSummary:
        """Return the version that is meant. Raises ModelNotFoundError, InvalidNameError."""
        fit = self.judge.now()
        with self.units(read_only=True) as unit:
            model, version = find_model(unit, reference)
            peak = unit.runs.peak_memory_bytes(model.id, str(version.version), fit.device().id)
        return ModelSummary(model, version, fit(version.artifact, measured_peak_bytes=peak))
