"""Processes that live and die when a test says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from heygen_desktop.domain.entities.run import Owner

THIS_PROCESS = Owner(pid=4242, started_at=1_767_000_000.0, host="chawton")


class FakeProcesses:
    """Fulfils ``Processes``; change ``alive`` and ``memory`` at will."""

    def __init__(
        self,
        alive: Iterable[Owner] = (),
        *,
        current: Owner = THIS_PROCESS,
        memory: Mapping[Owner, int] | None = None,
    ) -> None:
        self._current = current
        self.alive: set[Owner] = {current, *alive}
        """Who runs now; the current process is in it from the start."""
        self.memory: dict[Owner, int] = dict(memory or {})
        """Resident bytes; 1 MiB for a living process that is not named here."""

    def current(self) -> Owner:
        return self._current

    def is_here(self, process: Owner) -> bool:
        return process.host in ("", self._current.host)

    def is_gone(self, process: Owner) -> bool:
        return self.is_here(process) and process not in self.alive

    def memory_bytes(self, process: Owner) -> int | None:
        if process not in self.alive or not self.is_here(process):
            return None
        return self.memory.get(process, 1 << 20)

    def end(self, process: Owner) -> None:
        self.alive.discard(process)
