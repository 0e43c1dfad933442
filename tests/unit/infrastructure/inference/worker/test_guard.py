"""The guard's own decisions; what the kernel makes of them is tested with real processes."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from heygen_desktop.infrastructure.inference.worker import guard

ROOT = Path(__file__).parents[5]


def in_a_process(code: str, *, pass_fds: tuple[int, ...] = ()) -> subprocess.CompletedProcess[str]:
    """Run code that changes its process for good."""
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        pass_fds=pass_fds,
    )


@pytest.fixture
def sockets() -> Iterator[tuple[socket.socket, socket.socket]]:
    with socket.socket(socket.AF_UNIX) as local, socket.socket(socket.AF_INET) as internet:
        yield local, internet


@pytest.mark.parametrize("event", ["socket.connect", "socket.bind", "socket.sendto"])
def test_the_network_is_refused_and_local_sockets_are_not(
    event: str, sockets: tuple[socket.socket, socket.socket]
) -> None:
    local, internet = sockets

    guard._refuse_network(event, (local, "/path"))
    with pytest.raises(PermissionError, match="no network"):
        guard._refuse_network(event, (internet, ("127.0.0.1", 80)))


def test_name_look_ups_are_refused_and_other_events_pass() -> None:
    with pytest.raises(PermissionError, match="getaddrinfo"):
        guard._refuse_network("socket.getaddrinfo", ("example.org", 80))
    with pytest.raises(PermissionError):
        guard._refuse_network("socket.gethostbyname", ())
    guard._refuse_network("open", ("/file", "r", 0))


def test_without_a_life_line_nothing_is_armed() -> None:
    guard.die_with_parent(-1)


def test_a_worker_whose_parent_died_before_it_armed_ends_at_once() -> None:
    reading, writing = os.pipe()
    os.close(writing)
    code = (
        "from heygen_desktop.infrastructure.inference.worker.guard import die_with_parent\n"
        f"die_with_parent({reading})\n"
        "print('still here')"
    )

    ended = in_a_process(code, pass_fds=(reading,))
    os.close(reading)

    assert ended.returncode in (0, -9)
    assert ended.stdout == ""


def test_a_courtesy_that_the_system_refuses_is_said_and_survived() -> None:
    code = (
        "import pathlib\n"
        "from heygen_desktop.infrastructure.inference.worker import guard\n"
        "guard._OOM_SCORE = pathlib.Path('/proc/self')\n"
        "guard.yield_to_others(2)\n"
        "import os; print(os.nice(0))"
    )

    ended = in_a_process(code)

    assert ended.stdout.strip() == str(max(2, os.nice(0)))
    assert "refused a courtesy" in ended.stderr
