"""Small tables, one row a thing: revisions of environments, secrets (names and dates), workers, readings.

The register of workers is shared by all processes of a home. A value of a secret never comes near here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, delete, select
from sqlalchemy.dialects.sqlite import Insert, insert

from heygen_desktop.application.ports.metrics import GpuSample, Sample, WorkerSample
from heygen_desktop.domain.entities.environment import Revision
from heygen_desktop.domain.entities.run import Owner
from heygen_desktop.domain.entities.secret import Secret
from heygen_desktop.domain.entities.worker import Worker
from heygen_desktop.infrastructure.database.encoding import (
    ACTOR,
    DOCUMENT,
    MOMENT,
    Columns,
    decoded,
    encoded,
    moment_text,
    owner_columns,
    owner_of,
    read_rows,
)
from heygen_desktop.infrastructure.database.tables import environment_revisions as revisions
from heygen_desktop.infrastructure.database.tables import readings, secrets, workers
from heygen_desktop.infrastructure.database.transaction import Transaction

_REVISION = Columns(Revision, revisions, {"values": DOCUMENT, "created_at": MOMENT, "actor": ACTOR})
_SECRET = Columns(Secret, secrets, {"created_at": MOMENT, "updated_at": MOMENT, "actor": ACTOR})
_WORKER = Columns(Worker, workers, {"loaded_at": MOMENT})


class SqliteEnvironments:
    """The revisions of one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def current(self, environment: str) -> Revision:
        query = select(revisions).where(revisions.c.environment == environment)
        newest = query.order_by(revisions.c.number.desc()).limit(1)
        named = "revision {number} of environment {environment}"
        found = read_rows(self._transaction, self._transaction.rows(newest), named, _revision)
        return found[0] if found else Revision(environment, 0)

    def add(self, revision: Revision) -> None:
        expected = self.current(revision.environment).number + 1
        if revision.number != expected:
            raise ValueError(f"revision {revision.number} was added where {expected} follows")
        values = _REVISION.values(revision) | {"checksum": revision.checksum}
        self._transaction.change(insert(revisions).values(values))


class SqliteSecretRegister:
    """The secrets of one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def save(self, secret: Secret) -> None:
        self._transaction.change(_added_or_replaced(secrets, _SECRET.values(secret)))

    def remove(self, name: str, environment: str) -> None:
        self._transaction.change(
            delete(secrets).where(secrets.c.name == name, secrets.c.environment == environment)
        )

    def by_name(self, name: str, environment: str) -> Secret | None:
        found = self._read(secrets.c.name == name, secrets.c.environment == environment)
        return next(iter(found), None)

    def all(self, environment: str) -> Sequence[Secret]:
        return self._read(secrets.c.environment == environment)

    def _read(self, *conditions: ColumnElement[bool]) -> list[Secret]:
        query = select(secrets).where(*conditions).order_by(secrets.c.name)
        named = "secret {name} of environment {environment}"
        return read_rows(self._transaction, self._transaction.rows(query), named, _SECRET.entity)


class SqliteWorkerRegister:
    """The workers of one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def save(self, worker: Worker) -> None:
        processes = owner_columns(worker.process) | owner_columns(worker.owner, "owner_")
        values = _WORKER.values(worker) | processes
        self._transaction.change(_added_or_replaced(workers, values))

    def remove(self, process: Owner) -> None:
        self._transaction.change(
            delete(workers).where(
                workers.c.pid == process.pid, workers.c.started_at == process.started_at
            )
        )

    def all(self) -> Sequence[Worker]:
        query = select(workers).order_by(workers.c.loaded_at, workers.c.pid)
        return read_rows(self._transaction, self._transaction.rows(query), "worker {pid}", _worker)


def _worker(row: Row[Any]) -> Worker:
    return _WORKER.entity(row, process=owner_of(row), owner=owner_of(row, "owner_"))


def _revision(row: Row[Any]) -> Revision:
    revision = _REVISION.entity(row)
    if revision.checksum != row.checksum:
        raise ValueError("it does not match its checksum")
    return revision


class SqliteReadings:
    """The readings of one transaction, each one document of figures."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, samples: Sequence[Sample]) -> None:
        for sample in samples:
            figures = asdict(sample)
            values = {"at": moment_text(figures.pop("at")), "figures": encoded(_rounded(figures))}
            self._transaction.change(_added_or_replaced(readings, values))

    def since(self, start: datetime) -> Sequence[Sample]:
        query = select(readings).where(readings.c.at >= moment_text(start)).order_by(readings.c.at)
        rows = self._transaction.rows(query)
        return read_rows(self._transaction, rows, "the reading of {at}", _sample)

    def forget_before(self, moment: datetime) -> None:
        self._transaction.change(delete(readings).where(readings.c.at < moment_text(moment)))


def _sample(row: Row[Any]) -> Sample:
    figures = decoded(row.figures) | {"at": datetime.fromisoformat(row.at)}
    figures["cpu_per_core_percent"] = tuple(figures["cpu_per_core_percent"])
    figures["gpus"] = tuple(GpuSample(**gpu) for gpu in figures["gpus"])
    figures["workers"] = tuple(WorkerSample(**worker) for worker in figures["workers"])
    return Sample(**figures)


def _rounded(value: Any) -> Any:  # Any: whatever a reading holds, in the shape that it had
    if isinstance(value, float):
        return round(value, 1)
    if isinstance(value, dict):
        return {name: _rounded(each) for name, each in value.items()}
    return [_rounded(each) for each in value] if isinstance(value, list | tuple) else value


def _added_or_replaced(table: Table, values: Mapping[str, object]) -> Insert:
    """Return the statement that stores a row, whether or not there is one of its key."""
    key = table.primary_key.columns
    return insert(table).values(values).on_conflict_do_update(index_elements=key, set_=values)
