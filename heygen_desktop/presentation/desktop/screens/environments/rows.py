"""What the screen shows of an environment, as frozen rows in words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class EnvironmentRow:
    """One environment, worded."""

    name: str
    parent: str
    """``inherits from development``, or that it inherits nothing."""
    history: str
    """``2 own settings · revision 3``."""
    is_active: bool
    """Whether this process uses it."""

    @property
    def spoken(self) -> str:
        """What a screen reader says."""
        active = ", in use" if self.is_active else ""
        return f"{self.name}{active}, {self.parent}, {self.history}"
