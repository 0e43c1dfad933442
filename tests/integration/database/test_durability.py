"""Killed in the middle, or out of space: what was acknowledged is there, and whole."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from heygen_desktop.domain.errors import DiskFullError
from heygen_desktop.infrastructure.database.database import Database

from tests.contracts.stored import a_run
from tests.integration.database.processes import PRELUDE, ROOT, line_of, program

CYCLES = 30
WRITE_PAIRS = """
database = Database(folder)
database.open()
with database.units(read_only=True) as unit:
    number = len(unit.runs.active()) // 2
print("ready", flush=True)
while True:
    with database.units() as unit:
        unit.runs.add(a_run(f"{number}-a"))
        unit.runs.add(replace(a_run(f"{number}-b"), inputs={"prompt": "x" * 5000}))
        unit.commit()
    print(number, flush=True)
    number += 1
"""
FILL_THE_DISK = """
from heygen_desktop.domain.errors import DiskFullError
database = Database(folder)
database.open()
stored = 0
while True:
    try:
        with database.units() as unit:
            unit.runs.add(replace(a_run(f"run-{stored}"), inputs={"prompt": "x" * 20_000}))
            unit.commit()
    except DiskFullError as error:
        print("full", type(error.__cause__).__name__)
        break
    stored += 1
with database.units(read_only=True) as unit:
    print("kept", len(unit.runs.active()) == stored, stored > 10)
(folder / "ballast").unlink()
with database.units() as unit:
    unit.runs.add(a_run("after"))
    unit.commit()
database.close()
database = Database(folder)
database.open()
database.check()
with database.units(read_only=True) as unit:
    print("whole", len(unit.runs.active()) == stored + 1)
database.close()
"""
SWALLOW_A_FULL_DISK = """
from heygen_desktop.domain.errors import DiskFullError
database = Database(folder)
database.open()
with database.units() as unit:
    unit.runs.add(a_run("first"))
    try:
        unit.runs.add(replace(a_run("large"), inputs={"prompt": "x" * 30_000_000}))
        print("it fitted")
    except DiskFullError:
        print("refused")
    try:
        unit.commit()
        print("committed")
    except DiskFullError:
        print("refused again")
with database.units(read_only=True) as unit:
    print(len(unit.runs.active()))
database.close()
"""


def lines_after_kill(process: subprocess.Popen[str]) -> list[str]:
    process.kill()
    assert process.stdout is not None
    said = process.stdout.read()
    return said[: said.rfind("\n") + 1].split()


@pytest.mark.slow
def test_a_killed_writer_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    moments = random.Random(20260301)
    acknowledged: set[str] = set()
    for _ in range(CYCLES):
        with program(WRITE_PAIRS, tmp_path) as writer:
            assert line_of(writer) == "ready"
            # Not waiting for anything: that the moment is any moment is what is tested.
            threading.Event().wait(moments.uniform(0, 0.06))
            acknowledged.update(lines_after_kill(writer))

        database = Database(tmp_path)
        database.open()
        database.check()
        with database.units(read_only=True) as unit:
            stored = {run.id for run in unit.runs.active()}
        database.close()

        assert {f"{number}-{half}" for number in acknowledged for half in "ab"} <= stored
        assert len(stored) % 2 == 0

    assert len(acknowledged) > CYCLES


def test_a_file_that_may_not_grow_refuses_until_it_may(tmp_path: Path) -> None:
    database = Database(tmp_path)
    database.open()
    with database._writer.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
    large = replace(a_run("large"), inputs={"prompt": "x" * 100_000})

    with database.units() as unit:
        unit.runs.add(a_run("small"))
        with pytest.raises(DiskFullError):
            unit.runs.add(large)
        with pytest.raises(DiskFullError):
            unit.commit()

    with database.units() as unit:  # on a new connection, which has no such limit
        assert unit.runs.active() == []
        unit.runs.add(large)
        unit.commit()
    database.close()


def run_on_a_small_disk(folder: Path, body: str) -> list[str]:
    """Run the body on a disk of 4 MB, half of which a file of ballast takes."""
    folder.mkdir(mode=0o700)
    script = (
        'mount -t tmpfs -o size=4m tmpfs "$1" && '
        'head -c 2000000 /dev/zero > "$1/ballast" && exec "$0" -c "$2" "$1"'
    )
    finished = subprocess.run(
        ["unshare", "-Urm", "sh", "-c", script, sys.executable, str(folder), PRELUDE + body],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=100,
    )
    if "unshare" in finished.stderr or "mount:" in finished.stderr:
        pytest.skip(f"this machine lets nobody mount: {finished.stderr.strip()}")
    assert finished.returncode == 0, finished.stderr
    return finished.stdout.splitlines()


@pytest.mark.slow
def test_a_full_disk_is_named_and_what_was_stored_stays(tmp_path: Path) -> None:
    said = run_on_a_small_disk(tmp_path / "disk", FILL_THE_DISK)

    assert said == ["full OperationalError", "kept True True", "whole True"]


@pytest.mark.slow
def test_a_full_disk_that_was_overlooked_is_told_again_at_the_commit(tmp_path: Path) -> None:
    said = run_on_a_small_disk(tmp_path / "disk", SWALLOW_A_FULL_DISK)

    assert said == ["refused", "refused again", "0"]


@pytest.mark.slow
def test_a_disk_too_full_for_a_new_database_is_named(tmp_path: Path) -> None:
    body = """
from heygen_desktop.domain.errors import DiskFullError
with (folder / "more").open("wb") as more:
    try:
        more.write(bytes(2_150_000))
    except OSError:
        pass
try:
    Database(folder).open()
    print("it fitted")
except DiskFullError as error:
    print(error.message)
"""
    (said,) = run_on_a_small_disk(tmp_path / "disk", body)

    assert said.endswith("is full.")
