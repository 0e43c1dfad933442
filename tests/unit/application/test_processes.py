"""Our processes: who holds a model, and ending one that no longer answers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from heygen_desktop.application.application import Application
from heygen_desktop.domain.entities.run import Owner
from heygen_desktop.domain.entities.worker import Worker
from heygen_desktop.domain.errors import ModelNotLoadedError

from tests.factories.application import fake_application
from tests.factories.parts import FakeParts
from tests.fakes.processes import THIS_PROCESS

KEEPER = Owner(900, 2.0, THIS_PROCESS.host)
HELD = Owner(901, 3.0, THIS_PROCESS.host)


@pytest.fixture
def parts() -> FakeParts:
    return FakeParts()


@pytest.fixture
def application(parts: FakeParts) -> Application:
    made = fake_application(parts)
    made.ensure_starter_model()
    return made


def held_by_the_keeper(application: Application, parts: FakeParts) -> Worker:
    """Return a worker that another program of this home holds."""
    worker = replace(application.load_model("starter"), process=HELD, owner=KEEPER)
    application.unload_model("starter")
    parts.processes.alive |= {KEEPER, HELD}
    with parts.units() as unit:
        unit.workers.save(worker)
        unit.commit()
    return worker


def test_this_program_is_told_first_and_then_those_that_hold_workers(
    application: Application, parts: FakeParts
) -> None:
    held_by_the_keeper(application, parts)
    parts.processes.memory[KEEPER] = 70

    this, keeper = application.list_loaded.programs(application.list_loaded.here())

    assert (this.process, this.is_this) == (THIS_PROCESS, True)
    assert (keeper.process, keeper.memory_bytes, keeper.is_this) == (KEEPER, 70, False)


def test_a_worker_of_any_program_can_be_ended_and_is_listed_no_more(
    application: Application, parts: FakeParts
) -> None:
    worker = held_by_the_keeper(application, parts)

    ended = application.end_worker(HELD)

    assert ended.process == worker.process
    assert parts.processes.is_gone(HELD)
    assert application.list_loaded() == []


@pytest.mark.parametrize("process", [KEEPER, THIS_PROCESS, Owner(901, 9.0, THIS_PROCESS.host)])
def test_what_is_no_worker_is_never_ended(
    application: Application, parts: FakeParts, process: Owner
) -> None:
    held_by_the_keeper(application, parts)

    with pytest.raises(ModelNotLoadedError):
        application.end_worker(process)

    assert parts.processes.alive >= {KEEPER, THIS_PROCESS, HELD}
