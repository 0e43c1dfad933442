"""Changing the schema: all of it or nothing, with a copy beforehand."""

from __future__ import annotations

import json
import sqlite3
import textwrap
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from heygen_desktop.domain.entities.environment import Revision
from heygen_desktop.domain.entities.run import Json, Owner, RunFigures
from heygen_desktop.domain.errors import (
    DatabaseBusyError,
    DatabaseCorruptError,
    DatabaseTooNewError,
)
from heygen_desktop.domain.repositories import RunFilter
from heygen_desktop.domain.values.actor import Actor
from heygen_desktop.domain.values.estimate import MeasuredPeaks
from heygen_desktop.infrastructure.database import schema
from heygen_desktop.infrastructure.database.backups import KEPT
from heygen_desktop.infrastructure.database.database import FILE_NAME, Database
from heygen_desktop.infrastructure.database.migrations import MIGRATIONS, Migrations
from heygen_desktop.infrastructure.database.migrations.upgrade import configuration
from heygen_desktop.infrastructure.database.tables import metadata

from tests.contracts.stored import a_model, a_run


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home at the newest revision, with a model and a run."""
    folder = tmp_path / "home"
    database = Database(folder)
    database.open()
    with database.units() as unit:
        unit.models.add(a_model())
        unit.runs.add(a_run())
        unit.commit()
    database.close()
    return folder


def later(folder: Path, *bodies: str) -> Migrations:
    """Return the migrations of a later program, whose further changes have these bodies."""
    versions = folder / "versions"
    versions.mkdir(parents=True)
    names = [*MIGRATIONS.revisions]
    for file in (MIGRATIONS.folder / "env.py", *(MIGRATIONS.folder / "versions").glob("r*.py")):
        (folder / file.relative_to(MIGRATIONS.folder)).write_text(file.read_text())
    for body in bodies:
        name = f"{len(names) + 1:04}"
        (versions / f"r{name}.py").write_text(
            f"import sqlalchemy as sa\nfrom alembic import op\n"
            f'revision = "{name}"\ndown_revision = "{names[-1]}"\n'
            f"def upgrade():\n{textwrap.indent(textwrap.dedent(body), '    ')}\n"
        )
        names.append(name)
    return Migrations(folder, tuple(names))


KNOWN = len(MIGRATIONS.revisions)
ADD_A_COLUMN = "op.add_column('runs', sa.Column('stars', sa.Integer()))"
REBUILD = """
with op.batch_alter_table('models') as models:
    models.add_column(sa.Column('colour', sa.Text(), nullable=False, server_default='blue'))
    models.drop_column('task')
"""
FAIL_MIDWAY = """
op.execute("CREATE TABLE models_new AS SELECT * FROM models")
op.drop_table('model_versions')
op.drop_table('models')
raise RuntimeError("crash before the rename")
"""


def stored(home: Path, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(home / FILE_NAME)) as connection:
        return connection.execute(statement).fetchall()


def test_the_migrated_schema_is_the_one_in_tables(home: Path) -> None:
    database = Database(home)
    database.open()

    with database._reader.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, metadata)

    database.close()
    assert differences == []


def test_the_known_revisions_are_those_of_the_files_in_order(home: Path) -> None:
    database = Database(home)
    database.open()
    with database._reader.connect() as connection:
        scripts = ScriptDirectory.from_config(configuration(connection, MIGRATIONS))
        in_files = [script.revision for script in scripts.walk_revisions()]
    database.close()

    assert tuple(reversed(in_files)) == MIGRATIONS.revisions
    assert scripts.get_heads() == [MIGRATIONS.head]


def test_a_change_keeps_what_was_stored_and_a_copy_of_it(home: Path, tmp_path: Path) -> None:
    migrations = later(tmp_path / "later", ADD_A_COLUMN, REBUILD)
    database = Database(home, migrations=migrations)

    database.open()

    database.close()
    assert stored(home, "SELECT id, stars FROM runs") == [("0123456789ab", None)]
    assert stored(home, "SELECT name, colour FROM models") == [("tiny", "blue")]
    assert stored(home, "SELECT count(*) FROM model_versions") == [(1,)]
    assert stored(home, "SELECT version_num FROM alembic_version") == [(migrations.head,)]
    (copy,) = (home / "backups").iterdir()
    assert copy.name.endswith(f"-{MIGRATIONS.head}.sqlite3")


RUN_OF_0_1_0 = """
INSERT INTO runs (
    id, model_id, model, version, task, device, environment, seed, state, cancel_requested,
    owner_pid, owner_started_at, queued_at, time_to_first_token_s, tokens_per_second, tokens,
    prompt_tokens, peak_memory_bytes, load_s, finish_reason, params, inputs, output
) VALUES (
    :id, 'm', 'tiny', '1.0.0', 'text-generation', :device, 'development', '7', 'succeeded', 0,
    1, 1.5, '2026-01-01T00:00:00.000000+00:00', 0.1, 0.30000000000000004, 100, 12, :peak, NULL,
    'stop', '{}', '{}', '{}'
)
"""


def test_the_figures_of_a_home_of_0_1_0_are_kept(tmp_path: Path) -> None:
    first = Database(tmp_path, migrations=Migrations(MIGRATIONS.folder, ("0001",)))
    first.open()
    first.close()
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection, connection:
        connection.execute(RUN_OF_0_1_0, {"id": "a", "device": "cpu", "peak": 2**40})
        connection.execute(RUN_OF_0_1_0, {"id": "b", "device": "cuda:0", "peak": 2**40})
        connection.execute(RUN_OF_0_1_0, {"id": "c", "device": "cpu", "peak": None})
    database = Database(tmp_path)

    database.open()

    with database.units(read_only=True) as unit:
        told = {run.id: run.figures for run in unit.runs.find(RunFilter()).runs}
        peaks = [unit.runs.peaks("m", "1.0.0", on, "float32") for on in ("cpu", "cuda:0")]
    database.close()
    assert peaks == [MeasuredPeaks(2**40, None, 112), MeasuredPeaks(tokens=112)]
    figures = RunFigures(0.1, 0.1 + 0.2, 100, 12)
    assert told == {
        "a": replace(figures, peak_memory_bytes=2**40, peak_host_bytes=2**40),
        "b": replace(figures, peak_memory_bytes=2**40),
        "c": figures,
    }


def test_what_0_1_0_did_was_done_by_nobody_known_on_this_machine(tmp_path: Path) -> None:
    first = Database(tmp_path, migrations=Migrations(MIGRATIONS.folder, ("0001",)))
    first.open()
    first.close()
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection, connection:
        connection.execute(RUN_OF_0_1_0, {"id": "a", "device": "cpu", "peak": None})
        connection.execute(
            "INSERT INTO secrets VALUES ('token', 'testing', 'vault',"
            " '2026-01-01T00:00:00.000000+00:00', '2026-01-01T00:00:00.000000+00:00')"
        )
    database = Database(tmp_path)

    database.open()

    with database.units(read_only=True) as unit:
        (run,) = unit.runs.find(RunFilter()).runs
        (secret,) = unit.secrets.all("testing")
    database.close()
    assert run.actor == secret.actor == Actor()
    assert run.owner == Owner(1, 1.5, host="")


def test_the_theme_that_was_chosen_last_becomes_the_persons(tmp_path: Path) -> None:
    first = Database(tmp_path, migrations=Migrations(MIGRATIONS.folder, ("0001",)))
    first.open()
    first.close()
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection, connection:
        for environment, number, theme, day in (
            ("development", 1, "system", 3),
            ("development", 2, "light", 4),
            ("testing", 1, "dark", 5),
            ("testing", 2, "", 9),
            ("production", 1, "dark", 6),
        ):
            values: dict[str, Json] = {"appearance.theme": theme} if theme else {}
            revision = Revision(environment, number, values)
            connection.execute(
                "INSERT INTO environment_revisions VALUES (?, ?, ?, ?, ?)",
                (
                    *(environment, number, json.dumps(values), revision.checksum),
                    f"2026-01-0{day}T00:00:00.000000+00:00",
                ),
            )
    database = Database(tmp_path)

    database.open()

    with database.units(read_only=True) as unit:
        personal = unit.environments.current("personal")
        unchanged = unit.environments.current("production").values
    database.close()
    assert (personal.number, personal.values) == (1, {"appearance.theme": "dark"})
    assert unchanged == {"appearance.theme": "dark"}


def test_a_home_where_nobody_chose_a_theme_gets_none(tmp_path: Path) -> None:
    first = Database(tmp_path, migrations=Migrations(MIGRATIONS.folder, ("0001",)))
    first.open()
    first.close()
    database = Database(tmp_path)

    database.open()

    with database.units(read_only=True) as unit:
        personal = unit.environments.current("personal")
    database.close()
    assert (personal.number, personal.values) == (0, {})


def test_a_change_that_fails_midway_leaves_the_old_schema_whole(home: Path, tmp_path: Path) -> None:
    broken = later(tmp_path / "broken", ADD_A_COLUMN, FAIL_MIDWAY)

    with pytest.raises(RuntimeError, match="before the rename"):
        Database(home, migrations=broken).open()

    database = Database(home)
    database.open()
    with database.units(read_only=True) as unit:
        assert unit.models.by_name("tiny") == a_model()
        assert unit.runs.active() == [a_run()]
    database.check()
    database.close()
    assert len(list((home / "backups").iterdir())) == 1


def test_the_copy_opens_where_the_change_was_not_wanted(home: Path, tmp_path: Path) -> None:
    database = Database(home, migrations=later(tmp_path / "later", ADD_A_COLUMN))
    database.open()
    database.close()
    (copy,) = (home / "backups").iterdir()
    older = tmp_path / "older"
    older.mkdir()
    copy.rename(older / FILE_NAME)

    with pytest.raises(DatabaseTooNewError):
        Database(home).open()
    restored = Database(older)
    restored.open()

    with restored.units(read_only=True) as unit:
        assert unit.models.by_name("tiny") == a_model()
    restored.close()


def test_a_change_that_leaves_rows_pointing_at_nothing_is_undone(
    home: Path, tmp_path: Path
) -> None:
    careless = later(tmp_path / "careless", "op.execute('DELETE FROM models')")

    with pytest.raises(DatabaseCorruptError) as raised:
        Database(home, migrations=careless).open()

    assert "1 rows of model_versions point at nothing" in raised.value.cause
    assert stored(home, "SELECT name FROM models") == [("tiny",)]


def test_only_a_few_copies_are_kept(home: Path, tmp_path: Path) -> None:
    changes: list[str] = []
    for number in range(KEPT + 1):
        changes.append(f"op.create_table('extra_{number}', sa.Column('x', sa.Text()))")
        database = Database(home, migrations=later(tmp_path / f"later-{number}", *changes))
        database.open()
        database.close()

    names = sorted(copy.name[-12:-8] for copy in (home / "backups").iterdir())
    assert names == [f"{KNOWN + number:04}" for number in range(1, KEPT + 1)]


def test_a_damaged_file_is_not_migrated(home: Path, tmp_path: Path) -> None:
    path = home / FILE_NAME
    with path.open("r+b") as file:
        file.seek(8 * 4096)
        file.write(b"\xff" * (path.stat().st_size - 8 * 4096))
    before = path.read_bytes()

    with pytest.raises(DatabaseCorruptError):
        Database(home, migrations=later(tmp_path / "later", ADD_A_COLUMN)).open()

    assert path.read_bytes() == before


def test_threads_that_open_an_old_home_at_once_migrate_it_once(home: Path, tmp_path: Path) -> None:
    newer = later(tmp_path / "later", ADD_A_COLUMN, REBUILD)
    together = threading.Barrier(3)

    def start() -> None:
        database = Database(home, migrations=newer)
        together.wait(timeout=30)
        database.open()
        database.close()

    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(start) for _ in range(3)]:
            done.result(timeout=60)

    assert len(list((home / "backups").iterdir())) == 1


def test_a_migration_that_another_process_never_ends_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "MIGRATION_PATIENCE_S", 0.05)
    with closing(sqlite3.connect(tmp_path / "database.lock", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")

        with pytest.raises(DatabaseBusyError):
            Database(tmp_path).open()
