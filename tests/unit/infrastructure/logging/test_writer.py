"""The writer thread: nothing lost, nothing blocked, and trouble told."""

from __future__ import annotations

import errno
import threading
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
from heygen_desktop.infrastructure.logging.files import LogFile
from heygen_desktop.infrastructure.logging.lines import LineEncoder, PendingRecord
from heygen_desktop.infrastructure.logging.redaction import Redactor
from heygen_desktop.infrastructure.logging.writer import LogWriter


class Disk(LogFile):
    """A disk that can be full, and that tells when it was asked."""

    def __init__(self, folder: Path, error: Exception | None = None) -> None:
        super().__init__(folder, max_bytes=10**9, kept_files=1)
        self._error = error or OSError(errno.ENOSPC, "No space left on device")
        self.is_full = False
        self.refused = threading.Event()

    def append(self, lines: bytes) -> None:
        if self.is_full:
            self.refused.set()
            raise self._error
        super().append(lines)


class Raising:
    """An object of somebody else, that cannot be looked at."""

    def __init__(self, error: BaseException) -> None:
        self._error = error

    def __str__(self) -> str:
        raise self._error


class Fragile(Mapping[str, int]):
    """A mapping that another thread changes while it is read."""

    def __getitem__(self, key: str) -> int:
        raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        raise RuntimeError("dictionary changed size during iteration")

    def __len__(self) -> int:
        return 1


def a_writer(disk: LogFile, *, capacity: int = 1000, retry_s: float = 0.01) -> LogWriter:
    return LogWriter(disk, LineEncoder(Redactor()), capacity=capacity, retry_s=retry_s)


def record(
    message: str, level: int = 20, extra: Mapping[str, object] | None = None
) -> PendingRecord:
    return PendingRecord(datetime.now(UTC), level, "tests", message, extra or {}, "")


def messages(folder: Path) -> list[str]:
    path = folder / "heygen.jsonl"
    lines = path.read_bytes().splitlines() if path.exists() else []
    return [orjson.loads(line)["message"] for line in lines]


def until(folder: Path, count: int, limit_s: float = 10.0) -> list[str]:
    """Return the messages once there are so many; fails after the limit."""
    deadline = time.monotonic() + limit_s
    while len(found := messages(folder)) < count:
        assert time.monotonic() < deadline, found
        threading.Event().wait(0.002)
    return found


def test_a_flush_returns_when_all_before_it_is_on_disk(tmp_path: Path) -> None:
    writer = a_writer(LogFile(tmp_path, max_bytes=10**9, kept_files=1))
    writer.start()
    for number in range(500):
        writer.put(record(str(number)))

    assert writer.flush()

    assert messages(tmp_path) == [str(number) for number in range(500)]
    writer.close()


def test_an_error_is_on_disk_without_a_flush(tmp_path: Path) -> None:
    writer = a_writer(LogFile(tmp_path, max_bytes=10**9, kept_files=1))
    writer.start()

    writer.put(record("bad", level=40))

    assert until(tmp_path, 1) == ["bad"]
    writer.close()


def test_a_close_writes_what_is_left(tmp_path: Path) -> None:
    writer = a_writer(LogFile(tmp_path, max_bytes=10**9, kept_files=1))
    writer.start()
    for number in range(5000):
        writer.put(record(str(number)))
        if number % 1000 == 999:
            writer.flush()

    writer.put(record("last"))
    writer.close()

    assert len(messages(tmp_path)) == 5001
    assert messages(tmp_path)[-1] == "last"
    assert writer.flush()


def test_records_of_many_threads_are_all_there(tmp_path: Path) -> None:
    writer = a_writer(LogFile(tmp_path, max_bytes=10**9, kept_files=1), capacity=10_000)
    writer.start()

    def work(name: str) -> None:
        for number in range(200):
            writer.put(record(f"{name}{number}"))

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    writer.close()

    found = messages(tmp_path)
    assert len(set(found)) == 800
    assert [name for name in found if name[0] == "a"] == [f"a{number}" for number in range(200)]


def test_a_full_queue_counts_what_it_drops_and_says_so_in_one_record(tmp_path: Path) -> None:
    disk = Disk(tmp_path)
    disk.is_full = True
    writer = a_writer(disk, capacity=10)
    writer.start()
    writer.put(record("0"))
    assert disk.refused.wait(10)

    for number in range(1, 100):
        writer.put(record(str(number)))
    disk.is_full = False
    writer.close()

    found = messages(tmp_path)
    assert found[0] == "0"
    assert "89 log records were dropped because the queue was full" in found
    assert [each for each in found if each.isdigit()] == [str(number) for number in range(11)]


def test_a_disk_that_is_full_loses_nothing_and_tells_of_itself_afterwards(tmp_path: Path) -> None:
    disk = Disk(tmp_path)
    disk.is_full = True
    writer = a_writer(disk)
    writer.start()
    writer.put(record("while full"))
    assert disk.refused.wait(10)

    assert not writer.flush(timeout_s=0.05)
    disk.is_full = False
    found = until(tmp_path, 2)
    writer.close()

    assert found[0] == "while full"
    assert found[1].startswith("The log could not be written for ")
    assert found[1].endswith("No space left on device")


def test_a_close_does_not_wait_for_a_disk_that_stays_full(tmp_path: Path) -> None:
    disk = Disk(tmp_path)
    disk.is_full = True
    writer = a_writer(disk, retry_s=60.0)
    writer.start()
    writer.put(record("lost"))
    assert disk.refused.wait(10)
    started = time.monotonic()

    writer.close()

    assert time.monotonic() - started < 3
    assert not writer.flush()


def test_a_folder_that_cannot_be_made_never_raises_into_the_caller(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    writer = a_writer(LogFile(tmp_path / "taken", max_bytes=10, kept_files=1))
    writer.start()

    writer.put(record("a"))

    assert not writer.flush(timeout_s=0.1)
    writer.close()


def test_a_record_that_cannot_be_encoded_costs_itself_alone_and_is_told(tmp_path: Path) -> None:
    writer = a_writer(LogFile(tmp_path, max_bytes=10**9, kept_files=1))
    writer.start()

    writer.put(record("before"))
    writer.put(record("odd", extra={"fragile": Fragile()}))
    writer.put(record("after"))
    writer.close()

    told = "1 log record was dropped because RuntimeError was raised by what tests logged"
    assert sorted(messages(tmp_path)) == sorted(["before", "after", told])


@pytest.mark.parametrize("error", [SystemExit(3), KeyboardInterrupt(), GeneratorExit()])
def test_a_writer_that_dies_is_started_again_and_says_so(
    tmp_path: Path, error: BaseException
) -> None:
    writer = a_writer(LogFile(tmp_path, max_bytes=10**9, kept_files=1))
    writer.start()
    writer.put(record("before"))
    writer.put(record("deadly", extra={"object": Raising(error)}))

    found = until(tmp_path, 2)
    writer.put(record("after"))
    assert writer.flush()
    writer.close()

    name = type(error).__name__
    assert sorted(found) == sorted(
        ["before", f"1 log record was dropped because the writer met {name} and was started again"]
    )
    assert messages(tmp_path)[-1] == "after"


@pytest.mark.parametrize(
    "error", [ValueError("odd"), MemoryError(), PermissionError("locked away")]
)
def test_whatever_the_disk_raises_loses_nothing(tmp_path: Path, error: Exception) -> None:
    disk = Disk(tmp_path, error)
    disk.is_full = True
    writer = a_writer(disk)
    writer.start()
    writer.put(record("kept"))
    assert disk.refused.wait(10)

    disk.is_full = False
    found = until(tmp_path, 2)
    writer.close()

    assert found[0] == "kept"
    assert found[1].startswith("The log could not be written for ")


def test_what_comes_while_the_thread_ends_is_written_too(tmp_path: Path) -> None:
    writer = a_writer(LogFile(tmp_path, max_bytes=10**9, kept_files=1))

    writer.put(record("early"))
    writer.close()

    assert messages(tmp_path) == ["early"]
    assert writer.flush()


def test_a_writer_that_was_never_started_closes_quietly(tmp_path: Path) -> None:
    writer = a_writer(LogFile(tmp_path, max_bytes=10, kept_files=1))

    writer.close()

    assert messages(tmp_path) == []
