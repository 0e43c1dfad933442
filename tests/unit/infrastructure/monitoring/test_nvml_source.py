"""NVML as a small script: GPUs that answer, that answer half, and that fall off the bus."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import pytest
from heygen_desktop.application.ports.metrics import GpuSample
from heygen_desktop.infrastructure.monitoring.nvml_source import (
    NO_DRIVER,
    NO_GPU,
    NO_LIBRARY,
    NvmlGpus,
    import_nvml,
)

from tests.fakes.clock import FakeClock

GIB = 2**30


class NVMLError(Exception):
    def __init__(self, value: int) -> None:
        super().__init__(
            {9: "Driver Not Loaded", 12: "Not Found", 3: "Not Supported"}.get(value, "Lost")
        )
        self.value = value


class ScriptedNvml:
    """The part of pynvml that is used, with two GPUs; ``refusals`` maps functions to error codes."""

    NVMLError = NVMLError
    NVML_ERROR_LIBRARY_NOT_FOUND = 12
    NVML_ERROR_DRIVER_NOT_LOADED = 9
    NVML_TEMPERATURE_GPU = 0

    def __init__(self, count: int = 2) -> None:
        self.count = count
        self.refusals: dict[str, int] = {}
        self.calls: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("nvml"):
            raise AttributeError(name)

        def call(*arguments: Any) -> Any:
            self.calls.append(name)
            if name in self.refusals:
                raise NVMLError(self.refusals[name])
            return self._answer(name, *arguments)

        return call

    def _answer(self, name: str, *arguments: Any) -> Any:
        answers = {
            "nvmlInit": None,
            "nvmlShutdown": None,
            "nvmlDeviceGetCount": self.count,
            "nvmlDeviceGetHandleByIndex": arguments[0] if arguments else None,
            "nvmlDeviceGetName": b"Big GPU" if arguments == (0,) else "Small GPU",
            "nvmlDeviceGetUtilizationRates": SimpleNamespace(gpu=50),
            "nvmlDeviceGetMemoryInfo": SimpleNamespace(used=GIB, total=8 * GIB),
            "nvmlDeviceGetTemperature": 45,
            "nvmlDeviceGetPowerUsage": 70_500,
            "nvmlDeviceGetComputeRunningProcesses": [
                SimpleNamespace(pid=7, usedGpuMemory=GIB),
                SimpleNamespace(pid=8, usedGpuMemory=None),
            ],
        }
        return answers[name]


class Bench:
    def __init__(self, nvml: ScriptedNvml) -> None:
        self.nvml = nvml
        self.clock = FakeClock()
        self.gpus = NvmlGpus(load=lambda: nvml, monotonic=self.clock.monotonic)


@pytest.fixture
def bench() -> Bench:
    return Bench(ScriptedNvml())


def test_each_gpu_is_read_with_its_name_in_either_type(bench: Bench) -> None:
    big, small = bench.gpus.read()

    assert big == GpuSample(0, "Big GPU", 50.0, GIB, 8 * GIB, 45.0, 70.5)
    assert small.name == "Small GPU"
    assert bench.gpus.problem == ""


def test_what_a_gpu_does_not_tell_is_none(bench: Bench) -> None:
    for name in ("UtilizationRates", "Temperature", "PowerUsage"):
        bench.nvml.refusals[f"nvmlDeviceGet{name}"] = 3

    gpu = bench.gpus.read()[0]

    assert (gpu.utilisation_percent, gpu.temperature_c, gpu.power_w) == (None, None, None)
    assert gpu.memory_used_bytes == GIB


def test_the_memory_of_a_process_is_summed_over_the_gpus(bench: Bench) -> None:
    bench.gpus.read()

    assert bench.gpus.memory_by_pid() == {7: 2 * GIB}


def test_processes_that_may_not_be_seen_are_none(bench: Bench) -> None:
    bench.gpus.read()
    bench.nvml.refusals["nvmlDeviceGetComputeRunningProcesses"] = 4

    assert bench.gpus.memory_by_pid() == {}


@pytest.mark.parametrize("code", [9, 12])
def test_a_machine_without_a_driver_gets_one_plain_sentence(bench: Bench, code: int) -> None:
    bench.nvml.refusals["nvmlInit"] = code

    assert bench.gpus.read() == ()
    assert bench.gpus.problem == NO_DRIVER
    assert bench.gpus.memory_by_pid() == {}


def test_another_trouble_of_the_driver_is_told_in_its_words(bench: Bench) -> None:
    bench.nvml.refusals["nvmlInit"] = 18

    bench.gpus.read()

    assert bench.gpus.problem == "The NVIDIA driver does not answer: Lost."


def test_a_driver_without_a_gpu_says_so() -> None:
    bench = Bench(ScriptedNvml(count=0))

    assert bench.gpus.read() == ()
    assert bench.gpus.problem == NO_GPU
    assert bench.nvml.calls[-1] == "nvmlShutdown"


def test_a_missing_package_says_so() -> None:
    def load() -> Any:
        raise ImportError("no pynvml")

    gpus = NvmlGpus(load=load, monotonic=FakeClock().monotonic)

    assert gpus.read() == ()
    assert gpus.problem == NO_LIBRARY


def test_a_missing_driver_is_asked_for_again_after_thirty_seconds(bench: Bench) -> None:
    bench.nvml.refusals["nvmlInit"] = 9
    bench.gpus.read()
    bench.nvml.refusals.clear()

    bench.clock.advance(29)
    too_early = bench.gpus.read()
    bench.clock.advance(1)
    in_time = bench.gpus.read()

    assert too_early == ()
    assert len(in_time) == 2
    assert bench.gpus.problem == ""


def test_a_gpu_that_falls_off_the_bus_is_a_sentence_and_comes_back(bench: Bench) -> None:
    bench.gpus.read()
    bench.nvml.refusals["nvmlDeviceGetMemoryInfo"] = 15

    lost = bench.gpus.read()
    problem = bench.gpus.problem
    bench.nvml.refusals.clear()
    bench.clock.advance(30)

    assert lost == ()
    assert problem == "The GPU stopped answering: Lost."
    assert len(bench.gpus.read()) == 2


def test_the_driver_is_let_go_once(bench: Bench) -> None:
    bench.gpus.read()

    bench.gpus.close()
    bench.gpus.close()

    assert bench.nvml.calls.count("nvmlShutdown") == 1


def test_the_real_library_is_imported_only_when_it_is_asked_for() -> None:
    nvml = import_nvml()

    assert nvml is sys.modules["pynvml"]
    assert issubclass(nvml.NVMLError, Exception)
