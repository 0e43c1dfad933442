"""Revisions of environments: appended, never changed, and checked against their checksum."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, Select, insert, select

from heygen_desktop.domain.entities.environment import Revision
from heygen_desktop.infrastructure.database.encoding import (
    actor_of,
    actor_text,
    decoded,
    encoded,
    optional_moment,
    optional_moment_text,
    reading,
)
from heygen_desktop.infrastructure.database.tables import environment_revisions as revisions
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
