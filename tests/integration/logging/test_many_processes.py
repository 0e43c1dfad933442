"""A window and commands that log into one folder at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import orjson
import pytest
from heygen_desktop.application.ports.logs import LogLevel, LogQuery
from heygen_desktop.infrastructure.logging.files import rotated_files
from heygen_desktop.infrastructure.logging.reader import LogFolder

_WRITE = """
import sys
from pathlib import Path
from loguru import logger
from heygen_desktop.infrastructure.logging.pipeline import LogPipeline

folder, name, count, max_bytes, ending = sys.argv[1:]
pipeline = LogPipeline(
    Path(folder), logger=logger, max_bytes=int(max_bytes), kept_files=10_000, session_id=name
)
pipeline.start()
for number in range(int(count)):
    logger.bind(category="tests", number=number).info("record of " + name)
    if number % 20 == 0:
        pipeline.flush()
if ending == "close":
    pipeline.close()
if ending == "wait":
    pipeline.flush()
    print("flushed", flush=True)
    while True:
        logger.bind(category="tests", number=-1).info("not flushed, of " + name)
"""


def start(
    folder: Path, name: str, count: int, max_bytes: int, ending: str, *, stdout: int | None = None
) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-W", "error", "-c", _WRITE]
    return subprocess.Popen(
        [*command, str(folder), name, str(count), str(max_bytes), ending], stdout=stdout
    )


@pytest.mark.slow
def test_lines_of_several_processes_are_whole_and_all_there_across_rotations(
    tmp_path: Path,
) -> None:
    writers = [start(tmp_path, name, 1000, 20_000, "close") for name in ("one", "two", "three")]

    assert [writer.wait(60) for writer in writers] == [0, 0, 0]

    files = [*rotated_files(tmp_path), tmp_path / "heygen.jsonl"]
    lines = [orjson.loads(line) for file in files for line in file.read_bytes().splitlines()]
    for name in ("one", "two", "three"):
        numbers = [line["extra"]["number"] for line in lines if line["session_id"] == name]
        assert numbers == list(range(1000))
    assert len(files) > 10


@pytest.mark.slow
def test_a_program_that_ends_without_closing_its_log_loses_no_record(tmp_path: Path) -> None:
    assert start(tmp_path, "hasty", 10, 10_000, "leave").wait(60) == 0

    assert (tmp_path / "heygen.jsonl").read_bytes().count(b"\n") == 10


@pytest.mark.slow
def test_a_program_that_is_killed_loses_at_most_what_was_not_flushed(tmp_path: Path) -> None:
    writers = [
        start(tmp_path, name, 500, 100_000, "wait", stdout=subprocess.PIPE)
        for name in ("one", "two")
    ]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"flushed\n"

    for writer in writers:
        writer.kill()
        writer.communicate()

    logs = LogFolder(tmp_path, flush=lambda: None)
    records = logs.query(LogQuery(limit=10**6))
    for name in ("one", "two"):
        numbers = [r.extra["number"] for r in records if r.message == f"record of {name}"]
        assert numbers == list(range(500))
    # Each killed writer may have left one line half written, and no more than that.
    files = [*rotated_files(tmp_path), tmp_path / "heygen.jsonl"]
    lines = [line for file in files for line in file.read_bytes().splitlines()]
    assert len(lines) - len(records) <= 2


@pytest.mark.slow
def test_two_hundred_thousand_records_are_searched_whole(tmp_path: Path) -> None:
    line = (
        b'{"time":"2026-01-01T00:00:%02d.000000+00:00","level":"%s","category":"runs",'
        b'"message":"record %d","logger":"tests","run_id":"r%d","extra":{"tokens":12}}\n'
    )
    with (tmp_path / "heygen.jsonl").open("wb") as file:
        for number in range(200_000):
            level = b"ERROR" if number % 100 == 0 else b"INFO"
            file.write(line % (number * 60 // 200_000, level, number, number % 1000))
    logs = LogFolder(tmp_path, flush=lambda: None)

    def count(**wanted: object) -> int:
        query = LogQuery(limit=10**9, **wanted)  # type: ignore[arg-type]  # fields of LogQuery
        return len(logs.query(query))

    assert count() == 200_000
    assert count(level=LogLevel.ERROR) == 2000
    assert count(run_id="r7") == 200
    assert count(text="RECORD 19999") == 11
    assert count(text="nowhere") == 0
