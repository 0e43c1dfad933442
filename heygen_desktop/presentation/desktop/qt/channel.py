"""The name under which the window of a home can be called; asked before QtNetwork is loaded."""

from __future__ import annotations

import os
import zlib
from pathlib import Path

from PySide6.QtCore import QDir


def channel_of(home: Path) -> str:
    """Return the name; two homes have two."""
    # Checksums, not a hash: a name has to differ, not to withstand anybody, and OpenSSL takes 3 ms.
    place = os.fsencode(home.resolve())
    return f"heygen-desktop-{zlib.crc32(place):08x}{zlib.adler32(place):08x}{len(place):x}"


def may_be_open(home: Path) -> bool:
    """Return False where certainly no window of this home is open; that answer takes microseconds."""
    # On POSIX Qt keeps a local socket as a file in the temporary folder; elsewhere one has to ask.
    return os.name != "posix" or Path(QDir.tempPath(), channel_of(home)).exists()
