"""A worker never outlives the program that started it, however that program dies."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.integration.inference.support import eventually

_PROGRAM = """
import sys, threading
from heygen_desktop.application.ports.inference import Loaded
from heygen_desktop.domain.entities.run import Loading, Produced
from heygen_desktop.infrastructure.devices.host import Host
from heygen_desktop.infrastructure.inference.supervisor import Supervisor
from tests.fakes.devices import FakeDevices
from tests.fakes.events import RecordingEventStream
from tests.integration.inference.support import RealClock, faulty_command, request, run
supervisor = Supervisor(
    faulty_command(), events=RecordingEventStream(), clock=RealClock(), devices=FakeDevices(),
    host=Host(),
)
state, act = sys.argv[1:]
def tell(update):
    loading = isinstance(update, Loading) and update.fraction is not None
    if (state == "loading" and loading) or (state == "running" and isinstance(update, Produced)):
        print(next(iter(supervisor._seats.values())).process.pid, flush=True)
def work():
    model = request("fault-" + act if state == "loading" else "model")
    run(supervisor, "say x" if state == "idle" else act, model=model, on_update=tell)
thread = threading.Thread(target=work, daemon=True)
thread.start()
if state == "idle":
    thread.join()
    print(supervisor.workers()[0].process.pid, flush=True)
threading.Event().wait()
"""


@pytest.mark.skipif(
    sys.platform != "linux", reason="elsewhere the end of a busy worker takes longer"
)
@pytest.mark.parametrize(
    ("state", "act"),
    [
        ("idle", "x"),
        ("loading", "hang"),
        ("loading", "hang-politely"),
        ("running", "hang"),
        ("running", "hang-politely"),
        ("running", "deaf"),
    ],
)
def test_a_worker_is_gone_within_a_second_of_a_kill_of_its_parent(state: str, act: str) -> None:
    root = Path(__file__).parents[3]
    with subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, state, act],
        stdout=subprocess.PIPE,
        cwd=root,
        text=True,
    ) as parent:
        assert parent.stdout is not None
        worker = psutil.Process(int(parent.stdout.readline()))
        assert worker.is_running()

        parent.kill()
        parent.wait()

        assert eventually(lambda: _is_gone(worker), within_s=1.0)


def _is_gone(process: psutil.Process) -> bool:
    """Whether it has ended; an orphan's zombie waits for the system's first process, not for us."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
