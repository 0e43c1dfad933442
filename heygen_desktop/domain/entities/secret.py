"""Secret: what may be known of a value that itself lives in the keyring or the vault."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Secret:
    """A secret's name and history; never its value."""

    name: str
    environment: str
    store: str
    """Which store holds the value: the keyring's name, or ``vault``."""
    created_at: datetime
    updated_at: datetime

    @property
    def reference(self) -> str:
        """What settings hold in place of the value."""
        return f"${{secret:{self.name}}}"
