"""Appending, rotating and keeping files private."""

from __future__ import annotations

import fcntl
import os
import resource
import stat
import time
from pathlib import Path

import pytest
from heygen_desktop.infrastructure.logging.files import LogFile, rotated_files


def a_file(folder: Path, *, max_bytes: int = 1000, kept_files: int = 3) -> LogFile:
    return LogFile(folder, max_bytes=max_bytes, kept_files=kept_files)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_file_and_its_folder_are_for_this_user_alone(tmp_path: Path) -> None:
    file = a_file(tmp_path / "logs")

    file.append(b"a\n")
    file.close()

    assert mode(tmp_path / "logs") == 0o700
    assert mode(tmp_path / "logs" / "heygen.jsonl") == 0o600


def test_a_file_that_others_could_read_is_made_private(tmp_path: Path) -> None:
    path = tmp_path / "heygen.jsonl"
    path.write_text("old\n")
    path.chmod(0o644)
    file = a_file(tmp_path)

    file.append(b"new\n")
    file.close()

    assert mode(path) == 0o600
    assert path.read_text() == "old\nnew\n"


def test_a_full_file_moves_aside_and_the_oldest_go(tmp_path: Path) -> None:
    file = a_file(tmp_path, max_bytes=10, kept_files=2)

    for number in range(5):
        file.append(b"line %d x\n" % number)
    file.close()

    assert (tmp_path / "heygen.jsonl").read_text() == "line 4 x\n"
    assert [path.read_text() for path in rotated_files(tmp_path)] == ["line 2 x\n", "line 3 x\n"]
    assert {mode(path) for path in rotated_files(tmp_path)} == {0o600}


def test_no_rotated_file_is_kept_where_none_is_wanted(tmp_path: Path) -> None:
    file = a_file(tmp_path, max_bytes=1, kept_files=0)

    file.append(b"a\n")
    file.append(b"b\n")
    file.close()

    assert rotated_files(tmp_path) == []
    assert (tmp_path / "heygen.jsonl").read_text() == "b\n"


def test_another_writer_follows_a_rotation(tmp_path: Path) -> None:
    one, two = a_file(tmp_path, max_bytes=10), a_file(tmp_path, max_bytes=10)
    two.append(b"two a\n")

    one.append(b"one a\n")
    two.append(b"two b\n")
    one.close()
    two.close()

    written = [path.read_text() for path in (*rotated_files(tmp_path), tmp_path / "heygen.jsonl")]
    assert written == ["two a\n", "one a\n", "two b\n"]


def test_a_folder_that_was_deleted_is_made_again(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    file = a_file(folder)
    file.append(b"a\n")
    (folder / "heygen.jsonl").unlink()
    (folder / ".heygen.lock").unlink()
    folder.rmdir()

    file.append(b"b\n")
    file.close()

    assert (folder / "heygen.jsonl").read_text() == "b\n"


def test_a_torn_last_line_does_not_swallow_the_next(tmp_path: Path) -> None:
    (tmp_path / "heygen.jsonl").write_bytes(b'{"half')
    file = a_file(tmp_path)

    file.append(b"whole\n")
    file.close()

    assert (tmp_path / "heygen.jsonl").read_bytes() == b'{"half\nwhole\n'


def test_a_rename_that_fails_lets_the_file_grow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = a_file(tmp_path, max_bytes=5)
    file.append(b"a b c\n")

    def refuse(_path: Path, _target: Path) -> Path:
        raise PermissionError("in use")

    monkeypatch.setattr(Path, "rename", refuse)
    file.append(b"d e f\n")
    file.close()

    assert (tmp_path / "heygen.jsonl").read_text() == "a b c\nd e f\n"


def test_what_a_full_disk_took_of_a_batch_is_cut_off_again(tmp_path: Path) -> None:
    file = a_file(tmp_path, max_bytes=10**9)
    file.append(b"first\n")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)

    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, limits[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            file.append(b"x" * 2_000_000 + b"\n")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    file.append(b"second\n")
    file.close()

    assert (tmp_path / "heygen.jsonl").read_bytes() == b"first\nsecond\n"


def test_a_lock_that_a_stopped_process_holds_delays_but_does_not_end_the_log(
    tmp_path: Path,
) -> None:
    holder = os.open(tmp_path / ".heygen.lock", os.O_RDWR | os.O_CREAT)
    fcntl.flock(holder, fcntl.LOCK_EX)
    file = a_file(tmp_path, max_bytes=3)
    started = time.monotonic()

    file.append(b"a\n")
    waited = time.monotonic() - started
    file.append(b"b\n")
    os.close(holder)
    file.append(b"c\n")
    file.close()

    # Only who holds the lock moves the file: two at once would write over each other's.
    assert [path.read_text() for path in rotated_files(tmp_path)] == ["a\nb\n"]
    assert (tmp_path / "heygen.jsonl").read_text() == "c\n"
    assert 0.4 < waited < 5


def test_limits_that_make_no_sense_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="max_bytes"):
        a_file(tmp_path, max_bytes=0)


def test_a_clock_that_was_set_back_does_not_spoil_the_order(tmp_path: Path) -> None:
    (tmp_path / "heygen-29990101T000000Z-9999.jsonl").write_text("long ago\n")
    file = a_file(tmp_path, max_bytes=3)

    file.append(b"a\n")
    file.append(b"b\n")
    file.close()

    assert [path.read_text() for path in rotated_files(tmp_path)] == ["long ago\n", "a\n"]


def test_a_file_of_another_name_is_neither_counted_nor_deleted(tmp_path: Path) -> None:
    (tmp_path / "heygen-notes.jsonl").write_text("mine\n")
    file = a_file(tmp_path, max_bytes=1, kept_files=0)

    file.append(b"a\n")
    file.append(b"b\n")
    file.close()

    assert (tmp_path / "heygen-notes.jsonl").exists()
