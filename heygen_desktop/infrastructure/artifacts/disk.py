"""Reading of files with a limit, so that a file that lies cannot fill memory or block.

Every ``OSError`` becomes an error of the tree here, once; the readers above see no other.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from heygen_desktop.domain.errors import (
    ArtifactCorruptError,
    ArtifactMissingError,
    ArtifactUnreadableError,
    ArtifactUnsupportedError,
)
from heygen_desktop.domain.values.artifact import ArtifactFile

Opener = Callable[[Path], BinaryIO]


@contextmanager
def os_errors_as_artifact_errors(path: Path) -> Iterator[None]:
    """Translate what the operating system says about ``path``.

    Raises:
        ArtifactMissingError, ArtifactUnreadableError
    """
    try:
        yield
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ArtifactMissingError(str(path)) from error
    except PermissionError as error:
        raise ArtifactUnreadableError(
            str(path), "The operating system refuses this user to read it."
        ) from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ArtifactUnreadableError(str(path), f"The operating system says: {reason}.") from error


class Disk:
    """Files and folders, read only.

    Any method may raise ArtifactMissingError or ArtifactUnreadableError, and ArtifactUnsupportedError
    where a file is no regular one; what else one raises, it says.
    """

    def __init__(self, opener: Opener = lambda path: path.open("rb")) -> None:
        self._open = opener

    @contextmanager
    def opened(self, path: Path) -> Iterator[BinaryIO]:
        """Yield the regular file at ``path``; pipes and devices, which could block, are refused."""
        self.size(path)
        with os_errors_as_artifact_errors(path), self._open(path) as file:
            yield file

    def size(self, path: Path) -> int:
        """Return the bytes of the regular file at ``path``, links followed."""
        return self._status(path).st_size

    def file(self, folder: Path, name: str) -> ArtifactFile:
        """Return a regular file of the folder as it is now, links followed."""
        status = self._status(folder / name)
        return ArtifactFile(name, status.st_size, status.st_mtime_ns)

    def _status(self, path: Path) -> os.stat_result:
        with os_errors_as_artifact_errors(path):
            status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise ArtifactUnsupportedError(str(path), "It is not a regular file.")
        return status

    def head(self, path: Path, size: int) -> bytes:
        """Return at most the first ``size`` bytes."""
        with self.opened(path) as file:
            return file.read(size)

    def tail(self, path: Path, size: int) -> bytes:
        """Return at most the last ``size`` bytes."""
        total = self.size(path)
        with self.opened(path) as file:
            file.seek(max(0, total - size))
            return file.read(size)

    def read(self, path: Path, limit: int) -> bytes:
        """Return the whole file.

        Raises:
            ArtifactCorruptError: It has more than ``limit`` bytes.
        """
        with self.opened(path) as file:
            data = file.read(limit + 1)
        if len(data) > limit:
            raise ArtifactCorruptError(
                str(path), f"It has more than {limit:,} bytes, which no file of this kind needs."
            )
        return data

    def is_folder(self, path: Path) -> bool:
        """Return whether ``path`` is a folder."""
        with os_errors_as_artifact_errors(path):
            return stat.S_ISDIR(path.stat().st_mode)

    def has_folder(self, path: Path) -> bool:
        """Return whether ``path`` exists and is a folder."""
        try:
            return self.is_folder(path)
        except ArtifactMissingError:
            return False

    def has_file(self, path: Path) -> bool:
        """Return whether ``path`` exists and is a regular file."""
        try:
            self.size(path)
        except (ArtifactMissingError, ArtifactUnsupportedError):
            return False
        return True

    def names(self, folder: Path) -> tuple[str, ...]:
        """Return the names in a folder, sorted."""
        with os_errors_as_artifact_errors(folder):
            return tuple(sorted(os.listdir(folder)))  # noqa: PTH208 - names only; iterdir makes 10,000 Paths

    def real_path(self, path: Path) -> Path:
        """Return ``path`` with every link resolved.

        Raises:
            ArtifactMissingError: A link points at nothing.
            ArtifactUnreadableError: Links go in a circle, or a folder on the way is closed.
        """
        with os_errors_as_artifact_errors(path):
            try:
                return path.resolve(strict=True)
            except RuntimeError as error:  # Python 3.11 and 3.12 report a circle of links so
                raise OSError(0, "too many levels of links") from error
