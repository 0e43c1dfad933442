"""The memory and the processors that this program may use: those of the machine, or of its container."""

from __future__ import annotations

import os
from dataclasses import dataclass

import psutil

from heygen_desktop.infrastructure.devices.cgroups import ControlGroups


@dataclass(frozen=True)
class HostMemory:
    """RAM at one moment."""

    total_bytes: int
    available_bytes: int
    """To be had for a new program without swapping."""


class Host:
    """This machine as its processes may use it. Safe from any thread."""

    def __init__(self, groups: ControlGroups | None = None) -> None:
        self._groups = groups or ControlGroups()

    def memory(self) -> HostMemory:
        """Return the machine's memory, or what the tightest group around this process has of it."""
        machine, limits = psutil.virtual_memory(), self._groups.memory_limits()
        return HostMemory(
            min([int(machine.total), *(each.limit_bytes for each in limits)]),
            min([int(machine.available), *(each.free_bytes for each in limits)]),
        )

    def processors(self) -> int:
        """Return how many processors this process may keep busy, at least 1.

        Fewer than the machine has where it is bound to some, or where a quota gives less of their time.
        """
        has_binding = hasattr(os, "sched_getaffinity")
        bound = len(os.sched_getaffinity(0)) if has_binding else os.cpu_count() or 1
        return max(1, int(min(bound, self._groups.processors() or bound)))
