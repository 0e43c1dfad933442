"""Secret: what may be known of a value that itself lives in the keyring or the vault."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from heygen_desktop.domain.values.actor import Actor


@dataclass(frozen=True)
class Secret:
    """A secret's name and history; never its value."""

    name: str
    environment: str
    store: str
    """Which store holds the value: the keyring's name, or ``vault``."""
    created_at: datetime
    updated_at: datetime
    actor: Actor = field(default_factory=Actor)
    """Who set its value."""

    @property
    def reference(self) -> str:
        """What settings hold in place of the value."""
        return f"${{secret:{self.name}}}"
