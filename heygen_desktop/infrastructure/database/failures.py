"""Where the driver's errors become the program's: once, at this edge, by number and not by text."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from heygen_desktop.domain.errors import (
    DatabaseBusyError,
    DatabaseCorruptError,
    DiskFullError,
    HomeUnwritableError,
    StorageError,
)

FULL_BELOW_BYTES = 256 * 1024
"""SQLite words some full disks as "disk I/O error": below this much free space it was that."""

_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_REFUSED = (
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_AUTH,
)
_MAY_MEAN_FULL = (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN)
_NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
_SCHEMA_WORDS = ("no such table", "no such column", "malformed")


@contextmanager
def storage_errors(path: Path, waited_s: float) -> Iterator[None]:
    """Translate what goes wrong inside the block.

    Args:
        path: The database file, named in the error.
        waited_s: How long the driver waits for a lock before it gives up.

    Raises:
        DatabaseBusyError: Another process, or another unit of this one, kept the lock too long.
        DiskFullError: No space is left.
        DatabaseCorruptError: The file is damaged, or is no database.
        HomeUnwritableError: The file or its folder may not be written.
        StorageError: The disk failed in another way.
        ValueError: The caller broke a rule of the store, such as adding the same id twice.
        RuntimeError: The driver was used wrongly.
    """
    try:
        yield
    except PoolTimeoutError as error:
        raise DatabaseBusyError(str(path), waited_s) from error
    except DBAPIError as error:
        cause = error.orig if isinstance(error.orig, sqlite3.Error) else sqlite3.Error(str(error))
        raise translated(cause, path, waited_s) from error
    except sqlite3.Error as error:
        raise translated(error, path, waited_s) from error
    except OSError as error:
        raise _of_the_system(error, path) from error


def translated(error: sqlite3.Error, path: Path, waited_s: float) -> Exception:
    """Return the error of this program that a driver's error stands for."""
    if isinstance(error, sqlite3.IntegrityError):
        return ValueError(f"the store refuses it: {error}")
    primary = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if primary in _BUSY:
        return DatabaseBusyError(str(path), waited_s)
    if primary == sqlite3.SQLITE_FULL or (primary in _MAY_MEAN_FULL and _is_full(path)):
        return DiskFullError(str(path))
    if primary in _DAMAGED or _names_a_broken_schema(error):
        return DatabaseCorruptError(str(path), str(error))
    if primary in _REFUSED:
        return HomeUnwritableError(str(path.parent), f"{path.name}: {error}.")
    if primary == sqlite3.SQLITE_IOERR:
        return _disk_failed(path, f"{error} ({getattr(error, 'sqlite_errorname', 'unknown')})")
    return RuntimeError(f"the database driver was used wrongly: {error}")


def _names_a_broken_schema(error: sqlite3.Error) -> bool:
    return isinstance(error, sqlite3.OperationalError) and str(error).startswith(_SCHEMA_WORDS)


def _is_full(path: Path) -> bool:
    """Whether the disk has no room; a disk that cannot even be asked is another trouble."""
    try:
        return shutil.disk_usage(path.parent).free < FULL_BELOW_BYTES
    except OSError:
        return False


def _of_the_system(error: OSError, path: Path) -> StorageError:
    if error.errno in _NO_SPACE:
        return DiskFullError(str(path))
    if error.errno == errno.EIO:
        return _disk_failed(path, str(error))
    return HomeUnwritableError(str(path.parent), f"{error.strerror or error}.")


def _disk_failed(path: Path, reason: str) -> StorageError:
    return StorageError(
        "The database could not be read or written.",
        cause=f"{path}: {reason}.",
        remedy="Check the disk and its quota, then repeat the last action.",
        details={"path": str(path), "reason": reason},
    )
