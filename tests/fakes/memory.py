"""Devices with as much free memory as a test gives them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from heygen_desktop.domain.errors import DeviceUnavailableError

EIGHT_GIB = 8 << 30


class FakeMemory:
    """Fulfils ``Memory``; change ``free`` at will."""

    def __init__(self, free: Mapping[str, int] | None = None) -> None:
        self.free: dict[str, int] = {"cpu": EIGHT_GIB} if free is None else dict(free)
        """Free bytes by device; a device that is not in it does not exist."""
        self.looks: Counter[str] = Counter()
        """How often each device was asked for."""

    def free_bytes(self, device: str) -> int:
        self.looks[device] += 1
        if device not in self.free:
            raise DeviceUnavailableError(device, tuple(self.free))
        return self.free[device]
