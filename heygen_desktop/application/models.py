"""What the use cases of the library share: finding a version and saying whether it fits."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from heygen_desktop.application.ports.devices import Devices
from heygen_desktop.application.ports.unit_of_work import UnitOfWork
from heygen_desktop.application.runtimes import Runtimes
from heygen_desktop.application.settings.schema import Settings
from heygen_desktop.domain.entities.ai_model import AIModel, ModelVersion
from heygen_desktop.domain.errors import ArtifactError, ModelNotFoundError
from heygen_desktop.domain.services.fit import computing_dtype, estimate_fit
from heygen_desktop.domain.values.artifact import Artifact, ArtifactFormat
from heygen_desktop.domain.values.device import CPU, Device, DeviceList
from heygen_desktop.domain.values.estimate import FitEstimate, MeasuredPeaks
from heygen_desktop.domain.values.names import ModelReference

CurrentSettings = Callable[[], Settings]
"""Returns the settings of the environment in use as they hold now."""


def silent(*_told: object) -> None:
    """Nobody watches the progress."""


def never() -> bool:
    """Nobody stops it."""
    return False


@dataclass(frozen=True)
class ModelSummary:
    """A model, the version that was meant, and whether it fits now."""

    model: AIModel
    version: ModelVersion
    estimate: FitEstimate
    problem: ArtifactError | None = None
    """Why its files cannot be used as they are now, where somebody looked at them."""


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

    devices: Devices
    settings: CurrentSettings
    runtimes: Runtimes

    def now(self) -> FitNow:
        """Return the judge of this moment: one reading of the settings, one look at each device."""
        return FitNow(self.settings(), self.devices.look(), self.runtimes)


@dataclass(frozen=True)
class FitNow:
    """Says whether artifacts fit, as things stood at one moment; what changes afterwards is not seen."""

    settings: Settings
    devices: DeviceList
    runtimes: Runtimes

    def __call__(
        self, artifact: Artifact, *, device: str = "", peaks: MeasuredPeaks | None = None
    ) -> FitEstimate:
        """Return the estimate.

        Args:
            device: ``auto``, ``cpu``, ``cuda:N``, or empty for the one of the settings.

        Raises:
            DeviceUnavailableError: The device was named here and is not there, or cannot be used.
        """
        place = self.device(device, artifact)
        return estimate_fit(
            artifact,
            device=place,
            dtype=self._dtype(artifact, place),
            headroom_bytes=self.settings.inference.headroom_mb * 1024**2,
            peaks=peaks,
        )

    def measured(
        self, unit: UnitOfWork, model: AIModel, version: ModelVersion, *, device: str = ""
    ) -> FitEstimate:
        """Return the estimate that knows the peaks of earlier runs. Otherwise as a call."""
        artifact = version.artifact
        place = self.device(device, artifact)
        dtype = self._dtype(artifact, place)
        peaks = unit.runs.peaks(model.id, str(version.version), place.id, dtype)
        return self(artifact, device=device, peaks=peaks)

    def device(self, wanted: str, artifact: Artifact) -> Device:
        """Return the device that is meant for it; ``auto`` and the empty name are resolved.

        The settings may name a GPU that is not plugged in; the processor stands in for it here, so
        that the library can be shown, and a run says what is missing.

        Raises:
            DeviceUnavailableError: As above.
        """
        if wanted:
            return self.devices.get(wanted)
        if artifact.format not in self._chosen:
            self._chosen[artifact.format] = self._choose(artifact.format)
        return self._chosen[artifact.format]

    @cached_property
    def _chosen(self) -> dict[ArtifactFormat, Device]:
        return {}

    def _choose(self, kind: ArtifactFormat) -> Device:
        runtime, setting = self.runtimes.find(kind), self.settings.inference.device
        chosen = self.devices.meant_by(runtime.device("", setting) if runtime else setting)
        return self.devices.get(chosen if chosen in self.devices.usable else CPU)

    def _dtype(self, artifact: Artifact, place: Device) -> str:
        runtime, setting = self.runtimes.find(artifact.format), self.settings.inference.dtype
        return computing_dtype(artifact, place, runtime.dtype(setting) if runtime else setting)
