"""How the window words figures: as every front does, and a few ways that only a screen needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from heygen_desktop.domain.entities.run import RunState
from heygen_desktop.presentation.wording import NOTHING as NONE
from heygen_desktop.presentation.wording import counted
from heygen_desktop.presentation.wording import duration as duration_text
from heygen_desktop.presentation.wording import moment as moment_text
from heygen_desktop.presentation.wording import percent as percent_text
from heygen_desktop.presentation.wording import quantity as short_count_text
from heygen_desktop.presentation.wording import size as bytes_text
from heygen_desktop.presentation.wording import size_rate as rate_text

__all__ = [
    "NONE",
    "RUN_STATES",
    "STOPPING",
    "StateWords",
    "bytes_text",
    "count_text",
    "counted",
    "duration_text",
    "moment_text",
    "number_text",
    "percent_text",
    "rate_text",
    "relative_text",
    "short_count_text",
]


@dataclass(frozen=True)
class StateWords:
    """How a state is said."""

    word: str
    mark: str
    """A sign that says the same without colour."""
    tone: str


RUN_STATES: Mapping[RunState, StateWords] = {
    RunState.QUEUED: StateWords("Queued", "\N{WHITE CIRCLE}", "neutral"),
    RunState.LOADING: StateWords("Loading", "\N{CIRCLE WITH LEFT HALF BLACK}", "info"),
    RunState.RUNNING: StateWords("Running", "\N{BLACK CIRCLE}", "info"),
    RunState.SUCCEEDED: StateWords("Done", "\N{CHECK MARK}", "success"),
    RunState.FAILED: StateWords("Failed", "\N{MULTIPLICATION X}", "danger"),
    RunState.CANCELLED: StateWords("Stopped", "\N{BLACK SQUARE}", "warning"),
    RunState.INTERRUPTED: StateWords("Interrupted", "\N{BLACK SQUARE}", "warning"),
}
"""The words of the window for a run: one for each state, wherever a run is named."""
STOPPING = StateWords("Stopping", RUN_STATES[RunState.CANCELLED].mark, "warning")


def count_text(number: int | None) -> str:
    """Return a whole number in groups: ``1,234,567``."""
    return NONE if number is None else f"{number:,}"


def number_text(value: float | None, unit: str = "") -> str:
    """Return a measured figure with three significant figures: ``41.7 tok/s``, ``0.38 s``."""
    if value is None:
        return NONE
    size = abs(value)
    digits = 0 if size >= 99.95 else 1 if size >= 9.995 else 2
    return f"{value:.{digits}f} {unit}".strip()


def relative_text(moment: datetime | None, now: datetime) -> str:
    """Return how long ago a moment was: ``just now``, ``5 min ago``, ``yesterday``, ``2026-11-02``.

    Args:
        moment: With time zone.
        now: With time zone.
    """
    if moment is None:
        return NONE
    seconds = (now - moment).total_seconds()
    if seconds < 45:
        return "just now"
    if seconds < 45 * 60:
        return f"{max(1, round(seconds / 60))} min ago"
    if seconds < 22 * 3600:
        return f"{max(1, round(seconds / 3600))} h ago"
    days = (now.astimezone().date() - moment.astimezone().date()).days
    if days <= 1:
        return "yesterday"
    return f"{days} days ago" if days < 7 else f"{moment.astimezone():%Y-%m-%d}"
