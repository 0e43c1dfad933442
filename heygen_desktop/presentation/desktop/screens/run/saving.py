"""Writes an output where the person wants it, whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
from pathlib import Path

from heygen_desktop.domain.errors import DiskFullError, FileUnwritableError


def save_text(path: Path, text: str) -> Path:
    """Write the text as UTF-8 and return where it is; what was there before is replaced.

    Raises:
        FileUnwritableError, DiskFullError
    """
    target = path.resolve()
    try:
        _replace(target, text)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise DiskFullError(str(path)) from error
        raise FileUnwritableError(str(path), f"{error.strerror or error}.") from error
    return target


def _replace(target: Path, text: str) -> None:
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, "Is a directory", str(target))
    temporary = target.with_name(f".{target.name[:200]}.{secrets.token_hex(4)}.part")
    try:
        with temporary.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            temporary.chmod(target.stat().st_mode & 0o7777)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
