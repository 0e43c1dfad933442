"""Quantities as people read them. Every front words them alike; nothing here knows a toolkit."""

from __future__ import annotations

import json
import unicodedata
from datetime import datetime, tzinfo

from heygen_desktop.domain.entities.run import Json, RunFigures

NOTHING = "\N{EN DASH}"
"""What stands where a figure was not taken."""


def size(count: float | None) -> str:
    """Return bytes in decimal units, as disks and errors state them: ``6.7 MB``."""
    return _scaled(count, ("B", "kB", "MB", "GB", "TB", "PB"))


def size_rate(per_second: float | None) -> str:
    """Return bytes a second: ``1.2 MB/s``."""
    return NOTHING if per_second is None else f"{size(per_second)}/s"


def quantity(count: float | None) -> str:
    """Return a large number in short: ``3.5 M`` parameters."""
    return _scaled(count, ("", "k", "M", "B", "T")).rstrip()


def _scaled(count: float | None, units: tuple[str, ...]) -> str:
    if count is None:
        return NOTHING
    value, unit = float(count), 0
    while abs(value) >= 999.5 and unit < len(units) - 1:
        value, unit = value / 1000, unit + 1
    digits = 0 if unit == 0 or abs(value) >= 99.95 else 1
    return f"{value:.{digits}f} {units[unit]}"


def duration(seconds: float | None) -> str:
    """Return a stretch of time: ``6 ms``, ``0.12 s``, ``3.1 s``, ``1 min 15 s``, ``2 h 5 min``."""
    if seconds is None:
        return NOTHING
    if seconds < 0.00995:
        return f"{1000 * seconds:.0f} ms"
    if seconds < 0.995:
        return f"{seconds:.2f} s"
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def percent(value: float | None) -> str:
    """Return a share from 0 to 100: ``12 %``."""
    return NOTHING if value is None else f"{value:.0f} %"


def speed(tokens_per_second: float | None) -> str:
    """Return ``41.3 tokens/s``."""
    return NOTHING if tokens_per_second is None else f"{tokens_per_second:.1f} tokens/s"


def moment(at: datetime | None, *, zone: tzinfo | None = None) -> str:
    """Return a time as a person's clock shows it: ``2026-01-31 17:05:09``.

    Args:
        zone: Where the person is; the zone of this machine where None.
    """
    return NOTHING if at is None else f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S}"


def counted(number: int, one: str, many: str = "") -> str:
    """Return ``1 model`` or ``3 models``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def shortened(text: str, most: int) -> str:
    """Return a text of at most so many characters, cut with an ellipsis."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "\N{HORIZONTAL ELLIPSIS}"


def typed(value: Json) -> str:
    """Return a value as one would type it: ``true``, ``0.8``, ``30``, ``auto``; texts one a line; None as nothing."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, list):
        return "\n".join(map(_escaped, value))
    return json.dumps(value)


def _escaped(value: Json) -> str:
    """On one line, whatever it holds."""
    return str(value).replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")


def run_cost(figures: RunFigures) -> str:
    """Return what a run cost, in one line; figures that were not taken are left out."""
    parts = [counted(figures.tokens, "token")] if figures.tokens else []
    if figures.time_to_first_token_s is not None:
        parts.append(f"{duration(figures.time_to_first_token_s)} to first token")
    if figures.tokens_per_second is not None:
        parts.append(speed(figures.tokens_per_second))
    if figures.peak_memory_bytes is not None:
        parts.append(f"peak {size(figures.peak_memory_bytes)}")
    if figures.load_s is not None:
        parts.append(_load(figures.load_s))
    return ", ".join(parts) or NOTHING


def _load(load_s: float) -> str:
    return f"loaded in {duration(load_s)}" if load_s > 0 else "already in memory"


def printable(text: str, *, keep: str = "") -> str:
    """Return the text without control characters: what a file or model says moves no cursor.

    Args:
        keep: Control characters that may stay, such as ``\\n``. The others become U+FFFD.
    """
    if text.isprintable():
        return text
    return "".join(
        c
        if c in keep or unicodedata.category(c) not in ("Cc", "Cs")
        else "\N{REPLACEMENT CHARACTER}"
        for c in text
    )
