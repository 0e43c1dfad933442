"""Files that the user names: read as text, written whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from heygen_desktop.domain.errors import DiskFullError, FileUnreadableError, FileUnwritableError
from heygen_desktop.presentation.cli import files


def test_text_is_read_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes("naïve\r\n".encode())

    assert files.read_text(tmp_path / "a") == "naïve\r\n"


def test_a_folder_is_no_text(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadableError, match="cannot be read"):
        files.read_text(tmp_path)


def test_a_file_without_end_is_not_read_into_memory() -> None:
    with pytest.raises(FileUnreadableError) as refused:
        files.read_text(Path("/dev/zero"))

    assert refused.value.cause == "It has more than 16 MiB."


def test_a_new_file_has_the_rights_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()

    files.save_text(tmp_path / "out", "naïve\n")

    assert (tmp_path / "out").read_bytes() == "naïve\n".encode()
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("plain", "out")]
    assert modes[0] == modes[1]


def test_a_replaced_file_keeps_its_rights_and_a_link_its_target(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("old")
    target.chmod(0o600)
    link = tmp_path / "link"
    link.symlink_to(target)

    files.save_text(link, "new")

    assert link.is_symlink()
    assert (target.read_text(), stat.S_IMODE(target.stat().st_mode)) == ("new", 0o600)


def test_a_device_is_written_to_and_stays_a_device() -> None:
    files.save_text(Path("/dev/null"), "x")

    assert not Path("/dev/null").is_file()


def test_a_full_disk_leaves_the_old_file_and_no_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "out"
    target.write_text("old")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFullError):
        files.save_text(target, "new")

    assert target.read_text() == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["out"]


def test_a_folder_that_is_missing_is_the_cause(tmp_path: Path) -> None:
    with pytest.raises(FileUnwritableError) as refused:
        files.save_text(tmp_path / "no" / "out", "x")

    assert refused.value.cause == "No such file or directory."


@pytest.mark.parametrize(
    ("name", "cause"), [("", "It is a folder."), ("no/out", "Its folder does not exist.")]
)
def test_what_cannot_be_written_is_found_before_the_work(
    tmp_path: Path, name: str, cause: str
) -> None:
    with pytest.raises(FileUnwritableError) as refused:
        files.check_writable(tmp_path / name)

    assert refused.value.cause == cause


def test_a_file_that_may_not_be_written_is_found_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)

    with pytest.raises(FileUnwritableError, match="cannot be written"):
        files.check_writable(tmp_path / "out")


def test_stdin_that_cannot_be_read_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone:
        class buffer:  # noqa: N801  # the name that sys.stdin has
            @staticmethod
            def read(_size: int) -> bytes:
                raise OSError(5, "Input/output error")

    monkeypatch.setattr("sys.stdin", Gone)

    with pytest.raises(FileUnreadableError) as refused:
        files.read_stdin()

    assert refused.value.cause == "Input/output error."
