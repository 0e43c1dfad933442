"""Which GPUs a worker sees, and under which number: what CUDA makes of CUDA_VISIBLE_DEVICES."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from heygen_desktop.infrastructure.devices.nvidia import Card

VARIABLE = "CUDA_VISIBLE_DEVICES"


def visible_cards(
    cards: Sequence[Card], wanted: str | None, part: Callable[[str], Card | None]
) -> Sequence[Card]:
    """Return the cards that the variable lets a process see, in its order.

    CUDA stops at the first name that means nothing (so -1 hides all that follow), and sees nothing
    where a card is named twice. Of a card that is cut in parts it uses one part.

    Args:
        cards: All of the machine, in the order of the bus.
        wanted: The variable's value; None where it is not set.
        part: Finds a part of a card by its name.
    """
    if wanted is None:
        return cards
    if wanted.startswith("MIG-"):
        found = part(wanted.split(",")[0])
        return () if found is None else (found,)
    named = _by_uuid if wanted.startswith("GPU-") else _by_number
    shown: list[Card] = []
    for name in wanted.split(","):
        card = named(cards, name)
        if card is None:
            break
        if card in shown:
            return ()
        shown.append(card)
    return shown


def _by_uuid(cards: Sequence[Card], name: str) -> Card | None:
    """The card whose identifier begins so, if it is the only one."""
    fitting = [card for card in cards if name.startswith("GPU-") and card.uuid.startswith(name)]
    return fitting[0] if len(fitting) == 1 else None


def _by_number(cards: Sequence[Card], name: str) -> Card | None:
    """The card of this number; what follows the digits does not count."""
    number = re.match(r"\+?(\d+)", name.strip(), re.ASCII)
    return cards[int(number[1])] if number and int(number[1]) < len(cards) else None
