"""The files of the home that inputs and outputs refer to, named by the hash of their content."""

from __future__ import annotations

import contextlib
import hashlib
import mimetypes
import os
import secrets
import shutil
import time
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import BinaryIO

from heygen_desktop.application.ports.blobs import BlobUsage
from heygen_desktop.application.tasks.blob import Blob
from heygen_desktop.domain.errors import BlobMissingError
from heygen_desktop.infrastructure.files.atomic import (
    PRIVATE,
    FileCalls,
    put_in_place,
    storage_error,
    write_draft,
)

_PIECE = 1024 * 1024
_PRIVATE_FOLDER = 0o700
_UNKNOWN = "application/octet-stream"
_ALGORITHM = "sha256:"


class _UnreadError(OSError):
    """The stream, not the disk, is what failed."""


class BlobFolder:
    """Fulfils ``BlobStore`` in one folder, made when it is first needed.

    ``ab/ab12...`` are the files, ``drafts`` what is being written, ``staging/RUN`` what a run makes.

    Args:
        folder: Only this class writes there, and workers into what they are lent.
        now: Seconds since the epoch, as files tell them.
    """

    def __init__(
        self,
        folder: Path,
        *,
        calls: FileCalls | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._folder = folder
        self._drafts = folder / "drafts"
        self._staging = folder / "staging"
        self._calls = calls or FileCalls()
        self._now = now

    def keep(self, content: BinaryIO, *, name: str, media_type: str = "") -> Blob:
        digest, written = hashlib.sha256(), 0

        def pieces() -> Iterator[bytes]:
            nonlocal written
            while piece := _read(content):
                digest.update(piece)
                written += len(piece)
                yield piece

        draft = self._drafts / secrets.token_hex(12)
        try:
            self._drafts.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
            write_draft(draft, pieces(), PRIVATE, self._calls)
            self._touch(draft)
            self._put(draft, self._place(digest.hexdigest()))
        except _UnreadError:
            raise
        except OSError as error:
            raise storage_error(draft, error) from error
        kind = media_type or mimetypes.guess_type(name)[0] or _UNKNOWN
        blob = _ALGORITHM + digest.hexdigest()
        return Blob(blob=blob, media_type=kind, size_bytes=written, name=name)

    def path(self, blob: Blob) -> Path:
        place = self._place(blob.blob.removeprefix(_ALGORITHM))
        try:
            self._touch(place)
        except OSError as error:
            raise BlobMissingError(blob.name, blob.blob) from error
        return place

    @contextlib.contextmanager
    def staging(self, run_id: str) -> Iterator[Path]:
        folder = self._staging / run_id
        try:
            folder.mkdir(mode=_PRIVATE_FOLDER, parents=True)
        except OSError as error:
            raise storage_error(folder, error) from error
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)  # what stays goes with the next sweep

    def usage(self) -> BlobUsage:
        return _sum(self._files())

    def sweep(self, needed: Callable[[], Collection[str]], *, older_than_s: float) -> BlobUsage:
        try:
            return self._sweep(needed, older_than_s)
        except OSError as error:
            raise storage_error(self._folder / "sweep", error) from error

    def _sweep(self, needed: Callable[[], Collection[str]], older_than_s: float) -> BlobUsage:
        limit = self._now() - older_than_s
        old = [each for each in self._files() if _age(each) < limit]
        lent = [each for each in _entries(self._staging) if _age(each) < limit]
        drafts = [each for each in _entries(self._drafts) if _age(each) < limit]
        kept = needed() if old or lent else ()
        for each in drafts:
            each.unlink(missing_ok=True)
        for each in lent:
            if each.name not in kept:
                shutil.rmtree(each, ignore_errors=True)
        unneeded = [each for each in old if _ALGORITHM + each.name not in kept]
        gone = _sum(unneeded)
        stayed = _sum([each for each in unneeded if not self._remove(each, limit)])
        return BlobUsage(gone.count - stayed.count, gone.size_bytes - stayed.size_bytes)

    def _place(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest

    def _put(self, draft: Path, place: Path) -> None:
        """Give the draft its name; content that is there already is only said to be in use."""
        try:
            self._touch(place)
        except FileNotFoundError:
            place.parent.mkdir(mode=_PRIVATE_FOLDER, exist_ok=True)
            put_in_place(draft, place, self._calls)
            self._calls.fsync_folder(place.parent)
            self._calls.fsync_folder(self._folder)
        else:
            draft.unlink()

    def _touch(self, place: Path) -> None:
        """Say that the file is in use, so that no sweep takes it for a while."""
        os.utime(place, (self._now(), self._now()))

    def _remove(self, place: Path, limit: float) -> bool:
        """Take the file out of reach first: one that was touched meanwhile comes back."""
        aside = self._drafts / place.name
        try:
            self._drafts.mkdir(mode=_PRIVATE_FOLDER, exist_ok=True)
            place.replace(aside)
            if _age(aside) < limit:
                aside.unlink()
                return True
            aside.replace(place)
        except FileNotFoundError:  # another process sweeps, too
            return False
        return False

    def _files(self) -> list[Path]:
        places = (each for each in _entries(self._folder) if len(each.name) == 2)
        return [file for place in places for file in _entries(place)]


def _read(content: BinaryIO) -> bytes:
    try:
        return content.read(_PIECE)
    except OSError as error:
        raise _UnreadError(error.errno, error.strerror) from error


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except FileNotFoundError:
        return []


def _age(path: Path) -> float:
    """When it was last touched; what is gone is young, so that nobody removes it."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")


def _sum(files: list[Path]) -> BlobUsage:
    sizes = []
    for each in files:
        with contextlib.suppress(FileNotFoundError):  # swept meanwhile
            sizes.append(each.stat().st_size)
    return BlobUsage(len(sizes), sum(sizes))
