"""What the use cases of the library share: finding a version and saying whether it fits."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from heygen_desktop.application.ports.memory import Memory
from heygen_desktop.application.ports.unit_of_work import UnitOfWork
from heygen_desktop.application.settings.schema import InferenceSettings, Settings
from heygen_desktop.domain.entities.ai_model import AIModel, ModelVersion
from heygen_desktop.domain.errors import DeviceUnavailableError, ModelNotFoundError
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
        near = difflib.get_close_matches(wanted.name, unit.models.latest_versions(), n=1)
        raise ModelNotFoundError(reference, suggestion=near[0] if near else "")
    return model, model.version(wanted.selector)


def registered_as(unit: UnitOfWork, path: Path) -> str:
    """Return ``name@version`` of the latest entry of these files, or an empty string."""
    found = [
        f"{model.name}@{version.version}"
        for model in unit.models.by_path(path)
        for version in model.versions
        if version.artifact.path == path
    ]
    return found[-1] if found else ""


@dataclass(frozen=True)
class FitJudge:
    """Looks at the settings and the devices; what it sees at one moment judges any number of artifacts."""

    memory: Memory
    settings: CurrentSettings

    def now(self) -> FitNow:
        """Return the judge of this moment, which reads the settings now and never again."""
        return FitNow(self.settings().inference, self.memory)


class FitNow:
    """Says whether artifacts fit, as things stood at one moment.

    Each device is looked at once, when it is first asked for; what changes afterwards is not seen.
    """

    def __init__(self, settings: InferenceSettings, memory: Memory) -> None:
        self.settings = settings
        """The settings of that moment."""
        self._memory = memory
        self._seen: dict[str, int | DeviceUnavailableError] = {}

    def __call__(
        self, artifact: Artifact, *, device: str = "", measured_peak_bytes: int | None = None
    ) -> FitEstimate:
        """Return the estimate.

        Args:
            device: ``auto``, ``cpu``, ``cuda:N``, or empty for the one of the settings.

        Raises:
            DeviceUnavailableError: The device was named here and there is no such one.
        """
        place, chosen = self.place(device), self.settings
        return estimate_fit(
            artifact,
            device=place,
            dtype=chosen.dtype if chosen.dtype != "auto" else _automatic(place),
            free_bytes=self._free_bytes(place),
            headroom_bytes=chosen.headroom_mb * 1024**2,
            measured_peak_bytes=measured_peak_bytes,
        )

    def place(self, device: str = "") -> str:
        """Return the device that is meant: ``auto`` and the empty name are resolved.

        The settings may name a GPU that is not plugged in; the processor stands in for it here, so
        that the library can be shown, and a run says what is missing.
        """
        wanted = device or self.settings.device
        if wanted == "auto":
            return "cuda:0" if self._is_there("cuda:0") else "cpu"
        return wanted if device or self._is_there(wanted) else "cpu"

    def _is_there(self, device: str) -> bool:
        return not isinstance(self._look(device), DeviceUnavailableError)

    def _free_bytes(self, device: str) -> int:
        seen = self._look(device)
        if isinstance(seen, DeviceUnavailableError):
            raise seen
        return seen

    def _look(self, device: str) -> int | DeviceUnavailableError:
        if device not in self._seen:
            try:
                self._seen[device] = self._memory.free_bytes(device)
            except DeviceUnavailableError as error:
                self._seen[device] = error
        return self._seen[device]


def _automatic(device: str) -> str:
    """The precision that the worker chooses: stored on a GPU, fp32 on a CPU (the safe guess)."""
    return "float32" if device == "cpu" else "stored"
