"""The register of secrets: names and dates; a value never comes near this file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, select
from sqlalchemy.dialects.sqlite import insert

from heygen_desktop.domain.entities.secret import Secret
from heygen_desktop.infrastructure.database.encoding import (
    actor_of,
    actor_text,
    moment_text,
    reading,
)
from heygen_desktop.infrastructure.database.tables import secrets
from heygen_desktop.infrastructure.database.transaction import Transaction


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
