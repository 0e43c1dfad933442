"""The files of runs: kept when a person gives one, lent to workers, taken over, swept."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from heygen_desktop.application.ports.blobs import BlobStore, BlobUsage
from heygen_desktop.application.ports.unit_of_work import UnitsOfWork
from heygen_desktop.application.tasks.blob import Blob, blob_of, blobs_in
from heygen_desktop.application.tasks.task import Task
from heygen_desktop.domain.entities.run import Json
from heygen_desktop.domain.errors import FileUnreadableError, WrongOutputError

# Not on Windows, where a file that is made for one's own process is no way into others.
_CAREFULLY = (
    getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
)
UNTOUCHED_S = 3600.0
"""What was chosen and not run, or belongs to no run any more, stays at least so long."""


@dataclass(frozen=True)
class KeepFiles:
    """What a front and a run do with files."""

    units: UnitsOfWork
    blobs: BlobStore

    def __call__(self, path: Path) -> dict[str, Json]:
        """Keep a copy of a file, and return the reference that an input takes.

        Raises:
            FileUnreadableError: It is no file, or may not be read.
            DiskFullError, HomeUnwritableError
        """
        try:
            if not path.is_file() and not path.is_fifo() and path.exists():
                raise FileUnreadableError(str(path), "It is a folder or a device.")
            with path.open("rb") as content:
                return self.blobs.keep(content, name=path.name).model_dump()
        except OSError as error:
            raise _unreadable(str(path), error) from error

    def keep(self, content: BinaryIO, *, name: str) -> dict[str, Json]:
        """Keep what a stream has, and return the reference. Raises as a call does."""
        try:
            return self.blobs.keep(content, name=name).model_dump()
        except OSError as error:
            raise _unreadable(name, error) from error

    def path(self, blob: Blob) -> Path:
        """Return the kept file. Raises BlobMissingError."""
        return self.blobs.path(blob)

    def saved(self, task: Task, output: Mapping[str, Json]) -> bytes | Path:
        """Return what ``--output`` and Save write: the output's file, or its text.

        Raises:
            BlobMissingError: The file is gone.
        """
        blob = task.as_file(output)
        return task.as_text(output).encode() if blob is None else self.blobs.path(blob)

    def require(self, inputs: Mapping[str, Json]) -> None:
        """Make sure that every file that is referred to stays. Raises BlobMissingError."""
        for blob in blobs_in(dict(inputs)):
            self.blobs.path(blob)

    def lent(self, inputs: Mapping[str, Json]) -> dict[str, Json]:
        """Return inputs as a worker gets them: each reference says where the file is."""

        def lent(value: Json) -> Json:
            blob = blob_of(value)
            return None if blob is None else {**blob.model_dump(), "path": str(self.path(blob))}

        return {key: _with_files(value, lent) for key, value in inputs.items()}

    def taken_over(self, task: str, output: Mapping[str, Json], folder: Path) -> dict[str, Json]:
        """Return a worker's output with references in place of the files that it made.

        Args:
            output: ``{"file": NAME, "media_type": ...}`` stands for a file of the folder.

        Raises:
            WrongOutputError: There is no such file in the folder.
            DiskFullError, HomeUnwritableError
        """

        def taken(value: dict[str, Json]) -> Json:
            return self._file(task, value, folder) if "file" in value else None

        return {key: _with_files(value, taken) for key, value in output.items()}

    def sweep(self) -> BlobUsage:
        """Remove the files that no run refers to, and what ended runs left; return what went."""
        return self.blobs.sweep(self._needed, older_than_s=UNTOUCHED_S)

    def _needed(self) -> set[str]:
        with self.units(read_only=True) as unit:
            return {*unit.runs.blobs(), *(run.id for run in unit.runs.active())}

    def _file(self, task: str, made: Mapping[str, Json], folder: Path) -> Json:
        name, media_type = str(made["file"]), str(made.get("media_type", ""))
        try:
            with _opened(folder, name) as content:
                return self.blobs.keep(content, name=name, media_type=media_type).model_dump()
        except OSError as error:
            reason = f"It names a file that it did not make: {error.strerror or error}"
            raise WrongOutputError(task, reason, name) from error


def _with_files(value: Json, file: Callable[[dict[str, Json]], Json]) -> Json:
    """Return the value with what ``file`` makes of each mapping in it that stands for a file."""
    if isinstance(value, dict):
        made = file(value)
        return (
            {key: _with_files(each, file) for key, each in value.items()} if made is None else made
        )
    return [_with_files(each, file) for each in value] if isinstance(value, list) else value


def _unreadable(name: str, error: OSError) -> FileUnreadableError:
    return FileUnreadableError(name, f"{error.strerror or error}.")


def _opened(folder: Path, name: str) -> BinaryIO:
    """Open a file that lies in the folder itself and is no link, pipe or device."""
    if Path(name).name != name:
        raise OSError(f"{name!r} is no file's name")
    descriptor = os.open(folder / name, os.O_RDONLY | _CAREFULLY)
    file = os.fdopen(descriptor, "rb")
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        file.close()
        raise OSError(f"{name!r} is no file")
    return file
