"""Actor: who does something, through which front, on which machine."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """Who is behind a change, a run or an event. An empty part is not known."""

    user: str = ""
    """Today the local owner, by login name."""
    front: str = ""
    """Through what it was asked for: ``desktop``, ``cli``, ``keeper``."""
    host: str = ""
    """The name of the machine on which the front runs."""
