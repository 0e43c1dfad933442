"""Files of runs on a disk that fails, or from a stream that does."""

from __future__ import annotations

import errno
import io
from pathlib import Path

import pytest
from heygen_desktop.domain.errors import DiskFullError, HomeUnwritableError
from heygen_desktop.infrastructure.files.blobs import BlobFolder

from tests.unit.infrastructure.files.test_atomic import FailingCalls


class BrokenStream(io.RawIOBase):
    """Gives a piece, then fails."""

    def __init__(self) -> None:
        self._pieces = [b"a piece"]

    def read(self, _size: int = -1) -> bytes:
        if self._pieces:
            return self._pieces.pop()
        raise OSError(errno.EIO, "Input/output error")


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("step", ["create", "write", "fsync", "close", "replace"])
def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path: Path, step: str) -> None:
    store = BlobFolder(tmp_path, calls=FailingCalls(step, errno.ENOSPC))

    with pytest.raises(DiskFullError):
        store.keep(io.BytesIO(b"a picture"), name="cat.png")

    assert files(tmp_path) == []


def test_a_stream_that_fails_is_told_from_a_disk_that_does(tmp_path: Path) -> None:
    store = BlobFolder(tmp_path)

    with pytest.raises(OSError, match="Input/output error"):
        store.keep(BrokenStream(), name="cat.png")  # type: ignore[arg-type]  # it has what is used

    assert files(tmp_path) == []


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "blobs").touch()
    store = BlobFolder(tmp_path / "blobs")

    with pytest.raises(HomeUnwritableError):
        store.keep(io.BytesIO(b"a picture"), name="cat.png")
    with pytest.raises(HomeUnwritableError), store.staging("run-1"):
        pass
    with pytest.raises(HomeUnwritableError):
        store.sweep(set, older_than_s=0)
