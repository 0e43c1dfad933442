"""Small tables, one row a thing: revisions of environments, secrets (names and dates), workers.

The register of workers is shared by all processes of a home. A value of a secret never comes near here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, delete, select
from sqlalchemy.dialects.sqlite import insert

from heygen_desktop.domain.entities.ai_model import ModelId
from heygen_desktop.domain.entities.environment import Revision
from heygen_desktop.domain.entities.run import Owner
from heygen_desktop.domain.entities.secret import Secret
from heygen_desktop.domain.entities.worker import Worker
from heygen_desktop.infrastructure.database.encoding import (
    actor_of,
    actor_text,
    decoded,
    encoded,
    moment_text,
    optional_moment,
    optional_moment_text,
    reading,
)
from heygen_desktop.infrastructure.database.tables import environment_revisions as revisions
from heygen_desktop.infrastructure.database.tables import secrets, workers
from heygen_desktop.infrastructure.database.transaction import Transaction


class SqliteEnvironments:
    """The revisions of one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def current(self, environment: str) -> Revision:
        rows = self._transaction.rows(_newest(environment))
        return self._revision(rows[0]) if rows else Revision(environment, 0)

    def add(self, revision: Revision) -> None:
        expected = self.current(revision.environment).number + 1
        if revision.number != expected:
            raise ValueError(f"revision {revision.number} was added where {expected} follows")
        self._transaction.change(
            insert(revisions).values(
                environment=revision.environment,
                number=revision.number,
                values=encoded(revision.values),
                checksum=revision.checksum,
                created_at=optional_moment_text(revision.created_at),
                actor=actor_text(revision.actor),
            )
        )

    def _revision(self, row: Row[Any]) -> Revision:
        which = f"revision {row.number} of environment {row.environment}"
        with reading(self._transaction, which):
            revision = Revision(
                row.environment,
                row.number,
                decoded(row.document),
                optional_moment(row.created_at),
                actor_of(row.actor),
            )
        if revision.checksum != row.checksum:
            raise self._transaction.damaged(f"{which} does not match its checksum")
        return revision


def _newest(environment: str) -> Select[Any]:
    chosen = select(
        revisions.c.environment,
        revisions.c.number,
        revisions.c["values"].label("document"),  # a row has a method "values" already
        revisions.c.checksum,
        revisions.c.created_at,
        revisions.c.actor,
    )
    wanted = chosen.where(revisions.c.environment == environment)
    return wanted.order_by(revisions.c.number.desc()).limit(1)


class SqliteSecretRegister:
    """The secrets of one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def save(self, secret: Secret) -> None:
        known = {
            "store": secret.store,
            "created_at": moment_text(secret.created_at),
            "updated_at": moment_text(secret.updated_at),
            "actor": actor_text(secret.actor),
        }
        added = insert(secrets).values(name=secret.name, environment=secret.environment, **known)
        self._transaction.change(
            added.on_conflict_do_update(index_elements=["name", "environment"], set_=known)
        )

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
        return [self._secret(row) for row in self._transaction.rows(query)]

    def _secret(self, row: Row[Any]) -> Secret:
        with reading(self._transaction, f"secret {row.name} of environment {row.environment}"):
            return Secret(
                name=row.name,
                environment=row.environment,
                store=row.store,
                created_at=datetime.fromisoformat(row.created_at),
                updated_at=datetime.fromisoformat(row.updated_at),
                actor=actor_of(row.actor),
            )


class SqliteWorkerRegister:
    """The workers of one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def save(self, worker: Worker) -> None:
        known = _values(worker)
        process = {"pid": worker.process.pid, "started_at": worker.process.started_at}
        added = insert(workers).values(**process, **known)
        self._transaction.change(
            added.on_conflict_do_update(index_elements=list(process), set_=known)
        )

    def remove(self, process: Owner) -> None:
        self._transaction.change(
            delete(workers).where(
                workers.c.pid == process.pid, workers.c.started_at == process.started_at
            )
        )

    def all(self) -> Sequence[Worker]:
        query = select(workers).order_by(workers.c.loaded_at, workers.c.pid)
        return [self._worker(row) for row in self._transaction.rows(query)]

    def _worker(self, row: Row[Any]) -> Worker:
        with reading(self._transaction, f"worker {row.pid}"):
            return _worker(row)


def _values(worker: Worker) -> dict[str, object]:
    return {
        "host": worker.process.host,
        "owner_pid": worker.owner.pid,
        "owner_started_at": worker.owner.started_at,
        "owner_host": worker.owner.host,
        "model_id": worker.model_id,
        "model": worker.model,
        "version": worker.version,
        "device": worker.device,
        "dtype": worker.dtype,
        "load_s": worker.load_s,
        "loaded_at": moment_text(worker.loaded_at),
        "memory_bytes": worker.memory_bytes,
        "peak_memory_bytes": worker.peak_memory_bytes,
        "gpu_memory_bytes": worker.gpu_memory_bytes,
        "busy": worker.busy,
    }


def _worker(row: Row[Any]) -> Worker:
    return Worker(
        process=Owner(row.pid, row.started_at, row.host),
        owner=Owner(row.owner_pid, row.owner_started_at, row.owner_host),
        model_id=ModelId(row.model_id),
        model=row.model,
        version=row.version,
        device=row.device,
        dtype=row.dtype,
        load_s=row.load_s,
        loaded_at=datetime.fromisoformat(row.loaded_at),
        memory_bytes=row.memory_bytes,
        peak_memory_bytes=row.peak_memory_bytes,
        gpu_memory_bytes=row.gpu_memory_bytes,
        busy=row.busy,
    )
