"""The devices of this machine, as a worker of this program will find them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache

from heygen_desktop.domain.values.device import CPU, Device, DeviceList
from heygen_desktop.infrastructure.devices.host import Host
from heygen_desktop.infrastructure.devices.nvidia import Card, NvidiaDriver
from heygen_desktop.infrastructure.devices.torch_build import TorchBuild, installed_torch

VARIABLE = "CUDA_VISIBLE_DEVICES"


class LocalDevices:
    """Fulfils ``Devices``.

    Args:
        environ: The variables that workers inherit.
        torch: Tells what is installed; asked once, when there is a GPU.
    """

    def __init__(
        self,
        host: Host,
        driver: NvidiaDriver,
        environ: Mapping[str, str],
        torch: Callable[[], TorchBuild | None] = installed_torch,
    ) -> None:
        self._host = host
        self._driver = driver
        self._environ = environ
        self._torch = cache(torch)

    def look(self) -> DeviceList:
        cards = self._driver.cards()
        if not cards:
            return DeviceList((self._processor(),), self._driver.problem())
        shown = visible_cards(cards, self._environ.get(VARIABLE), self._driver.part)
        useless = self._useless()
        gpus = tuple(
            Device(
                f"cuda:{number}",
                card.name,
                card.total_bytes,
                card.free_bytes,
                card.has_bfloat16,
                card.problem or useless,
            )
            for number, card in enumerate(shown)
        )
        hidden = "" if shown else f"{VARIABLE}={self._environ[VARIABLE]!r} hides every GPU."
        problems = dict.fromkeys((useless, hidden, *(card.problem for card in shown)))
        return DeviceList((self._processor(), *gpus), " ".join(filter(None, problems)))

    def _processor(self) -> Device:
        memory, processor = self._host.memory(), self._host.processor
        return Device(
            CPU,
            processor.name,
            memory.total_bytes,
            memory.available_bytes,
            processor.has_bfloat16,
        )

    def _useless(self) -> str:
        """Why torch can use no GPU at all, in a sentence."""
        torch = self._torch()
        return torch.gpu_problem(self._driver.cuda_version()) if torch else ""


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
