"""What works on this machine and what does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class CheckState(StrEnum):
    """How a check came out."""

    OK = "ok"
    NOTICE = "notice"
    """Something is absent that one can live without."""
    PROBLEM = "problem"
    """Something does not work until it is mended."""


@dataclass(frozen=True)
class Check:
    """One finding."""

    name: str
    state: CheckState
    finding: str
    """What was seen, in one sentence."""
    remedy: str = ""
    """What to do about it; empty where nothing is to do."""


class Diagnostics(Protocol):
    """Looks at the machine and the installation."""

    def checks(self) -> Sequence[Check]:
        """Return every finding; a check that itself fails is a PROBLEM and stops no other."""
