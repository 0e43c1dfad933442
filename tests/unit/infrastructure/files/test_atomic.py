from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from heygen_desktop.domain.errors import DiskFullError, HomeUnwritableError, StorageError
from heygen_desktop.infrastructure.files.atomic import FileCalls, write_whole

OLD, NEW = b"the old content", b"the new content, which is longer"
STEPS = ["create", "write", "fsync", "close", "replace", "fsync_folder"]


class FailingCalls(FileCalls):
    """The real calls, recorded; one of them fails."""

    def __init__(self, step: str = "", number: int = errno.EIO, *, chunk: int = 1 << 20) -> None:
        self.done: list[str] = []
        self._step = step
        self._number = number
        self._chunk = chunk

    def create(self, path: Path, mode: int) -> int:
        self._pass("create")
        return super().create(path, mode)

    def write(self, descriptor: int, data: bytes) -> int:
        self._pass("write")
        return super().write(descriptor, data[: self._chunk])

    def fsync(self, descriptor: int) -> None:
        self._pass("fsync")
        super().fsync(descriptor)

    def close(self, descriptor: int) -> None:
        super().close(descriptor)
        self._pass("close")

    def replace(self, source: Path, target: Path) -> None:
        self._pass("replace")
        super().replace(source, target)

    def fsync_folder(self, folder: Path) -> None:
        self._pass("fsync_folder")
        super().fsync_folder(folder)

    def unlink(self, path: Path) -> None:
        super().unlink(path)
        self._pass("unlink")

    def _pass(self, step: str) -> None:
        self.done.append(step)
        if step == self._step:
            raise OSError(self._number, os.strerror(self._number))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "vault.json"
    path.write_bytes(OLD)
    return path


def test_a_new_file_holds_what_was_written_and_only_the_user_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "new.json"

    write_whole(path, NEW)

    assert path.read_bytes() == NEW
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_asked_mode_holds_whatever_the_umask_says(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        write_whole(tmp_path / "shared", NEW, mode=0o644)
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "shared").stat().st_mode) == 0o644


def test_the_content_is_on_the_disk_before_it_gets_its_name_and_the_name_before_it_returns(
    file: Path,
) -> None:
    calls = FailingCalls()

    write_whole(file, NEW, calls=calls)

    assert calls.done == STEPS


def test_short_writes_are_gone_on_with(file: Path) -> None:
    write_whole(file, NEW, calls=FailingCalls(chunk=5))

    assert file.read_bytes() == NEW


@pytest.mark.parametrize("step", STEPS)
def test_a_failure_at_any_step_leaves_one_whole_file_and_nothing_else(
    file: Path, step: str
) -> None:
    with pytest.raises(HomeUnwritableError):
        write_whole(file, NEW, calls=FailingCalls(step))

    expected = NEW if step == "fsync_folder" else OLD
    assert file.read_bytes() == expected
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("step", ["create", "write", "fsync", "replace"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_said_to_be_full(file: Path, step: str, number: int) -> None:
    with pytest.raises(DiskFullError) as trouble:
        write_whole(file, NEW, calls=FailingCalls(step, number))

    assert trouble.value.details["path"] == str(file)
    assert file.read_bytes() == OLD


def test_a_draft_that_cannot_be_removed_does_not_hide_the_first_error(file: Path) -> None:
    class Stubborn(FailingCalls):
        def unlink(self, path: Path) -> None:
            raise OSError(errno.EROFS, "read-only")

    with pytest.raises(DiskFullError):
        write_whole(file, NEW, calls=Stubborn("write", errno.ENOSPC))

    assert file.read_bytes() == OLD


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        (lambda folder: folder / "missing" / "file", "No such file or directory"),
        (lambda folder: folder / "plain" / "file", "Not a directory"),
    ],
)
def test_a_folder_that_is_none_is_named_with_the_reason(
    tmp_path: Path, place: Callable[[Path], Path], reason: str
) -> None:
    (tmp_path / "plain").touch()

    with pytest.raises(StorageError) as trouble:
        write_whole(place(tmp_path), NEW)

    assert reason in trouble.value.cause


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    target = tmp_path / "dotfiles.toml"
    target.write_bytes(OLD)
    link = tmp_path / "heygen.toml"
    link.symlink_to(target)

    write_whole(link, NEW)

    assert link.is_symlink()
    assert target.read_bytes() == NEW


def test_a_target_that_is_a_folder_is_refused_and_kept(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()

    with pytest.raises(HomeUnwritableError):
        write_whole(folder, NEW)

    assert [path.name for path in tmp_path.iterdir()] == ["folder"]
