"""How connections to the file are made: with which pragmas, which locks and which pools."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, Engine, Pool, QueuePool, create_engine, event

IDLE_READERS = 4

_PRAGMAS = (
    # A commit that returned survives a power cut; with NORMAL the last ones would be lost.
    "PRAGMA synchronous = FULL",
    "PRAGMA fullfsync = ON",
    "PRAGMA checkpoint_fullfsync = ON",
    # An I/O error under a memory map is a SIGBUS instead of an error code.
    "PRAGMA mmap_size = 0",
    "PRAGMA secure_delete = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
)


def writing_engine(
    path: Path, busy_timeout_s: float, *, pool: type[Pool] = QueuePool, enforce_keys: bool = True
) -> Engine:
    """Return an engine whose transactions take the write lock when they begin.

    With the default pool there is one connection, so threads of this process queue for it.

    Args:
        path: The database file; it exists.
        busy_timeout_s: How long to wait for another thread, and then for another process.
        enforce_keys: Off only while a migration rebuilds tables.
    """
    keys = f"PRAGMA foreign_keys = {'ON' if enforce_keys else 'OFF'}"
    options = (
        {"pool_size": 1, "max_overflow": 0, "pool_timeout": busy_timeout_s}
        if pool is QueuePool
        else {}
    )
    engine = create_engine(
        "sqlite://",
        creator=_connector(path, busy_timeout_s, ("PRAGMA journal_mode = WAL", keys)),
        poolclass=pool,
        **options,
    )
    _begin_with(engine, "BEGIN IMMEDIATE")
    return engine


def reading_engine(path: Path, busy_timeout_s: float) -> Engine:
    """Return an engine whose transactions see one state of the file and can change nothing."""
    engine = create_engine(
        "sqlite://",
        creator=_connector(path, busy_timeout_s, ("PRAGMA query_only = ON",)),
        poolclass=QueuePool,
        pool_size=IDLE_READERS,
        max_overflow=-1,
    )
    _begin_with(engine, "BEGIN")
    return engine


def _connector(
    path: Path, busy_timeout_s: float, pragmas: tuple[str, ...]
) -> Callable[[], sqlite3.Connection]:
    # mode=rw: a file that vanished while the program runs is an error, not a new empty database.
    address = f"{path.absolute().as_uri()}?mode=rw"

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            address,
            uri=True,
            timeout=busy_timeout_s,
            isolation_level=None,  # the driver begins nothing by itself; _begin_with does
            check_same_thread=False,  # the pool hands a connection from thread to thread
        )
        try:
            for pragma in (*_PRAGMAS, *pragmas):
                connection.execute(pragma).close()
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    return connect


def _begin_with(engine: Engine, statement: str) -> None:
    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(statement)
