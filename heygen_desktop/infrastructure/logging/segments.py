"""All files of the log as one long text, whose places stay the same while files are rotated away."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from heygen_desktop.infrastructure.logging.files import CURRENT_NAME, rotated_files

_Identity = tuple[int, int, bytes]
_HEAD_BYTES = 512


@dataclass(frozen=True)
class Segment:
    """One open file and its place in the whole."""

    file: BinaryIO
    base: int
    """Where it begins."""
    size: int
    modified_at: float
    """Seconds since the epoch of its last line's writing."""

    @property
    def end(self) -> int:
        """Where it ends, as far as it has been written now."""
        return self.base + self.size

    def read(self, start: int, count: int) -> bytes:
        """Return at most so many bytes from that place in the file."""
        self.file.seek(start)
        return self.file.read(count)


class Segments:
    """Remembers where each file begins, for as long as the object lives. Safe from any thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._bases: dict[_Identity, int] = {}
        self._end = 0
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def opened(self) -> Iterator[list[Segment]]:
        """Give the files that hold something, in their order, open for as long as the block runs."""
        with contextlib.ExitStack() as closing:
            found = self._open_all(closing)
            with self._lock:
                segments = self._placed(found)
            yield segments

    def _open_all(
        self, closing: contextlib.ExitStack
    ) -> dict[_Identity, tuple[BinaryIO, os.stat_result]]:
        # The current file first: one that is rotated meanwhile is then met twice, and never missed.
        current = list(_open([self._folder / CURRENT_NAME], closing))
        found = dict(_open(rotated_files(self._folder), closing))
        for identity, file in current:
            found.setdefault(identity, file)
        return found

    def _placed(self, found: dict[_Identity, tuple[BinaryIO, os.stat_result]]) -> list[Segment]:
        placed = []
        for identity, (file, status) in found.items():
            base = self._bases.setdefault(identity, self._end)
            placed.append(Segment(file, base, status.st_size, status.st_mtime))
            self._end = max(self._end, base + status.st_size)
        self._bases = {identity: self._bases[identity] for identity in found}
        return sorted(placed, key=lambda segment: segment.base)


def _open(
    paths: Iterable[Path], closing: contextlib.ExitStack
) -> Iterator[tuple[_Identity, tuple[BinaryIO, os.stat_result]]]:
    for path in paths:
        with contextlib.suppress(OSError):  # pruned since it was listed, or not ours to read
            file = closing.enter_context(path.open("rb"))
            head = file.readline(_HEAD_BYTES)
            if head:
                # An inode is used again after its file is gone; a first line with its moment is not.
                status = os.fstat(file.fileno())
                yield (status.st_dev, status.st_ino, head), (file, status)
