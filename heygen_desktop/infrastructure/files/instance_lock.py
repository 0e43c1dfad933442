"""One window for one home, so that two do not overwrite each other."""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType
from typing import Self

from heygen_desktop.domain.errors import AlreadyRunningError
from heygen_desktop.infrastructure.files.atomic import storage_error
from heygen_desktop.infrastructure.files.locked import try_lock


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
