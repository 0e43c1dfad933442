"""The composition root: a real home, real adapters, and nothing left open."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest
from heygen_desktop import bootstrap
from heygen_desktop.application.application import Application, Ports
from heygen_desktop.application.ports.diagnostics import CheckState
from heygen_desktop.application.ports.logs import LogLevel, LogQuery
from heygen_desktop.application.use_cases.models.register_model import Registration
from heygen_desktop.bootstrap import LaunchOptions, build, keep_models, keeper_command
from heygen_desktop.domain.entities.run import RunState
from heygen_desktop.domain.errors import (
    AlreadyRunningError,
    ConfigurationError,
    DatabaseBusyError,
    EnvironmentNotFoundError,
    HomeUnwritableError,
)
from heygen_desktop.domain.repositories import RunFilter
from heygen_desktop.infrastructure.database.database import Database
from heygen_desktop.infrastructure.files.home import Home
from heygen_desktop.infrastructure.inference.residents import server

from tests.contracts.stored import a_run, in_state
from tests.factories.model_folders import write_model
from tests.integration.heygen_home import wait_for

OPTIONS = LaunchOptions(settings={"secrets.store": "vault"})


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def application(home: Path) -> Iterator[Application]:
    before = set(threading.enumerate())
    built = build(replace(OPTIONS, home=home), environ={})
    yield built
    built.close()
    assert set(threading.enumerate()) <= before


def test_what_one_start_stores_the_next_one_finds(home: Path, tmp_path: Path) -> None:
    model = write_model(tmp_path / "model", "llama")
    first = build(replace(OPTIONS, home=home), environ={})
    first.register_model(Registration(model.path))
    first.change_setting.set("development", "inference.threads", 2)
    first.close()

    second = build(replace(OPTIONS, home=home), environ={})
    listed = second.list_models()
    threads = second.settings().inference.threads
    second.close()

    assert [s.version.artifact.parameters for s in listed] == [model.parameters]
    assert threads == 2


def test_what_happens_is_in_the_log(application: Application, tmp_path: Path) -> None:
    application.register_model(Registration(write_model(tmp_path / "m", "llama").path, name="one"))

    records = application.logs.query(LogQuery())

    assert [r.category for r in records] == ["models"]
    assert json.loads(application.logs.file.read_text().splitlines()[0])["level"] == "INFO"


def test_a_changed_log_level_holds_at_once(application: Application, tmp_path: Path) -> None:
    application.change_setting.set("development", "logging.level", "ERROR")
    application.register_model(Registration(write_model(tmp_path / "m", "llama").path))

    categories = [r.category for r in application.logs.query(LogQuery(level=LogLevel.INFO))]
    assert "models" not in categories


def test_the_environment_comes_from_the_command_line_then_the_variable(home: Path) -> None:
    for named, variables, expected in (
        ("testing", {"HEYGEN_ENV": "staging"}, "testing"),
        (None, {"HEYGEN_ENV": "staging"}, "staging"),
        (None, {}, "development"),
    ):
        built = build(replace(OPTIONS, home=home, environment=named), environ=variables)
        assert built.environment == expected
        built.close()


def test_an_unknown_environment_touches_nothing(home: Path) -> None:
    with pytest.raises(EnvironmentNotFoundError):
        build(replace(OPTIONS, home=home, environment="prod"), environ={})

    assert not home.exists()


def test_process_variables_and_the_settings_file_are_layers(home: Path) -> None:
    home.mkdir()
    (home / "heygen.toml").write_text("[inference]\nthreads = 3\nniceness = 4\n")
    variables = {"HEYGEN__INFERENCE__THREADS": "5"}
    built = build(replace(OPTIONS, home=home), environ=variables)

    values = built.read_settings("development").values
    built.close()

    assert (values["inference.threads"].value, values["inference.threads"].layer) == (5, "process")
    assert (values["inference.niceness"].value, values["inference.niceness"].layer) == (4, "file")


def test_one_window_for_one_home(home: Path) -> None:
    window = build(replace(OPTIONS, home=home, front="desktop"), environ={})

    with pytest.raises(AlreadyRunningError):
        build(replace(OPTIONS, home=home, front="desktop"), environ={})
    beside = build(replace(OPTIONS, home=home), environ={})
    beside.close()
    window.close()

    build(replace(OPTIONS, home=home, front="desktop"), environ={}).close()


def test_a_window_opens_where_no_socket_can_be_made_and_a_keeper_says_why_it_does_not(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "socket_folders", lambda: (str(tmp_path / "nowhere"),))

    build(replace(OPTIONS, home=home, front="desktop"), environ={}).close()
    with pytest.raises(HomeUnwritableError, match="nowhere"):
        keep_models(replace(OPTIONS, home=home, front="keeper"), wait=lambda _seconds: True)

    log = "".join(file.read_text() for file in (home / "logs").glob("*.jsonl"))
    assert "Other processes cannot use the models of this one" in log


def test_a_home_that_is_a_file_is_named_with_its_reason(tmp_path: Path) -> None:
    place = tmp_path / "file"
    place.write_text("")

    with pytest.raises(HomeUnwritableError, match="file"):
        build(replace(OPTIONS, home=place), environ={})


def test_a_database_locked_elsewhere_is_named_and_nothing_stays_open(home: Path) -> None:
    build(replace(OPTIONS, home=home), environ={}).close()
    held = build(replace(OPTIONS, home=home), environ={})
    impatient = replace(OPTIONS, home=home, busy_timeout_s=0.1)
    other = build(impatient, environ={})
    with _held_database(home), pytest.raises(DatabaseBusyError):
        other.change_setting.set("development", "inference.threads", 1)
    other.change_setting.set("development", "inference.threads", 1)
    other.close()
    held.close()


class _held_database:  # noqa: N801  reads as the verb that it is
    """Another process holds the write lock."""

    def __init__(self, home: Path) -> None:
        code = (
            "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None); "
            "c.execute('BEGIN IMMEDIATE'); print('held', flush=True); sys.stdin.read()"
        )
        self._process = subprocess.Popen(
            [sys.executable, "-c", code, str(home / "data" / "database.sqlite3")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def __enter__(self) -> None:
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == b"held\n"

    def __exit__(self, *_: object) -> None:
        self._process.communicate()


def test_the_doctor_finds_every_part(application: Application) -> None:
    checks = {check.name: check for check in application.doctor()}

    assert checks["Database"].state is CheckState.OK
    assert checks["Engine"].finding.startswith("torch 2.")
    assert checks["Display"].state is CheckState.NOTICE
    for check in checks.values():
        assert check.state is CheckState.OK or check.remedy, check


def test_secrets_are_kept_in_the_vault_that_a_file_opens(home: Path, tmp_path: Path) -> None:
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("correct horse\n")
    variables = {"HEYGEN_VAULT_PASSPHRASE_FILE": str(passphrase)}
    built = build(replace(OPTIONS, home=home), environ=variables)
    built.secrets.set("testing", "hub-token", "hf_abcdefghijklmnopqrstuvwxyz0123")
    built.close()

    again = build(replace(OPTIONS, home=home), environ=variables)
    value = again.secrets.reveal("testing", "hub-token")
    again.close()

    assert value == "hf_abcdefghijklmnopqrstuvwxyz0123"
    for path in home.rglob("*"):
        if path.is_file():
            assert value.encode() not in path.read_bytes(), path


def test_a_passphrase_file_that_cannot_be_read_is_named(home: Path) -> None:
    variables = {"HEYGEN_VAULT_PASSPHRASE_FILE": "/nowhere/at/all"}
    built = build(replace(OPTIONS, home=home), environ=variables)

    with pytest.raises(ConfigurationError, match="HEYGEN_VAULT_PASSPHRASE_FILE"):
        built.secrets.set("testing", "a", "1")
    built.close()


def test_a_test_may_put_its_own_ports_in_place(home: Path) -> None:
    seen: list[Ports] = []

    def look(ports: Ports) -> Ports:
        seen.append(ports)
        return ports

    build(replace(OPTIONS, home=home), overrides=look, environ={}).close()

    assert len(seen) == 1


def test_a_start_that_fails_at_its_last_step_leaves_the_home_to_the_next(home: Path) -> None:
    threads = set(threading.enumerate())

    def with_broken_books(ports: Ports) -> Ports:
        vars(ports)["units"] = _busy_units
        return ports

    with pytest.raises(DatabaseBusyError):
        build(replace(OPTIONS, home=home, front="desktop"), overrides=with_broken_books, environ={})

    assert set(threading.enumerate()) <= threads
    build(replace(OPTIONS, home=home, front="desktop"), environ={}).close()


def _busy_units(*, read_only: bool = False) -> NoReturn:
    raise DatabaseBusyError("database", 0.0)


def test_a_window_that_opens_removes_old_files_that_no_run_refers_to(home: Path) -> None:
    folder = Home.under(home).blobs / "ab"
    folder.mkdir(parents=True)
    old, new = folder / ("ab" * 32), folder / ("ab" * 31 + "cd")
    for file in (old, new):
        file.write_bytes(b"chosen and never run")
    os.utime(old, (0, 0))

    build(LaunchOptions(home=home, front="desktop")).close()

    assert (old.exists(), new.exists()) == (False, True)


def test_files_that_cannot_be_removed_keep_no_window_from_opening(home: Path) -> None:
    Home.under(home).data.mkdir(parents=True)
    Home.under(home).blobs.touch()

    application = build(LaunchOptions(home=home, front="desktop"))

    told = application.logs.query(LogQuery(level=LogLevel.WARNING))
    application.close()
    assert any("no run refers to" in record.message for record in told)


def test_runs_that_were_removed_can_come_back_until_the_window_closes(home: Path) -> None:
    window = build(LaunchOptions(home=home, front="desktop"))
    database = Database(home / "data", busy_timeout_s=5.0)
    database.open()
    with database.units() as unit:
        for name in ("kept", "gone"):
            unit.runs.add(in_state(a_run(name), RunState.SUCCEEDED))
        unit.commit()

    window.history.restore(window.history.remove(RunFilter()))
    window.history.remove(RunFilter(ids=("gone",)))
    window.close()

    with database.units() as unit:
        unit.runs.restore("")
        assert [run.id for run in unit.runs.find(RunFilter()).runs] == ["kept"]
        unit.runs.add(a_run("gone"))  # there is none of that id any more
    database.close()


def test_closing_twice_is_harmless(home: Path) -> None:
    built = build(replace(OPTIONS, home=home), environ={})

    built.close()
    built.close()


def test_a_keeper_is_found_while_it_lives_and_gone_after(home: Path) -> None:
    seen: list[int] = []

    def once(_seconds: float) -> bool:
        seen.append(len(list((home / "data" / "residents").glob("*.json"))))
        return True

    keep_models(replace(OPTIONS, home=home), wait=once)

    assert seen == [1]
    assert list((home / "data" / "residents").glob("*.json")) == []


def test_a_keeper_is_started_for_the_same_home_and_environment(home: Path) -> None:
    command = keeper_command(Home.under(home), "staging")

    assert command[-5:] == ("--keep", "--env", "staging", "--home", str(home))
    assert "--home" not in keeper_command(Home.of_platform(), "staging")


def test_the_starter_model_is_found_in_a_checkout_and_in_a_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "heygen_desktop"
    package.mkdir()
    monkeypatch.setattr(bootstrap, "__file__", str(package / "bootstrap.py"))

    beside = bootstrap.resources_folder()
    (package / "resources").mkdir()
    inside = bootstrap.resources_folder()

    assert (beside, inside) == (tmp_path / "resources", package / "resources")


def test_building_imports_no_torch_and_no_qt(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from heygen_desktop.bootstrap import *; "
        "build(LaunchOptions(home=Path(sys.argv[1]))).close(); "
        "print([m for m in ('torch', 'transformers', 'PySide6', 'pyqtgraph', 'numpy', 'alembic')"
        " if m in sys.modules])"
    )
    build(replace(OPTIONS, home=tmp_path), environ={}).close()

    printed = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
    )

    assert printed.stdout == "[]\n"


def test_a_window_keeps_taking_readings_until_it_closes(home: Path) -> None:
    before = set(threading.enumerate())
    window = build(replace(OPTIONS, home=home, front="desktop"), environ={})

    wait_for(lambda: window.watch_machine.latest() is not None)
    window.close()

    assert set(threading.enumerate()) <= before
