"""How much memory this worker has and had."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import psutil

_STATUS = Path("/proc/self/status")
_CLEAR = Path("/proc/self/clear_refs")


def resident_bytes() -> int:
    """Return the resident memory of this process now."""
    return int(psutil.Process().memory_info().rss)


def reset_peak() -> None:
    """Begin to count the peak anew, where the system can; elsewhere it is that of the whole life."""
    with suppress(OSError):
        _CLEAR.write_text("5", encoding="ascii")


def peak_bytes() -> int:
    """Return the highest resident memory since ``reset_peak``, or now where that is not known."""
    with suppress(OSError):
        for line in _STATUS.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return max(int(line.split()[1]) * 1024, resident_bytes())
    return resident_bytes()
