"""What the doctor says of a machine."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

import pytest
from heygen_desktop.application.ports.diagnostics import Check, CheckState
from heygen_desktop.domain.errors import DatabaseCorruptError
from heygen_desktop.infrastructure.files.home import Home
from heygen_desktop.infrastructure.system.diagnostics import (
    MachineDiagnostics,
    is_safe_sqlite,
    numbers,
)

from tests.fakes.blobs import FakeBlobs
from tests.fakes.devices import FakeDevices
from tests.fakes.secrets import FakeSecrets

WITH_GPU = {"cpu": 8 << 30, "cuda:0": 9 << 30}


class WrittenDatabase:
    """A database that is whole, or has this trouble."""

    def __init__(self, version: str = "3.51.3", trouble: Exception | None = None) -> None:
        self.sqlite_version = version
        self._trouble = trouble

    def check(self) -> None:
        if self._trouble is not None:
            raise self._trouble


def found(
    folder: Path,
    *,
    database: WrittenDatabase | None = None,
    secrets: FakeSecrets | None = None,
    devices: FakeDevices | None = None,
    environ: Mapping[str, str] | None = None,
) -> dict[str, Check]:
    home = Home.under(folder)
    home.prepare()
    doctor = MachineDiagnostics(
        home,
        database or WrittenDatabase(),
        secrets or FakeSecrets(),
        devices or FakeDevices(WITH_GPU),
        FakeBlobs(),
        {"DISPLAY": ":0"} if environ is None else environ,
    )
    return {check.name: check for check in doctor.checks()}


def test_the_files_of_runs_are_counted(tmp_path: Path) -> None:
    assert found(tmp_path)["Files of runs"].finding.startswith("0, 0.0 MB, in ")


def test_a_machine_with_everything_is_well(tmp_path: Path) -> None:
    checks = found(tmp_path)

    assert {check.state for check in checks.values()} == {CheckState.OK}
    assert checks["GPU"].finding == "cuda:0 is The cuda:0."
    assert "torch" in checks["Engine"].finding


def test_what_one_can_live_without_is_a_notice_with_a_remedy(tmp_path: Path) -> None:
    checks = found(
        tmp_path,
        secrets=FakeSecrets(has_keyring=False),
        devices=FakeDevices(),
        environ={},
        database=WrittenDatabase("3.40.1"),
    )

    for name in ("GPU", "Display", "Secrets", "SQLite"):
        assert checks[name].state is CheckState.NOTICE, name
        assert checks[name].remedy, name


def test_the_memory_for_models_is_told(tmp_path: Path) -> None:
    checks = found(tmp_path, devices=FakeDevices({"cpu": 4_000_000_000}))

    assert checks["Memory"].finding == "4.0 GB of 8.0 GB are free for models on The cpu."


def test_a_gpu_that_is_lost_is_a_notice_that_says_what_still_can_be_used(tmp_path: Path) -> None:
    devices = FakeDevices(WITH_GPU)
    devices.lost["cuda:0"] = "The GPU is lost."

    check = found(tmp_path, devices=devices)["GPU"]

    assert (check.state, check.finding) == (CheckState.NOTICE, "The GPU is lost.")
    assert check.remedy.startswith("Models can run on: cpu.")


def test_a_damaged_database_is_a_problem_and_the_other_checks_go_on(tmp_path: Path) -> None:
    broken = WrittenDatabase(trouble=DatabaseCorruptError("db", "malformed page"))
    checks = found(tmp_path, database=broken)

    assert checks["Database"].state is CheckState.PROBLEM
    assert "malformed page" in checks["Database"].finding
    assert checks["Secrets"].state is CheckState.OK


def test_a_check_that_fails_itself_says_so(tmp_path: Path) -> None:
    checks = found(tmp_path, database=WrittenDatabase(trouble=OSError("no such device")))

    assert "no such device" in checks["Database"].finding


def test_a_missing_engine_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", missing)

    check = found(tmp_path)["Engine"]

    assert check.state is CheckState.PROBLEM
    assert "constraints.txt" in check.remedy


def test_an_engine_with_known_holes_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metadata, "version", lambda name: "2.9.1+cpu")

    check = found(tmp_path)["Engine"]

    assert (check.state, check.remedy) == (CheckState.PROBLEM, "Update it to 2.10 or later.")


def test_a_disk_that_is_nearly_full_is_a_notice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10**10, 10**10, 1)
    )

    assert found(tmp_path)["Data folder"].state is CheckState.NOTICE


def test_a_data_folder_that_cannot_be_written_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home.under(tmp_path)
    home.prepare()
    doctor = MachineDiagnostics(
        home, WrittenDatabase(), FakeSecrets(), FakeDevices(), FakeBlobs(), {}
    )
    monkeypatch.setattr(
        "heygen_desktop.infrastructure.system.diagnostics.os.access", lambda path, mode: False
    )

    checks = {check.name: check for check in doctor.checks()}

    assert checks["Data folder"].state is CheckState.PROBLEM


@pytest.mark.parametrize(
    ("version", "is_safe"),
    [
        ((3, 6, 23), True),
        ((3, 7, 0), False),
        ((3, 40, 1), False),
        ((3, 44, 6), True),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 54, 1), True),
    ],
)
def test_sqlite_releases_with_the_reset_fault_are_known(
    version: tuple[int, ...], is_safe: bool
) -> None:
    assert is_safe_sqlite(version) is is_safe


def test_a_version_is_read_up_to_its_first_word() -> None:
    assert numbers("2.13.0+cpu") == (2, 13, 0)
    assert numbers("5.3.0rc1") == (5, 3, 0)
    assert numbers("dev") == ()
