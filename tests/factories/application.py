"""A whole application on written fakes: what screens and commands are tested against.

::

    parts = FakeParts()
    application = fake_application(parts)
    application.ensure_starter_model()
    parts.inference.before_word = ...
"""

from __future__ import annotations

from pathlib import Path

from heygen_desktop.application.application import Application
from heygen_desktop.application.assembly import Ports, assemble

from tests.factories.parts import STARTER_PATH, FakeParts


def fake_application(
    parts: FakeParts | None = None,
    *,
    environment: str = "development",
    home: Path = Path("home"),
) -> Application:
    """Return an application on these fakes (fresh ones where None). Nothing is on disk."""
    p = parts or FakeParts()
    ports = Ports(
        units=p.units,
        artifacts=p.artifacts,
        inference=p.inference,
        keeper=p.inference,
        secrets=p.secrets,
        logs=p.logs,
        metrics=p.metrics,
        series=p.series,
        diagnostics=p.diagnostics,
        sources=p.sources,
        events=p.events,
        clock=p.clock,
        ids=p.ids,
        processes=p.processes,
        memory=p.memory,
    )
    return assemble(
        ports,
        environment=environment,
        home=home,
        starter_model=STARTER_PATH,
        close=lambda: p.closed.append("closed"),
    )
