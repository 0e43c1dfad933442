"""Bringing a schema to the newest revision. Imports Alembic, so only a migration imports it."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine

from heygen_desktop.domain.errors import DatabaseCorruptError
from heygen_desktop.infrastructure.database.migrations import Migrations


def upgrade(engine: Engine, path: Path, migrations: Migrations) -> None:
    """Run every change that is missing, in one transaction: all of them hold, or none.

    Args:
        engine: Takes the write lock when it begins, and does not enforce foreign keys, so that a
            change may rebuild a table.
        path: The database file, named in the error.
        migrations: What to run.

    Raises:
        DatabaseCorruptError: Afterwards a row would point at one that does not exist.
    """
    with engine.begin() as connection:
        command.upgrade(configuration(connection, migrations), migrations.head)
        _refuse_broken_keys(connection, path)


def configuration(connection: Connection, migrations: Migrations) -> Config:
    """Return what Alembic needs instead of an ini file."""
    config = Config()
    config.set_main_option("script_location", str(migrations.folder).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _refuse_broken_keys(connection: Connection, path: Path) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        tables = ", ".join(sorted({str(row[0]) for row in broken}))
        raise DatabaseCorruptError(str(path), f"{len(broken)} rows of {tables} point at nothing")
