"""The files of the log: appended whole, rotated by rename, shared by several processes.

A window and a command may write the same folder. Each batch is one ``write`` on a file opened for
appending, under a lock beside it: lines never interleave, and a file that another process has just
rotated away is noticed (another inode under the name) before anything is written to it.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from heygen_desktop.infrastructure.files.locked import lock_within

CURRENT_NAME = "heygen.jsonl"
_ROTATED_NAME = re.compile(r"heygen-(\d{8}T\d{6}Z)-(\d{1,9})\.jsonl")
_LOCK_NAME = ".heygen.lock"
_LOCK_WAIT_S = 0.5
_APPEND = os.O_RDWR | os.O_APPEND | os.O_CREAT


class LogFile:
    """The file that is written now, and the rotated ones beside it. Used by one thread."""

    def __init__(self, folder: Path, *, max_bytes: int, kept_files: int) -> None:
        if max_bytes < 1 or kept_files < 0:
            raise ValueError("max_bytes is at least 1 and kept_files at least 0")
        self._folder = folder
        self._path = folder / CURRENT_NAME
        self._max_bytes = max_bytes
        self._kept_files = kept_files
        self._descriptor: int | None = None

    def append(self, lines: bytes) -> None:
        """Append whole lines, rotating first where the file would grow past its limit.

        Raises:
            OSError: Nothing of it was written (disk full, folder gone read-only, ...).
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _locked(self._folder / _LOCK_NAME) as is_held:
            descriptor = self._current()
            if is_held and self._is_due(os.fstat(descriptor).st_size, len(lines)):
                descriptor = self._rotate()
            _write_whole(descriptor, lines)

    def close(self) -> None:
        """Close the file; a later ``append`` opens it again."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _is_due(self, size: int, more: int) -> bool:
        return size > 0 and size + more > self._max_bytes

    def _current(self) -> int:
        if self._descriptor is not None and not self._is_under_its_name(self._descriptor):
            self.close()
        if self._descriptor is None:
            self._descriptor = os.open(self._path, _APPEND, 0o600)
            _make_private(self._path)
            _end_torn_line(self._descriptor)
        return self._descriptor

    def _is_under_its_name(self, descriptor: int) -> bool:
        try:
            return os.path.samestat(os.fstat(descriptor), self._path.stat())
        except FileNotFoundError:
            return False

    def _rotate(self) -> int:
        """Move the full file aside; where that cannot be done, it goes on growing."""
        self.close()
        with contextlib.suppress(OSError):  # on Windows another process may hold it open
            self._path.rename(self._free_name())
            self._prune()
        return self._current()

    def _free_name(self) -> Path:
        """Return a name that sorts after all others, even where the clock was set back."""
        stamp, number = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ"), 1
        rotated = rotated_files(self._folder)
        if rotated and _place(rotated[-1])[0] >= stamp:
            stamp, number = _place(rotated[-1])
            number += 1
        return self._folder / f"heygen-{stamp}-{number:04d}.jsonl"

    def _prune(self) -> None:
        rotated = rotated_files(self._folder)
        for path in rotated[: max(0, len(rotated) - self._kept_files)]:
            path.unlink(missing_ok=True)


def rotated_files(folder: Path) -> list[Path]:
    """Return the rotated files, oldest first; files of other names are not ours."""
    return sorted((path for path in folder.glob("heygen-*") if _place(path)[0]), key=_place)


def _place(path: Path) -> tuple[str, int]:
    """Return the moment and number in a rotated file's name; nothing where it is another name."""
    found = _ROTATED_NAME.fullmatch(path.name)
    return (found[1], int(found[2])) if found else ("", 0)


def _write_whole(descriptor: int, lines: bytes) -> None:
    """Write all or nothing: what a full disk took of it is cut off again."""
    size, written = os.fstat(descriptor).st_size, 0
    try:
        while written < len(lines):
            written += os.write(descriptor, lines[written:])
    except OSError:
        with contextlib.suppress(OSError):  # the write's own error is the one to tell
            if os.fstat(descriptor).st_size == size + written:  # nobody wrote after it
                os.ftruncate(descriptor, size)
        raise


def _end_torn_line(descriptor: int) -> None:
    """Begin on a new line where a crash left half of one, or both would be lost."""
    size = os.fstat(descriptor).st_size
    if size == 0:
        return
    os.lseek(descriptor, size - 1, os.SEEK_SET)
    if os.read(descriptor, 1) != b"\n":
        os.write(descriptor, b"\n")


def _make_private(path: Path) -> None:
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[bool]:
    """Hold the lock and give True; after half a second go on without it, because a stopped process may have it.

    Without the lock a line is still whole (one append), but nothing is moved or cut.
    """
    held = lock_within(path, _LOCK_WAIT_S)
    try:
        yield held is not None
    finally:
        if held is not None:
            os.close(held)
