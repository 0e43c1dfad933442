"""How columns share the width there is: the least important ones go first, what is read most stretches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

SMALLEST = 48
"""No column is narrower, in pixels."""


@dataclass(frozen=True)
class Wish:
    """What one column would like, in pixels."""

    width: int
    """It is shown at this width or not at all, unless it stretches."""
    content: int
    """From this width on nothing in it is cut."""
    rank: int = 0
    """0 for a column that is always there; of the others the highest goes first."""
    stretches: bool = False


def shared(wishes: Sequence[Wish], room: int) -> list[int]:
    """Return the width of each column, 0 for one that goes; together they fill the room exactly.

    They are wider than the room only where those that are always there do not fit in it.
    """
    shown = _those_that_fit(wishes, room)
    widths = [wish.width if at in shown else 0 for at, wish in enumerate(wishes)]
    left = room - sum(widths)
    for at, most in _growing(wishes, shown):
        more = max(0, min(left, most - widths[at]))
        widths[at] += more
        left -= more
    stretching = [at for at in shown if wishes[at].stretches] or shown[-1:]
    for number, at in enumerate(stretching):
        share = left // (len(stretching) - number)
        widths[at] = max(SMALLEST, widths[at] + share)
        left -= share
    return widths


def _growing(wishes: Sequence[Wish], shown: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield who may grow to how many pixels, one after the other: a little for all, then the rest."""
    in_order = sorted(shown, key=lambda at: (not wishes[at].stretches, wishes[at].rank))
    for at in in_order:
        if not wishes[at].stretches:
            yield at, min(wishes[at].content, 2 * wishes[at].width)
    for at in in_order:
        yield at, wishes[at].content


def _those_that_fit(wishes: Sequence[Wish], room: int) -> list[int]:
    shown = list(range(len(wishes)))
    for at in sorted(shown, key=lambda at: (-wishes[at].rank, -at)):
        if wishes[at].rank and sum(wishes[each].width for each in shown) > room:
            shown.remove(at)
    return shown
