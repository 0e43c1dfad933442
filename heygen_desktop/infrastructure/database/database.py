"""The database of one home: opened once, used from every thread, closed at the end."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from heygen_desktop.domain.errors import DatabaseCorruptError
from heygen_desktop.infrastructure.database.backups import create_private
from heygen_desktop.infrastructure.database.changes import Changes
from heygen_desktop.infrastructure.database.engine import reading_engine, writing_engine
from heygen_desktop.infrastructure.database.failures import storage_errors
from heygen_desktop.infrastructure.database.migrations import MIGRATIONS, Migrations
from heygen_desktop.infrastructure.database.schema import Schema
from heygen_desktop.infrastructure.database.unit_of_work import SqliteUnitsOfWork

FILE_NAME = "database.sqlite3"


class Database:
    """``database.sqlite3`` in a folder, with its lock file and ``backups`` beside it."""

    def __init__(
        self, folder: Path, *, busy_timeout_s: float = 5.0, migrations: Migrations = MIGRATIONS
    ) -> None:
        """Touch nothing yet.

        Args:
            folder: Created, for this user alone, where it is missing.
            busy_timeout_s: How long a unit of work waits for another thread, and then for another
                process, before it raises DatabaseBusyError.
            migrations: The changes of the schema that are known.
        """
        self.path = folder / FILE_NAME
        self._busy_timeout_s = busy_timeout_s
        self._writer = writing_engine(self.path, busy_timeout_s)
        self._reader = reading_engine(self.path, busy_timeout_s)
        self._schema = Schema(self.path, self._reader, busy_timeout_s, migrations)
        self._changes = Changes()
        self._is_open = False

    @property
    def sqlite_version(self) -> str:
        """The version of the SQLite library, such as 3.40.1."""
        return sqlite3.sqlite_version

    @property
    def units(self) -> SqliteUnitsOfWork:
        """Where units of work come from.

        Raises:
            RuntimeError: The database is not open.
        """
        if not self._is_open:
            raise RuntimeError("the database is not open")
        return SqliteUnitsOfWork(
            self._writer, self._reader, self.path, self._busy_timeout_s, self._changes
        )

    def open(self) -> None:
        """Create the file where it is missing and bring its schema to the newest revision.

        A file that exists is copied to ``backups`` before its schema is changed, and is never
        removed, emptied or replaced.

        Raises:
            DatabaseTooNewError: A later version of the program wrote it.
            DatabaseCorruptError: It is no database, or damaged.
            DatabaseBusyError: Another process kept it locked.
            HomeUnwritableError: The folder or the file cannot be written.
            DiskFullError: There is no space for it.
        """
        try:
            with storage_errors(self.path, self._busy_timeout_s):
                self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                create_private(self.path)
            self._schema.bring_to_head()
        except BaseException:
            self.close()
            raise
        self._is_open = True

    def check(self) -> None:
        """Read the whole file and return when nothing is wrong with it.

        Takes time in proportion to the size of the file.

        Raises:
            DatabaseCorruptError: It is damaged; the reason is the first thing found.
        """
        with storage_errors(self.path, self._busy_timeout_s), self._reader.connect() as connection:
            found = str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one())
        if found != "ok":
            raise DatabaseCorruptError(str(self.path), found)

    def close(self) -> None:
        """Close every connection; what was committed is in the file. May be called twice."""
        self._is_open = False
        self._reader.dispose()
        # Last, because the last connection to close moves the write-ahead log into the file.
        self._writer.dispose()
