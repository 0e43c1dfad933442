"""A full disk, a locked database, no keyring, no display, a second window: told, and nothing is lost."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.factories.model_folders import write_model
from tests.integration.heygen_home import DEADLINE_S, WINDOW, Answer, HeygenHome, wait_for

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="name spaces, displays and file locks"),
]
SERVICE_SCRIPT = Path(__file__).parents[1] / "secret_service.sh"
_ON_A_FULL_DISK = """
set -e
mount -t tmpfs -o size={size} tmpfs "$1"; cp -a "$2/." "$1/"
cat /dev/zero > "$1/filler" 2> /dev/null || true
set +e
{bad} > "$3/bad.out" 2> "$3/bad.err"; echo $? > "$3/bad.code"
rm "$1/filler"
{good} > "$3/good.out" 2> "$3/good.err"; echo $? > "$3/good.code"
cp -a "$1/." "$4/"
"""


def _can_mount() -> bool:
    tried = ["unshare", "-Urm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return shutil.which("unshare") is not None and (
        subprocess.run(tried, capture_output=True, check=False).returncode == 0
    )


@pytest.mark.skipif(not _can_mount(), reason="needs user name spaces, to mount a small disk")
@pytest.mark.parametrize(
    "words",
    [
        ("models", "register", "MODEL"),
        ("run", "starter", "Hello"),
        ("env", "set", "development", "generation.top_p", "0.5"),
    ],
)
def test_a_full_disk_is_told_and_loses_nothing(
    furnished: HeygenHome, tmp_path: Path, words: tuple[str, ...]
) -> None:
    model = str(write_model(tmp_path / "model").path)
    words = tuple(model if word == "MODEL" else word for word in words)

    bad, good, after = on_a_full_disk(furnished, tmp_path, words)

    assert bad.refused()["code"] == "disk_full"
    assert [each["name"] for each in good.document["items"]] == ["starter"]
    kept, before = after.kept(), furnished.kept()
    assert (kept["models"], kept["settings"]) == (before["models"], before["settings"])


def on_a_full_disk(
    home: HeygenHome, scratch: Path, words: tuple[str, ...]
) -> tuple[Answer, Answer, HeygenHome]:
    """Run a command on a copy of the home on a full disk of 4 MB, and another once there is room.

    Returns:
        The two answers, and the home as it was afterwards.
    """
    disk, answers, after = (scratch / name for name in ("disk", "answers", "after"))
    for folder in (disk, answers, after):
        folder.mkdir()
    small = HeygenHome(disk)
    script = _ON_A_FULL_DISK.format(
        size="4m", bad=small.shell_line(*words), good=small.shell_line("models", "list")
    )
    places = [str(disk), str(home.path), str(answers), str(after)]
    subprocess.run(
        ["unshare", "-Urm", "bash", "-c", script, "bash", *places],
        env=home.surroundings(), check=True, timeout=DEADLINE_S, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    bad, good = (
        Answer(
            int((answers / f"{name}.code").read_text()),
            (answers / f"{name}.out").read_text(),
            (answers / f"{name}.err").read_text(),
        )
        for name in ("bad", "good")
    )
    return bad, good, HeygenHome(after)


def test_a_database_that_another_process_locks_is_told_and_loses_nothing(
    unharmed: HeygenHome,
) -> None:
    other = sqlite3.connect(unharmed.database, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        error = unharmed("env", "set", "development", "generation.top_p", "0.5").refused()
        listed = unharmed("models", "list").document
    finally:
        other.close()

    assert error["code"] == "database_busy"
    assert listed["total"] == 1


def test_a_database_that_is_none_is_told_and_left_as_it_is(tmp_path: Path) -> None:
    home = HeygenHome(tmp_path / "home").furnish()
    home.database.write_bytes(b"These are my notes. " * 400)

    error = home("models", "list").refused()

    assert error["code"] == "database_corrupt"
    assert home.database.read_bytes().startswith(b"These are my notes.")


def test_without_a_keyring_and_a_passphrase_a_secret_is_refused_with_a_way_out(
    tmp_path: Path,
) -> None:
    home = HeygenHome(tmp_path / "home", {"HEYGEN__SECRETS__STORE": "auto"})
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("for tests only\n", encoding="utf-8")

    error = home("secret", "set", "token", stdin="hf_canary\n").refused()
    kept = home(
        "secret", "set", "token", stdin="hf_canary\n",
        environ={"HEYGEN_VAULT_PASSPHRASE_FILE": str(passphrase)},
    ).document  # fmt: skip

    assert error["code"] == "no_secret_store"
    assert "HEYGEN_VAULT_PASSPHRASE_FILE" in error["remedy"]
    assert kept["store"] == "vault"


@pytest.mark.parametrize(
    ("content", "code"), [(None, "configuration_error"), ("wrong\n", "wrong_passphrase")]
)
def test_a_passphrase_that_does_not_open_the_vault_is_told(
    tmp_path: Path, content: str | None, code: str
) -> None:
    home = HeygenHome(tmp_path / "home")
    right, other = tmp_path / "right", tmp_path / "other"
    right.write_text("for tests only\n", encoding="utf-8")
    if content is not None:
        other.write_text(content, encoding="utf-8")
    environ = {"HEYGEN_VAULT_PASSPHRASE_FILE": str(right)}
    assert home("secret", "set", "token", stdin="a\n", environ=environ).code == 0

    environ = {"HEYGEN_VAULT_PASSPHRASE_FILE": str(other)}
    error = home("secret", "set", "token", stdin="b\n", environ=environ).refused()

    assert error["code"] == code


_LOCK_AND_SET = """
import secretstorage, subprocess, sys
connection = secretstorage.dbus_init()
secretstorage.get_default_collection(connection).lock()
connection.close()
done = subprocess.run(sys.argv[1:], input=b"hf_canary", capture_output=True, timeout=60)
sys.stdout.buffer.write(done.stdout)
sys.stderr.buffer.write(done.stderr)
sys.exit(done.returncode)
"""


@pytest.mark.keyring
@pytest.mark.skipif(
    not all(map(shutil.which, ("gnome-keyring-daemon", "dbus-run-session"))),
    reason="needs gnome-keyring and dbus",
)
def test_a_locked_keyring_is_told_and_the_next_command_works(tmp_path: Path) -> None:
    home = HeygenHome(tmp_path / "home", {"HEYGEN__SECRETS__STORE": "auto"})
    line = home.shell_line("secret", "set", "token", "--stdin")

    done = subprocess.run(
        ["bash", str(SERVICE_SCRIPT), sys.executable, "-c", _LOCK_AND_SET, "bash", "-c", line],
        env=home.surroundings(), capture_output=True, text=True, timeout=DEADLINE_S, check=False,
    )  # fmt: skip

    error = Answer(done.returncode, done.stdout, done.stderr).refused()
    assert error["code"] in ("secret_store_locked", "no_secret_store")
    assert home("secret", "list").document["total"] == 0


@contextmanager
def window(home: HeygenHome) -> Iterator[subprocess.Popen[str]]:
    """Start the window without a screen."""
    process = subprocess.Popen(
        [*WINDOW, "--home", str(home.path)],
        env={**home.surroundings(), "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    with process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def test_a_second_window_on_a_home_says_so_and_leaves_the_first(home: HeygenHome) -> None:
    with window(home) as first:
        wait_for((home.path / "data" / "window.lock").exists)
        with window(home) as second:
            output, errors = second.communicate(timeout=DEADLINE_S)
        first_lives = first.poll() is None
        listed = home("models", "list").document
        first.send_signal(signal.SIGINT)
        first.communicate(timeout=DEADLINE_S)

    assert second.returncode == 0, errors
    assert "already open" in output
    assert "Traceback" not in errors
    assert first_lives
    assert listed["total"] == 1
    assert first.returncode == 0


def test_without_a_display_the_window_says_so_and_the_terminal_can_do_it(
    home: HeygenHome,
) -> None:
    plain = _without_display(home)
    instead = _without_display(home, "--or-terminal")

    assert plain.returncode == 1
    assert plain.stderr.startswith("error: There is no display to open a window on.\n")
    assert instead.returncode == 0, instead.stderr
    assert "universally acknowledged" in instead.stdout
    assert "Traceback" not in plain.stderr + instead.stderr


def _without_display(home: HeygenHome, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*WINDOW, *words, "--home", str(home.path)],
        env=home.surroundings(), capture_output=True, text=True, timeout=DEADLINE_S, check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
