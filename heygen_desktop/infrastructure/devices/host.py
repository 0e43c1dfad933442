"""The memory and the processors that this program may use: those of the machine, or of its container."""

from __future__ import annotations

import os
import platform
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from pathlib import Path

import psutil

from heygen_desktop.infrastructure.devices.cgroups import ControlGroups, HostMemory

_BFLOAT16 = frozenset({"avx512_bf16", "amx_tile"})
"""What a worker looks for too before it computes in bfloat16."""


@dataclass(frozen=True)
class Processor:
    """What computes where there is no GPU."""

    name: str
    has_bfloat16: bool
    """Whether it has instructions for it; false where the system does not say."""


class Host:
    """This machine as its processes may use it. Safe from any thread.

    Args:
        root: Where ``proc`` and ``sys`` are; another folder for tests.
    """

    def __init__(self, root: Path = Path("/")) -> None:
        self._root = root
        self._groups = ControlGroups(root)

    @cached_property
    def processor(self) -> Processor:
        """The processor, by its description of the first core."""
        facts: dict[str, str] = {}
        with suppress(OSError), (self._root / "proc/cpuinfo").open(errors="replace") as lines:
            for name, _, fact in (line.partition(":") for line in takewhile(str.strip, lines)):
                facts[name.strip()] = fact.strip()
        flags = facts.get("flags", "").split()
        name = facts.get("model name") or platform.processor() or "Processor"
        return Processor(name, any(flag in _BFLOAT16 for flag in flags))

    def memory(self) -> HostMemory:
        """Return the machine's memory, or what the tightest group around this process has of it."""
        machine = psutil.virtual_memory()
        limits = self._groups.memory_limits(int(machine.total))
        return HostMemory(
            min([int(machine.total), *(each.total_bytes for each in limits)]),
            min([int(machine.available), *(each.available_bytes for each in limits)]),
        )

    def processors(self) -> int:
        """Return how many processors this process may keep busy, at least 1.

        Fewer than the machine has where it is bound to some, or where a quota gives less of their time.
        """
        has_binding = hasattr(os, "sched_getaffinity")
        bound = len(os.sched_getaffinity(0)) if has_binding else os.cpu_count() or 1
        return max(1, int(min(bound, self._groups.processors() or bound)))
