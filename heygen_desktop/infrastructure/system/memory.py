"""Live free memory: the machine's from psutil, a GPU's from NVIDIA's management library."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from typing import Protocol, cast

from heygen_desktop.domain.errors import DeviceUnavailableError
from heygen_desktop.infrastructure.devices.host import Host

_CUDA = re.compile(r"cuda:(\d{1,3})")


class GpuMemory(Protocol):
    """The free memory of GPUs."""

    def count(self) -> int:
        """Return how many there are; 0 where there is no driver."""

    def free_bytes(self, index: int) -> int:
        """Return the free bytes of the GPU with this index, below ``count()``."""


class SystemMemory:
    """Fulfils ``Memory``."""

    def __init__(self, gpus: GpuMemory, host: Host) -> None:
        self._gpus = gpus
        self._host = host

    def free_bytes(self, device: str) -> int:
        if device == "cpu":
            return self._host.memory().available_bytes
        match = _CUDA.fullmatch(device)
        count = self._gpus.count()
        if match is None or int(match[1]) >= count:
            raise DeviceUnavailableError(device, ("cpu", *(f"cuda:{n}" for n in range(count))))
        return self._gpus.free_bytes(int(match[1]))


class NvmlLibrary(Protocol):
    """What is used of ``pynvml``; its handles are opaque."""

    NVMLError: type[Exception]

    def nvmlInit(self) -> None: ...  # noqa: N802  NVIDIA's own names
    def nvmlShutdown(self) -> None: ...  # noqa: N802  NVIDIA's own names
    def nvmlDeviceGetCount(self) -> int: ...  # noqa: N802  NVIDIA's own names
    def nvmlDeviceGetHandleByIndex(self, index: int) -> object: ...  # noqa: N802  NVIDIA's own names
    def nvmlDeviceGetMemoryInfo(self, handle: object) -> MemoryInfo: ...  # noqa: N802  NVIDIA's own names


class MemoryInfo(Protocol):
    """NVML's answer about one GPU."""

    @property
    def free(self) -> int:
        """Free bytes, what all processes hold already taken off."""


def load_nvml() -> NvmlLibrary:
    """Import NVIDIA's binding; the driver itself is looked for by ``nvmlInit``."""
    return cast(NvmlLibrary, importlib.import_module("pynvml"))  # a module fulfils the protocol


class NvmlGpuMemory:
    """Fulfils ``GpuMemory``. Indices are NVML's, in the order of the PCI bus.

    Opens the driver for each question and closes it after: a driver that is installed or fails
    while the program runs is seen at the next one, and nothing stays open.
    """

    def __init__(self, load: Callable[[], NvmlLibrary] = load_nvml) -> None:
        self._load = load

    def count(self) -> int:
        nvml = self._load()
        try:
            nvml.nvmlInit()
        except nvml.NVMLError:  # no driver, or one that does not answer: no GPU to run on
            return 0
        try:
            return nvml.nvmlDeviceGetCount()
        finally:
            nvml.nvmlShutdown()

    def free_bytes(self, index: int) -> int:
        nvml = self._load()
        nvml.nvmlInit()
        try:
            handle = nvml.nvmlDeviceGetHandleByIndex(index)
            return int(nvml.nvmlDeviceGetMemoryInfo(handle).free)
        finally:
            nvml.nvmlShutdown()
