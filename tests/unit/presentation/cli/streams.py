"""Streams that behave as a terminal, a closed pipe or a full disk does."""

from __future__ import annotations

import errno
import io


class TerminalStream(io.StringIO):
    """A terminal that remembers what was written to it."""

    def isatty(self) -> bool:
        return True


class FailingStream(io.StringIO):
    """Fails with the given error number at every write."""

    def __init__(self, number: int = errno.EPIPE) -> None:
        super().__init__()
        self._number = number

    def write(self, text: str) -> int:
        raise OSError(self._number, "as asked")
