"""Where on this machine a model can run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from heygen_desktop.domain.errors import DeviceUnavailableError

CPU = "cpu"


@dataclass(frozen=True)
class Device:
    """A processor or GPU with memory of its own, as it was when it was looked at."""

    id: str
    """``cpu`` or ``cuda:N``, as settings and runs name it and a worker counts it."""
    name: str
    """In its maker's words, such as NVIDIA H100 80GB HBM3."""
    total_bytes: int
    free_bytes: int
    """What all processes hold already taken off."""
    has_bfloat16: bool = False
    """Whether it computes in this precision as fast as it should."""
    problem: str = ""
    """Why no model can run there now, in a sentence; empty where one can."""

    @property
    def is_gpu(self) -> bool:
        """Whether its memory is apart from that of the processor."""
        return self.id != CPU


@dataclass(frozen=True)
class DeviceList:
    """The devices of this machine at one moment, the processor first."""

    devices: Sequence[Device]
    gpu_problem: str = ""
    """Why a GPU is not there, or cannot be used, in a sentence; empty where all is well."""

    @property
    def usable(self) -> tuple[str, ...]:
        """The ids of those on which a model can run."""
        return tuple(device.id for device in self.devices if not device.problem)

    def meant_by(self, wanted: str) -> str:
        """Return the id that is meant: ``auto`` is the first GPU that is well, else the processor."""
        if wanted != "auto":
            return wanted
        return next((device for device in self.usable if device != CPU), CPU)

    def get(self, wanted: str) -> Device:
        """Return the device of that id, or ``auto``. Raises DeviceUnavailableError."""
        found = {device.id: device for device in self.devices}.get(self.meant_by(wanted))
        if found is None or found.problem:
            problem = found.problem if found else ""
            raise DeviceUnavailableError(wanted, self.usable, problem)
        return found
