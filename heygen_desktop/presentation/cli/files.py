"""The files that a user names on the command line: read as text, and looked at before the work.

Text is read by one rule wherever it comes from: UTF-8, a mark of that at its beginning is not part
of it, nor is the end of its last line, which editors and ``echo`` add. An argument is text already.
"""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

from heygen_desktop.domain.errors import FileUnreadableError, FileUnwritableError
from heygen_desktop.presentation.saving import unwritable

MAX_INPUT_BYTES = 16 * 1024 * 1024
STDIN = "-"


def read_text(path: Path) -> str:
    """Return the text of a file; ``-`` is stdin. Raises FileUnreadableError."""
    if str(path) == STDIN:
        return read_stdin()
    try:
        with path.open("rb") as file:
            return _decoded(str(path), file.read(MAX_INPUT_BYTES + 1))
    except OSError as error:
        raise FileUnreadableError(str(path), _reason(error)) from error


def stdin_is_given() -> bool:
    """Return whether a pipe or file was put to stdin; a terminal or device is nobody's input."""
    if sys.stdin is None:
        return False
    try:
        mode = os.fstat(sys.stdin.fileno()).st_mode
    except (OSError, ValueError):  # not a real file: whoever put it there meant it
        return True
    return stat.S_ISFIFO(mode) or stat.S_ISREG(mode) or stat.S_ISSOCK(mode)


def read_stdin() -> str:
    """Return the text of stdin. Raises FileUnreadableError."""
    try:
        return _decoded("standard input", sys.stdin.buffer.read(MAX_INPUT_BYTES + 1))
    except OSError as error:
        raise FileUnreadableError("standard input", _reason(error)) from error


def _decoded(name: str, content: bytes) -> str:
    if len(content) > MAX_INPUT_BYTES:
        raise FileUnreadableError(name, f"It has more than {MAX_INPUT_BYTES // 1024**2} MiB.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileUnreadableError(
            name, f"The byte at position {error.start} is not UTF-8."
        ) from error
    return text.removesuffix("\n").removesuffix("\r")


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


def _reason(error: OSError) -> str:
    return f"{error.strerror or type(error).__name__}."
