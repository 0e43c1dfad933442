"""What a field of a message may hold: each rule refuses what is not exactly right."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

LARGEST = 2**53
"""The largest whole number that every JSON reader keeps exactly."""


@dataclass(frozen=True)
class Rule:
    """A test for one value, and the words for what it wants."""

    wants: str
    holds: Callable[[object], bool]


Metadata = Mapping[str, Rule]
"""As ``dataclasses.field(metadata=...)`` takes it."""


def text(most: int) -> Metadata:
    """A string of at most ``most`` characters."""
    return _rule(
        f"a text of at most {most:,} characters", lambda v: type(v) is str and len(v) <= most
    )


def one_of(*words: str) -> Metadata:
    """One of these words."""
    return _rule(f"one of {', '.join(words)}", lambda v: type(v) is str and v in words)


def whole(least: int = 0, most: int = LARGEST) -> Metadata:
    """A whole number in a range; True and False are none."""
    return _rule(
        f"a whole number from {least:,} to {most:,}",
        lambda v: type(v) is int and least <= v <= most,
    )


def number(least: float = 0.0, most: float = 1e12) -> Metadata:
    """A finite number in a range."""
    return _rule(f"a finite number from {least:g} to {most:g}", lambda v: _in_range(v, least, most))


def flag() -> Metadata:
    """True or False."""
    return _rule("true or false", lambda v: type(v) is bool)


def mapping() -> Metadata:
    """A JSON object; the frame's limit bounds its size."""
    return _rule("an object", lambda v: type(v) is dict)


def optional(metadata: Metadata) -> Metadata:
    """Null, or what the given rule wants."""
    rule = metadata["rule"]
    return _rule(f"null or {rule.wants}", lambda v: v is None or rule.holds(v))


def _rule(wants: str, holds: Callable[[object], bool]) -> Metadata:
    return {"rule": Rule(wants, holds)}


def _in_range(value: object, least: float, most: float) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value) and least <= value <= most
