"""The files that a user names on the command line: read as text, written whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
import sys
from pathlib import Path

from heygen_desktop.domain.errors import (
    DiskFullError,
    FileUnreadableError,
    FileUnwritableError,
    HeyGenError,
)

MAX_INPUT_BYTES = 16 * 1024 * 1024


def read_text(path: Path) -> str:
    """Return the text of a file. Raises FileUnreadableError."""
    try:
        with path.open("rb") as file:
            return _decoded(str(path), file.read(MAX_INPUT_BYTES + 1))
    except OSError as error:
        raise FileUnreadableError(str(path), _reason(error)) from error


def read_stdin() -> str:
    """Return all of stdin. Raises FileUnreadableError."""
    try:
        return _decoded("standard input", sys.stdin.buffer.read(MAX_INPUT_BYTES + 1))
    except OSError as error:
        raise FileUnreadableError("standard input", _reason(error)) from error


def _decoded(name: str, content: bytes) -> str:
    if len(content) > MAX_INPUT_BYTES:
        raise FileUnreadableError(name, f"It has more than {MAX_INPUT_BYTES // 1024**2} MiB.")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FileUnreadableError(
            name, f"The byte at position {error.start} is not UTF-8."
        ) from error


def check_writable(path: Path) -> None:
    """Find out before the work whether its result can be written. Raises FileUnwritableError."""
    try:
        obstacle = _obstacle(path)
    except OSError as error:  # such as a name that is too long
        raise unwritable(path, error) from error
    if obstacle:
        raise FileUnwritableError(str(path), obstacle)


def _obstacle(path: Path) -> str:
    if path.is_dir():
        return "It is a folder."
    if not path.parent.is_dir():
        return "Its folder does not exist."
    may_write = os.access(path if path.exists() else path.parent, os.W_OK)
    return "" if may_write else "Permission denied."


def save_text(path: Path, text: str) -> None:
    """Write the text, whole or not at all; what was there before is replaced.

    A link keeps pointing where it did, and a device or pipe is written to as it is.

    Raises:
        FileUnwritableError, DiskFullError
    """
    target = path.resolve()
    try:
        if target.exists() and not target.is_file():
            with target.open("w", encoding="utf-8", newline="") as device:
                device.write(text)
        else:
            _replace(target, text)
    except OSError as error:
        raise unwritable(path, error) from error


def unwritable(path: Path, error: OSError) -> HeyGenError:
    """Return what is said of a file that could not be written."""
    if error.errno == errno.ENOSPC:
        return DiskFullError(str(path))
    return FileUnwritableError(str(path), _reason(error))


def _replace(target: Path, text: str) -> None:
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


def _reason(error: OSError) -> str:
    return f"{error.strerror or type(error).__name__}."
