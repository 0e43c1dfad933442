"""Numbers as a person reads them. Pure functions; every screen words the same thing the same way."""

from __future__ import annotations

from datetime import datetime

_UNITS = ("KB", "MB", "GB", "TB", "PB")
NONE = "–"
"""What stands where there is no figure."""


def bytes_text(size: int | float | None) -> str:
    """Return a size in decimal units with three significant figures: ``1.28 GB``, ``0 B``."""
    if size is None:
        return NONE
    if abs(size) < 1000:
        return f"{size:.0f} B"
    value = float(size)
    for unit in _UNITS:
        value /= 1000
        if abs(value) < 999.5 or unit == _UNITS[-1]:
            return f"{_three_figures(value)} {unit}"
    raise AssertionError("the last unit ends the loop")


def rate_text(bytes_per_second: float | None) -> str:
    """Return a transfer rate: ``3.20 MB/s``."""
    return NONE if bytes_per_second is None else f"{bytes_text(bytes_per_second)}/s"


def count_text(number: int | None) -> str:
    """Return a whole number with thin groups: ``1,234,567``."""
    return NONE if number is None else f"{number:,}"


def short_count_text(number: int | None) -> str:
    """Return a large number shortly: ``1.24 B`` parameters, ``350 M``, ``912``."""
    if number is None:
        return NONE
    for limit, unit in ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "K")):
        if number >= limit:
            return f"{_three_figures(number / limit)} {unit}"
    return str(number)


def percent_text(percent: float | None) -> str:
    """Return a share of 100: ``38 %``."""
    return NONE if percent is None else f"{percent:.0f} %"


def number_text(value: float | None, unit: str = "") -> str:
    """Return a measured figure with three significant figures: ``41.7 tok/s``."""
    if value is None:
        return NONE
    return f"{_three_figures(value)} {unit}".strip()


def duration_text(seconds: float | None) -> str:
    """Return a length of time: ``180 ms``, ``4.2 s``, ``3 min 05 s``, ``2 h 10 min``, ``3 d 4 h``."""
    if seconds is None:
        return NONE
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {minutes:02d} min"
    return f"{hours // 24} d {hours % 24} h"


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
    return f"{days} days ago" if days < 7 else moment.astimezone().strftime("%Y-%m-%d")


def moment_text(moment: datetime | None) -> str:
    """Return a moment in local time: ``2026-11-23 14:05:09``."""
    return NONE if moment is None else moment.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def clock_text(moment: datetime) -> str:
    """Return the time of day in local time: ``14:05:09``."""
    return moment.astimezone().strftime("%H:%M:%S")


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun: ``1 run``, ``3 runs``, ``2 libraries`` (give ``many``)."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _three_figures(value: float) -> str:
    size = abs(value)
    if size >= 99.95:
        return f"{value:.0f}"
    return f"{value:.1f}" if size >= 9.995 else f"{value:.2f}"
