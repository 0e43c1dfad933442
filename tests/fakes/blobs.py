"""A written ``BlobStore``: contents in memory, written out where somebody asks for the file."""

from __future__ import annotations

import contextlib
import hashlib
import mimetypes
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import BinaryIO

from heygen_desktop.application.ports.blobs import BlobUsage
from heygen_desktop.application.tasks.blob import Blob
from heygen_desktop.domain.errors import BlobMissingError


class FakeBlobs:
    """Keeps the promises of the port.

    Args:
        folder: Where files are that somebody asked for; a temporary one, made when it is needed,
            where None.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.contents: dict[str, bytes] = {}
        self.now_s = 0.0
        """Set it on to let time pass."""
        self._touched: dict[str, float] = {}
        self._folder = folder

    def keep(self, content: BinaryIO, *, name: str, media_type: str = "") -> Blob:
        data = b"".join(iter(lambda: content.read(1024), b""))
        blob = "sha256:" + hashlib.sha256(data).hexdigest()
        self.contents[blob] = data
        self._touched[blob] = self.now_s
        kind = media_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
        return Blob(blob=blob, media_type=kind, size_bytes=len(data), name=name)

    def path(self, blob: Blob) -> Path:
        if blob.blob not in self.contents:
            raise BlobMissingError(blob.name, blob.blob)
        self._touched[blob.blob] = self.now_s
        place = self._place() / blob.blob.removeprefix("sha256:")
        place.write_bytes(self.contents[blob.blob])
        return place

    @contextlib.contextmanager
    def staging(self, run_id: str) -> Iterator[Path]:
        folder = self._place() / run_id
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder)

    def usage(self) -> BlobUsage:
        return BlobUsage(len(self.contents), sum(map(len, self.contents.values())))

    def sweep(self, needed: Callable[[], Collection[str]], *, older_than_s: float) -> BlobUsage:
        limit = self.now_s - older_than_s
        old = [blob for blob, touched in self._touched.items() if touched < limit]
        kept = needed() if old else ()
        gone = [self.contents.pop(blob) for blob in old if blob not in kept]
        self._touched = {blob: at for blob, at in self._touched.items() if blob in self.contents}
        return BlobUsage(len(gone), sum(map(len, gone)))

    def _place(self) -> Path:
        self._folder = self._folder or Path(tempfile.mkdtemp(prefix="fake-blobs-"))
        return self._folder
