"""A lock between processes that dies with its holder, so that nothing stale can block."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

if sys.platform == "win32":  # pragma: no cover  a Windows machine runs this
    import msvcrt

    _AWAY_FROM_THE_TEXT = 1 << 30

    def _take(descriptor: int) -> None:
        os.lseek(descriptor, _AWAY_FROM_THE_TEXT, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)
else:
    import fcntl

    def _take(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


_POLL_S = 0.005


def try_lock(path: Path) -> int | None:
    """Lock the file, made where it is missing, and return its descriptor; None where another has it.

    The lock holds until the descriptor is closed or the process ends, however that happens. The
    file itself is never removed: two processes would lock two files of one name.

    Raises:
        OSError: The file cannot be opened or locked at all.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _take(descriptor)
    except (BlockingIOError, PermissionError):  # the second is what Windows says
        os.close(descriptor)
        return None
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def lock_within(path: Path, limit_s: float) -> int | None:
    """Lock the file as ``try_lock`` does, waiting so long for another that has it."""
    deadline = time.monotonic() + limit_s
    while (descriptor := try_lock(path)) is None and time.monotonic() < deadline:
        time.sleep(_POLL_S)
    return descriptor
