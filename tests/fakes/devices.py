"""Devices with as much free memory, and in the state, that a test gives them."""

from __future__ import annotations

from collections.abc import Mapping

from heygen_desktop.domain.values.device import Device, DeviceList

EIGHT_GIB = 8 << 30


class FakeDevices:
    """Fulfils ``Devices``; change ``free`` and ``lost`` at will."""

    def __init__(self, free: Mapping[str, int] | None = None) -> None:
        self.free: dict[str, int] = {"cpu": EIGHT_GIB} if free is None else dict(free)
        """Free bytes by device; a device that is not in it does not exist."""
        self.lost: dict[str, str] = {}
        """Why a device cannot be used, by its id."""
        self.has_bfloat16 = False
        """Whether all of them compute in it."""
        self.looks = 0
        """How often they were looked at."""

    def look(self) -> DeviceList:
        self.looks += 1
        devices = tuple(self._device(name, free) for name, free in self.free.items())
        return DeviceList(devices, next(iter(self.lost.values()), self._without_gpu()))

    def _device(self, name: str, free: int) -> Device:
        problem = self.lost.get(name, "")
        bytes_ = (0, 0) if problem else (2 * free, free)
        return Device(name, f"The {name}", *bytes_, self.has_bfloat16, problem)

    def _without_gpu(self) -> str:
        return "" if len(self.free) > 1 else "No NVIDIA driver was found on this machine."
