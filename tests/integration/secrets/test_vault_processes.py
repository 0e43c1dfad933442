"""The vault file under several processes at once, and under one that is killed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from heygen_desktop.infrastructure.secrets.vault import VaultStore

from tests.factories.secrets import light_kdf

PASSPHRASE = "for tests only"
SET_MANY = """
import sys
from pathlib import Path
from heygen_desktop.infrastructure.secrets.vault import VaultStore
vault = VaultStore(Path(sys.argv[1]))
vault.open("for tests only")
print("open", flush=True)
sys.stdin.readline()
for number in range(int(sys.argv[3])):
    vault.set("testing", f"{sys.argv[2]}-{number}", f"value {number}")
    print(number, flush=True)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "vault.json"
    VaultStore(path, new_kdf=light_kdf).open(PASSPHRASE)
    return path


def writer(path: Path, name: str, count: int) -> subprocess.Popen[str]:
    """Start a process that has opened the vault and waits for a line before it writes."""
    arguments = [sys.executable, "-c", SET_MANY, str(path), name, str(count)]
    process = subprocess.Popen(
        arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "open\n"
    return process


def go(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("go\n")


def reopened(path: Path) -> VaultStore:
    vault = VaultStore(path)
    vault.open(PASSPHRASE)
    return vault


def test_two_processes_that_write_at_once_lose_nothing_of_each_other(path: Path) -> None:
    with writer(path, "one", 15) as one, writer(path, "two", 15) as two:
        go(one)
        go(two)
        one.communicate(timeout=60)
        two.communicate(timeout=60)

    vault = reopened(path)
    assert (one.returncode, two.returncode) == (0, 0)
    for name in ("one", "two"):
        assert [vault.get("testing", f"{name}-{n}") for n in range(15)] == [
            f"value {n}" for n in range(15)
        ]


@pytest.mark.parametrize("kills_after", [1, 4, 9])
def test_a_kill_while_it_writes_loses_nothing_that_was_reported_as_kept(
    path: Path, kills_after: int
) -> None:
    with writer(path, "one", 10_000) as process:
        go(process)
        assert process.stdout is not None
        acknowledged = [int(process.stdout.readline()) for _ in range(kills_after)]
        process.kill()
        acknowledged += [int(line) for line in process.stdout.read().split()]
        process.wait(10)

    vault = reopened(path)
    assert [vault.get("testing", f"one-{n}") for n in acknowledged] == [
        f"value {n}" for n in acknowledged
    ]
    vault.set("testing", "after", "still works")
    assert reopened(path).get("testing", "after") == "still works"
