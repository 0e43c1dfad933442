"""How a worker process ended, and the error that says so with its evidence."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from pathlib import Path

from heygen_desktop.domain.errors import (
    HeyGenError,
    WorkerCrashedError,
    WorkerOutOfMemoryError,
    WorkerProtocolError,
)
from heygen_desktop.infrastructure.inference.waiting import cancelled

_VMSTAT = Path("/proc/vmstat")


@dataclass(frozen=True)
class Ending:
    """The end of a worker process, as seen from outside."""

    code: int
    """Exit code; a negative number is the signal."""
    asked: str = ""
    """Why we stopped it: ``unloaded``, ``the program ended``, ...; empty where it ended by itself."""
    violation: str = ""
    """What it sent that it must not send."""
    last_output: str = ""
    """The last lines that it wrote to its standard error."""
    system_kills: int | None = None
    """Out-of-memory kills that the system counted during its life; None where it does not count."""
    peak_memory_bytes: int | None = None

    @property
    def how(self) -> str:
        """The end in a few words: ``signal SIGSEGV``, ``exit code 3``, ``unloaded``."""
        if self.asked:
            return self.asked
        if self.violation:
            return f"protocol violation: {self.violation}"
        if self.code >= 0:
            return f"exit code {self.code}"
        if self.code == -_SIGKILL and self.system_kills == 0:
            return "signal SIGKILL, sent by a person or another program"
        return f"signal {_signal_name(-self.code)}"

    def error(self, phase: str, *, device: str, tokens: int) -> HeyGenError:
        """Return what this end means for a run that was under way.

        Args:
            phase: What the worker did: ``starting``, ``loading``, ``running``.
            tokens: How many had arrived.
        """
        if self.asked:
            return cancelled(phase, tokens=tokens)
        if self.violation:
            return WorkerProtocolError(self.violation)
        error = self._death(phase, device)
        error.details["tokens"] = tokens
        error.details["last_output"] = self.last_output[-2000:]
        error.details["peak_memory_bytes"] = self.peak_memory_bytes
        return error

    def _death(self, phase: str, device: str) -> HeyGenError:
        if self.code == -_SIGKILL and self.system_kills != 0:
            return WorkerOutOfMemoryError(phase, device, self._kill_evidence())
        return WorkerCrashedError(phase, self.how, self.last_output)

    def _kill_evidence(self) -> str:
        said = "The process was killed (signal SIGKILL), which the system does when memory runs out"
        if self.system_kills is None:
            return f"{said}."
        return f"{said}; it counted {self.system_kills} such kill(s) in that time."


def system_kill_count() -> int | None:
    """Return how often the system has killed a process for want of memory since its start."""
    try:
        text = _VMSTAT.read_text(encoding="ascii")
    except OSError:
        return None
    for line in text.splitlines():
        name, _, count = line.partition(" ")
        if name == "oom_kill":
            return int(count)
    return None


_SIGKILL = 9


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)
