"""What loading a model will cost, and whether it fits."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from heygen_desktop.domain.values.device import Device


class Verdict(StrEnum):
    """The answer to "does it fit", in one word."""

    FITS = "fits"
    TIGHT = "tight"
    """It fits, with less than the headroom to spare."""
    TOO_LARGE = "too_large"


@dataclass(frozen=True)
class MeasuredPeaks:
    """The highest memory that runs of a version reached, apart for each memory; None before the first."""

    host_bytes: int | None = None
    """RAM of the worker."""
    device_bytes: int | None = None
    """Tensors on the GPU."""
    tokens: int = 0
    """The longest prompt and answer among them, together."""

    def on(self, device: Device) -> int | None:
        """Return the peak in the memory of that device."""
        return self.device_bytes if device.is_gpu else self.host_bytes


@dataclass(frozen=True)
class FitEstimate:
    """Bytes needed and free on one device at one moment."""

    device: str
    weights_bytes: int
    cache_bytes: int
    """Key-value cache for the context that was asked for."""
    overhead_bytes: int
    """The runtime's own memory: libraries, buffers."""
    free_bytes: int
    measured_peak_bytes: int | None
    """The peak that earlier runs reached in this device's memory; None before the first."""
    verdict: Verdict

    @property
    def needed_bytes(self) -> int:
        """What the model will hold at its peak; a measured peak replaces the sum."""
        if self.measured_peak_bytes is not None:
            return self.measured_peak_bytes
        return self.weights_bytes + self.cache_bytes + self.overhead_bytes
