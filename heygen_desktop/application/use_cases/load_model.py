"""Bring a model into memory and keep it there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from heygen_desktop.application.models import FitJudge, FitNow, find_model, never, silent
from heygen_desktop.application.ports.inference import Inference, LoadRequest, ModelKeeper, Update
from heygen_desktop.application.ports.unit_of_work import UnitsOfWork
from heygen_desktop.application.settings.schema import InferenceSettings
from heygen_desktop.application.use_cases.models.model_files import ModelFiles
from heygen_desktop.domain.entities.ai_model import AIModel, ModelVersion
from heygen_desktop.domain.entities.worker import Worker
from heygen_desktop.domain.errors import ModelTooLargeError
from heygen_desktop.domain.values.estimate import FitEstimate, Verdict


def load_request(model: AIModel, version: ModelVersion, device: str, fit: FitNow) -> LoadRequest:
    """Return what the supervisor needs to know to load a version.

    Raises:
        ArtifactUnsupportedError: No runtime executes its format.
        InvalidParameterError: The device was named, and the runtime cannot use it.
    """
    runtime = fit.runtimes.of(version.artifact.format, model=model.name)
    chosen = fit.settings.inference
    return LoadRequest(
        model_id=model.id,
        model=model.name,
        version=str(version.version),
        path=version.artifact.path,
        format=version.artifact.format,
        device=runtime.device(device, chosen.device),
        dtype=runtime.dtype(chosen.dtype),
        threads=chosen.threads,
        niceness=chosen.niceness,
        start_timeout_s=chosen.start_timeout_s,
        stall_timeout_s=chosen.stall_timeout_s,
        options=runtime.chosen_options(fit.settings),
    )


def refuse_too_large(name: str, estimate: FitEstimate, chosen: InferenceSettings) -> None:
    """Raise ModelTooLargeError where a model passes the free memory and the settings refuse that."""
    if chosen.refuse_too_large and estimate.verdict is Verdict.TOO_LARGE:
        raise ModelTooLargeError(name, estimate.device, estimate.needed_bytes, estimate.free_bytes)


@dataclass(frozen=True)
class LoadModel:
    """Loads into a worker of this process, or of one that stays when this one ends."""

    units: UnitsOfWork
    files: ModelFiles
    inference: Inference
    keeper: ModelKeeper
    judge: FitJudge

    def __call__(
        self,
        reference: str,
        *,
        device: str = "",
        keep: bool = False,
        on_update: Callable[[Update], None] = silent,
        should_stop: Callable[[], bool] = never,
    ) -> Worker:
        """Return the worker with its measured cost.

        Args:
            keep: Load into a process that outlives this one, as a command in a terminal needs it.

        Raises:
            ModelNotFoundError, ModelTooLargeError, RunCancelledError,
            ArtifactError and its kinds, InferenceError and its kinds
        """
        fit = self.judge.now()
        with self.units(read_only=True) as unit:
            model, version = find_model(unit, reference)
            request = load_request(model, version, device, fit)
            estimate = fit.measured(unit, model, version, device=request.device)
        self.files.check(model, version)
        loader = self.keeper if keep else self.inference
        if not loader.holds(request):
            refuse_too_large(model.name, estimate, fit.settings.inference)
        worker = loader.load(request, on_update=on_update, should_stop=should_stop)
        with self.units() as unit:
            unit.workers.save(worker)  # so that other processes can list it
            unit.commit()
        return worker
