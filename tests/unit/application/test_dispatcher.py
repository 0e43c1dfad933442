"""The queue of runs: order, places, stopping, and what becomes of it after a restart."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from heygen_desktop.application.application import Application
from heygen_desktop.application.use_cases.models.register_model import Registration
from heygen_desktop.application.use_cases.runs.dispatcher import RunHandle
from heygen_desktop.application.use_cases.runs.start_run import RunRequest
from heygen_desktop.domain.entities.run import Owner, RunId, RunState
from heygen_desktop.domain.errors import DatabaseBusyError, RunCancelledError
from heygen_desktop.domain.events import Event, HistoryChanged, RunChanged, RunProduced

from tests.factories.application import ended, fake_application
from tests.factories.parts import FakeParts, WrittenSource, an_artifact

MODELS = ("one", "two", "three")
GONE = Owner(99, 1.0)
ELSEWHERE = Owner(99, 1.0, "barton")


@dataclass
class Stage:
    """An application with three models, whose runs wait behind a busy executor until ``let_go``."""

    parts: FakeParts
    application: Application

    def start(self, model: str, prompt: str = "It", priority: int = 0) -> RunHandle:
        request = RunRequest(model, {"prompt": prompt}, priority=priority)
        return self.application.start_run(request)

    def let_go(self) -> None:
        self.parts.executor.let_go()

    def allow(self, side_by_side: int) -> None:
        self.application.change_setting.set("development", "inference.parallel_runs", side_by_side)

    def state(self, handle: RunHandle) -> RunState:
        return self.application.get_run(handle.run.id).state

    @property
    def order(self) -> list[str]:
        """The prompts of the runs that were begun, in order."""
        return [str(task.inputs["prompt"]) for _, task in self.parts.inference.requests]

    def leave_behind(self, *states: RunState, owner: Owner = GONE) -> list[str]:
        """Store runs of another program in these states, and return their ids."""
        run = self.start("one").run
        self.let_go()
        left = [
            replace(run, id=RunId(f"left-{number}"), state=state, owner=owner)
            for number, state in enumerate(states)
        ]
        with self.parts.units() as unit:
            for each in left:
                unit.runs.add(each)
            unit.commit()
        self.parts.inference.requests.clear()
        return [each.id for each in left]


@pytest.fixture
def stage() -> Stage:
    parts = FakeParts()
    application = fake_application(parts)
    for name in MODELS:
        path = Path("/models", name)
        parts.artifacts.known[path] = an_artifact(path)
        application.register_model(Registration(path, name=name))
    parts.executor.is_busy = True
    return Stage(parts, application)


def test_a_handle_gives_the_run_at_its_end_and_nothing_before(stage: Stage) -> None:
    handle = stage.start("one")
    before = handle.wait(0)

    stage.let_go()

    assert before is None
    assert ended(handle).state is RunState.SUCCEEDED
    assert ended(handle) == stage.application.get_run(handle.run.id)


def test_a_caller_hears_of_its_own_run_alone_from_the_queue_to_the_end(stage: Stage) -> None:
    heard: list[Event] = []
    stage.start("one", "of another")
    handle = stage.application.start_run(RunRequest("two", {"prompt": "mine"}), heard.append)

    stage.let_go()

    states = [event.run.state for event in heard if isinstance(event, RunChanged)]
    assert states == [RunState.QUEUED, RunState.LOADING, RunState.RUNNING, RunState.SUCCEEDED]
    text = [event.update.text for event in heard if isinstance(event, RunProduced)]
    assert "".join(text) == "It is a truth."
    assert {event.run_id for event in heard if isinstance(event, RunChanged)} == {handle.run.id}
    assert stage.parts.events.listeners == 0


def test_two_runs_of_one_model_leave_a_place_to_an_idle_other_one(stage: Stage) -> None:
    for model, prompt in (("one", "1"), ("one", "2"), ("two", "3")):
        stage.start(model, prompt)

    assert stage.parts.executor.waiting == 2  # the first and the third
    stage.let_go()
    assert sorted(stage.order) == ["1", "2", "3"]


def test_no_more_runs_go_side_by_side_than_the_settings_allow(stage: Stage) -> None:
    stage.allow(1)

    for model in MODELS:
        stage.start(model, model)

    assert stage.parts.executor.waiting == 1
    stage.let_go()
    assert stage.order == list(MODELS)


def test_more_places_take_effect_at_once_in_a_front_that_stays(stage: Stage) -> None:
    stage.application.resume_runs()
    stage.allow(1)
    for model in MODELS:
        stage.start(model)
    before = stage.parts.executor.waiting

    stage.allow(3)

    assert (before, stage.parts.executor.waiting) == (1, 3)


def test_the_higher_priority_goes_first_and_else_who_came_first(stage: Stage) -> None:
    stage.allow(1)
    for prompt, priority in (("begun", 0), ("low", -1), ("first", 0), ("second", 0), ("high", 5)):
        stage.start("one", prompt, priority)
        stage.parts.clock.advance(1)

    stage.let_go()

    assert stage.order == ["begun", "high", "first", "second", "low"]


@pytest.mark.parametrize("order", ["cab", "bca", "abc", "cba", "c"])
def test_waiting_runs_begin_in_the_order_that_a_person_gives_them(stage: Stage, order: str) -> None:
    stage.allow(1)
    stage.start("one", "begun")
    waiting = {prompt: stage.start("one", prompt).run.id for prompt in "abc"}

    stage.application.arrange_runs([waiting[prompt] for prompt in order])
    stage.start("one", "newest")

    stage.let_go()
    rest = [prompt for prompt in "abc" if prompt not in order]
    assert stage.order == ["begun", *order, *rest, "newest"]


def test_a_new_order_is_kept_over_a_restart(stage: Stage) -> None:
    left = stage.leave_behind(RunState.QUEUED, RunState.QUEUED)
    stage.parts.executor.is_busy = True
    stage.allow(1)
    stage.start("two", "begun")
    stage.application.resume_runs()

    stage.application.arrange_runs([RunId(run_id) for run_id in reversed(left)])

    stored = [stage.application.get_run(run_id) for run_id in left]
    assert [run.priority for run in stored] == [0, 1]
    assert stage.parts.events.of(HistoryChanged)


def test_a_run_that_has_begun_meanwhile_is_not_put_in_order(stage: Stage) -> None:
    begun = stage.start("one", "begun")

    stage.application.arrange_runs([begun.run.id])

    stage.let_go()
    assert stage.order == ["begun"]
    assert ended(begun).priority == 0


def test_the_queue_is_cleared_and_what_is_at_work_goes_on(stage: Stage) -> None:
    at_work, *waiting = (stage.start("one", prompt) for prompt in ("at work", "a", "b"))
    cleared: list[str] = []

    def clear(word: int) -> None:
        if word == 2:
            cleared.extend(run.id for run in stage.application.cancel_run.all_waiting())

    stage.parts.inference.before_word = clear
    stage.let_go()

    assert cleared == [handle.run.id for handle in waiting]
    assert [ended(handle).state for handle in waiting] == [RunState.CANCELLED] * 2
    assert ended(at_work).state is RunState.SUCCEEDED


def test_a_queued_run_that_is_cancelled_ends_at_once_and_never_loads(stage: Stage) -> None:
    begun, waiting = stage.start("one", "begun"), stage.start("one", "waiting")
    stage.parts.executor.is_busy = False

    waiting.cancel()
    waiting.cancel()

    assert ended(waiting).state is RunState.CANCELLED
    assert stage.state(begun) is RunState.QUEUED
    stage.let_go()
    assert stage.order == ["begun"]


def test_a_queued_run_can_be_cancelled_by_its_id_too(stage: Stage) -> None:
    stage.start("one")
    waiting = stage.start("one")
    stage.parts.executor.is_busy = False

    stage.application.cancel_run(waiting.run.id)

    assert stage.state(waiting) is RunState.CANCELLED


def test_a_queued_run_of_another_program_ends_at_once_and_is_not_begun_there(
    stage: Stage,
) -> None:
    handle = stage.start("one", "elsewhere")
    other = fake_application(stage.parts)

    cancelled = other.cancel_run(handle.run.id)
    stage.let_go()

    assert cancelled.state is RunState.CANCELLED
    assert ended(handle).state is RunState.CANCELLED
    assert stage.order == []


def test_one_look_into_the_books_stops_all_that_another_program_asked_to_stop(
    stage: Stage,
) -> None:
    at_work, waiting = stage.start("one", "at work"), stage.start("one", "waiting")
    other = fake_application(stage.parts)

    def ask(word: int) -> None:
        if word == 2:
            other.cancel_run(at_work.run.id)
            other.cancel_run(waiting.run.id)
            stage.parts.clock.advance(1)

    stage.parts.inference.before_word = ask
    stage.let_go()

    assert [ended(each).state for each in (at_work, waiting)] == [RunState.CANCELLED] * 2
    assert ended(at_work).output == {"text": "It "}
    assert stage.order == ["at work"]


def test_a_run_that_fails_lets_the_next_one_begin(stage: Stage) -> None:
    first, second = stage.start("one"), stage.start("one")
    mistakes = [ZeroDivisionError()]

    def fail_once(_word: int) -> None:
        if mistakes:
            raise mistakes.pop()

    stage.parts.inference.before_word = fail_once
    stage.let_go()

    with pytest.raises(ZeroDivisionError):
        first.wait()
    assert ended(second).state is RunState.SUCCEEDED


def test_an_end_that_cannot_be_stored_is_told_and_raised(stage: Stage) -> None:
    handle = stage.start("one")
    busy = DatabaseBusyError("heygen.db", 5.0)

    def lock(word: int) -> None:
        if word == 4:
            stage.parts.units.commit_error = busy

    stage.parts.inference.before_word = lock
    stage.let_go()

    with pytest.raises(DatabaseBusyError):
        handle.wait()
    last = stage.parts.events.of(RunChanged)[-1].run
    assert last.state is RunState.FAILED
    assert last.failure is not None
    assert last.failure.code == busy.code
    assert stage.parts.executor.errors == []


class TestAfterARestart:
    def test_what_only_waited_is_taken_up_in_its_order(self, stage: Stage) -> None:
        left = stage.leave_behind(RunState.QUEUED, RunState.QUEUED)
        own = stage.application.start_run.processes.current()

        taken = stage.application.resume_runs()

        assert [run.id for run in taken] == left
        assert {run.owner for run in taken} == {own}
        assert {stage.application.get_run(run.id).state for run in taken} == {RunState.SUCCEEDED}

    def test_what_was_under_way_was_interrupted(self, stage: Stage) -> None:
        left = stage.leave_behind(RunState.LOADING, RunState.RUNNING, RunState.QUEUED)

        interrupted = stage.application.recover_runs()

        assert [run.id for run in interrupted] == left[:2]
        assert {run.state for run in interrupted} == {RunState.INTERRUPTED}
        assert stage.application.get_run(left[2]).state is RunState.QUEUED

    def test_a_command_takes_up_nothing(self, stage: Stage) -> None:
        (left,) = stage.leave_behind(RunState.QUEUED)

        stage.application.recover_runs()
        ended(stage.start("two", "my own"))

        assert stage.order == ["my own"]
        assert stage.application.get_run(left).state is RunState.QUEUED

    def test_the_queue_of_a_program_that_lives_is_left_to_it(self, stage: Stage) -> None:
        other = Owner(77, 1.0)
        stage.parts.processes.alive.add(other)
        stage.leave_behind(RunState.QUEUED, owner=other)

        assert stage.application.resume_runs() == []

    def test_the_queue_of_another_machine_is_left_to_it(self, stage: Stage) -> None:
        stage.leave_behind(RunState.QUEUED, owner=ELSEWHERE)

        assert stage.application.resume_runs() == []

    def test_a_run_goes_by_the_settings_of_its_own_environment(self, stage: Stage) -> None:
        (left,) = stage.leave_behind(RunState.QUEUED)
        with stage.parts.units() as unit:
            run = unit.runs.by_id(left)
            assert run is not None
            unit.runs.save(replace(run, environment="production"))
            unit.commit()
        stage.application.change_setting.set("production", "inference.threads", 7)

        stage.application.resume_runs()

        ((load, _),) = stage.parts.inference.requests
        assert load.threads == 7


class TestClosing:
    def test_what_waits_stays_queued_and_what_runs_is_asked_to_stop(self, stage: Stage) -> None:
        at_work, waiting = stage.start("one", "at work"), stage.start("one", "waiting")
        stage.parts.inference.before_word = lambda word: (
            stage.application.close() if word == 3 else None
        )

        stage.let_go()

        assert ended(at_work).state is RunState.CANCELLED
        assert ended(at_work).output == {"text": "It is "}
        assert stage.state(waiting) is RunState.QUEUED
        with pytest.raises(RunCancelledError):
            waiting.wait()

    def test_who_heard_of_a_waiting_run_hears_no_more(self, stage: Stage) -> None:
        stage.start("one")
        stage.application.start_run(RunRequest("one", {"prompt": "x"}), lambda _event: None)
        stage.application.resume_runs()

        stage.application.close()
        stage.application.close()

        assert stage.parts.events.listeners == 0


@pytest.mark.parametrize("asked", [1, 2])
def test_a_run_of_another_machine_that_does_not_answer_is_ended_by_asking_again(
    stage: Stage, asked: int
) -> None:
    (left,) = stage.leave_behind(RunState.RUNNING, owner=ELSEWHERE)

    answers = [stage.application.cancel_run(left).state for _ in range(asked)]

    assert answers == [RunState.RUNNING, RunState.CANCELLED][:asked]


def test_a_run_on_a_model_in_memory_costs_five_transactions_and_one_reading_of_settings() -> None:
    source = WrittenSource()
    parts = FakeParts(sources=[source])
    application = fake_application(parts)
    application.ensure_starter_model()
    request = RunRequest("starter", {"prompt": "It was"})
    ended(application.start_run(request))
    transactions, readings = parts.units.opened, source.reads

    done = ended(application.start_run(request))

    assert done.figures.load_s == 0.0
    assert parts.units.opened - transactions == 5  # its settings among them
    assert source.reads - readings == 1
