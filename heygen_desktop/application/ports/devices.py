"""The devices on which a worker can run a model."""

from __future__ import annotations

from typing import Protocol

from heygen_desktop.domain.values.device import DeviceList


class Devices(Protocol):
    """What a worker of this program would find, told without starting one. Safe from any thread."""

    def look(self) -> DeviceList:
        """Return all devices with the memory that is free now.

        A GPU that is lost, or a driver that fails, is a problem in the answer and never raised.
        """
