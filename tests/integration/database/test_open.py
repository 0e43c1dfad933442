"""Opening: a fresh home, an old one, a newer one, a damaged one, and none that can be used."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from heygen_desktop.domain.errors import (
    DatabaseCorruptError,
    DatabaseTooNewError,
    HomeUnwritableError,
)
from heygen_desktop.domain.repositories import ModelFilter
from heygen_desktop.infrastructure.database.database import FILE_NAME, Database

from tests.contracts.stored import a_model, a_run
from tests.integration.database.processes import PRELUDE, ROOT, line_of, program


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home that was used and closed."""
    folder = tmp_path / "home"
    database = Database(folder)
    database.open()
    with database.units() as unit:
        unit.models.add(a_model())
        for number in range(200):
            unit.runs.add(a_run(f"run-{number:03}"))
        unit.commit()
    database.close()
    return folder


def test_a_fresh_home_is_private_and_empty(tmp_path: Path) -> None:
    database = Database(tmp_path / "new" / "home")

    database.open()

    with database.units(read_only=True) as unit:
        assert unit.models.find(ModelFilter()) == []
    assert database.path.stat().st_mode & 0o777 == 0o600
    assert database.path.parent.stat().st_mode & 0o777 == 0o700
    for companion in database.path.parent.iterdir():
        assert companion.stat().st_mode & 0o077 == 0
    database.close()


def test_what_was_stored_is_there_after_opening_again(home: Path) -> None:
    database = Database(home)

    database.open()

    with database.units(read_only=True) as unit:
        assert unit.models.by_name("tiny") == a_model()
        assert len(unit.runs.active()) == 200
    database.check()
    database.close()


def test_the_file_alone_holds_everything_once_closed(home: Path) -> None:
    assert sorted(entry.name for entry in home.iterdir()) == ["database.lock", FILE_NAME]


def test_the_folder_may_have_any_name(tmp_path: Path) -> None:
    folder = tmp_path / "50% of ?my #files; Ärger"
    for _ in range(2):
        database = Database(folder)
        database.open()
        database.close()

    assert (folder / FILE_NAME).exists()


def test_each_connection_is_set_up_for_power_cuts_and_hostile_files(home: Path) -> None:
    database = Database(home)
    database.open()
    expected = {
        "synchronous": 2,
        "mmap_size": 0,
        "secure_delete": 1,
        "trusted_schema": 0,
        "busy_timeout": 5000,
    }

    for engine, further in (
        (database._writer, {"foreign_keys": 1, "query_only": 0}),
        (database._reader, {"query_only": 1}),
    ):
        with engine.connect() as connection:
            for name, value in (expected | further).items():
                assert connection.exec_driver_sql(f"PRAGMA {name}").scalar() == value, name
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    database.close()


def test_opening_an_existing_home_imports_no_alembic(home: Path) -> None:
    body = "Database(folder).open(); print('alembic' in sys.modules)"

    with program(body, home) as process:
        assert line_of(process) == "False"


def test_it_says_which_sqlite_it_uses(tmp_path: Path) -> None:
    assert Database(tmp_path).sqlite_version == sqlite3.sqlite_version


def test_units_come_from_an_open_database_only(home: Path) -> None:
    database = Database(home)

    with pytest.raises(RuntimeError, match="not open"):
        _ = database.units
    database.open()
    database.close()
    with pytest.raises(RuntimeError, match="not open"):
        _ = database.units
    database.close()


@pytest.mark.slow
def test_processes_that_open_a_fresh_home_at_once_all_succeed(tmp_path: Path) -> None:
    body = """
database = Database(folder)
print("ready", flush=True)
sys.stdin.readline()
database.open()
with database.units() as unit:
    unit.runs.add(a_run(sys.argv[0] + str(__import__("os").getpid())))
    unit.commit()
database.close()
print("done", flush=True)
"""
    home = tmp_path / "home"
    with ExitStack() as stack:
        started = [stack.enter_context(program(body, home)) for _ in range(4)]
        assert [line_of(process) for process in started] == ["ready"] * 4
        for process in started:
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
        assert [line_of(process) for process in started] == ["done"] * 4

    database = Database(home)
    database.open()
    with database.units(read_only=True) as unit:
        assert len(unit.runs.active()) == 4
    database.close()
    assert not (home / "backups").exists()


def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    path.write_bytes(b"Dear diary, today I was overwritten by nobody." * 100)
    before = path.read_bytes()

    with pytest.raises(DatabaseCorruptError) as raised:
        Database(tmp_path).open()

    assert str(path) in raised.value.cause
    assert path.read_bytes() == before


def test_the_database_of_another_program_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    before = path.read_bytes()

    with pytest.raises(DatabaseCorruptError, match="damaged") as raised:
        Database(tmp_path).open()

    assert "another program" in raised.value.cause
    assert path.read_bytes() == before


@pytest.mark.parametrize("offset", [0, 4096 + 8])
def test_a_damaged_file_is_named_and_left_as_it_is(home: Path, offset: int) -> None:
    path = home / FILE_NAME
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(b"\xff" * 100)
    before = path.read_bytes()
    database = Database(home)

    with pytest.raises(DatabaseCorruptError):
        database.open()
        database.check()

    database.close()
    assert path.read_bytes() == before


def test_a_file_cut_short_is_damage(home: Path) -> None:
    path = home / FILE_NAME
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)
    database = Database(home)

    with pytest.raises(DatabaseCorruptError):
        database.open()
        database.check()

    database.close()


def test_damage_found_by_a_query_is_named(home: Path) -> None:
    path = home / FILE_NAME
    with closing(sqlite3.connect(path)) as connection:
        root = "SELECT rootpage FROM sqlite_schema WHERE name = 'runs'"
        ((page,),) = connection.execute(root).fetchall()
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)
    database = Database(home)
    database.open()

    with pytest.raises(DatabaseCorruptError), database.units(read_only=True) as unit:
        unit.runs.active()
    with pytest.raises(DatabaseCorruptError) as raised:
        database.check()

    database.close()
    assert "age" in raised.value.cause  # SQLite names the page


def test_a_newer_schema_is_refused_and_left_as_it_is(home: Path) -> None:
    with closing(sqlite3.connect(home / FILE_NAME)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()

    with pytest.raises(DatabaseTooNewError) as raised:
        Database(home).open()

    assert raised.value.details["revision"] == "9999"
    assert not (home / "backups").exists()


def test_a_file_that_names_no_revision_is_damage(home: Path) -> None:
    with closing(sqlite3.connect(home / FILE_NAME)) as connection:
        connection.execute("DELETE FROM alembic_version")
        connection.commit()

    with pytest.raises(DatabaseCorruptError) as raised:
        Database(home).open()

    assert "0 revisions" in raised.value.cause


def test_a_table_that_vanished_is_damage(home: Path) -> None:
    with closing(sqlite3.connect(home / FILE_NAME)) as connection:
        connection.execute("DROP TABLE runs")
        connection.commit()
    database = Database(home)
    database.open()

    with pytest.raises(DatabaseCorruptError), database.units(read_only=True) as unit:
        unit.runs.active()

    database.close()


def test_a_home_that_is_a_file_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(HomeUnwritableError):
        Database(tmp_path / "file").open()


def test_a_database_that_is_a_folder_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir(mode=0o700)

    with pytest.raises(HomeUnwritableError):
        Database(tmp_path).open()


def test_a_database_that_vanishes_while_it_is_open_is_not_made_anew(home: Path) -> None:
    database = Database(home)
    database.open()
    database._reader.dispose()
    (home / FILE_NAME).unlink()

    with pytest.raises(HomeUnwritableError), database.units(read_only=True):
        pass

    database.close()
    assert not (home / FILE_NAME).exists()


def test_a_read_only_disk_cannot_be_written(home: Path) -> None:
    body = """
from heygen_desktop.domain.errors import HomeUnwritableError
try:
    database = Database(folder)
    database.open()
    with database.units() as unit:
        unit.runs.add(a_run())
        unit.commit()
except HomeUnwritableError as error:
    print(error.code)
"""
    mounted = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && exec "$0" -c "$2" "$1"'
    finished = subprocess.run(
        ["unshare", "-Urm", "sh", "-c", mounted, sys.executable, str(home), PRELUDE + body],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    if "unshare" in finished.stderr or "mount:" in finished.stderr:
        pytest.skip(f"this machine lets nobody mount: {finished.stderr.strip()}")

    assert finished.stdout.strip() == "home_unwritable", finished.stderr
