"""What the tests of worker processes share: a supervisor over the misbehaving worker, and its records."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psutil
from heygen_desktop.application.ports.inference import LoadRequest, TaskRequest, TaskResult, Update
from heygen_desktop.domain.entities.ai_model import ModelId
from heygen_desktop.domain.entities.run import Json, Produced
from heygen_desktop.domain.values.artifact import ArtifactFormat
from heygen_desktop.infrastructure.devices.host import Host
from heygen_desktop.infrastructure.inference.process import WorkerPolicy
from heygen_desktop.infrastructure.inference.supervisor import Supervisor

from tests.fakes.devices import EIGHT_GIB, FakeDevices
from tests.fakes.events import RecordingEventStream

FAULTY = Path(__file__).with_name("faulty_worker.py")
QUICK = WorkerPolicy(poll_s=0.02, answer_s=0.4, terminate_s=0.3)


class RealClock:
    """The machine's time."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


def faulty_command(start: str = "") -> tuple[str, ...]:
    return (sys.executable, str(FAULTY), *(("--start", start) if start else ()))


@contextmanager
def supervised(
    start: str = "", *, policy: WorkerPolicy = QUICK, devices: tuple[str, ...] = ("cpu",)
) -> Iterator[tuple[Supervisor, RecordingEventStream]]:
    """A supervisor over the misbehaving worker; afterwards no process and no thread is left."""
    events = RecordingEventStream()
    supervisor = Supervisor(
        faulty_command(start),
        events=events,
        clock=RealClock(),
        policy=policy,
        devices=FakeDevices(dict.fromkeys(devices, EIGHT_GIB)),
        host=Host(),
    )
    before = set(threading.enumerate())
    try:
        yield supervisor, events
    finally:
        supervisor.close()
    assert children() == []
    assert set(threading.enumerate()) - before == set()


def children() -> list[psutil.Process]:
    """Every child of this process, zombies included, that runs a worker or ran one."""
    return [
        child
        for child in psutil.Process().children(recursive=True)
        if child.status() == psutil.STATUS_ZOMBIE or "worker" in " ".join(child.cmdline())
    ]


def request(
    name: str = "model",
    *,
    device: str = "auto",
    start_timeout_s: float = 30.0,
    stall_timeout_s: float = 30.0,
    niceness: int = 3,
    dtype: str = "auto",
    format: ArtifactFormat = ArtifactFormat.SAFETENSORS,
) -> LoadRequest:
    return LoadRequest(
        model_id=ModelId(f"id-of-{name}"),
        model=name,
        version="1.0.0",
        path=Path("/models") / name,
        format=format,
        device=device,
        dtype=dtype,
        threads=1,
        niceness=niceness,
        start_timeout_s=start_timeout_s,
        stall_timeout_s=stall_timeout_s,
    )


def task(prompt: str, *, run_id: str = "r1", params: dict[str, Json] | None = None) -> TaskRequest:
    return TaskRequest(run_id, "text-generation", {"prompt": prompt}, params or {}, seed=7)


def never() -> bool:
    return False


def ignore(update: Update) -> None:
    return None


def run(
    supervisor: Supervisor,
    prompt: str,
    *,
    model: LoadRequest | None = None,
    on_update: Callable[[Update], None] = ignore,
    should_stop: Callable[[], bool] = never,
) -> TaskResult:
    return supervisor.run(
        model or request(), task(prompt), on_update=on_update, should_stop=should_stop
    )


def eventually(holds: Callable[[], bool], *, within_s: float = 10.0) -> bool:
    """Whether it comes true within the time."""
    deadline = time.monotonic() + within_s
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.005)
    return True


class StopAfterFirstToken:
    """``should_stop`` and ``on_update`` of somebody who stops as soon as there is output."""

    def __init__(self) -> None:
        self.seen = threading.Event()
        self.text = ""

    def on_update(self, update: Update) -> None:
        if isinstance(update, Produced):
            self.text += update.text
            self.seen.set()

    def should_stop(self) -> bool:
        return self.seen.is_set()
