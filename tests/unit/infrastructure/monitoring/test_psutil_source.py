"""psutil against this very machine."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import psutil
import pytest
from heygen_desktop.infrastructure.devices.host import Host
from heygen_desktop.infrastructure.monitoring.sampler import PsutilMachine


def test_the_counters_of_this_machine_are_plausible() -> None:
    counters = PsutilMachine(Host()).read()

    assert len(counters.cores) == len(psutil.cpu_times(percpu=True))
    assert all(0 <= core.busy_s <= core.total_s for core in counters.cores)
    assert 0 < counters.memory_available_bytes < counters.memory_total_bytes


def test_a_machine_that_counts_no_traffic_has_counters_of_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(psutil, "disk_io_counters", lambda: None)
    monkeypatch.setattr(psutil, "net_io_counters", lambda: None)

    counters = PsutilMachine(Host()).read()

    assert set(counters.traffic.values()) == {0}


def test_this_process_has_spent_time_and_memory() -> None:
    spent = PsutilMachine(Host()).process(os.getpid())

    assert spent is not None
    assert spent.cpu_s > 0
    assert spent.memory_bytes > 1_000_000


def test_a_process_that_was_killed_and_not_yet_buried_is_gone() -> None:
    machine = PsutilMachine(Host())
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    while_alive = machine.process(child.pid)

    child.kill()
    deadline = time.monotonic() + 10
    while machine.process(child.pid) is not None:
        assert time.monotonic() < deadline
    still_there = psutil.pid_exists(child.pid)
    child.communicate()

    assert while_alive is not None
    assert still_there
    assert machine.process(child.pid) is None


def test_a_pid_that_was_given_to_another_process_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = PsutilMachine(Host())
    assert machine.process(os.getpid()) is not None

    with monkeypatch.context() as patched:
        patched.setattr(psutil.Process, "is_running", lambda _process: False)
        reused = machine.process(os.getpid())

    assert reused is None
