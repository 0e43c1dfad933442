"""The worker's life over a real pair of pipes, with a runtime that does what the test says."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import BinaryIO

import pytest
from heygen_desktop.application.ports.inference import LoadRequest, TaskRequest, TaskResult
from heygen_desktop.domain.entities.run import Loading, Produced
from heygen_desktop.domain.errors import (
    HeyGenError,
    ModelLoadError,
    RunCancelledError,
    RunFailedError,
    WorkerOutOfMemoryError,
)
from heygen_desktop.infrastructure.inference.framing import Frames, pack
from heygen_desktop.infrastructure.inference.messages import (
    Alive,
    Cancel,
    Failed,
    Hello,
    ListWorkers,
    Load,
    Measured,
    Message,
    Run,
    Shutdown,
    decode,
    encode,
)
from heygen_desktop.infrastructure.inference.worker import service as service_module
from heygen_desktop.infrastructure.inference.worker.channel import Channel
from heygen_desktop.infrastructure.inference.worker.emitter import Emitter
from heygen_desktop.infrastructure.inference.worker.runtime import (
    Control,
    Outcome,
    Report,
)
from heygen_desktop.infrastructure.inference.worker.service import WorkerService

from tests.integration.inference.support import request, task

LOAD = Load(request(device="cpu"))
RUN = Run(request(device="cpu"), task("x"))
Work = Callable[[TaskRequest, Emitter, Control], Outcome]


def speak(task: TaskRequest, output: Emitter, control: Control) -> Outcome:
    output.started(2, 9)
    output.produced("well")
    return Outcome({"text": "well"}, "stop")


@dataclass
class Model:
    work: Work
    relieved: int = 0
    device: str = "cuda:0"
    dtype: str = "float16"

    def run(self, task: TaskRequest, output: Emitter, control: Control) -> Outcome:
        return self.work(task, output, control)

    def gpu_memory_bytes(self) -> int | None:
        return 5

    def gpu_peak_bytes(self) -> int | None:
        return 10**12

    def relieve(self) -> None:
        self.relieved += 1


@dataclass
class Runtime:
    model: Model
    failure: Exception | None = None

    def load(self, request: LoadRequest, report: Report) -> Model:
        report("reading weights", 0.5)
        if self.failure is not None:
            raise self.failure
        return self.model


@dataclass
class Line:
    """The program's side."""

    commands: BinaryIO
    answers: BinaryIO
    thread: threading.Thread
    left: list[int] = field(default_factory=list)
    frames: Frames = field(default_factory=Frames)

    def say(self, *messages: Message) -> None:
        for message in messages:
            self.commands.write(encode(message))
        self.commands.flush()

    def hear_all(self) -> Message:
        """Return the next message."""
        while (body := self.frames.cut()) is None:
            data = os.read(self.answers.fileno(), 65536)
            assert data
            self.frames.feed(data)
        return decode(body)

    def hear(self) -> Message:
        """Return the next message that is no sign of life."""
        while isinstance(message := self.hear_all(), Alive):
            pass
        return message

    def hear_failure(self) -> HeyGenError:
        """Return the error that comes next."""
        failed = self.hear()
        assert isinstance(failed, Failed)
        return failed.error()

    def hear_loaded(self) -> None:
        assert isinstance(self.hear(), Hello)
        assert self.hear() == Loading("reading weights", 0.5)
        assert isinstance(self.hear(), Measured)


@contextmanager
def serving(runtime: Runtime) -> Iterator[Line]:
    to_worker, from_us = os.pipe()
    to_us, from_worker = os.pipe()
    channel = Channel(to_worker, from_worker)
    left: list[int] = []
    service = WorkerService(channel, lambda _, report: runtime, leave=left.append)
    thread = threading.Thread(target=service.serve)
    with os.fdopen(from_us, "wb") as commands, os.fdopen(to_us, "rb") as answers:
        line = Line(commands, answers, thread, left)
        thread.start()
        try:
            yield line
        finally:
            commands.close()
            thread.join(10)
            for listener in [t for t in threading.enumerate() if t.name == "listen"]:
                listener.join(10)
            channel.close()
        assert not thread.is_alive()


def test_a_worker_greets_loads_and_works_until_told_to_end() -> None:
    with serving(Runtime(Model(speak))) as line:
        line.say(LOAD, RUN)
        line.hear_loaded()
        for _ in range(2):
            batch, result = line.hear(), line.hear()
            assert isinstance(batch, Produced)
            assert isinstance(result, TaskResult)
            assert (batch.text, batch.progress.total) == ("well", 9)
            assert (result.output, result.figures.tokens) == ({"text": "well"}, 1)
            assert 0 < (result.figures.peak_host_bytes or 0) < 10**12
            assert result.figures.peak_device_bytes == 10**12
            line.say(RUN)
        line.say(Shutdown())

    assert line.left == [0]


def test_signs_of_life_have_begun_when_a_worker_greets() -> None:
    with serving(Runtime(Model(speak))) as line:
        assert isinstance(line.hear(), Hello)

        assert {"tick", "listen"} <= {thread.name for thread in threading.enumerate()}


def test_a_worker_ends_when_its_channel_closes() -> None:
    with serving(Runtime(Model(speak))) as line:
        line.commands.close()

    assert line.left == [0]


@pytest.mark.parametrize("frame", [pack(b"nonsense"), encode(ListWorkers())])
def test_a_worker_ends_when_the_program_sends_nonsense(frame: bytes) -> None:
    with serving(Runtime(Model(speak))) as line:
        line.commands.write(frame)
        line.commands.flush()
        line.thread.join(10)

    assert line.left == [0]


def test_a_load_that_fails_is_reported_and_ends_the_worker() -> None:
    with serving(Runtime(Model(speak), failure=OSError("no such file"))) as line:
        line.say(LOAD)
        line.hear()
        line.hear()
        error = line.hear_failure()
        line.thread.join(10)

    assert isinstance(error, ModelLoadError)
    assert error.cause == "OSError: no such file."


def test_a_stop_of_a_run_that_waits_stops_it_when_its_turn_comes() -> None:
    def work(task: TaskRequest, output: Emitter, control: Control) -> Outcome:
        control.check()
        return speak(task, output, control)

    with serving(Runtime(Model(work))) as line:
        line.say(LOAD, RUN, Cancel())
        line.hear_loaded()

        assert isinstance(line.hear_failure(), RunCancelledError)


def test_a_run_before_any_load_ends_the_worker() -> None:
    with serving(Runtime(Model(speak))) as line:
        line.say(RUN)
        line.thread.join(10)

        assert not line.thread.is_alive()


def test_a_stop_that_comes_after_its_run_ended_does_not_stop_a_later_one() -> None:
    def work(task: TaskRequest, output: Emitter, control: Control) -> Outcome:
        control.check()
        return speak(task, output, control)

    with serving(Runtime(Model(work))) as line:
        line.say(LOAD, RUN)
        line.hear_loaded()
        assert [type(line.hear()), type(line.hear())] == [Produced, TaskResult]

        line.say(Cancel(), RUN)

        assert [type(line.hear()), type(line.hear())] == [Produced, TaskResult]


def test_a_stop_reaches_a_run_that_is_under_way_and_its_output_is_kept() -> None:
    begun = threading.Event()

    def work(task: TaskRequest, output: Emitter, control: Control) -> Outcome:
        output.produced("a")
        output.produced("b")
        begun.set()
        while True:
            control.check()

    model = Model(work)
    with serving(Runtime(model)) as line:
        line.say(LOAD, RUN)
        line.hear_loaded()
        assert begun.wait(10)
        line.say(Cancel())

        texts, message = [], line.hear()
        while isinstance(message, Produced):
            texts.append(message.text)
            message = line.hear()

    assert "".join(texts) == "ab"
    assert isinstance(message, Failed)
    assert isinstance(message.error(), RunCancelledError)
    assert message.error().details["tokens"] == 2
    assert model.relieved == 0


@pytest.mark.parametrize(
    ("error", "kind", "fatal"),
    [
        (MemoryError(), WorkerOutOfMemoryError, False),
        (KeyError("x"), RunFailedError, False),
        (RuntimeError("CUDA error: illegal access"), RunFailedError, True),
    ],
)
def test_what_a_runtime_raises_is_reported_and_only_a_lost_device_ends_the_worker(
    error: Exception, kind: type[HeyGenError], fatal: bool
) -> None:
    def work(task: TaskRequest, output: Emitter, control: Control) -> Outcome:
        raise error

    model = Model(work)
    with serving(Runtime(model)) as line:
        line.say(LOAD, RUN)
        line.hear_loaded()
        failed = line.hear()
        assert isinstance(failed, Failed)
        assert (type(failed.error()), failed.fatal) == (kind, fatal)
        model.work = speak
        if fatal:
            line.thread.join(10)
            assert not line.thread.is_alive()
        else:
            line.say(RUN)
            assert isinstance(line.hear(), Produced)

    assert model.relieved == (1 if kind is WorkerOutOfMemoryError else 0)


def test_an_output_too_large_for_a_message_fails_its_run_only() -> None:
    def work(task: TaskRequest, output: Emitter, control: Control) -> Outcome:
        return Outcome({"text": "x" * 9_000_000}, "stop")

    with serving(Runtime(Model(work))) as line:
        line.say(LOAD, RUN)
        line.hear_loaded()
        error = line.hear_failure()

    assert isinstance(error, RunFailedError)
    assert "at most 8 MiB" in error.cause


def test_a_worker_shows_its_progress_while_it_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service_module, "_SIGN_OF_LIFE_S", 0.01)
    end = threading.Event()

    def work(task: TaskRequest, output: Emitter, control: Control) -> Outcome:
        while not end.is_set():
            control.check()
        return Outcome({}, "stop")

    steps: list[int] = []
    with serving(Runtime(Model(work))) as line:
        line.say(LOAD, RUN)
        while len(steps) < 5:
            message = line.hear_all()
            if isinstance(message, Alive) and message.step:
                steps.append(message.step)
        end.set()

    assert steps == sorted(set(steps))


def test_a_worker_whose_program_stopped_listening_stops_ticking(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(service_module, "_SIGN_OF_LIFE_S", 0.01)

    with serving(Runtime(Model(speak))) as line:
        assert isinstance(line.hear(), Hello)
        line.answers.close()
        for ticker in [t for t in threading.enumerate() if t.name == "tick"]:
            ticker.join(10)
        assert "tick" not in {t.name for t in threading.enumerate()}
