"""Say what works on this machine and what to do about the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from heygen_desktop.application.ports.diagnostics import Check, Diagnostics


@dataclass(frozen=True)
class RunDoctor:
    """Looks, and changes nothing."""

    diagnostics: Diagnostics

    def __call__(self) -> Sequence[Check]:
        """Return every finding."""
        return self.diagnostics.checks()
