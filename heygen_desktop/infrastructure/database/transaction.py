"""The one connection of a unit of work, with every failure put into the program's words."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Executable, Row
from sqlalchemy.exc import DBAPIError

from heygen_desktop.domain.errors import DatabaseBusyError, DatabaseCorruptError, StorageError
from heygen_desktop.domain.repositories import Topic
from heygen_desktop.infrastructure.database.changes import Changes, counted_up, topic_of
from heygen_desktop.infrastructure.database.failures import storage_errors


class Transaction:
    """Runs statements and remembers the first failure, after which nothing can be committed.

    SQLite undoes a transaction by itself when the disk is full or fails. A commit after that would
    store nothing and say nothing, so it raises the failure again.
    """

    def __init__(
        self,
        engine: Engine,
        path: Path,
        busy_timeout_s: float,
        changes: Changes,
        *,
        read_only: bool,
    ) -> None:
        """Begin, which takes the write lock unless the transaction only reads.

        Raises:
            StorageError: As ``storage_errors`` says.
        """
        self._path = path
        self._busy_timeout_s = busy_timeout_s
        self._changes = changes
        self._changed: set[Topic] = set()
        self._read_only = read_only
        self._thread = threading.get_ident()
        self._failure: StorageError | None = None
        self._connection = self._begun(engine)

    def rows(self, statement: Executable) -> Sequence[Row[Any]]:
        """Return all rows of a query."""
        with self._watched():
            return self._connection.execute(statement).all()

    def change(
        self, statement: Executable, values: Sequence[Mapping[str, object]] | None = None
    ) -> int:
        """Run a statement that changes something and return how many rows it touched."""
        self._require_writing()
        with self._watched():
            touched = self._connection.execute(statement, values).rowcount
        topic = topic_of(statement)
        if topic is not None and touched:
            self._changed.add(topic)
        return touched

    def commit(self) -> None:
        """Store what was changed since the beginning or the last commit."""
        self._require_writing()
        if self._failure is not None:
            raise self._failure
        changed, self._changed = self._changed, set()
        with self._watched(), self._counted(changed):
            self._connection.commit()

    def close(self) -> None:
        """Undo what was not committed and give the connection back."""
        if self._failure is not None and not isinstance(self._failure, DatabaseBusyError):
            # After a failed write or fsync the connection's view of the file cannot be trusted.
            self._connection.invalidate()
        with storage_errors(self._path, self._busy_timeout_s):
            self._connection.close()

    def damaged(self, reason: str) -> DatabaseCorruptError:
        """Return the error for stored values that cannot be what was stored."""
        return DatabaseCorruptError(str(self._path), reason)

    def _begun(self, engine: Engine) -> Connection:
        with storage_errors(self._path, self._busy_timeout_s):
            connection = engine.connect()
            try:
                connection.begin()
            except DBAPIError:
                connection.close()
                raise
            return connection

    @contextmanager
    def _counted(self, changed: Set[Topic]) -> Iterator[None]:
        if not changed:
            yield
            return
        self._connection.execute(counted_up(changed))
        self._changes.made(changed)
        try:
            yield
        except BaseException:
            self._changes.made(changed, by=-1)
            raise

    @contextmanager
    def _watched(self) -> Iterator[None]:
        if threading.get_ident() != self._thread:
            raise RuntimeError("a unit of work stays on its thread")
        if self._connection.closed:
            raise RuntimeError("a unit of work is used inside its with block")
        try:
            with storage_errors(self._path, self._busy_timeout_s):
                yield
        except StorageError as failure:
            self._failure = failure
            raise

    def _require_writing(self) -> None:
        if self._read_only:
            raise RuntimeError("a read-only unit of work changes nothing")
