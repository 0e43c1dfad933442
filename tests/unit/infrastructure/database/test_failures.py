"""Each error of the driver becomes the one error a person can act on."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections import namedtuple
from pathlib import Path

import pytest
from heygen_desktop.domain.errors import (
    DatabaseBusyError,
    DatabaseCorruptError,
    DiskFullError,
    HomeUnwritableError,
    StorageError,
)
from heygen_desktop.infrastructure.database.failures import storage_errors
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

Usage = namedtuple("Usage", "total used free")


def driver_error(code: int, text: str = "as the library words it") -> sqlite3.OperationalError:
    error = sqlite3.OperationalError(text)
    error.sqlite_errorcode = code
    error.sqlite_errorname = f"SQLITE_{code}"
    return error


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (sqlite3.SQLITE_BUSY, DatabaseBusyError),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, DatabaseBusyError),
        (sqlite3.SQLITE_LOCKED, DatabaseBusyError),
        (sqlite3.SQLITE_FULL, DiskFullError),
        (sqlite3.SQLITE_CORRUPT, DatabaseCorruptError),
        (sqlite3.SQLITE_NOTADB, DatabaseCorruptError),
        (sqlite3.SQLITE_READONLY_DBMOVED, HomeUnwritableError),
        (sqlite3.SQLITE_CANTOPEN, HomeUnwritableError),
        (sqlite3.SQLITE_PERM, HomeUnwritableError),
        (sqlite3.SQLITE_IOERR_FSYNC, StorageError),
        (sqlite3.SQLITE_MISUSE, RuntimeError),
    ],
)
def test_the_number_decides_and_not_the_text(
    tmp_path: Path, code: int, expected: type[Exception]
) -> None:
    with pytest.raises(expected) as raised, storage_errors(tmp_path / "db", 2.0):
        raise driver_error(code)

    assert type(raised.value) is expected


@pytest.mark.parametrize("code", [sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_CANTOPEN])
def test_a_disk_error_on_a_full_disk_is_a_full_disk(
    tmp_path: Path, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(100, 100, 0))

    with pytest.raises(DiskFullError), storage_errors(tmp_path / "db", 2.0):
        raise driver_error(code)


def test_a_disk_that_cannot_be_asked_is_not_called_full(tmp_path: Path) -> None:
    with (
        pytest.raises(StorageError) as raised,
        storage_errors(tmp_path / "gone" / "db", 2.0),
    ):
        raise driver_error(sqlite3.SQLITE_IOERR_READ, "disk I/O error")

    assert "disk I/O error" in raised.value.cause
    assert raised.value.remedy


@pytest.mark.parametrize("text", ["no such table: runs", "malformed database schema (x)"])
def test_a_schema_that_lacks_what_its_revision_has_is_damage(tmp_path: Path, text: str) -> None:
    with pytest.raises(DatabaseCorruptError), storage_errors(tmp_path / "db", 2.0):
        raise driver_error(sqlite3.SQLITE_ERROR, text)


def test_an_error_wrapped_by_sqlalchemy_means_the_same(tmp_path: Path) -> None:
    wrapped = OperationalError("SELECT 1", {}, driver_error(sqlite3.SQLITE_BUSY))

    with pytest.raises(DatabaseBusyError) as raised, storage_errors(tmp_path / "db", 2.0):
        raise wrapped

    assert raised.value.details["waited_s"] == 2.0
    assert raised.value.__cause__ is wrapped


def test_a_wrapped_error_of_another_kind_is_a_programming_mistake(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="strange"), storage_errors(tmp_path / "db", 2.0):
        raise OperationalError("SELECT 1", {}, Exception("strange"))


def test_a_queue_of_writers_that_lasts_too_long_is_a_busy_database(tmp_path: Path) -> None:
    with pytest.raises(DatabaseBusyError), storage_errors(tmp_path / "db", 2.0):
        raise PoolTimeoutError("all connections are taken")


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (errno.ENOSPC, DiskFullError),
        (errno.EDQUOT, DiskFullError),
        (errno.EACCES, HomeUnwritableError),
        (errno.EROFS, HomeUnwritableError),
        (errno.EIO, StorageError),
    ],
)
def test_an_error_of_the_system_is_told_apart_too(
    tmp_path: Path, number: int, expected: type[Exception]
) -> None:
    with pytest.raises(expected) as raised, storage_errors(tmp_path / "db", 2.0):
        raise OSError(number, "as the system words it")

    assert type(raised.value) is expected


def test_a_broken_rule_of_the_store_is_the_callers_mistake(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="UNIQUE"), storage_errors(tmp_path / "db", 2.0):
        raise sqlite3.IntegrityError("UNIQUE constraint failed")
