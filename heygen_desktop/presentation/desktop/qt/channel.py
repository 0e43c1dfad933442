"""The name under which the window of a home can be called; asked before QtNetwork is loaded."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from PySide6.QtCore import QDir


def channel_of(home: Path) -> str:
    """Return the name; two homes have two."""
    digest = hashlib.sha256(str(home.resolve()).encode()).hexdigest()
    return f"heygen-desktop-{digest[:20]}"


def may_be_open(home: Path) -> bool:
    """Return False where certainly no window of this home is open; that answer takes microseconds."""
    # On POSIX Qt keeps a local socket as a file in the temporary folder; elsewhere one has to ask.
    return os.name != "posix" or Path(QDir.tempPath(), channel_of(home)).exists()
