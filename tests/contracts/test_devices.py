"""What every list of devices keeps, and what the real one makes of this machine's variables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest
from heygen_desktop.application.ports.devices import Devices
from heygen_desktop.domain.errors import DeviceUnavailableError
from heygen_desktop.infrastructure.devices.host import Host
from heygen_desktop.infrastructure.devices.local import LocalDevices
from heygen_desktop.infrastructure.devices.nvidia import NvidiaDriver
from heygen_desktop.infrastructure.devices.torch_build import TorchBuild

from tests.fakes.clock import FakeClock
from tests.fakes.devices import FakeDevices
from tests.fakes.nvml import GIB, NOT_LOADED, FakeNvml

FOR_GPUS = TorchBuild("2.13.0+cu126", "12.6")


def local(
    nvml: FakeNvml,
    environ: Mapping[str, str] | None = None,
    torch: TorchBuild | None = FOR_GPUS,
) -> LocalDevices:
    driver = NvidiaDriver(load=lambda: nvml, monotonic=FakeClock().monotonic)
    return LocalDevices(Host(), driver, environ or {}, lambda: torch)


@dataclass
class Subject:
    devices: Devices
    lose: Callable[[], object]
    """Lets the first GPU fall off the bus."""


@pytest.fixture(params=["fake", "local"])
def subject(request: pytest.FixtureRequest) -> Subject:
    """A machine with two GPUs."""
    if request.param == "fake":
        fake = FakeDevices({"cpu": 8 * GIB, "cuda:0": 7 * GIB, "cuda:1": 7 * GIB})
        return Subject(fake, lambda: fake.lost.update({"cuda:0": "GPU is lost."}))
    nvml = FakeNvml()
    return Subject(local(nvml), lambda: nvml.lost.add(0))


class TestDevicesContract:
    def test_the_processor_is_the_first(self, subject: Subject) -> None:
        seen = subject.devices.look()

        assert [device.id for device in seen.devices] == ["cpu", "cuda:0", "cuda:1"]
        assert seen.usable == ("cpu", "cuda:0", "cuda:1")
        assert seen.gpu_problem == ""

    def test_each_has_a_name_and_memory(self, subject: Subject) -> None:
        for device in subject.devices.look().devices:
            assert device.name
            assert 0 < device.free_bytes <= device.total_bytes

    def test_auto_is_the_first_gpu(self, subject: Subject) -> None:
        assert subject.devices.look().get("auto").id == "cuda:0"

    @pytest.mark.parametrize("device", ["cuda:2", "cuda", "cuda:-1", "mps", "", "cuda:0x1"])
    def test_a_device_that_is_not_here_is_refused_with_those_that_are(
        self, subject: Subject, device: str
    ) -> None:
        with pytest.raises(DeviceUnavailableError) as refusal:
            subject.devices.look().get(device)

        assert refusal.value.details["available"] == "cpu, cuda:0, cuda:1"

    def test_a_lost_gpu_is_a_state_and_auto_passes_it_over(self, subject: Subject) -> None:
        subject.devices.look()

        subject.lose()
        seen = subject.devices.look()

        assert seen.usable == ("cpu", "cuda:1")
        assert seen.get("auto").id == "cuda:1"
        assert seen.gpu_problem.endswith("GPU is lost.")

    def test_a_lost_gpu_is_refused_with_its_reason(self, subject: Subject) -> None:
        subject.lose()

        with pytest.raises(DeviceUnavailableError) as refusal:
            subject.devices.look().get("cuda:0")

        assert refusal.value.cause.endswith("GPU is lost. Devices that can be used: cpu, cuda:1.")


class TestThisMachine:
    def test_the_variable_says_which_gpus_a_worker_sees(self) -> None:
        seen = local(FakeNvml(), {"CUDA_VISIBLE_DEVICES": "1"}).look()

        assert [device.name for device in seen.devices[1:]] == ["Small GPU"]
        assert seen.devices[1].id == "cuda:0"

    @pytest.mark.parametrize("hides", ["", "-1"])
    def test_a_variable_that_hides_every_gpu_leaves_the_processor(self, hides: str) -> None:
        seen = local(FakeNvml(), {"CUDA_VISIBLE_DEVICES": hides}).look()

        assert seen.usable == ("cpu",)
        assert seen.get("auto").id == "cpu"
        assert seen.gpu_problem == f"CUDA_VISIBLE_DEVICES={hides!r} hides every GPU."

    def test_a_torch_without_cuda_leaves_the_processor_and_says_why(self) -> None:
        seen = local(FakeNvml(), torch=TorchBuild("2.13.0+cpu", None)).look()

        assert seen.get("auto").id == "cpu"
        assert "2.13.0+cpu" in seen.gpu_problem
        with pytest.raises(DeviceUnavailableError, match="cuda:0"):
            seen.get("cuda:0")

    def test_all_that_stands_in_the_way_is_told(self) -> None:
        nvml = FakeNvml()
        nvml.lost.add(1)

        seen = local(nvml, torch=TorchBuild("2.13.0+cpu", None)).look()

        assert "was built without CUDA. GPU 1 does not answer" in seen.gpu_problem

    def test_without_a_driver_there_is_the_processor_and_the_reason(self) -> None:
        nvml = FakeNvml()
        nvml.refusals["nvmlInit"] = NOT_LOADED

        seen = local(nvml).look()

        assert seen.usable == ("cpu",)
        assert seen.gpu_problem == "No NVIDIA driver was found on this machine."

    def test_without_torch_the_gpus_are_those_of_the_driver(self) -> None:
        assert local(FakeNvml(), torch=None).look().usable == ("cpu", "cuda:0", "cuda:1")

    def test_precisions_are_those_of_each_device(self) -> None:
        _, big, small = local(FakeNvml()).look().devices

        assert (big.has_bfloat16, small.has_bfloat16) == (True, False)
