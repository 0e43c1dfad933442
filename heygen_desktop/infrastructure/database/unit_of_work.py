"""Units of work on SQLite: one transaction each, with a repository per aggregate."""

from __future__ import annotations

from collections.abc import Callable, Set
from contextlib import closing
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Engine, select

from heygen_desktop.domain.repositories import Topic
from heygen_desktop.infrastructure.database.changes import Changes
from heygen_desktop.infrastructure.database.repositories.models import SqliteModels
from heygen_desktop.infrastructure.database.repositories.registers import (
    SqliteEnvironments,
    SqliteReadings,
    SqliteSecretRegister,
    SqliteWorkerRegister,
)
from heygen_desktop.infrastructure.database.repositories.runs import SqliteRuns
from heygen_desktop.infrastructure.database.tables import changes
from heygen_desktop.infrastructure.database.transaction import Transaction


class SqliteUnitOfWork:
    """One transaction; its repositories exist inside the ``with`` block."""

    def __init__(self, begin: Callable[[], Transaction]) -> None:
        self._begin = begin
        self._transaction: Transaction | None = None

    @property
    def models(self) -> SqliteModels:
        return SqliteModels(self._begun)

    @property
    def runs(self) -> SqliteRuns:
        return SqliteRuns(self._begun)

    @property
    def environments(self) -> SqliteEnvironments:
        return SqliteEnvironments(self._begun)

    @property
    def secrets(self) -> SqliteSecretRegister:
        return SqliteSecretRegister(self._begun)

    @property
    def workers(self) -> SqliteWorkerRegister:
        return SqliteWorkerRegister(self._begun)

    @property
    def readings(self) -> SqliteReadings:
        return SqliteReadings(self._begun)

    def __enter__(self) -> Self:
        if self._transaction is not None:
            raise RuntimeError("the unit of work is in use already")
        self._transaction = self._begin()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        transaction, self._transaction = self._begun, None
        transaction.close()

    def commit(self) -> None:
        self._begun.commit()

    @property
    def _begun(self) -> Transaction:
        if self._transaction is None:
            raise RuntimeError("a unit of work is used inside its with block")
        return self._transaction


class SqliteUnitsOfWork:
    """Where units come from. Writing ones queue for one connection; reading ones do not wait."""

    def __init__(
        self, writer: Engine, reader: Engine, path: Path, busy_timeout_s: float, changes: Changes
    ) -> None:
        self._writer = writer
        self._reader = reader
        self._place = (path, busy_timeout_s, changes)
        self._changes = changes

    def __call__(self, *, read_only: bool = False) -> SqliteUnitOfWork:
        engine = self._reader if read_only else self._writer
        begin = partial(Transaction, engine, *self._place, read_only=read_only)
        return SqliteUnitOfWork(begin)

    def changed_elsewhere(self) -> Set[Topic]:
        transaction = Transaction(self._reader, *self._place, read_only=True)
        with closing(transaction):
            rows = transaction.rows(select(changes))
        return self._changes.by_others({Topic(row.topic): row.times for row in rows})
