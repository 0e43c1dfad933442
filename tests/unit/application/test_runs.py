"""Runs: queued, executed, cancelled, recovered; the outcome is always in the books."""

from __future__ import annotations

from dataclasses import replace

import pytest
from heygen_desktop.application.application import Application
from heygen_desktop.application.use_cases.runs.dispatcher import RunHandle
from heygen_desktop.application.use_cases.runs.start_run import RunRequest
from heygen_desktop.domain.entities.run import Owner, Run, RunState
from heygen_desktop.domain.errors import (
    ArtifactMissingError,
    ArtifactUnsupportedError,
    InvalidParameterError,
    InvalidTransitionError,
    ModelNotFoundError,
    ModelNotLoadedError,
    ModelTooLargeError,
    RunNotFoundError,
    WorkerCrashedError,
)
from heygen_desktop.domain.events import RunChanged, RunLoading, RunProduced
from heygen_desktop.domain.repositories import RunFilter

from tests.factories.application import ended, fake_application
from tests.factories.labels import A_LABELLING, LABELS, WITH_LABELS
from tests.factories.parts import STARTER_PATH, FakeParts, an_artifact


@pytest.fixture
def parts() -> FakeParts:
    return FakeParts()


@pytest.fixture
def application(parts: FakeParts) -> Application:
    built = fake_application(parts)
    built.ensure_starter_model()
    return built


def start(application: Application, **changes: object) -> RunHandle:
    request = RunRequest("starter", {"prompt": "It was"})
    return application.start_run(replace(request, **changes))  # type: ignore[arg-type]  # checked by replace


def run_of(application: Application, **changes: object) -> Run:
    return ended(start(application, **changes))


class Queued:
    """A run that waits behind a busy executor."""

    def __init__(self, application: Application, parts: FakeParts) -> None:
        self._parts = parts
        parts.executor.is_busy = True
        self.handle = start(application)
        self.run = self.handle.run

    def complete(self) -> Run:
        self._parts.executor.let_go()
        return ended(self.handle)


def test_a_queued_run_has_all_its_parameters_and_a_seed(
    application: Application, parts: FakeParts
) -> None:
    parts.executor.is_busy = True

    run = start(application, params={"max_tokens": "12"}).run

    assert run.state is RunState.QUEUED
    assert dict(run.params) == {
        "max_tokens": 12,
        "temperature": 0.8,
        "top_k": 0,
        "top_p": 0.95,
        "min_p": 0.0,
        "repetition_penalty": 1.0,
        "stop": [],
    }
    assert 0 <= run.seed < 2**31
    assert application.get_run(run.id) == run


def test_what_a_request_leaves_out_comes_from_the_settings(application: Application) -> None:
    application.change_setting.set("development", "generation.temperature", 0)

    run = run_of(application, params={"top_p": 0.5})

    assert (run.params["temperature"], run.params["top_p"]) == (0.0, 0.5)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"model": "nobody"}, ModelNotFoundError),
        ({"params": {"temperature": -1}}, InvalidParameterError),
        ({"params": {"max_token": 5}}, InvalidParameterError),
        ({"params": {"temperature": float("nan")}}, InvalidParameterError),
        ({"inputs": {"text": "x"}}, InvalidParameterError),
        ({"seed": -1}, InvalidParameterError),
        ({"seed": 2**63}, InvalidParameterError),
        ({"task": "text-to-speech"}, ArtifactUnsupportedError),
    ],
)
def test_a_request_that_cannot_be_run_is_not_queued(
    application: Application, changes: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        start(application, **changes)

    assert application.list_runs().total == 0


def test_a_run_goes_through_its_states_and_keeps_its_output(
    application: Application, parts: FakeParts
) -> None:
    done = run_of(application, seed=7)

    assert done.state is RunState.SUCCEEDED
    assert done.output == {"text": "It is a truth."}
    assert (done.seed, done.device, done.finish_reason) == (7, "cpu", "stop")
    assert done.figures.tokens == 4
    assert done.figures.load_s == 3.1
    assert application.get_run(done.id) == done
    states = [event.run.state for event in parts.events.of(RunChanged)]
    assert states == [RunState.QUEUED, RunState.LOADING, RunState.RUNNING, RunState.SUCCEEDED]
    assert "".join(event.update.text for event in parts.events.of(RunProduced)) == "It is a truth."
    assert [event.update.stage for event in parts.events.of(RunLoading)] == ["reading weights"]


def test_a_second_run_finds_the_model_loaded(application: Application) -> None:
    run_of(application)

    second = run_of(application)

    assert second.figures.load_s == 0.0


def test_a_run_cancelled_in_the_queue_never_loads(
    application: Application, parts: FakeParts
) -> None:
    queued = Queued(application, parts)

    queued.handle.cancel()

    assert queued.complete().state is RunState.CANCELLED
    assert parts.inference.requests == []


@pytest.mark.parametrize("by", ["this process", "another process"])
def test_a_run_cancelled_while_generating_keeps_what_was_made(
    application: Application, parts: FakeParts, by: str
) -> None:
    queued = Queued(application, parts)
    other = fake_application(parts) if by == "another process" else application
    parts.inference.before_word = lambda n: _cancel_at(other, parts, queued.run, n)

    cancelled = queued.complete()

    assert cancelled.state is RunState.CANCELLED
    assert cancelled.output == {"text": "It is "}
    assert cancelled.figures.tokens == 2


def _cancel_at(application: Application, parts: FakeParts, run: Run, word: int) -> None:
    if word == 3:
        application.cancel_run(run.id)
        parts.clock.advance(1)


def test_a_failure_is_kept_with_its_cause_and_the_next_run_is_free(
    application: Application, parts: FakeParts
) -> None:
    parts.inference.trouble = WorkerCrashedError("loading", "signal SIGSEGV")

    failed = run_of(application)
    parts.inference.trouble = None

    assert failed.state is RunState.FAILED
    assert failed.failure is not None
    assert failed.failure.code == "worker_crashed"
    assert "SIGSEGV" in failed.failure.message
    assert run_of(application).state is RunState.SUCCEEDED


def test_an_output_that_is_none_of_the_tasks_fails_the_run_with_the_evidence(
    application: Application, parts: FakeParts
) -> None:
    parts.inference.answers["text-generation"] = {"text": 5}

    failed = run_of(application)

    assert failed.state is RunState.FAILED
    assert failed.failure is not None
    assert failed.failure.code == "wrong_output"
    assert failed.failure.details["evidence"] == '{"text": 5}'
    assert failed.output == {}


def test_a_second_task_keeps_its_own_defaults_and_output(parts: FakeParts) -> None:
    application = fake_application(parts, tasks=WITH_LABELS)
    application.ensure_starter_model()
    application.change_setting.set("development", "generation.max_tokens", 99)
    parts.inference.answers[LABELS.tag] = A_LABELLING

    request = RunRequest("starter", {"sentence": "So glad"}, task=LABELS.tag)
    done = ended(application.start_run(request))

    assert (done.state, done.output) == (RunState.SUCCEEDED, A_LABELLING)
    assert done.params == {"max_tokens": 7, "top_k": 2}
    assert done.inputs == {"sentence": "So glad", "context": ""}


def test_a_model_too_large_for_memory_is_refused_before_it_is_loaded(
    application: Application, parts: FakeParts
) -> None:
    parts.devices.free["cpu"] = 1_000

    failed = run_of(application)

    assert failed.failure is not None
    assert failed.failure.code == ModelTooLargeError.code
    assert parts.inference.requests == []


def test_who_wants_it_anyway_may_have_it(application: Application, parts: FakeParts) -> None:
    parts.devices.free["cpu"] = 1_000
    application.change_setting.set("development", "inference.refuse_too_large", "false")

    assert run_of(application).state is RunState.SUCCEEDED


def test_a_model_that_is_in_memory_needs_no_room(
    application: Application, parts: FakeParts
) -> None:
    application.load_model("starter")
    parts.devices.free["cpu"] = 1_000

    assert run_of(application).state is RunState.SUCCEEDED


@pytest.mark.parametrize(("key", "value"), [("dtype", "float16"), ("device", "cuda:0")])
def test_a_model_in_memory_in_another_way_needs_room_again(
    application: Application, parts: FakeParts, key: str, value: str
) -> None:
    parts.devices.free["cuda:0"] = 1_000
    application.change_setting.set("development", "inference.device", "cpu")
    application.load_model("starter")
    parts.devices.free["cpu"] = 1_000
    application.change_setting.set("development", f"inference.{key}", value)

    failed = run_of(application)

    assert failed.failure is not None
    assert failed.failure.code == ModelTooLargeError.code


def test_loading_again_what_is_in_memory_needs_no_room(
    application: Application, parts: FakeParts
) -> None:
    application.load_model("starter")
    parts.devices.free["cpu"] = 1_000

    assert application.load_model("starter").model == "starter"


def test_a_model_removed_while_its_run_waited_fails_the_run(
    application: Application, parts: FakeParts
) -> None:
    queued = Queued(application, parts)
    application.remove_model("starter")

    failed = queued.complete()

    assert failed.failure is not None
    assert failed.failure.code == ModelNotFoundError.code


def test_a_mistake_of_ours_does_not_leave_a_run_open(
    application: Application, parts: FakeParts
) -> None:
    parts.inference.before_word = _mistake
    handle = start(application)

    with pytest.raises(ZeroDivisionError):
        handle.wait()

    assert application.get_run(handle.run.id).state is RunState.INTERRUPTED
    assert [type(error) for error in parts.executor.errors] == [ZeroDivisionError]


def _mistake(_word: int) -> None:
    _ = 1 // 0


def test_an_unknown_run_is_named(application: Application) -> None:
    for ask in (application.get_run, application.cancel_run):
        with pytest.raises(RunNotFoundError):
            ask("nothing")


def test_what_has_ended_cannot_be_cancelled(application: Application) -> None:
    done = run_of(application)

    with pytest.raises(InvalidTransitionError):
        application.cancel_run(done.id)


def test_after_a_crash_runs_under_way_are_said_to_be_interrupted(
    application: Application, parts: FakeParts
) -> None:
    mine, lost = Queued(application, parts).run, Queued(application, parts).run
    with parts.units() as unit:
        unit.runs.save(replace(lost, owner=Owner(99, 1.0), state=RunState.LOADING))
        unit.commit()

    interrupted = application.recover_runs()

    assert [run.id for run in interrupted] == [lost.id]
    assert application.get_run(lost.id).state is RunState.INTERRUPTED
    assert application.get_run(mine.id).state is RunState.QUEUED
    assert application.recover_runs() == []


def test_a_run_that_ends_while_recovery_looks_keeps_its_end(
    application: Application, parts: FakeParts, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Queued(application, parts).run
    running = run.become(RunState.RUNNING, at=run.queued_at)
    with parts.units() as unit:
        unit.runs.save(running)
        unit.commit()

    def ends_well_just_now(_owner: Owner) -> bool:
        with parts.units() as unit:
            unit.runs.save(running.become(RunState.SUCCEEDED, at=run.queued_at))
            unit.commit()
        return True

    monkeypatch.setattr(parts.processes, "is_gone", ends_well_just_now)

    assert application.recover_runs() == []
    assert application.get_run(run.id).state is RunState.SUCCEEDED


def test_the_history_is_newest_first_and_can_be_narrowed(
    application: Application, parts: FakeParts
) -> None:
    ids = []
    for _ in range(3):
        ids.append(run_of(application).id)
        parts.clock.advance(1)

    page = application.list_runs(RunFilter(limit=2))

    assert ([run.id for run in page.runs], page.total) == ([ids[2], ids[1]], 3)
    assert application.list_runs(RunFilter(model="other")).total == 0


def test_the_highest_measured_peak_becomes_the_estimate(application: Application) -> None:
    run_of(application)

    estimate = application.get_model("starter").estimate

    assert estimate.measured_peak_bytes == estimate.needed_bytes == 512 << 20


def test_the_second_run_on_a_gpu_is_not_refused_by_the_measured_peak_of_the_first(
    application: Application, parts: FakeParts
) -> None:
    parts.devices.free["cuda:0"] = 3 << 30
    parts.inference.peak_host_bytes = parts.inference.peak_device_bytes = 2 << 30
    first = run_of(application, device="cuda:0")
    application.unload_model("starter")

    second = run_of(application, device="cuda:0")

    assert (first.state, second.state) == (RunState.SUCCEEDED, RunState.SUCCEEDED)


def test_a_loaded_model_is_listed_until_it_is_unloaded(application: Application) -> None:
    worker = application.load_model("starter")
    listed = application.list_loaded()
    stopped = application.unload_model("starter")

    assert [w.process for w in listed] == [worker.process]
    assert list(stopped) == [worker]
    assert application.list_loaded() == []
    with pytest.raises(ModelNotLoadedError):
        application.unload_model("starter")


def test_everything_can_be_unloaded_at_once(application: Application, parts: FakeParts) -> None:
    application.load_model("starter")

    assert len(application.unload_model.all()) == 1
    assert application.unload_model.all() == []
    with parts.units(read_only=True) as unit:
        assert unit.workers.all() == []


def test_a_model_that_does_not_fit_is_not_loaded(
    application: Application, parts: FakeParts
) -> None:
    parts.devices.free["cpu"] = 1_000

    with pytest.raises(ModelTooLargeError):
        application.load_model("starter")


@pytest.mark.parametrize("keep", [False, True])
def test_what_a_command_in_another_terminal_holds_serves_nobody_else_and_needs_room_again(
    application: Application, parts: FakeParts, keep: bool
) -> None:
    worker = application.load_model("starter")
    parts.inference.unload("starter")
    other = Owner(777, 2.0)
    parts.processes.alive.add(other)
    with parts.units() as unit:
        unit.workers.save(replace(worker, process=other))
        unit.commit()
    parts.devices.free["cpu"] = 1_000

    failed = run_of(application)
    with pytest.raises(ModelTooLargeError):
        application.load_model("starter", keep=keep)

    assert failed.failure is not None
    assert failed.failure.code == ModelTooLargeError.code


def test_the_peak_of_another_programs_worker_is_at_least_what_it_holds_now(
    application: Application, parts: FakeParts
) -> None:
    worker = application.load_model("starter")
    other = Owner(777, 2.0)
    parts.processes.alive.add(other)
    parts.processes.memory[other] = worker.peak_memory_bytes + 5
    with parts.units() as unit:
        unit.workers.save(replace(worker, process=other))
        unit.commit()

    [listed] = [w for w in application.list_loaded() if w.process == other]

    assert listed.peak_memory_bytes == listed.memory_bytes == worker.peak_memory_bytes + 5


def test_workers_of_other_programs_are_listed_while_they_live(
    application: Application, parts: FakeParts
) -> None:
    worker = application.load_model("starter")
    other, gone = Owner(777, 2.0), Owner(778, 2.0)
    parts.processes.alive.add(other)
    parts.processes.memory[other] = 123
    with parts.units() as unit:
        unit.workers.save(replace(worker, process=other))
        unit.workers.save(replace(worker, process=gone))
        unit.commit()

    listed = application.list_loaded()

    assert {w.process.pid for w in listed} == {worker.process.pid, 777}
    assert next(w for w in listed if w.process == other).memory_bytes == 123
    with parts.units(read_only=True) as unit:
        assert gone not in [w.process for w in unit.workers.all()]


def test_the_workers_are_measured_with_the_machine(
    application: Application, parts: FakeParts
) -> None:
    worker = application.load_model("starter")

    sample = application.watch_machine.sample()

    assert [w.pid for w in sample.workers] == [worker.process.pid]
    assert application.watch_machine.since(sample.at) == [sample]
    assert application.watch_machine.gpu_problem()


def test_a_model_of_another_task_is_refused_by_name(parts: FakeParts) -> None:
    parts.artifacts.known[STARTER_PATH] = an_artifact(task="")
    application = fake_application(parts)
    application.ensure_starter_model()

    with pytest.raises(ArtifactUnsupportedError, match="starter"):
        start(application)


def test_files_that_went_away_are_named_before_anything_is_loaded(
    application: Application, parts: FakeParts
) -> None:
    queued = Queued(application, parts)
    del parts.artifacts.known[STARTER_PATH]

    failed = queued.complete()

    assert failed.failure is not None
    assert failed.failure.code == "artifact_missing"
    assert parts.inference.requests == []
    with pytest.raises(ArtifactMissingError):
        application.load_model("starter")
