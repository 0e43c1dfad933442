"""What the screen shows of an environment, as frozen rows in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from heygen_desktop.application.use_cases.environments.list_environments import EnvironmentSummary
from heygen_desktop.presentation.desktop.wording import counted


@dataclass(frozen=True)
class EnvironmentRow:
    """One environment, worded."""

    name: str
    parent: str
    """``inherits from development``, or that it stands by itself."""
    history: str
    """``revision 3 · 2 own values``."""
    is_active: bool
    """Whether this process uses it."""

    @property
    def spoken(self) -> str:
        """What a screen reader says."""
        active = ", in use" if self.is_active else ""
        return f"{self.name}{active}, {self.parent}, {self.history}"


def environment_rows(found: Iterable[EnvironmentSummary]) -> tuple[EnvironmentRow, ...]:
    """Return a row for each environment, in the order given."""
    return tuple(_row(each) for each in found)


def _row(found: EnvironmentSummary) -> EnvironmentRow:
    return EnvironmentRow(
        name=found.name,
        parent=f"inherits from {found.parent}" if found.parent else "stands by itself",
        history=f"revision {found.revision} · {counted(found.own_values, 'own value')}",
        is_active=found.is_active,
    )
