"""What the use cases of the library share: finding a version and saying whether it fits."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass

from heygen_desktop.application.ports.memory import Memory
from heygen_desktop.application.ports.unit_of_work import UnitOfWork
from heygen_desktop.application.settings.schema import Settings
from heygen_desktop.domain.entities.ai_model import AIModel, ModelVersion
from heygen_desktop.domain.errors import DeviceUnavailableError, ModelNotFoundError
from heygen_desktop.domain.repositories.models import ModelFilter
from heygen_desktop.domain.services.fit import estimate_fit
from heygen_desktop.domain.values.artifact import Artifact
from heygen_desktop.domain.values.estimate import FitEstimate
from heygen_desktop.domain.values.names import ModelReference

CurrentSettings = Callable[[], Settings]
"""Returns the settings of the active environment as they hold now."""


@dataclass(frozen=True)
class ModelSummary:
    """A model, the version that was meant, and whether it fits now."""

    model: AIModel
    version: ModelVersion
    estimate: FitEstimate


def find_model(unit: UnitOfWork, reference: str) -> tuple[AIModel, ModelVersion]:
    """Return the model and version that a reference means.

    Args:
        reference: ``NAME``, ``NAME@VERSION`` or ``NAME@ALIAS``.

    Raises:
        InvalidNameError: The reference cannot be a name.
        ModelNotFoundError: Nothing of that name; the error suggests the nearest one.
    """
    wanted = ModelReference.parse(reference)
    model = unit.models.by_name(wanted.name)
    if model is None:
        names = [m.name for m in unit.models.find(ModelFilter())]
        near = difflib.get_close_matches(wanted.name, names, n=1)
        raise ModelNotFoundError(reference, suggestion=near[0] if near else "")
    return model, model.version(wanted.selector)


@dataclass(frozen=True)
class FitJudge:
    """Says whether an artifact fits on the device that the settings name, right now."""

    memory: Memory
    settings: CurrentSettings

    def __call__(
        self, artifact: Artifact, *, device: str = "", measured_peak_bytes: int | None = None
    ) -> FitEstimate:
        """Return the estimate.

        Args:
            device: ``auto``, ``cpu``, ``cuda:N``, or empty for the one of the settings.

        Raises:
            DeviceUnavailableError: The device was named here and there is no such one.
        """
        chosen = self.settings().inference
        place = self.device(device or chosen.device)
        if not device and not self._is_there(place):
            place = "cpu"  # the settings may name a GPU that is not plugged in now; a run says so
        return estimate_fit(
            artifact,
            device=place,
            dtype=chosen.dtype if chosen.dtype != "auto" else _automatic(place),
            free_bytes=self.memory.free_bytes(place),
            headroom_bytes=chosen.headroom_mb * 1024**2,
            measured_peak_bytes=measured_peak_bytes,
        )

    def device(self, wanted: str) -> str:
        """Return the device that ``auto`` means here; other names are returned as they are."""
        if wanted != "auto":
            return wanted
        return "cuda:0" if self._is_there("cuda:0") else "cpu"

    def _is_there(self, device: str) -> bool:
        try:
            self.memory.free_bytes(device)
        except DeviceUnavailableError:
            return False
        return True


def _automatic(device: str) -> str:
    """The precision that the worker chooses: stored on a GPU, fp32 on a CPU (the safe guess)."""
    return "float32" if device == "cpu" else "stored"
