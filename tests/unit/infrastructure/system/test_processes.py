from __future__ import annotations

import os
import subprocess
import sys
import time

import psutil
import pytest
from heygen_desktop.domain.entities.run import Owner
from heygen_desktop.infrastructure.system.processes import SystemProcesses


def test_the_current_process_is_this_one() -> None:
    assert SystemProcesses().current().pid == os.getpid()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no zombies")
def test_a_zombie_is_not_alive() -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    process = psutil.Process(child.pid)
    owner = Owner(child.pid, process.create_time())
    deadline = time.monotonic() + 20
    while process.status() != psutil.STATUS_ZOMBIE and time.monotonic() < deadline:
        os.sched_yield()

    is_gone = SystemProcesses().is_gone(owner)

    assert process.status() == psutil.STATUS_ZOMBIE
    child.wait(10)
    assert is_gone


def test_a_process_that_ends_while_it_is_asked_holds_no_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def gone(process: psutil.Process) -> None:
        raise psutil.NoSuchProcess(process.pid)

    monkeypatch.setattr(psutil.Process, "memory_info", gone)
    processes = SystemProcesses()

    assert processes.memory_bytes(processes.current()) is None
