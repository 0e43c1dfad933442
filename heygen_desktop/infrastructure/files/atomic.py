"""Files that are written whole or not at all, whatever is killed, unplugged or full meanwhile.

Temporary file in the same folder, fsync, rename, fsync of the folder: the only one of four tried
recipes in which no crash leaves an unreadable file or loses one that was reported as saved.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import sys
from collections.abc import Iterable
from pathlib import Path

from heygen_desktop.domain.errors import DiskFullError, HomeUnwritableError, StorageError

PRIVATE = 0o600
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


class FileCalls:
    """The operating system's steps of a write, so that a test can let each of them fail."""

    def create(self, path: Path, mode: int) -> int:
        """Create the file, which must not exist, and return its descriptor."""
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        if sys.platform != "win32":
            os.fchmod(descriptor, mode)  # the umask may have taken bits off
        return descriptor

    def write(self, descriptor: int, data: bytes) -> int:
        """Write what fits; return how many bytes that was."""
        return os.write(descriptor, data)

    def fsync(self, descriptor: int) -> None:
        os.fsync(descriptor)

    def close(self, descriptor: int) -> None:
        os.close(descriptor)

    def replace(self, source: Path, target: Path) -> None:
        source.replace(target)

    def fsync_folder(self, folder: Path) -> None:
        """Return once the names in the folder are on the disk."""
        if sys.platform == "win32":
            return  # Windows opens no folders; its file system journals the rename
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def unlink(self, path: Path) -> None:
        path.unlink()


def write_whole(
    path: Path, data: bytes, *, mode: int = PRIVATE, calls: FileCalls | None = None
) -> None:
    """Make ``data`` the content of the file; when it returns, that is on the disk.

    Where it raises before the rename, the file is as it was and no temporary file stays behind.
    A symbolic link stays one; the file that it points at is replaced.

    Args:
        path: Its folder must exist.
        data: The whole content.
        mode: The permission bits of the new file (not on Windows).
        calls: The operating system's, unless a test gives others.

    Raises:
        DiskFullError: There is no space left, or the quota is used up.
        HomeUnwritableError: Anything else went wrong with the file or its folder.
    """
    calls = calls or FileCalls()
    target = path.resolve()
    draft = target.with_name(f".{target.name}.{secrets.token_hex(6)}.tmp")
    try:
        write_draft(draft, (data,), mode, calls)
        put_in_place(draft, target, calls)
        calls.fsync_folder(target.parent)
    except OSError as error:
        raise storage_error(path, error) from error


def storage_error(path: Path, error: OSError) -> StorageError:
    """Return what the user is told about an operating system's error on ``path``."""
    if error.errno in _FULL:
        return DiskFullError(str(path))
    return HomeUnwritableError(str(path.parent), f"{path.name}: {error.strerror or error}.")


def write_draft(draft: Path, pieces: Iterable[bytes], mode: int, calls: FileCalls) -> None:
    """Write a new file and see it on the disk; where that raises, there is none."""
    descriptor = calls.create(draft, mode)
    try:
        try:
            for piece in pieces:
                _write_all(descriptor, piece, calls)
            calls.fsync(descriptor)
        finally:
            calls.close(descriptor)
    except OSError:
        _discard(draft, calls)
        raise


def _write_all(descriptor: int, data: bytes, calls: FileCalls) -> None:
    left = memoryview(data)
    while left:
        left = left[calls.write(descriptor, bytes(left)) :]


def put_in_place(draft: Path, target: Path, calls: FileCalls) -> None:
    """Give the draft the target's name in one step; where that raises, the draft is gone."""
    try:
        calls.replace(draft, target)
    except OSError:
        _discard(draft, calls)
        raise


def _discard(draft: Path, calls: FileCalls) -> None:
    with contextlib.suppress(OSError):  # the first error is the one worth telling
        calls.unlink(draft)
