"""The register of secrets: names and dates, never values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from heygen_desktop.domain.entities.secret import Secret


class SecretRegister(Protocol):
    """Which secrets exist. Used inside a unit of work."""

    def save(self, secret: Secret) -> None:
        """Add the secret or replace what was known of it."""

    def remove(self, name: str, environment: str) -> None:
        """Forget it."""

    def by_name(self, name: str, environment: str) -> Secret | None:
        """Return what is known of it, or None."""

    def all(self, environment: str) -> Sequence[Secret]:
        """Return those of one environment, by name."""
