"""The environments and how far each has come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from heygen_desktop.application.ports.unit_of_work import UnitsOfWork
from heygen_desktop.domain.entities.environment import PARENTS


@dataclass(frozen=True)
class EnvironmentSummary:
    """One environment, at a glance."""

    name: str
    parent: str | None
    revision: int
    own_values: int
    """Settings that it sets itself."""
    is_active: bool


@dataclass(frozen=True)
class ListEnvironments:
    """Reads the newest revision of each."""

    units: UnitsOfWork
    active: Callable[[], str]

    def __call__(self) -> Sequence[EnvironmentSummary]:
        """Return the four environments, from development to production."""
        active = self.active()
        with self.units(read_only=True) as unit:
            current = {name: unit.environments.current(name) for name in PARENTS}
        return [
            EnvironmentSummary(
                name, PARENTS[name], revision.number, len(revision.valid), name == active
            )
            for name, revision in current.items()
        ]
