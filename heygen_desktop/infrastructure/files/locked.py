"""Locks between processes that die with their holder, so that nothing stale can block."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from heygen_desktop.domain.errors import AlreadyRunningError
from heygen_desktop.infrastructure.files.atomic import storage_error

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


class InstanceLock:
    """Holds the home from ``acquire`` to ``close``; a file left by a killed program does not block."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Take the home for this process, and write its pid into the file.

        Raises:
            AlreadyRunningError: Another process, or another lock of this one, holds it.
            HomeUnwritableError: The file cannot be made or written.
            DiskFullError: Not even a pid fits on the disk.
        """
        if self._descriptor is not None:
            raise RuntimeError("this lock is held already")
        try:
            descriptor = try_lock(self._path)
        except OSError as error:
            raise storage_error(self._path, error) from error
        if descriptor is None:
            raise AlreadyRunningError(self._holder())
        self._descriptor = descriptor
        self._write_pid(descriptor)

    def close(self) -> None:
        """Let the home go; safe to call twice."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _write_pid(self, descriptor: int) -> None:
        try:
            os.ftruncate(descriptor, 0)
            os.write(descriptor, f"{os.getpid()}\n".encode())
        except OSError as error:
            self.close()
            raise storage_error(self._path, error) from error

    def _holder(self) -> int | None:
        try:
            text = self._path.read_text(encoding="ascii").strip()
        except (OSError, ValueError):
            return None
        return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None
