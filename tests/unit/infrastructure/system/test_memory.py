from __future__ import annotations

from dataclasses import dataclass

import pytest
from heygen_desktop.domain.errors import DeviceUnavailableError
from heygen_desktop.infrastructure.devices.host import Host
from heygen_desktop.infrastructure.system.memory import (
    MemoryInfo,
    NvmlGpuMemory,
    SystemMemory,
    load_nvml,
)


class DriverError(Exception):
    """What the library raises where there is no driver."""


@dataclass(frozen=True)
class Reading:
    free: int


class WrittenNvml:
    """A stand-in for NVIDIA's library, which needs NVIDIA's hardware."""

    NVMLError: type[Exception] = DriverError

    def __init__(self, free: list[int], *, has_driver: bool = True) -> None:
        self._free = free
        self._has_driver = has_driver
        self.open_sessions = 0

    def nvmlInit(self) -> None:  # noqa: N802  NVIDIA's own names
        if not self._has_driver:
            raise DriverError
        self.open_sessions += 1

    def nvmlShutdown(self) -> None:  # noqa: N802  NVIDIA's own names
        self.open_sessions -= 1

    def nvmlDeviceGetCount(self) -> int:  # noqa: N802  NVIDIA's own names
        return len(self._free)

    def nvmlDeviceGetHandleByIndex(self, index: int) -> object:  # noqa: N802  NVIDIA's own names
        return index

    def nvmlDeviceGetMemoryInfo(self, handle: object) -> MemoryInfo:  # noqa: N802  NVIDIA's own names
        assert isinstance(handle, int)
        return Reading(self._free[handle])


def test_the_driver_tells_what_each_gpu_has_free_and_is_left_closed() -> None:
    nvml = WrittenNvml([5 << 30, 7 << 30])
    memory = SystemMemory(NvmlGpuMemory(lambda: nvml), Host())

    free = memory.free_bytes("cuda:1")

    assert free == 7 << 30
    assert nvml.open_sessions == 0


def test_without_a_driver_there_is_only_the_cpu() -> None:
    memory = SystemMemory(NvmlGpuMemory(lambda: WrittenNvml([], has_driver=False)), Host())

    with pytest.raises(DeviceUnavailableError) as refusal:
        memory.free_bytes("cuda:0")

    assert refusal.value.cause == "Devices here: cpu."


def test_nvidias_real_binding_offers_what_is_used_of_it() -> None:
    nvml = load_nvml()

    assert NvmlGpuMemory().count() >= 0
    assert issubclass(nvml.NVMLError, Exception)
    assert callable(nvml.nvmlDeviceGetMemoryInfo)
    assert callable(nvml.nvmlDeviceGetHandleByIndex)
