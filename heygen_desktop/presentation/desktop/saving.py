"""Files that a person saves from the window: written whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
from pathlib import Path

from heygen_desktop.domain.errors import DiskFullError, FileUnwritableError, HeyGenError

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


def save_file(path: Path, content: bytes) -> None:
    """Make ``content`` the whole of the file; when it returns, that is on the disk.

    What was there before is replaced in one step, or stays as it was where this raises.

    Raises:
        DiskFullError: There is no space left, or the quota is used up.
        FileUnwritableError: Anything else went wrong with the file or its folder.
    """
    target = path.resolve()
    draft = target.with_name(f".{target.name[:200]}.{secrets.token_hex(4)}.part")
    try:
        _write(draft, target, content)
    except OSError as error:
        raise _refusal(path, error) from error


def _write(draft: Path, target: Path, content: bytes) -> None:
    try:
        with draft.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def _refusal(path: Path, error: OSError) -> HeyGenError:
    if error.errno in _FULL:
        return DiskFullError(str(path))
    return FileUnwritableError(str(path), f"{error.strerror or type(error).__name__}.")
