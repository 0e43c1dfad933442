"""Copies of the database, made before its schema is changed."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from datetime import datetime
from pathlib import Path

from heygen_desktop.domain.errors import DatabaseCorruptError
from heygen_desktop.infrastructure.files.atomic import FileCalls

KEPT = 5
_PATTERN = "database-*.sqlite3"


def create_private(path: Path) -> None:
    """Create an empty file that only this user can read; one that exists keeps its content.

    It is not opened where it exists: closing any handle on a file would drop the locks that SQLite
    holds on it elsewhere in this process.
    """
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)


def back_up(database: Path, folder: Path, revision: str, *, at: datetime) -> Path:
    """Copy the database as it is now, and forget all but the newest copies.

    Args:
        database: May be in use; SQLite's own backup sees one state of it.
        folder: Where copies are kept; created where it is missing.
        revision: The schema of the copy, part of its name.
        at: In UTC; part of the name, which therefore sorts by age.

    Returns:
        The copy: complete, checked and on disk, or not there at all.

    Raises:
        OSError: The folder cannot be written.
        DatabaseCorruptError: The database is damaged, and so would the copy be.
        sqlite3.Error: The database cannot be read, or the copy not written.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    copy = folder / f"database-{at:%Y%m%dT%H%M%S%fZ}-{revision}.sqlite3"
    partial = copy.with_suffix(".partial")
    try:
        create_private(partial)
        _copy(database, partial)
        partial.replace(copy)
    finally:
        partial.unlink(missing_ok=True)
    FileCalls().fsync_folder(folder)
    for old in sorted(folder.glob(_PATTERN))[:-KEPT]:
        old.unlink()
    return copy


def _copy(database: Path, target: Path) -> None:
    with (
        contextlib.closing(
            sqlite3.connect(f"{database.absolute().as_uri()}?mode=rw", uri=True)
        ) as source,
        contextlib.closing(sqlite3.connect(target)) as copy,
    ):
        source.backup(copy)
        # A copy is one file: nothing of it may stay behind in a write-ahead log.
        copy.execute("PRAGMA journal_mode = DELETE").close()
        found = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise DatabaseCorruptError(str(database), str(found))
