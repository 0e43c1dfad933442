"""Files that the user names: read as text, written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from heygen_desktop.domain.errors import FileUnreadableError, FileUnwritableError
from heygen_desktop.presentation.cli import files


def test_text_is_read_without_the_end_of_its_last_line(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(" naïve\r\n\r\n".encode())

    assert files.read_text(tmp_path / "a") == " naïve\r\n"


def test_a_terminal_or_device_at_stdin_is_no_input(monkeypatch: pytest.MonkeyPatch) -> None:
    with Path(os.devnull).open() as nothing:
        monkeypatch.setattr("sys.stdin", nothing)

        assert not files.stdin_is_given()


def test_a_file_or_pipe_at_stdin_is_an_input(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "a").touch()
    with (tmp_path / "a").open() as file:
        monkeypatch.setattr("sys.stdin", file)

        assert files.stdin_is_given()


def test_a_program_without_stdin_has_no_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)

    assert not files.stdin_is_given()


def test_a_folder_is_no_text(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadableError, match="cannot be read"):
        files.read_text(tmp_path)


def test_a_file_without_end_is_not_read_into_memory() -> None:
    with pytest.raises(FileUnreadableError) as refused:
        files.read_text(Path("/dev/zero"))

    assert refused.value.cause == "It has more than 16 MiB."


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
