"""A home that 0.1.0 left behind opens whole: its database is in ``home_0_1_0.sql``, as 0.1.0 wrote it.

To write such a file for another release: store entities with that release's code, then
``"\\n".join(connection.iterdump())``.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from heygen_desktop.domain.entities.ai_model import ModelVersion
from heygen_desktop.domain.entities.run import RunState
from heygen_desktop.domain.repositories import ModelFilter, RunFilter
from heygen_desktop.domain.values.actor import Actor
from heygen_desktop.domain.values.version import SemanticVersion
from heygen_desktop.infrastructure.database.database import FILE_NAME, Database

from tests.contracts.stored import NOON, a_model, a_version, an_artifact

DUMP = Path(__file__).with_name("home_0_1_0.sql")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection:
        connection.executescript(DUMP.read_text())
    database = Database(tmp_path)
    database.open()
    yield database
    database.close()


def old_version(number: str, path: str) -> ModelVersion:
    """Return a version as 0.1.0 knew it: with no times of its files, and by whoever it was."""
    artifact = an_artifact(path)
    files = tuple(replace(file, modified_ns=None) for file in artifact.files)
    version = a_version(number, replace(artifact, files=files, is_file=False))
    return replace(version, actor=Actor())


def test_the_models_of_0_1_0_are_there(database: Database) -> None:
    odd = a_model("odd", old_version("1.0.0", "/models/\udce4-\udcff"))
    tiny = replace(
        a_model(
            "tiny", old_version("1.0.0", "/models/tiny"), old_version("2.0.0", "/models/tiny-2")
        ),
        tags=("fast", "small"),
        note="Mine.",
        licence="apache-2.0",
        aliases={"champion": SemanticVersion(1, 0, 0)},
    )

    with database.units(read_only=True) as unit:
        assert unit.models.find(ModelFilter()) == [odd, tiny]


@pytest.mark.parametrize("path", ["/models/tiny", "/models/tiny-2", "/models/\udce4-\udcff"])
def test_the_models_of_0_1_0_are_found_by_their_path(database: Database, path: str) -> None:
    with database.units(read_only=True) as unit:
        [found] = unit.models.by_path(Path(path))

    assert Path(path) in [version.artifact.path for version in found.versions]


def test_the_runs_of_0_1_0_are_there(database: Database) -> None:
    with database.units(read_only=True) as unit:
        waiting, failed, done = unit.runs.find(RunFilter()).runs

    assert waiting.state is RunState.QUEUED
    assert failed.failure is not None
    assert failed.failure.details == {"signal": 9}
    assert done.output == {"text": "there was a truth."}
    assert (done.figures.tokens, done.figures.tokens_per_second) == (5, 41.25)


def test_the_settings_and_secrets_of_0_1_0_are_there(database: Database) -> None:
    with database.units(read_only=True) as unit:
        revision = unit.environments.current("development")
        [secret] = unit.secrets.all("development")

    assert revision.values == {"generation.temperature": 0.3, "inference.device": "cpu"}
    assert (secret.name, secret.store, secret.created_at) == ("hub_token", "keyring", NOON)
