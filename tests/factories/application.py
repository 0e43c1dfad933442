"""A whole application on written fakes: what screens and commands are tested against.

::

    parts = FakeParts()
    application = fake_application(parts)
    application.ensure_starter_model()
    parts.inference.before_word = ...
"""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar, cast

from heygen_desktop.application.application import Application
from heygen_desktop.application.assembly import Ports, assemble
from heygen_desktop.application.tasks.registry import TASKS
from heygen_desktop.application.tasks.task import Tasks
from heygen_desktop.domain.values.actor import Actor

from tests.factories.parts import STARTER_PATH, THE_OWNER, FakeParts
from tests.fakes.unit_of_work import FakeUnitOfWork, FakeUnitsOfWork

T = TypeVar("T")


class OutsideTransactions:
    """A port that refuses to be asked while a unit of work on the same thread writes."""

    def __init__(self, port: object, units: FakeUnitsOfWork) -> None:
        self._port = port
        self._units = units

    def __getattr__(self, name: str) -> object:
        self._units.refuse_while_writing(f"{type(self._port).__name__}.{name}")
        return getattr(self._port, name)


def fake_application(
    parts: FakeParts | None = None,
    *,
    environment: str = "development",
    home: Path = Path("home"),
    actor: Actor = THE_OWNER,
    tasks: Tasks = TASKS,
) -> Application:
    """Return an application on these fakes (fresh ones where None). Nothing is on disk.

    A use case that asks anything but the clock and the ids while it holds a write transaction fails.
    """
    p = parts or FakeParts()

    def outside(port: T) -> T:
        return cast(T, OutsideTransactions(port, p.units))  # it answers all that the port answers

    def units(*, read_only: bool = False) -> FakeUnitOfWork:
        p.units.refuse_while_writing("another unit of work")
        return p.units(read_only=read_only)

    ports = Ports(
        units=units,
        artifacts=outside(p.artifacts),
        inference=outside(p.inference),
        keeper=outside(p.inference),
        secrets=outside(p.secrets),
        logs=outside(p.logs),
        metrics=outside(p.metrics),
        series=outside(p.series),
        diagnostics=outside(p.diagnostics),
        sources=[outside(source) for source in p.sources],
        events=outside(p.events),
        clock=p.clock,
        ids=p.ids,
        processes=outside(p.processes),
        devices=outside(p.devices),
    )
    return assemble(
        ports,
        environment=environment,
        home=home,
        starter_model=STARTER_PATH,
        actor=actor,
        close=lambda: p.closed.append("closed"),
        tasks=tasks,
    )
