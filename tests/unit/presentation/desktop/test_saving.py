"""Files saved from the window are whole or not there."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from heygen_desktop.domain.errors import DiskFullError, FileUnwritableError
from heygen_desktop.presentation.desktop.saving import save_file


def test_the_content_replaces_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "readings.csv"
    path.write_bytes(b"before")

    save_file(path, b"after")

    assert path.read_bytes() == b"after"
    assert [each.name for each in tmp_path.iterdir()] == ["readings.csv"]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileUnwritableError) as caught:
        save_file(tmp_path / "no" / "file.csv", b"x")

    assert "No such file or directory" in str(caught.value.cause)


@pytest.mark.parametrize(
    ("number", "kind"), [(errno.ENOSPC, DiskFullError), (errno.EIO, FileUnwritableError)]
)
def test_a_disk_that_fails_leaves_the_old_file_and_no_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, kind: type[Exception]
) -> None:
    path = tmp_path / "readings.csv"
    path.write_bytes(b"before")

    def fail(_descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)

    with pytest.raises(kind):
        save_file(path, b"after")

    assert path.read_bytes() == b"before"
    assert len(list(tmp_path.iterdir())) == 1
