"""Which revision a database file has, and how it is brought to the newest one.

Two processes that start at once on a fresh home must not both migrate, an older program must not
touch a newer file, and a failed change must leave the old schema whole and a copy beside it.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, NullPool

from heygen_desktop.domain.errors import DatabaseCorruptError, DatabaseTooNewError
from heygen_desktop.infrastructure.database.backups import back_up, create_private
from heygen_desktop.infrastructure.database.engine import writing_engine
from heygen_desktop.infrastructure.database.failures import storage_errors
from heygen_desktop.infrastructure.database.migrations import Migrations

MIGRATION_PATIENCE_S = 60.0
"""How long a start waits for another process that is migrating the same file."""


class Schema:
    """The schema of one database file."""

    def __init__(
        self, path: Path, reader: Engine, busy_timeout_s: float, migrations: Migrations
    ) -> None:
        """Args:
        path: The database file; it exists.
        reader: For looking at the file without changing it.
        busy_timeout_s: How long a migration waits for a program that is writing.
        migrations: What this program knows.
        """
        self._path = path
        self._reader = reader
        self._busy_timeout_s = busy_timeout_s
        self._migrations = migrations

    def bring_to_head(self) -> None:
        """Migrate where a migration is due; otherwise this costs one query.

        Raises:
            DatabaseTooNewError: A later version of the program wrote the file.
            DatabaseCorruptError: It is no database, another program's, or damaged.
            StorageError: As ``storage_errors`` says.
        """
        if self.revision() == self._migrations.head:
            return
        with self._one_process_at_a_time():
            revision = self.revision()  # the process we waited for may have done it
            if revision != self._migrations.head:
                self._migrate(revision)

    def revision(self) -> str | None:
        """Return the revision of the file; None for an empty one.

        Raises:
            DatabaseTooNewError: It is none that this program knows.
            DatabaseCorruptError: The file is not one of this program's.
        """
        with storage_errors(self._path, self._busy_timeout_s), self._reader.connect() as connection:
            revision = self._stored_revision(connection)
        if revision is not None and revision not in self._migrations.revisions:
            raise DatabaseTooNewError(str(self._path), revision)
        return revision

    def _stored_revision(self, connection: Connection) -> str | None:
        names = "SELECT name FROM sqlite_master WHERE type = 'table'"
        tables = set(connection.exec_driver_sql(names).scalars())
        if not tables:
            return None
        if "alembic_version" not in tables:
            raise DatabaseCorruptError(str(self._path), "it is another program's database")
        stored = connection.exec_driver_sql("SELECT version_num FROM alembic_version").all()
        if len(stored) != 1:
            raise DatabaseCorruptError(str(self._path), f"it names {len(stored)} revisions, not 1")
        return str(stored[0][0])

    def _migrate(self, revision: str | None) -> None:
        with storage_errors(self._path, self._busy_timeout_s):
            if revision is not None:
                now = datetime.now(UTC)
                back_up(self._path, self._path.parent / "backups", revision, at=now)
            self._upgrade()

    def _upgrade(self) -> None:
        # Alembic takes a tenth of a second to import, which most starts do not need.
        from heygen_desktop.infrastructure.database.migrations.upgrade import (  # noqa: PLC0415 (see above)
            upgrade,
        )

        engine = writing_engine(self._path, self._busy_timeout_s, pool=NullPool, enforce_keys=False)
        try:
            upgrade(engine, self._path, self._migrations)
        finally:
            engine.dispose()

    @contextlib.contextmanager
    def _one_process_at_a_time(self) -> Iterator[None]:
        """Hold the lock file: an SQLite file, since those locks exist everywhere and end with us."""
        lock_file = self._path.with_suffix(".lock")
        with storage_errors(lock_file, MIGRATION_PATIENCE_S):
            create_private(lock_file)
            lock = sqlite3.connect(lock_file, timeout=MIGRATION_PATIENCE_S, isolation_level=None)
        with contextlib.closing(lock):
            with storage_errors(lock_file, MIGRATION_PATIENCE_S):
                lock.execute("BEGIN EXCLUSIVE").close()
            yield
