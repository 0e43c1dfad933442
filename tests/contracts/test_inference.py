"""What every ``Inference`` promises, held by the written fake and by real worker processes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

import pytest
from heygen_desktop.application.ports.inference import (
    Inference,
    Loaded,
    LoadRequest,
    TaskResult,
    Update,
)
from heygen_desktop.domain.entities.run import Loading, Produced
from heygen_desktop.domain.errors import (
    DeviceUnavailableError,
    HeyGenError,
    ModelLoadError,
    RunCancelledError,
    RunFailedError,
)

from tests.fakes.inference import FakeInference, Script
from tests.integration.inference.support import (
    StopAfterFirstToken,
    ignore,
    never,
    request,
    supervised,
    task,
)


class Subject(Protocol):
    """An implementation, and how to make it do what a test needs."""

    @property
    def inference(self) -> Inference: ...
    def says(self, *words: str) -> str:
        """Return the prompt to which the model answers with these words, a token each."""

    def goes_on(self) -> str:
        """Return the prompt to which the answer begins with ``begun`` and has no end."""

    def fails(self) -> str:
        """Return the prompt at which the runtime fails."""

    def unloadable(self) -> LoadRequest:
        """Return a model that the runtime refuses."""


@dataclass
class FakeSubject:
    fake: FakeInference

    @property
    def inference(self) -> Inference:
        return self.fake

    def says(self, *words: str) -> str:
        self.fake.script = Script(pieces=words)
        return "x"

    def goes_on(self) -> str:
        self.fake.script = Script(pieces=("begun", "never"), hold_running=threading.Event())
        return "x"

    def fails(self) -> str:
        self.fake.script = Script(pieces=("begun",), run_failure=RunFailedError("it broke"))
        return "x"

    def unloadable(self) -> LoadRequest:
        self.fake.script = Script(load_failure=ModelLoadError("model", "it broke"))
        return request()


@dataclass
class RealSubject:
    inference: Inference

    def says(self, *words: str) -> str:
        return f"say {' '.join(words)}"

    def goes_on(self) -> str:
        return "wait"

    def fails(self) -> str:
        return "mistake"

    def unloadable(self) -> LoadRequest:
        return request("fault-mistake")


@pytest.fixture(params=["fake", "real"])
def subject(request: pytest.FixtureRequest) -> Iterator[Subject]:
    if request.param == "fake":
        fake = FakeInference()
        yield FakeSubject(fake)
        fake.close()
        return
    with supervised() as (supervisor, _):
        yield RealSubject(supervisor)


def run(subject: Subject, prompt: str, **rest: object) -> TaskResult:
    return subject.inference.run(
        request(),
        task(prompt),
        on_update=rest.get("on_update", ignore),  # type: ignore[arg-type] # tests give what fits
        should_stop=rest.get("should_stop", never),  # type: ignore[arg-type] # tests give what fits
    )


class TestInferenceContract:
    def test_a_run_loads_and_tells_its_output_in_batches_that_join_to_the_whole(
        self, subject: Subject
    ) -> None:
        told: list[Update] = []

        result = run(subject, subject.says("one", "two", "three"), on_update=told.append)

        kinds = list(dict.fromkeys(type(update) for update in told))
        assert kinds == [Loading, Loaded, Produced]
        produced = [update for update in told if isinstance(update, Produced)]
        assert "".join(update.text for update in produced) == "onetwothree"
        assert result.output == {"text": "onetwothree"}
        assert (result.finish_reason, result.figures.tokens) == ("stop", 3)
        assert (produced[-1].figures.tokens, produced[-1].progress.done) == (3, 3)
        assert produced[-1].figures.load_s == result.figures.load_s
        assert result.figures.load_s is not None
        assert result.figures.load_s > 0

    def test_a_model_in_memory_is_not_loaded_again(self, subject: Subject) -> None:
        worker = subject.inference.load(request(), on_update=ignore, should_stop=never)
        told: list[Update] = []

        result = run(subject, subject.says("one"), on_update=told.append)

        assert result.figures.load_s == 0.0
        assert isinstance(told[0], Loaded)
        assert told[0].was_loaded
        assert [w.process for w in subject.inference.workers()] == [worker.process]

    def test_a_stop_before_the_turn_runs_nothing(self, subject: Subject) -> None:
        with pytest.raises(RunCancelledError) as caught:
            run(subject, subject.says("one"), should_stop=lambda: True)

        assert caught.value.details["tokens"] == 0
        assert subject.inference.workers() == []

    def test_a_stop_in_mid_run_keeps_what_was_made_and_the_worker(self, subject: Subject) -> None:
        somebody = StopAfterFirstToken()

        with pytest.raises(RunCancelledError) as caught:
            run(
                subject,
                subject.goes_on(),
                on_update=somebody.on_update,
                should_stop=somebody.should_stop,
            )

        assert caught.value.details == {"phase": "running", "tokens": 1}
        assert somebody.text == "begun"
        (worker,) = subject.inference.workers()
        assert not worker.busy

    def test_a_second_run_waits_and_may_give_up(self, subject: Subject) -> None:
        first, stop = StopAfterFirstToken(), threading.Event()
        prompt = subject.goes_on()

        with ThreadPoolExecutor(1) as pool:
            running = pool.submit(
                run, subject, prompt, on_update=first.on_update, should_stop=stop.is_set
            )
            assert first.seen.wait(10)
            asked = iter((False, False, False))
            with pytest.raises(RunCancelledError) as caught:
                run(subject, prompt, should_stop=lambda: next(asked, True))
            assert not running.done()
            assert subject.inference.workers()[0].busy
            stop.set()
            with pytest.raises(RunCancelledError):
                running.result(10)

        assert caught.value.details["phase"] == "waiting"

    def test_unloading_in_mid_run_ends_the_run_as_cancelled(self, subject: Subject) -> None:
        somebody = StopAfterFirstToken()

        with ThreadPoolExecutor(1) as pool:
            running = pool.submit(run, subject, subject.goes_on(), on_update=somebody.on_update)
            assert somebody.seen.wait(10)
            left = subject.inference.unload("model")
            with pytest.raises(RunCancelledError) as caught:
                running.result(10)

        assert [worker.model for worker in left] == ["model"]
        assert caught.value.details["tokens"] == 1
        assert subject.inference.workers() == []

    def test_unloading_what_is_not_there_unloads_nothing(self, subject: Subject) -> None:
        run(subject, subject.says("one"))

        assert subject.inference.unload("other") == []
        assert subject.inference.unload("model", "9.9.9") == []
        assert len(subject.inference.workers()) == 1

    def test_a_failure_of_the_runtime_is_raised_and_the_next_run_works(
        self, subject: Subject
    ) -> None:
        with pytest.raises(RunFailedError):
            run(subject, subject.fails())

        assert run(subject, subject.says("well")).output == {"text": "well"}

    def test_a_load_that_fails_leaves_no_worker(self, subject: Subject) -> None:
        with pytest.raises(HeyGenError) as caught:
            subject.inference.load(subject.unloadable(), on_update=ignore, should_stop=never)

        assert isinstance(caught.value, ModelLoadError)
        assert subject.inference.workers() == []

    def test_a_device_that_is_not_there_is_refused(self, subject: Subject) -> None:
        with pytest.raises(DeviceUnavailableError):
            subject.inference.load(request(device="cuda:42"), on_update=ignore, should_stop=never)

    def test_after_close_nothing_is_done_any_more(self, subject: Subject) -> None:
        run(subject, subject.says("one"))

        subject.inference.close()
        subject.inference.close()

        assert subject.inference.workers() == []
        with pytest.raises(RuntimeError):
            run(subject, "x")
