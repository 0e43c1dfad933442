"""Which processes live, so that a reused pid is never taken for an old worker."""

from __future__ import annotations

import os

import psutil

from heygen_desktop.domain.entities.run import Owner

SAME_START_WITHIN_S = 1.0
"""Start times are counted from the boot time, which moves when the machine's clock is set."""


class SystemProcesses:
    """Fulfils ``Processes`` by asking the operating system through psutil."""

    def current(self) -> Owner:
        pid = os.getpid()
        return Owner(pid, psutil.Process(pid).create_time())

    def is_alive(self, process: Owner) -> bool:
        """Whether it runs; a zombie, which only waits for its parent, does not."""
        return self._find(process) is not None

    def memory_bytes(self, process: Owner) -> int | None:
        found = self._find(process)
        if found is None:
            return None
        try:
            return int(found.memory_info().rss)
        except psutil.Error:
            return None

    @staticmethod
    def _find(process: Owner) -> psutil.Process | None:
        try:
            found = psutil.Process(process.pid)
            is_same = abs(found.create_time() - process.started_at) < SAME_START_WITHIN_S
            return found if is_same and found.status() != psutil.STATUS_ZOMBIE else None
        except (psutil.Error, ValueError, OverflowError):
            return None
