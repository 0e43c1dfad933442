"""What the table says of our processes."""

from __future__ import annotations

from dataclasses import replace

from heygen_desktop.application.ports.metrics import WorkerSample
from heygen_desktop.application.ports.processes import Program
from heygen_desktop.domain.entities.ai_model import ModelId
from heygen_desktop.domain.entities.run import Owner
from heygen_desktop.domain.entities.worker import Worker
from heygen_desktop.presentation.desktop.screens.monitor.processes import rows_of

from tests.fakes.metrics import a_sample

IDLE = Worker(
    process=Owner(7, 2.0),
    owner=Owner(1, 1.0),
    model_id=ModelId("id-of-tiny"),
    model="tiny",
    version="1.0.0",
    device="cpu",
    dtype="float32",
    load_s=1.0,
    loaded_at=a_sample().at,
    memory_bytes=10**9,
    peak_memory_bytes=10**9,
)


def test_what_holds_a_model_comes_first_then_this_window_then_other_programs() -> None:
    programs = [Program(Owner(1, 1.0), 10, True), Program(Owner(2, 1.0), None, False)]
    worker = replace(IDLE, busy=True)
    reading = WorkerSample(worker.process.pid, "tiny@1.0.0", 80.0, 1, 2**30)

    model, window, other = rows_of(programs, [worker], replace(a_sample(), workers=(reading,)))

    assert [window.name, other.name] == ["This window", "Other program"]
    assert (window.memory_bytes, other.memory_bytes, window.reference) == (10, None, "")
    assert model.reference == f"{worker.model}@{worker.version}" == model.name
    assert model.gpu_memory_bytes == 2**30
    assert (model.doing, model.cpu_percent, model.key) == ("running", 80.0, str(worker.process.pid))


def test_what_is_not_measured_yet_is_not_told() -> None:
    [idle] = rows_of([], [IDLE], None)

    assert (idle.doing, idle.cpu_percent) == ("idle", None)
