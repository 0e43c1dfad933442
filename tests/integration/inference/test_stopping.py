"""Stopping: a run in every state, a model in memory, everything at the end; and nothing is left."""

from __future__ import annotations

import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from heygen_desktop.application.ports.inference import Update
from heygen_desktop.domain.entities.run import Loading, Produced
from heygen_desktop.domain.errors import RunCancelledError
from heygen_desktop.domain.events import WorkerStarted, WorkerStopped
from heygen_desktop.infrastructure.inference import supervisor as supervisor_module

from tests.integration.inference.support import (
    StopAfterFirstToken,
    children,
    eventually,
    ignore,
    never,
    request,
    run,
    supervised,
    task,
)


def test_a_run_stopped_while_running_leaves_its_worker_in_service() -> None:
    somebody = StopAfterFirstToken()

    with supervised() as (supervisor, _):
        with pytest.raises(RunCancelledError) as caught:
            run(
                supervisor,
                "wait",
                on_update=somebody.on_update,
                should_stop=somebody.should_stop,
            )

        before = supervisor.workers()[0].process
        assert caught.value.details == {"phase": "running", "tokens": 1}
        assert somebody.text == "begun"
        assert run(supervisor, "say on").output == {"text": "on"}
        assert supervisor.workers()[0].process == before


@pytest.mark.parametrize("act", ["hang-politely", "deaf", "hang", "deaf-hang"])
def test_a_worker_that_does_not_answer_to_the_stop_is_ended(act: str) -> None:
    somebody = StopAfterFirstToken()

    with supervised() as (supervisor, _):
        began = time.monotonic()
        with pytest.raises(RunCancelledError) as caught:
            run(supervisor, act, on_update=somebody.on_update, should_stop=somebody.should_stop)

        assert time.monotonic() - began < 5
        assert caught.value.details["tokens"] == 1
        assert children() == []
        assert run(supervisor, "say on").output == {"text": "on"}


def test_a_run_stopped_while_loading_ends_at_once() -> None:
    loading = threading.Event()

    def note(update: Update) -> None:
        if isinstance(update, Loading) and update.fraction is not None:
            loading.set()

    with supervised() as (supervisor, _):
        with pytest.raises(RunCancelledError) as caught:
            run(
                supervisor,
                "say x",
                model=request("fault-hang"),
                on_update=note,
                should_stop=loading.is_set,
            )

        assert caught.value.details["phase"] == "loading"
        assert children() == []


def test_a_run_stopped_before_it_begins_starts_no_process() -> None:
    with supervised() as (supervisor, _):
        with pytest.raises(RunCancelledError) as caught:
            run(supervisor, "say x", should_stop=lambda: True)

        assert caught.value.details["phase"] == "waiting"
        assert children() == []


def test_a_run_stopped_while_it_waits_for_its_turn_does_not_disturb_the_other() -> None:
    first, second = StopAfterFirstToken(), threading.Event()
    stop_first = threading.Event()

    with supervised() as (supervisor, _), ThreadPoolExecutor(2) as pool:
        running = pool.submit(
            run,
            supervisor,
            "wait",
            on_update=first.on_update,
            should_stop=stop_first.is_set,
        )
        assert first.seen.wait(10)
        waiting = pool.submit(run, supervisor, "say x", should_stop=second.is_set)
        second.set()

        with pytest.raises(RunCancelledError) as caught:
            waiting.result(5)
        assert caught.value.details["phase"] == "waiting"
        assert not running.done()

        stop_first.set()
        with pytest.raises(RunCancelledError):
            running.result(5)


def test_runs_on_one_model_follow_each_other_in_the_order_of_their_coming() -> None:
    order: list[str] = []
    first, go_on = StopAfterFirstToken(), threading.Event()

    with supervised() as (supervisor, _), ThreadPoolExecutor(4) as pool:
        running = pool.submit(
            run, supervisor, "wait", on_update=first.on_update, should_stop=go_on.is_set
        )
        assert first.seen.wait(10)
        line = next(iter(supervisor._seats.values())).line
        others = []
        for number, name in enumerate(("a", "b", "c"), start=2):
            others.append(
                pool.submit(
                    run,
                    supervisor,
                    f"say {name}",
                    on_update=lambda u: order.append(u.text) if isinstance(u, Produced) else None,
                )
            )
            assert eventually(lambda number=number: line.length == number)  # type: ignore[misc] # mypy cannot type a default in a lambda
        go_on.set()

        with pytest.raises(RunCancelledError):
            running.result(10)
        for other in others:
            other.result(10)

    assert order == ["a", "b", "c"]


def test_two_models_run_side_by_side() -> None:
    one, two = StopAfterFirstToken(), StopAfterFirstToken()

    with supervised() as (supervisor, _), ThreadPoolExecutor(2) as pool:
        both_seen = lambda: one.seen.is_set() and two.seen.is_set()  # noqa: E731 - it is passed twice
        runs = [
            pool.submit(
                run,
                supervisor,
                "wait",
                model=request(name),
                on_update=who.on_update,
                should_stop=both_seen,
            )
            for name, who in (("one", one), ("two", two))
        ]

        for running in runs:
            with pytest.raises(RunCancelledError):
                running.result(10)
        assert len(supervisor.workers()) == 2


def test_unloading_a_busy_model_ends_its_run_as_cancelled() -> None:
    somebody = StopAfterFirstToken()

    with supervised() as (supervisor, events), ThreadPoolExecutor(1) as pool:
        running = pool.submit(run, supervisor, "wait", on_update=somebody.on_update)
        assert somebody.seen.wait(10)

        left = supervisor.unload("model")

        with pytest.raises(RunCancelledError) as caught:
            running.result(5)
        assert caught.value.details == {"phase": "running", "tokens": 1}
        assert [(worker.model, worker.busy) for worker in left] == [("model", True)]
        assert children() == []
        stopped = events.events[-1]
        assert isinstance(stopped, WorkerStopped)
        assert (stopped.reason, stopped.expected) == ("unloaded", True)


@pytest.mark.parametrize("act", ["hang", "deaf-hang"])
def test_unloading_a_worker_that_answers_to_nothing_ends_it_all_the_same(act: str) -> None:
    somebody = StopAfterFirstToken()

    with supervised() as (supervisor, _), ThreadPoolExecutor(1) as pool:
        running = pool.submit(run, supervisor, act, on_update=somebody.on_update)
        assert somebody.seen.wait(10)

        supervisor.unload("model")

        assert children() == []
        with pytest.raises(RunCancelledError):
            running.result(5)


def test_unloading_ends_a_load_under_way() -> None:
    loading = threading.Event()

    def note(update: Update) -> None:
        if isinstance(update, Loading) and update.fraction is not None:
            loading.set()

    with supervised() as (supervisor, _), ThreadPoolExecutor(1) as pool:
        running = pool.submit(
            run, supervisor, "x", model=request("fault-hang-politely"), on_update=note
        )
        assert loading.wait(10)

        [stopped] = supervisor.unload("fault-hang-politely")

        assert (stopped.model, stopped.is_loading) == ("fault-hang-politely", True)
        with pytest.raises(RunCancelledError):
            running.result(5)


def test_unloading_takes_only_the_version_that_was_named() -> None:
    with supervised() as (supervisor, _):
        supervisor.load(request(), on_update=ignore, should_stop=never)

        assert supervisor.unload("model", "2.0.0") == []
        assert supervisor.unload("other") == []
        assert [worker.version for worker in supervisor.unload("model", "1.0.0")] == ["1.0.0"]
        assert supervisor.unload("model") == []
        assert supervisor.workers() == []


def test_workers_are_told_with_live_memory_and_whether_they_are_busy() -> None:
    somebody, go_on = StopAfterFirstToken(), threading.Event()

    with supervised() as (supervisor, _), ThreadPoolExecutor(1) as pool:
        running = pool.submit(
            run, supervisor, "wait", on_update=somebody.on_update, should_stop=go_on.is_set
        )
        assert somebody.seen.wait(10)

        (worker,) = supervisor.workers()
        go_on.set()
        with pytest.raises(RunCancelledError):
            running.result(5)
        (later,) = supervisor.workers()

    assert worker.busy
    assert not later.busy
    assert 5_000_000 < worker.memory_bytes <= worker.peak_memory_bytes
    assert worker.process.started_at >= worker.owner.started_at


def test_closing_ends_what_runs_and_refuses_what_comes() -> None:
    somebody = StopAfterFirstToken()

    with supervised() as (supervisor, _), ThreadPoolExecutor(2) as pool:
        running = pool.submit(run, supervisor, "wait", on_update=somebody.on_update)
        assert somebody.seen.wait(10)
        waiting = pool.submit(run, supervisor, "say x")

        supervisor.close()

        for call in (running, waiting):
            with pytest.raises((RunCancelledError, RuntimeError)):
                call.result(5)
        assert children() == []
        for refused in (
            lambda: run(supervisor, "say x"),
            lambda: supervisor.load(request(), on_update=ignore, should_stop=never),
            lambda: supervisor.unload("model"),
        ):
            with pytest.raises(RuntimeError, match="closed"):
                refused()


def test_a_worker_gets_no_secret_no_network_and_the_least_standing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_canary")
    monkeypatch.setenv("HEYGEN_VAULT_PASSPHRASE", "canary")

    with supervised() as (supervisor, _):
        names = str(run(supervisor, "read environment").output["text"])
        network = str(run(supervisor, "read network").output["text"])
        standing = str(run(supervisor, "read standing").output["text"])
        printed = str(run(supervisor, "read print").output["text"])

    assert "HF_TOKEN" not in names
    assert "HEYGEN" not in names
    assert "OMP_WAIT_POLICY" in names
    assert network == "PermissionErrorFileNotFoundErrorlookup"
    assert standing == f"{max(3, os.nice(0))}800True''"
    assert printed == "unharmed"


def test_a_message_larger_than_a_pipe_arrives_whole() -> None:
    words = " ".join(f"word{number}" for number in range(40_000))

    with supervised() as (supervisor, _):
        result = run(supervisor, f"say {words}")

    assert result.output == {"text": words.replace(" ", "")}
    assert result.figures.tokens == 40_000


def test_an_input_for_a_worker_that_does_not_read_does_not_block_the_stop() -> None:
    """The pipe holds 64 KiB; a worker that stopped reading must not stop us."""
    with supervised() as (supervisor, _):
        run(supervisor, "say x")
        pid = supervisor.workers()[0].process.pid
        began = time.monotonic()
        os.kill(pid, signal.SIGSTOP)

        with pytest.raises(RunCancelledError):
            supervisor.run(
                request(),
                task("say " + "x" * 4_000_000),
                on_update=ignore,
                should_stop=lambda: time.monotonic() - began > 0.2,
            )

        assert time.monotonic() - began < 5
        assert children() == []


def test_a_seat_is_looked_at_under_its_lock_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The thread that notices a death takes the process away between two looks otherwise."""
    looked: list[str] = []
    with supervised() as (supervisor, _):
        lock = supervisor._state

        class Watched(supervisor_module._Seat):
            def __getattribute__(self, name: str) -> object:
                if name in ("process", "worker") and not lock._is_owned():  # type: ignore[attr-defined]  # of RLock
                    looked.append(name)
                return super().__getattribute__(name)

        monkeypatch.setattr(supervisor_module, "_Seat", Watched)
        run(supervisor, "say well")
        os.kill(supervisor.workers()[0].process.pid, signal.SIGKILL)
        assert eventually(lambda: supervisor.workers() == [])
        run(supervisor, "say again")
        supervisor.unload("model")

    assert looked == []


@pytest.mark.parametrize(
    ("devices", "asked", "started"),
    [
        (("cpu",), ("auto", "cpu"), 1),
        (("cpu", "cuda:0"), ("auto", "cuda:0"), 1),
        (("cpu", "cuda:0"), ("auto", "cpu"), 1),  # the worker said that it runs on the cpu
        (("cpu", "cuda:0", "cuda:1"), ("cuda:1", "auto"), 1),
        (("cpu", "cuda:0", "cuda:1"), ("cuda:0", "cuda:1"), 2),
    ],
)
def test_devices_that_mean_the_same_are_one_worker(
    devices: tuple[str, ...], asked: tuple[str, str], started: int
) -> None:
    with supervised(devices=devices) as (supervisor, events):
        for device in asked:
            supervisor.load(request(device=device), on_update=ignore, should_stop=never)

        assert len(events.of(WorkerStarted)) == started


def test_what_is_held_is_what_a_run_finds_in_memory() -> None:
    with supervised() as (supervisor, _):
        assert not supervisor.holds(request())
        supervisor.load(request(), on_update=ignore, should_stop=never)

        assert supervisor.holds(request(device="cpu"))
        assert not supervisor.holds(request(dtype="float16"))
