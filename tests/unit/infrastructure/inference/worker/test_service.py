"""The worker's life over a real pair of pipes, with a runtime that does what the test says."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import BinaryIO

import pytest
from heygen_desktop.infrastructure.inference.framing import pack, read_frame
from heygen_desktop.infrastructure.inference.messages import (
    Alive,
    Cancel,
    Chunk,
    Done,
    Failed,
    FromWorker,
    Hello,
    Load,
    LoadedInfo,
    LoadingStage,
    Run,
    Shutdown,
    ToWorker,
    decode_from_worker,
    encode,
)
from heygen_desktop.infrastructure.inference.worker import service as service_module
from heygen_desktop.infrastructure.inference.worker.channel import Channel
from heygen_desktop.infrastructure.inference.worker.runtime import (
    Control,
    Outcome,
    Output,
    Report,
)
from heygen_desktop.infrastructure.inference.worker.service import WorkerService

LOAD = Load("/m", "safetensors", "cpu", "auto", 1)
Work = Callable[[Run, Output, Control], Outcome]


def speak(task: Run, output: Output, control: Control) -> Outcome:
    output.started(2, 9)
    output.produced("well")
    return Outcome({"text": "well"}, "stop")


@dataclass
class Model:
    work: Work
    relieved: int = 0
    device: str = "cuda:0"
    dtype: str = "float16"

    def run(self, task: Run, output: Output, control: Control) -> Outcome:
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
    formats: tuple[str, ...] = ("safetensors",)
    failure: Exception | None = None

    def load(self, request: Load, report: Report) -> Model:
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

    def say(self, *messages: ToWorker) -> None:
        for message in messages:
            self.commands.write(encode(message))
        self.commands.flush()

    def hear(self) -> FromWorker:
        """Return the next message that is no sign of life."""
        while True:
            body = read_frame(self.answers)
            assert body is not None
            message = decode_from_worker(body)
            if not isinstance(message, Alive):
                return message

    def hear_loaded(self) -> None:
        assert isinstance(self.hear(), Hello)
        assert self.hear() == LoadingStage("reading weights", 0.5)
        assert isinstance(self.hear(), LoadedInfo)


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
        line.say(LOAD, Run("r1", "t", {}, {}, 1), Run("r2", "t", {}, {}, 1))
        line.hear_loaded()
        for run_id in ("r1", "r2"):
            chunk, done = line.hear(), line.hear()
            assert isinstance(chunk, Chunk)
            assert isinstance(done, Done)
            assert (chunk.run_id, chunk.text, chunk.limit) == (run_id, "well", 9)
            assert (done.run_id, done.output, done.tokens) == (run_id, {"text": "well"}, 1)
            assert 0 < done.peak_host_bytes < 10**12
            assert done.peak_device_bytes == 10**12
        line.say(Shutdown())

    assert line.left == [0]


def test_a_worker_ends_when_its_channel_closes() -> None:
    with serving(Runtime(Model(speak))) as line:
        line.commands.close()

    assert line.left == [0]


def test_a_worker_ends_when_the_program_sends_nonsense() -> None:
    with serving(Runtime(Model(speak))) as line:
        line.commands.write(pack(b"nonsense"))
        line.commands.flush()
        line.thread.join(10)

    assert line.left == [0]


def test_a_load_that_fails_is_reported_and_ends_the_worker() -> None:
    with serving(Runtime(Model(speak), failure=OSError("no such file"))) as line:
        line.say(LOAD)
        line.hear()
        line.hear()
        failed = line.hear()
        line.thread.join(10)

    assert isinstance(failed, Failed)
    assert (failed.run_id, failed.kind, failed.reason) == ("", "load", "OSError: no such file")


def test_a_stop_of_a_run_that_waits_stops_it_when_its_turn_comes() -> None:
    go_on = threading.Event()

    def work(task: Run, output: Output, control: Control) -> Outcome:
        assert go_on.wait(10)
        control.check()
        return speak(task, output, control)

    with serving(Runtime(Model(work))) as line:
        line.say(LOAD, Run("r1", "t", {}, {}, 1), Run("r2", "t", {}, {}, 1), Cancel("r2"))
        line.hear_loaded()
        go_on.set()

        assert [type(line.hear()), type(line.hear())] == [Chunk, Done]
        stopped = line.hear()

    assert isinstance(stopped, Failed)
    assert (stopped.run_id, stopped.kind) == ("r2", "cancelled")


def test_a_run_before_any_load_ends_the_worker() -> None:
    with serving(Runtime(Model(speak))) as line:
        line.say(Run("r1", "t", {}, {}, 1))
        line.thread.join(10)

        assert not line.thread.is_alive()


def test_a_stop_that_comes_after_its_run_ended_does_not_stop_a_later_one() -> None:
    def work(task: Run, output: Output, control: Control) -> Outcome:
        control.check()
        return speak(task, output, control)

    with serving(Runtime(Model(work))) as line:
        line.say(LOAD, Run("r1", "t", {}, {}, 1))
        line.hear_loaded()
        assert [type(line.hear()), type(line.hear())] == [Chunk, Done]

        line.say(Cancel("r1"), Run("r1", "t", {}, {}, 1))

        assert [type(line.hear()), type(line.hear())] == [Chunk, Done]


def test_a_stop_reaches_a_run_that_is_under_way_and_its_output_is_kept() -> None:
    begun = threading.Event()

    def work(task: Run, output: Output, control: Control) -> Outcome:
        output.produced("a")
        output.produced("b")
        begun.set()
        while True:
            control.check()

    model = Model(work)
    with serving(Runtime(model)) as line:
        line.say(LOAD, Run("r1", "t", {}, {}, 1))
        line.hear_loaded()
        assert begun.wait(10)
        line.say(Cancel("other"), Cancel("r1"))

        texts, message = [], line.hear()
        while isinstance(message, Chunk):
            texts.append(message.text)
            message = line.hear()

    assert "".join(texts) == "ab"
    assert isinstance(message, Failed)
    assert (message.kind, message.tokens) == ("cancelled", 2)
    assert model.relieved == 0


@pytest.mark.parametrize(
    ("error", "kind", "fatal"),
    [
        (MemoryError(), "oom", False),
        (KeyError("x"), "run", False),
        (RuntimeError("CUDA error: illegal access"), "run", True),
    ],
)
def test_what_a_runtime_raises_is_reported_and_only_a_lost_device_ends_the_worker(
    error: Exception, kind: str, fatal: bool
) -> None:
    def work(task: Run, output: Output, control: Control) -> Outcome:
        raise error

    model = Model(work)
    with serving(Runtime(model)) as line:
        line.say(LOAD, Run("r1", "t", {}, {}, 1))
        line.hear_loaded()
        failed = line.hear()
        assert isinstance(failed, Failed)
        assert (failed.kind, failed.fatal) == (kind, fatal)
        model.work = speak
        if fatal:
            line.thread.join(10)
            assert not line.thread.is_alive()
        else:
            line.say(Run("r2", "t", {}, {}, 1))
            assert isinstance(line.hear(), Chunk)

    assert model.relieved == (1 if kind == "oom" else 0)


def test_an_output_too_large_for_a_message_fails_its_run_only() -> None:
    def work(task: Run, output: Output, control: Control) -> Outcome:
        return Outcome({"text": "x" * 9_000_000}, "stop")

    with serving(Runtime(Model(work))) as line:
        line.say(LOAD, Run("r1", "t", {}, {}, 1))
        line.hear_loaded()
        failed = line.hear()

    assert isinstance(failed, Failed)
    assert "larger than a message" in failed.reason


def test_a_worker_shows_its_progress_while_it_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service_module, "_SIGN_OF_LIFE_S", 0.01)
    end = threading.Event()

    def work(task: Run, output: Output, control: Control) -> Outcome:
        while not end.is_set():
            control.check()
        return Outcome({}, "stop")

    steps: list[int] = []
    with serving(Runtime(Model(work))) as line:
        line.say(LOAD, Run("r1", "t", {}, {}, 1))
        while len(steps) < 5:
            body = read_frame(line.answers)
            assert body is not None
            message = decode_from_worker(body)
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
