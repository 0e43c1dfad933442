"""Files that a person saves are whole or not there."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest
from heygen_desktop.domain.errors import DiskFullError, FileUnwritableError
from heygen_desktop.presentation.saving import save_file


def test_the_content_replaces_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "readings.csv"
    path.write_bytes(b"before")

    where = save_file(path, b"after")

    assert (where, path.read_bytes()) == (path, b"after")
    assert [each.name for each in tmp_path.iterdir()] == ["readings.csv"]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileUnwritableError) as caught:
        save_file(tmp_path / "no" / "file.csv", b"x")

    assert "No such file or directory" in str(caught.value.cause)


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, DiskFullError),
        (errno.EDQUOT, DiskFullError),
        (errno.EIO, FileUnwritableError),
    ],
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


def test_a_new_file_has_the_rights_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()

    save_file(tmp_path / "out", b"x")

    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("plain", "out")]
    assert modes[0] == modes[1]


def test_a_replaced_file_keeps_its_rights_and_a_link_its_target(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("old")
    target.chmod(0o600)
    link = tmp_path / "link"
    link.symlink_to(target)

    save_file(link, b"new")

    assert link.is_symlink()
    assert (target.read_text(), stat.S_IMODE(target.stat().st_mode)) == ("new", 0o600)


def test_what_was_private_is_at_no_time_readable_by_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "private"
    path.touch(mode=0o600)
    seen: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda number: seen.append(os.fstat(number).st_mode & 0o777))

    save_file(path, b"x")

    assert seen == [0o600]


def test_a_name_as_long_as_names_can_be_is_no_obstacle(tmp_path: Path) -> None:
    path = tmp_path / ("長" * 85)

    save_file(path, b"x")

    assert path.read_bytes() == b"x"


def test_links_in_a_circle_give_way_to_the_file(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")

    save_file(tmp_path / "a", b"x")

    assert (tmp_path / "a").read_bytes() == b"x"


def test_a_device_is_written_to_and_stays_a_device() -> None:
    save_file(Path("/dev/null"), b"x")

    assert not Path("/dev/null").is_file()


def test_a_folder_is_not_written_over(tmp_path: Path) -> None:
    with pytest.raises(FileUnwritableError) as caught:
        save_file(tmp_path, b"x")

    assert "directory" in caught.value.cause.lower()
