"""A whole application on written fakes: what screens and commands are tested against.

::

    parts = FakeParts()
    application = fake_application(parts)
    application.ensure_starter_model()
    parts.inference.before_word = ...
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from heygen_desktop.application.application import Application, Ports
from heygen_desktop.application.ports.executor import Executor
from heygen_desktop.application.runtimes import TRANSFORMERS, RuntimeDeclaration, Runtimes
from heygen_desktop.application.tasks.task import Tasks
from heygen_desktop.application.use_cases.runs.dispatcher import RunHandle
from heygen_desktop.domain.entities.run import Run
from heygen_desktop.domain.entities.worker import Worker
from heygen_desktop.domain.repositories import Topic
from heygen_desktop.domain.values.actor import Actor

from tests.factories.parts import STARTER_PATH, THE_OWNER, FakeParts
from tests.fakes.unit_of_work import FakeUnitOfWork, FakeUnitsOfWork


class OutsideTransactions:
    """A port that refuses to be asked while a unit of work on the same thread writes."""

    def __init__(self, port: object, units: FakeUnitsOfWork) -> None:
        self._port = port
        self._units = units

    def __getattr__(self, name: str) -> object:
        self._units.refuse_while_writing(f"{type(self._port).__name__}.{name}")
        return getattr(self._port, name)


@dataclass(frozen=True)
class OutsideUnits:
    """Fake units of work that fail the test which opens one inside another's write transaction."""

    units: FakeUnitsOfWork

    def __call__(self, *, read_only: bool = False) -> FakeUnitOfWork:
        self.units.refuse_while_writing("another unit of work")
        return self.units(read_only=read_only)

    def changed_elsewhere(self) -> Set[Topic]:
        return self.units.changed_elsewhere()


class OutsidePorts:
    """Fulfils ``Ports`` with fakes, none of which may be asked inside a write transaction."""

    def __init__(self, parts: FakeParts, executor: Executor | None = None) -> None:
        self._parts = parts
        self.executor = executor or parts.executor
        self.clock = parts.clock
        self.ids = parts.ids
        self.units = OutsideUnits(parts.units)
        self.sources = [self._outside(source) for source in parts.sources]

    def own_workers(self) -> Sequence[Worker]:
        self._parts.units.refuse_while_writing("own_workers")
        return self._parts.inference.workers()

    def __getattr__(self, name: str) -> object:
        return self._outside(getattr(self._parts, name))

    def _outside(self, port: object) -> OutsideTransactions:
        return OutsideTransactions(port, self._parts.units)


def fake_application(
    parts: FakeParts | None = None,
    *,
    environment: str = "development",
    home: Path = Path("home"),
    actor: Actor = THE_OWNER,
    tasks: Tasks | None = None,
    close: Callable[[], None] | None = None,
    executor: Executor | None = None,
    runtimes: Runtimes | None = None,
) -> Application:
    """Return an application on these fakes (fresh ones where None). Nothing is on disk.

    A use case that asks anything but the clock and the ids while it holds a write transaction fails.
    """
    p = parts or FakeParts()
    return Application(
        cast(Ports, OutsidePorts(p, executor)),  # it answers all that the parts answer
        environment=environment,
        home=home,
        starter_model=STARTER_PATH,
        actor=actor,
        close=close or (lambda: p.closed.append("closed")),
        tasks=tasks,
        runtimes=runtimes or (None if tasks is None else Runtimes([_doing(tasks)])),
    )


def ended(handle: RunHandle) -> Run:
    """Return the run in its final state."""
    run = handle.wait(30)
    assert run is not None, "the run did not end"
    return run


def _doing(tasks: Tasks) -> RuntimeDeclaration:
    return replace(TRANSFORMERS, tasks=tuple(task.tag for task in tasks))
