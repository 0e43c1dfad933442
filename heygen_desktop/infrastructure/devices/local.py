"""The devices of this machine, as a worker of this program will find them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from heygen_desktop.domain.values.device import CPU, Device, DeviceList
from heygen_desktop.infrastructure.devices.host import Host
from heygen_desktop.infrastructure.devices.nvidia import Card, NvidiaDriver
from heygen_desktop.infrastructure.devices.torch_build import TorchBuild, installed_torch
from heygen_desktop.infrastructure.devices.visible import VARIABLE, visible_cards


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
        gpus = tuple(_gpu(number, card, useless) for number, card in enumerate(shown))
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


def _gpu(number: int, card: Card, useless: str) -> Device:
    return Device(
        f"cuda:{number}",
        card.name,
        card.total_bytes,
        card.free_bytes,
        card.has_bfloat16,
        card.problem or useless,
    )
