from __future__ import annotations

import pytest
from heygen_desktop.application.ports.memory import Memory
from heygen_desktop.domain.errors import DeviceUnavailableError
from heygen_desktop.infrastructure.devices.host import Host
from heygen_desktop.infrastructure.system.memory import SystemMemory

from tests.fakes.memory import FakeMemory


class TwoGpus:
    """Fulfils ``GpuMemory`` on a machine that has none."""

    def count(self) -> int:
        return 2

    def free_bytes(self, index: int) -> int:
        return (index + 1) << 30


@pytest.fixture(params=["fake", "real"])
def memory(request: pytest.FixtureRequest) -> Memory:
    if request.param == "fake":
        return FakeMemory({"cpu": 8 << 30, "cuda:0": 1 << 30, "cuda:1": 2 << 30})
    return SystemMemory(TwoGpus(), Host())


class TestMemoryContract:
    def test_the_machine_has_free_memory(self, memory: Memory) -> None:
        assert memory.free_bytes("cpu") > 0

    def test_each_gpu_has_its_own(self, memory: Memory) -> None:
        assert memory.free_bytes("cuda:0") == 1 << 30
        assert memory.free_bytes("cuda:1") == 2 << 30

    @pytest.mark.parametrize("device", ["cuda:2", "cuda", "cuda:-1", "mps", "", "cuda:0x1"])
    def test_a_device_that_is_not_here_is_refused_with_those_that_are(
        self, memory: Memory, device: str
    ) -> None:
        with pytest.raises(DeviceUnavailableError) as refusal:
            memory.free_bytes(device)

        assert refusal.value.details["available"] == "cpu, cuda:0, cuda:1"
