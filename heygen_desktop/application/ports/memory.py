"""How much memory is free now, per device."""

from __future__ import annotations

from typing import Protocol


class Memory(Protocol):
    """Live free memory, what other processes hold already taken off."""

    def free_bytes(self, device: str) -> int:
        """Return the free bytes of ``cpu`` or ``cuda:N``.

        Raises:
            DeviceUnavailableError: There is no such device.
        """
