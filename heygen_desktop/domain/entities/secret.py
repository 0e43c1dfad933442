"""Secret: what may be known of a value that itself lives in the keyring or the vault."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from heygen_desktop.domain.values.actor import Actor
from heygen_desktop.domain.values.names import checked_name

_REFERENCE = re.compile(r"\$\{secret:([^}]*)(\}?)")


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


def with_values(text: str, value_of: Callable[[str], str]) -> str:
    """Return the text with a value in place of each reference; values are not looked into.

    Raises:
        InvalidNameError: A reference is not closed, or what it holds cannot be a secret's name.
    """
    return _REFERENCE.sub(lambda found: value_of(_named(found)), text)


def _named(found: re.Match[str]) -> str:
    whole, (name, end) = found[0], found.groups()
    return checked_name("secret", name if end else whole)
