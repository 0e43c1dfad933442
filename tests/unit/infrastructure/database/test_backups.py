"""A copy of the database is whole or not there, and old copies make room."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from heygen_desktop.domain.errors import DatabaseCorruptError
from heygen_desktop.infrastructure.database.backups import KEPT, back_up, create_private

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "database.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE notes (text)")
        connection.execute("INSERT INTO notes VALUES ('kept')")
    return path


def test_a_copy_is_one_private_file_named_after_moment_and_revision(
    database: Path, tmp_path: Path
) -> None:
    copy = back_up(database, tmp_path / "backups", "0001", at=NOON)

    assert copy.name == "database-20260301T120000000000Z-0001.sqlite3"
    assert copy.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in copy.parent.iterdir()] == [copy.name]
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT text FROM notes").fetchall() == [("kept",)]


def test_a_copy_holds_what_is_still_in_the_write_ahead_log(database: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(database, isolation_level=None)) as user:
        user.execute("INSERT INTO notes VALUES ('new')")

        copy = back_up(database, tmp_path / "backups", "0001", at=NOON)

    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT count(*) FROM notes").fetchone() == (2,)


def test_only_the_newest_copies_are_kept(database: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    copies = [
        back_up(database, folder, f"{9 - n:04}", at=NOON + timedelta(seconds=n))
        for n in range(KEPT + 2)
    ]

    assert sorted(folder.iterdir()) == copies[-KEPT:]


def test_a_copy_of_a_damaged_database_is_not_kept(database: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("CREATE INDEX by_text ON notes (text)")
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "UPDATE sqlite_master SET rootpage = "
            "(SELECT rootpage FROM sqlite_master WHERE name = 'notes') WHERE name = 'by_text'"
        )

    with pytest.raises(DatabaseCorruptError):
        back_up(database, tmp_path / "backups", "0001", at=NOON)

    assert list((tmp_path / "backups").iterdir()) == []


def test_a_file_that_others_could_read_becomes_private(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("content")
    path.chmod(0o644)

    create_private(path)

    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text() == "content"
