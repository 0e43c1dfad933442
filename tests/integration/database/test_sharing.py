"""Threads and processes that use one file at the same time."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from heygen_desktop.domain.entities.environment import Revision
from heygen_desktop.domain.errors import DatabaseBusyError, DatabaseCorruptError
from heygen_desktop.domain.repositories import ModelFilter, RunFilter
from heygen_desktop.infrastructure.database.database import Database

from tests.contracts.stored import JANE, NOON, a_model, a_run
from tests.integration.database.processes import line_of, program

HOLD_THE_LOCK = """
database = Database(folder)
database.open()
with database.units() as unit:
    print("locked", flush=True)
    sys.stdin.readline()
database.close()
print("free", flush=True)
"""


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "home", busy_timeout_s=0.2)
    database.open()
    yield database
    database.close()


def test_a_writer_is_told_when_another_process_keeps_the_lock(database: Database) -> None:
    with program(HOLD_THE_LOCK, database.path.parent) as other:
        assert line_of(other) == "locked"
        asked = time.monotonic()

        with pytest.raises(DatabaseBusyError) as raised, database.units():
            pass

        assert 0.15 < time.monotonic() - asked < 5
        assert raised.value.details["waited_s"] == 0.2
        with database.units(read_only=True) as unit:
            assert unit.runs.active() == []


def test_after_the_other_process_let_go_writing_works_again(database: Database) -> None:
    with program(HOLD_THE_LOCK, database.path.parent) as other:
        assert line_of(other) == "locked"
        with pytest.raises(DatabaseBusyError), database.units():
            pass
        assert other.stdin is not None
        other.stdin.write("\n")
        other.stdin.flush()
        assert line_of(other) == "free"

        with database.units() as unit:
            unit.runs.add(a_run())
            unit.commit()

    with database.units(read_only=True) as unit:
        assert unit.runs.active() == [a_run()]


def test_what_another_process_committed_is_seen_by_the_next_unit(database: Database) -> None:
    body = """
database = Database(folder)
database.open()
with database.units() as unit:
    unit.models.add(a_model("theirs"))
    unit.commit()
print("done", flush=True)
"""
    with program(body, database.path.parent) as other:
        assert line_of(other) == "done"

    with database.units(read_only=True) as unit:
        assert [model.name for model in unit.models.find(ModelFilter())] == ["theirs"]


def test_eight_threads_that_write_and_read_lose_nothing(tmp_path: Path) -> None:
    database = Database(tmp_path, busy_timeout_s=30)
    database.open()

    def work(thread: int) -> None:
        for number in range(15):
            with database.units() as unit:
                current = unit.environments.current("testing")
                unit.environments.add(
                    current.with_value(f"t{thread}.n", number, at=NOON, actor=JANE)
                )
                unit.runs.add(a_run(f"{thread}-{number}"))
                unit.commit()
            with database.units(read_only=True) as unit:
                assert unit.runs.by_id(f"{thread}-{number}") is not None

    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(work, thread) for thread in range(8)]:
            done.result(timeout=100)

    with database.units(read_only=True) as unit:
        assert unit.environments.current("testing").number == 120
        assert unit.runs.find(RunFilter(limit=0)).total == 120
    database.close()


def test_many_readers_at_once_do_not_wait_for_each_other(database: Database) -> None:
    units = [database.units(read_only=True) for _ in range(20)]

    for unit in units:
        unit.__enter__()
    listed = [unit.runs.active() for unit in units]
    for unit in units:
        unit.__exit__(None, None, None)

    assert listed == [[]] * 20


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        ('UPDATE environment_revisions SET "values" = \'{"a.b":2}\'', "checksum"),
        ("UPDATE environment_revisions SET \"values\" = '{'", "revision 1 of environment testing"),
        ("UPDATE environment_revisions SET created_at = 'noon'", "revision 1"),
        ("UPDATE models SET type = 'poem'", "model id-of-tiny"),
        ("UPDATE models SET document = '{}'", "model id-of-tiny"),
        ("UPDATE model_versions SET version = 'one'", "version one of model id-of-tiny"),
        ("UPDATE model_versions SET artifact = '[]'", "version 1.0.0 of model id-of-tiny"),
        ("UPDATE runs SET state = 'lost'", "run 0123456789ab"),
        ("UPDATE runs SET seed = 'x'", "run 0123456789ab"),
    ],
)
def test_a_value_that_was_changed_from_outside_is_named(
    database: Database, damage: str, named: str
) -> None:
    with database.units() as unit:
        unit.environments.add(Revision("testing", 1, {"a.b": 1}, NOON))
        unit.models.add(a_model())
        unit.runs.add(a_run())
        unit.commit()
    with closing(sqlite3.connect(database.path, isolation_level=None)) as outside:
        outside.execute(damage)

    with pytest.raises(DatabaseCorruptError) as raised, database.units(read_only=True) as unit:
        unit.environments.current("testing")
        unit.models.find(ModelFilter())
        unit.runs.find(RunFilter())

    assert named in raised.value.cause
