"""The command line as people use it: real processes, real signals, the real starter model."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
from heygen_desktop.bootstrap import LaunchOptions, build

from tests.integration.heygen_home import LONG_RUN

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")]

HEYGEN = (
    sys.executable,
    "-c",
    "from heygen_desktop.__main__ import command_line; command_line()",
)
DEADLINE_S = 90


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def heygen(home: Path, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*HEYGEN, *arguments, "--home", str(home)],
        input=stdin,
        capture_output=True,
        text=True,
        env=environment(),
        timeout=DEADLINE_S,
        check=False,
    )


def environment() -> dict[str, str]:
    return {**os.environ, "HEYGEN__SECRETS__STORE": "vault"}


@contextmanager
def started(home: Path, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """Start a command in a process group of its own, as a shell does."""
    process = subprocess.Popen(
        [*HEYGEN, *arguments, "--home", str(home)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
        start_new_session=True,
    )
    with process:
        try:
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def document(done: subprocess.CompletedProcess[str]) -> Any:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def states(home: Path) -> list[str]:
    return [run["state"] for run in document(heygen(home, "runs", "list", "--json"))["items"]]


def wait_for(what: Callable[[], bool]) -> None:
    """Poll until it is so; fail at the deadline."""
    deadline = time.monotonic() + DEADLINE_S
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.02)  # between two looks at another process, not in place of one


@pytest.fixture
def with_starter(home: Path) -> Path:
    starter = Path(__file__).parents[3] / "resources" / "starter-model"
    document(heygen(home, "models", "register", str(starter), "--name", "starter", "--json"))
    return home


def test_quickstart_works_offline_in_an_empty_home_and_registers_once(home: Path) -> None:
    first = document(heygen(home, "quickstart", "--json"))
    second = document(heygen(home, "quickstart", "--json"))

    assert len(first["output"]["text"].split()) > 20
    assert first["run"]["figures"]["tokens_per_second"] > 0
    assert first["run"]["figures"]["peak_memory_bytes"] > 50_000_000
    assert first["run"]["log_lines"]
    assert Path(first["log_file"]).is_file()
    assert second["model"]["id"] == first["model"]["id"]
    assert document(heygen(home, "models", "list", "--json"))["total"] == 1


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_while_text_comes_cancels_the_run(
    with_starter: Path, number: signal.Signals, code: int
) -> None:
    with started(with_starter, *LONG_RUN) as process:
        assert process.stdout is not None
        first = process.stdout.read(1)
        children = psutil.Process(process.pid).children(recursive=True)
        os.killpg(process.pid, number)  # a terminal sends it to the worker, too
        rest, errors = process.communicate(timeout=DEADLINE_S)

    assert process.returncode == code
    assert (first + rest).endswith(b"\n")
    assert b"Stopping the run; press Ctrl-C again to quit at once.\n" in errors
    assert b"Traceback" not in errors
    assert states(with_starter) == ["cancelled"]
    assert not any(child.is_running() for child in children)


def test_ctrl_c_while_the_model_loads_cancels_the_run(with_starter: Path) -> None:
    log = with_starter / "logs" / "heygen.jsonl"
    with started(with_starter, *LONG_RUN, "--json") as process:
        wait_for(lambda: b"waits for its model" in log.read_bytes())
        os.killpg(process.pid, signal.SIGINT)
        out, _ = process.communicate(timeout=DEADLINE_S)

    assert process.returncode == 130
    assert json.loads(out)["error"]["code"] == "run_cancelled"
    assert states(with_starter) == ["cancelled"]


def test_a_killed_command_leaves_no_worker_and_its_run_is_told_as_interrupted(
    with_starter: Path,
) -> None:
    with started(with_starter, *LONG_RUN) as process:
        assert process.stdout is not None
        process.stdout.read(1)
        children = psutil.Process(process.pid).children(recursive=True)
        process.kill()

    assert children
    wait_for(lambda: not any(_lives(child) for child in children))
    assert states(with_starter) == ["interrupted"]


def _lives(process: psutil.Process) -> bool:
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def test_a_reader_that_has_had_enough_stops_the_run_quietly(with_starter: Path) -> None:
    with started(with_starter, *LONG_RUN) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(1)
        process.stdout.close()

        assert process.wait(timeout=DEADLINE_S) == 0
        assert process.stderr.read() == b""
    assert states(with_starter) == ["cancelled"]


def test_a_run_is_cancelled_by_another_process(with_starter: Path) -> None:
    other = build(LaunchOptions(home=with_starter))
    try:
        with started(with_starter, *LONG_RUN) as process:
            assert process.stdout is not None
            process.stdout.read(1)
            [run] = other.list_runs().runs
            other.cancel_run(run.id)
            _, errors = process.communicate(timeout=DEADLINE_S)
    finally:
        other.close()

    assert process.returncode == 1
    assert b"error: The run was cancelled while running.\n" in errors
    assert states(with_starter) == ["cancelled"]


def test_a_model_stays_in_memory_between_commands_until_it_is_unloaded(with_starter: Path) -> None:
    loaded = document(heygen(with_starter, "load", "starter", "--json"))
    try:
        listed = document(heygen(with_starter, "ps", "--json"))["items"]
        run = document(heygen(with_starter, "run", "starter", "Once", "--json"))["run"]
    finally:
        unloaded = document(heygen(with_starter, "unload", "--all", "--json"))

    assert [worker["pid"] for worker in listed] == [loaded["pid"]]
    assert run["figures"]["load_s"] == 0
    assert unloaded["total"] == 1
    wait_for(lambda: not psutil.pid_exists(loaded["pid"]))
    wait_for(lambda: not _keepers(with_starter))


def _keepers(home: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or []
        if "--keep" in words and str(home) in words:
            found.append(process)
    return found


def test_the_self_test_passes(home: Path) -> None:
    result = document(heygen(home, "self-test", "--json"))

    assert result["passed"] is True
    assert not home.exists()


@contextmanager
def at_a_keyboard(home: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Start a command on a terminal of its own; gives the process and the keyboard's end."""
    keyboard, terminal = pty.openpty()
    process = subprocess.Popen(
        [*HEYGEN, *arguments, "--home", str(home)],
        env=environment(),
        preexec_fn=lambda: os.login_tty(terminal),
    )
    os.close(terminal)
    try:
        yield process, keyboard
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        os.close(keyboard)


def read_until(keyboard: int, awaited: bytes) -> bytes:
    seen = b""
    while awaited not in seen:
        try:
            seen += os.read(keyboard, 4096)
        except OSError as error:  # the terminal was closed by its last process
            raise AssertionError(f"{awaited!r} did not come; there was {seen!r}") from error
    return seen


def test_a_secret_is_typed_unseen(home: Path) -> None:
    with at_a_keyboard(home, "secret", "set", "hub-token") as (process, keyboard):
        seen = b""
        for prompt, typed in (
            (b"New passphrase: ", b"open sesame\n"),
            (b"Repeat the passphrase: ", b"open sesame\n"),
            (b"Value of hub-token: ", b"s3cret\n"),
        ):
            seen += read_until(keyboard, prompt)
            os.write(keyboard, typed)
        seen += read_until(keyboard, b"${secret:hub-token}")

        assert process.wait(timeout=DEADLINE_S) == 0
    assert b"s3cret" not in seen
    assert b"sesame" not in seen


def test_ctrl_c_at_a_prompt_stores_nothing_and_gives_the_terminal_back(home: Path) -> None:
    with at_a_keyboard(home, "secret", "set", "hub-token") as (process, keyboard):
        read_until(keyboard, b"New passphrase: ")
        process.send_signal(signal.SIGINT)

        assert process.wait(timeout=DEADLINE_S) == 130
    assert document(heygen(home, "secret", "list", "--json"))["total"] == 0
