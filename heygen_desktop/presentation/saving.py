"""Files that a person saves where they want them: written whole or not at all, from every front."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from pathlib import Path
from typing import BinaryIO

from heygen_desktop.domain.errors import DiskFullError, FileUnwritableError, HeyGenError

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


def save_file(path: Path, content: bytes | Path) -> Path:
    """Make ``content`` the whole of the file, and return where that is; then it is on the disk.

    What was there before is replaced in one step and keeps its rights, or stays as it was where this
    raises. A link keeps pointing where it did; a device or pipe is written to as it is.

    Args:
        content: The bytes, or the file that has them.

    Raises:
        DiskFullError: There is no space left, or the quota is used up.
        FileUnwritableError: Anything else went wrong with the file or its folder.
    """
    target = Path(os.path.realpath(path))  # unlike resolve(), it takes links that go in a circle
    try:
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if target.exists() and not target.is_file():
            with target.open("wb") as file:
                _write(file, content)
        else:
            _replace(target, content)
    except OSError as error:
        raise unwritable(path, error) from error
    return target


def unwritable(path: Path, error: OSError) -> HeyGenError:
    """Return what is said of a file that could not be written."""
    if error.errno in _FULL:
        return DiskFullError(str(path))
    return FileUnwritableError(str(path), f"{error.strerror or type(error).__name__}.")


def _replace(target: Path, content: bytes | Path) -> None:
    # Its name does not grow with the target's, which may be as long as names can be.
    draft = target.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with draft.open("xb") as file:
            if target.exists():  # before a word is in it: what was private is at no time readable
                draft.chmod(target.stat().st_mode & 0o7777)
            _write(file, content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def _write(file: BinaryIO, content: bytes | Path) -> None:
    if isinstance(content, bytes):
        file.write(content)
        return
    with content.open("rb") as source:
        shutil.copyfileobj(source, file, 1024 * 1024)
