"""Every way in which a worker can fail, in each phase, becomes the named error and harms nothing else."""

from __future__ import annotations

import os
import signal
import sys
import threading

import pytest
from heygen_desktop.application.ports.inference import Loaded, Update
from heygen_desktop.domain.entities.run import Loading, Produced
from heygen_desktop.domain.errors import (
    ArtifactUnsupportedError,
    DeviceUnavailableError,
    HeyGenError,
    InvalidParameterError,
    ModelLoadError,
    PromptTooLongError,
    RunCancelledError,
    RunFailedError,
    WorkerCrashedError,
    WorkerHungError,
    WorkerOutOfMemoryError,
    WorkerProtocolError,
)
from heygen_desktop.domain.events import WorkerStarted, WorkerStopped
from heygen_desktop.infrastructure.devices.host import Host
from heygen_desktop.infrastructure.inference.endings import system_kill_count
from heygen_desktop.infrastructure.inference.supervisor import Supervisor

from tests.fakes.devices import FakeDevices
from tests.fakes.events import RecordingEventStream
from tests.integration.inference.support import (
    QUICK,
    RealClock,
    children,
    eventually,
    ignore,
    never,
    request,
    run,
    supervised,
    task,
)

GARBAGE = (
    "garbage",
    "giant",
    "pickle",
    "nan",
    "infinite",
    "negative",
    "wrong-type",
    "boolean",
    "foreign-error",
    "list",
    "extra",
    "missing",
    "unknown",
    "deep",
    "hello-again",
)


KILLED = WorkerOutOfMemoryError if system_kill_count() is None else WorkerCrashedError
"""Where the system counts its own kills, one that it did not count came from somebody."""


def how(error: HeyGenError) -> str:
    return str(error.details["how"])


def works(supervisor: Supervisor) -> bool:
    return run(supervisor, "say well").output == {"text": "well"}


@pytest.mark.parametrize(
    ("act", "said"),
    [("segfault", "signal SIGSEGV"), ("abort", "signal SIGABRT"), ("exit", "exit code 3")],
)
@pytest.mark.parametrize("phase", ["starting", "loading", "running"])
def test_a_crash_is_told_with_its_phase_and_signal(phase: str, act: str, said: str) -> None:
    with supervised(act if phase == "starting" else "") as (supervisor, _):
        model = request(f"fault-{act}" if phase == "loading" else "model")

        with pytest.raises(WorkerCrashedError) as caught:
            run(supervisor, act, model=model)

        assert how(caught.value) == said
        assert caught.value.details["phase"] == phase
        assert children() == []
        assert phase == "starting" or works(supervisor)


@pytest.mark.parametrize("phase", ["starting", "loading", "running"])
def test_a_kill_in_any_phase_ends_that_run_with_its_name(phase: str) -> None:
    with supervised("kill" if phase == "starting" else "") as (supervisor, _):
        model = request("fault-kill" if phase == "loading" else "model")

        with pytest.raises(KILLED) as caught:
            run(supervisor, "kill", model=model)

        assert caught.value.details["phase"] == phase
        assert "SIGKILL" in caught.value.message + caught.value.cause
        assert children() == []


def test_a_worker_killed_from_outside_in_mid_run_loses_that_run_only() -> None:
    with supervised() as (supervisor, _):

        def kill_at_first_token(update: Update) -> None:
            if isinstance(update, Produced):
                os.kill(supervisor.workers()[0].process.pid, signal.SIGKILL)

        with pytest.raises(KILLED) as caught:
            run(supervisor, "wait", on_update=kill_at_first_token)

        assert caught.value.details["tokens"] == 1
        assert works(supervisor)


def test_a_worker_killed_from_outside_while_idle_is_noticed_and_replaced() -> None:
    with supervised() as (supervisor, events):
        assert works(supervisor)
        first = supervisor.workers()[0].process.pid

        os.kill(first, signal.SIGKILL)

        assert eventually(lambda: isinstance(events.events[-1], WorkerStopped))
        stopped = events.events[-1]
        assert isinstance(stopped, WorkerStopped)
        assert (stopped.pid, stopped.expected) == (first, False)
        assert stopped.reason.startswith("signal SIGKILL")
        assert supervisor.workers() == []
        assert works(supervisor)
        assert supervisor.workers()[0].process.pid != first


@pytest.mark.parametrize(
    ("phase", "frame"),
    [
        (phase, frame)
        for phase in ("starting", "loading", "running")
        for frame in GARBAGE
        if (phase, frame) != ("starting", "hello-again")  # the first greeting is allowed
    ],
)
def test_what_must_not_be_sent_is_refused_and_the_worker_killed(phase: str, frame: str) -> None:
    with supervised(frame if phase == "starting" else "") as (supervisor, _):
        model = request(f"fault-{frame}" if phase == "loading" else "model")

        with pytest.raises(WorkerProtocolError):
            run(supervisor, frame, model=model)

        assert children() == []
        assert phase == "starting" or works(supervisor)


@pytest.mark.parametrize("phase", ["starting", "loading", "running"])
def test_a_worker_that_holds_the_interpreter_is_found_hung(phase: str) -> None:
    with supervised("hang" if phase == "starting" else "") as (supervisor, _):
        model = request(
            "fault-hang" if phase == "loading" else "model",
            # Not so short that a busy machine's slow start is taken for the hang.
            start_timeout_s={"starting": 0.7, "loading": 5.0, "running": 30.0}[phase],
            stall_timeout_s=1.5,
        )

        with pytest.raises(WorkerHungError) as caught:
            run(supervisor, "hang", model=model)

        assert caught.value.details["phase"] == phase
        assert children() == []


def test_a_worker_that_lives_but_makes_no_step_is_found_hung() -> None:
    with supervised() as (supervisor, _), pytest.raises(WorkerHungError):
        run(supervisor, "hang-politely", model=request(stall_timeout_s=1.5))


def test_a_long_load_with_signs_of_life_is_no_hang() -> None:
    stopped = threading.Timer(5.0, lambda: None)
    with supervised() as (supervisor, _):
        stopped.start()

        with pytest.raises(RunCancelledError):
            run(
                supervisor,
                "say x",
                model=request("fault-hang-politely", start_timeout_s=3.5),
                should_stop=lambda: not stopped.is_alive(),
            )
    stopped.join()


@pytest.mark.parametrize("act", ["memory", "allocator"])
@pytest.mark.parametrize("phase", ["loading", "running"])
def test_memory_that_runs_out_inside_the_runtime_is_told_as_that(phase: str, act: str) -> None:
    with supervised() as (supervisor, _):
        model = request(f"fault-{act}" if phase == "loading" else "model")

        with pytest.raises(WorkerOutOfMemoryError) as caught:
            run(supervisor, act, model=model)

        assert caught.value.details["phase"] == phase
        assert works(supervisor)


def test_a_worker_that_ran_out_of_memory_in_a_run_serves_the_next() -> None:
    with supervised() as (supervisor, _):
        assert works(supervisor)
        before = supervisor.workers()[0].process

        with pytest.raises(WorkerOutOfMemoryError):
            run(supervisor, "memory")

        assert works(supervisor)
        assert supervisor.workers()[0].process == before


def test_a_worker_whose_device_is_poisoned_is_replaced() -> None:
    with supervised() as (supervisor, _):
        assert works(supervisor)
        before = supervisor.workers()[0].process

        with pytest.raises(RunFailedError, match="at work"):
            run(supervisor, "poisoned")

        assert works(supervisor)
        assert supervisor.workers()[0].process != before


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        ("mistake", RunFailedError),
        ("too-long", PromptTooLongError),
        ("invalid", InvalidParameterError),
    ],
)
def test_a_task_that_fails_leaves_the_worker_in_service(act: str, kind: type[HeyGenError]) -> None:
    with supervised() as (supervisor, _):
        assert works(supervisor)
        before = supervisor.workers()[0].process

        with pytest.raises(kind):
            run(supervisor, act)

        assert works(supervisor)
        assert supervisor.workers()[0].process == before


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        ("mistake", ModelLoadError),
        ("unsupported", ArtifactUnsupportedError),
        ("no-device", DeviceUnavailableError),
    ],
)
def test_a_load_that_fails_says_why_and_leaves_no_process(
    act: str, kind: type[HeyGenError]
) -> None:
    with supervised() as (supervisor, events):
        with pytest.raises(kind):
            supervisor.load(request(f"fault-{act}"), on_update=ignore, should_stop=never)

        assert children() == []
        assert supervisor.workers() == []
        assert events.events == []


def test_the_evidence_of_a_failure_names_the_place_in_the_code() -> None:
    with supervised() as (supervisor, _), pytest.raises(RunFailedError) as caught:
        run(supervisor, "mistake")

    assert "KeyError: 'layer 7'" in caught.value.cause
    assert "in _mistake" in str(caught.value.details["evidence"])


def test_a_crash_report_carries_the_last_lines_of_the_worker_and_not_more() -> None:
    with supervised() as (supervisor, _), pytest.raises(WorkerCrashedError) as caught:
        run(supervisor, "chatter")

    last = str(caught.value.details["last_output"]).splitlines()
    assert last[-1] == "line 499"
    assert len(last) == 50


def test_a_worker_that_cannot_be_started_is_told_with_the_reason() -> None:
    supervisor = Supervisor(
        ["/nonexistent/worker"],
        events=RecordingEventStream(),
        clock=RealClock(),
        policy=QUICK,
        devices=FakeDevices(),
        host=Host(),
    )

    with pytest.raises(WorkerCrashedError, match="could not be started"):
        run(supervisor, "say x")

    supervisor.close()


def test_a_program_that_is_no_worker_is_refused() -> None:
    supervisor = Supervisor(
        [sys.executable, "-c", "print('hello, I am no worker')"],
        events=RecordingEventStream(),
        clock=RealClock(),
        policy=QUICK,
        devices=FakeDevices(),
        host=Host(),
    )

    with pytest.raises(WorkerProtocolError):
        run(supervisor, "say x")

    supervisor.close()
    assert children() == []


def test_an_input_or_a_path_that_is_no_text_is_refused() -> None:
    with supervised() as (supervisor, _):
        with pytest.raises(InvalidParameterError, match="input"):
            run(supervisor, "say \udcff")
        assert works(supervisor)

        with pytest.raises(ModelLoadError) as caught:
            run(supervisor, "say x", model=request("stray-\udcff"))

        assert "rename" in caught.value.cause


def test_a_worker_that_lost_its_device_is_told_as_an_unexpected_end() -> None:
    with supervised() as (supervisor, events):
        with pytest.raises(RunFailedError):
            run(supervisor, "poisoned")

        stopped = events.events[-1]
        assert isinstance(stopped, WorkerStopped)
        assert (stopped.reason, stopped.expected) == ("device failed", False)


def test_a_worker_of_another_installation_is_refused() -> None:
    with supervised("other-version") as (supervisor, _):
        with pytest.raises(WorkerProtocolError, match="something unexpected") as caught:
            run(supervisor, "say x")

        assert "version 99" in caught.value.cause
        assert children() == []


def test_a_count_of_tokens_that_goes_back_is_refused() -> None:
    with supervised() as (supervisor, _), pytest.raises(WorkerProtocolError):
        run(supervisor, "backwards")


def test_a_worker_that_writes_without_end_is_ended_before_it_fills_our_memory() -> None:
    characters = 0

    def count(update: Update) -> None:
        nonlocal characters
        characters += len(update.text) if isinstance(update, Produced) else 0
        assert characters < 50_000_000

    with supervised() as (supervisor, _):
        with pytest.raises(WorkerProtocolError, match="something unexpected") as caught:
            run(supervisor, "endless", on_update=count)

        assert "characters" in caught.value.cause
        assert children() == []


def test_a_worker_that_dies_inside_a_message_is_told_as_a_death() -> None:
    with supervised() as (supervisor, _), pytest.raises(WorkerCrashedError) as caught:
        run(supervisor, "die-in-a-frame")

    assert how(caught.value) == "signal SIGSEGV"


def test_a_worker_that_closes_its_channel_and_lives_on_is_ended() -> None:
    with supervised() as (supervisor, _):
        with pytest.raises(WorkerProtocolError, match="something unexpected") as caught:
            run(supervisor, "mute")

        assert "closed its channel" in caught.value.cause
        assert children() == []


def test_a_worker_that_floods_us_is_held_back_and_can_be_stopped() -> None:
    told = 0
    go_on = threading.Event()

    def slow(update: Update) -> None:
        nonlocal told
        told += 1
        if told == 10:
            # Longer than the worker needs to fill every buffer between it and us.
            threading.Timer(0.5, go_on.set).start()
            assert go_on.wait(10)

    with supervised() as (supervisor, _):
        with pytest.raises(RunCancelledError):
            run(
                supervisor,
                "x",
                model=request("fault-flood"),
                on_update=slow,
                should_stop=lambda: told >= 50,
            )

        assert told == 50
        assert children() == []


def test_a_listener_that_fails_in_mid_run_costs_the_worker_and_not_the_next_run() -> None:
    def fail(update: Update) -> None:
        if isinstance(update, Produced):
            raise ValueError("the screen is gone")

    with supervised() as (supervisor, _):
        with pytest.raises(ValueError, match="the screen is gone"):
            run(supervisor, "wait", on_update=fail)

        assert children() == []
        assert works(supervisor)


def test_a_run_tells_its_loading_and_its_output_in_order() -> None:
    told: list[Update] = []

    with supervised() as (supervisor, events):
        result = run(supervisor, "say one two three", on_update=told.append)

        kinds = [type(update) for update in told]
        assert kinds[:3] == [Loading, Loading, Loaded]
        assert set(kinds[3:]) == {Produced}
        produced = [update for update in told if isinstance(update, Produced)]
        assert "".join(update.text for update in produced) == "onetwothree"
        assert produced[-1].figures.tokens == 3
        assert result.figures.load_s is not None
        assert result.figures.load_s > 0
        assert isinstance(events.events[0], WorkerStarted)


def test_a_second_run_finds_the_model_in_memory() -> None:
    told: list[Update] = []

    with supervised() as (supervisor, _):
        run(supervisor, "say one")
        result = run(supervisor, "say two", on_update=told.append)

    assert result.figures.load_s == 0.0
    assert isinstance(told[0], Loaded)
    assert told[0].was_loaded


def test_a_device_that_is_not_here_is_refused_before_a_process_starts() -> None:
    with supervised() as (supervisor, _):
        with pytest.raises(DeviceUnavailableError):
            supervisor.run(
                request(device="cuda:7"), task("say x"), on_update=ignore, should_stop=never
            )

        assert children() == []


def test_an_input_too_large_for_a_message_is_refused_and_the_worker_stays() -> None:
    with supervised() as (supervisor, _):
        with pytest.raises(InvalidParameterError, match="input"):
            run(supervisor, "say " + "x" * 9_000_000)

        assert works(supervisor)
