"""Every change, run and event says who is behind it, and nobody else's process is taken for dead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from heygen_desktop.application.application import Application
from heygen_desktop.application.use_cases.runs.start_run import RunRequest
from heygen_desktop.domain.entities.run import Owner, RunState
from heygen_desktop.domain.values.actor import Actor

from tests.factories.application import fake_application
from tests.factories.parts import THE_OWNER, FakeParts

ELINOR = Actor("elinor", "api", "barton")
ELSEWHERE = Owner(77, 1.0, "barton")


@pytest.fixture
def parts() -> FakeParts:
    return FakeParts()


@pytest.fixture
def application(parts: FakeParts) -> Application:
    built = fake_application(parts)
    built.ensure_starter_model()
    return built


def _remove_a_model(application: Application) -> None:
    application.ensure_starter_model()
    application.remove_model("starter")


def _delete_a_secret(application: Application) -> None:
    application.secrets.set("testing", "token", "x")
    application.secrets.delete("testing", "token")


def _run_a_model(application: Application) -> None:
    application.ensure_starter_model()
    application.start_run(RunRequest("starter", {"prompt": "It was"}))


def _set_a_setting(application: Application) -> None:
    application.change_setting.set("testing", "inference.threads", 2)


CHANGES = [_remove_a_model, _delete_a_secret, _run_a_model, _set_a_setting]


@pytest.mark.parametrize("change", CHANGES)
def test_whoever_changes_something_is_named_in_the_event(
    parts: FakeParts, change: Callable[[Application], None]
) -> None:
    elinor = fake_application(parts).acting_as(ELINOR)

    change(elinor)

    assert parts.events.events
    assert {event.actor for event in parts.events.events} == {ELINOR}


def test_what_is_stored_says_who_made_it(parts: FakeParts, application: Application) -> None:
    elinor = application.acting_as(ELINOR)

    run = elinor.start_run(RunRequest("starter", {"prompt": "It was"})).run
    elinor.change_setting.set("testing", "inference.threads", 2)
    secret = elinor.secrets.set("testing", "token", "x")

    with parts.units(read_only=True) as unit:
        assert unit.environments.current("testing").actor == ELINOR
    assert application.get_run(run.id).actor == ELINOR
    assert secret.actor == ELINOR
    assert application.get_model("starter").version.actor == THE_OWNER


def test_acting_as_another_leaves_the_first_as_it_was(application: Application) -> None:
    elinor = application.acting_as(ELINOR)

    assert (elinor.actor, application.actor) == (ELINOR, THE_OWNER)
    assert elinor.acting_as(THE_OWNER).actor == THE_OWNER


def test_a_run_of_another_machine_is_not_said_to_be_interrupted(
    application: Application, parts: FakeParts
) -> None:
    parts.executor.is_busy = True
    run = application.start_run(RunRequest("starter", {"prompt": "It was"})).run
    with parts.units() as unit:
        unit.runs.save(replace(run, owner=ELSEWHERE))
        unit.commit()

    assert application.recover_runs() == []
    assert application.resume_runs() == []
    assert application.get_run(run.id).state is RunState.QUEUED


def test_a_worker_of_another_machine_is_listed_and_serves_nobody_here(
    application: Application, parts: FakeParts
) -> None:
    worker = application.load_model("starter")
    application.unload_model("starter")
    with parts.units() as unit:
        unit.workers.save(replace(worker, process=ELSEWHERE))
        unit.commit()

    assert [w.process for w in application.list_loaded()] == [ELSEWHERE]
    assert application.list_loaded.here() == []
    assert application.watch_machine.sample().workers == ()
