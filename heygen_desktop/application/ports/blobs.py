"""Files that inputs and outputs refer to: images, sound, documents."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from heygen_desktop.application.tasks.blob import Blob


@dataclass(frozen=True)
class BlobUsage:
    """How much there is."""

    count: int
    size_bytes: int


class BlobStore(Protocol):
    """Keeps files under the hash of their content, each content once. Safe from any thread.

    A file is there whole or not at all. One that nobody refers to goes with a sweep, but not for
    some time after it was kept or asked for: whoever is about to refer to it has that long.
    """

    def keep(self, content: BinaryIO, *, name: str, media_type: str = "") -> Blob:
        """Store what the stream has left, and return the reference to it.

        Args:
            media_type: Guessed from the name where it is empty.

        Raises:
            DiskFullError, HomeUnwritableError: It could not be stored.
            OSError: The stream could not be read.
        """

    def path(self, blob: Blob) -> Path:
        """Return the file, to be read and never written. Raises BlobMissingError."""

    def staging(self, run_id: str) -> AbstractContextManager[Path]:
        """Lend a run an empty folder for the files it makes; it is gone at the end.

        Raises:
            DiskFullError, HomeUnwritableError: It could not be made.
        """

    def usage(self) -> BlobUsage:
        """Count the files."""

    def sweep(self, needed: Callable[[], Collection[str]], *, older_than_s: float) -> BlobUsage:
        """Remove what has not been touched for so long and is not needed; return what went.

        Args:
            needed: Asked once, where there is something to remove: the ids of blobs, and the ids of
                runs that are under way.
        """
