"""NVIDIA's library as a small script: cards that answer, that answer half, and that are lost."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

GIB = 2**30
LOST = 15
NOT_LOADED = 9
NOT_FOUND = 12
NOT_SUPPORTED = 3
NOT_INITIALISED = 1
NO_SUCH_ARGUMENT = 2

_WORDS = {
    NOT_INITIALISED: "Uninitialized",
    NOT_SUPPORTED: "Not Supported",
    NOT_LOADED: "Driver Not Loaded",
    NOT_FOUND: "NVML Shared Library Not Found",
    LOST: "GPU is lost",
}


class NVMLError(Exception):
    """As pynvml raises it."""

    def __init__(self, value: int) -> None:
        super().__init__(_WORDS.get(value, "Unknown Error"))
        self.value = value


class FakeNvml:
    """The part of pynvml that is used; change ``refusals``, ``lost`` and ``count`` at will.

    A contract test holds its functions and numbers to the real module.
    """

    NVMLError = NVMLError
    NVML_ERROR_LIBRARY_NOT_FOUND = NOT_FOUND
    NVML_ERROR_DRIVER_NOT_LOADED = NOT_LOADED
    NVML_TEMPERATURE_GPU = 0

    def __init__(self, count: int = 2) -> None:
        self.count = count
        self.refusals: dict[str, int] = {}
        """Error codes by function: each call of it fails so."""
        self.lost: set[int] = set()
        """Cards that fell off the bus."""
        self.calls: list[str] = []
        self.is_open = False

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("nvml"):
            raise AttributeError(name)

        def call(*arguments: Any) -> Any:
            self.calls.append(name)
            self._refuse(name, arguments)
            answer = ANSWERS[name]
            return answer(self, *arguments)

        return call

    def _refuse(self, name: str, arguments: tuple[Any, ...]) -> None:
        if name in self.refusals:
            raise NVMLError(self.refusals[name])
        if not self.is_open and name != "nvmlInit":
            raise NVMLError(NOT_INITIALISED)
        if arguments and arguments[0] is None:
            raise NVMLError(NO_SUCH_ARGUMENT)
        if arguments and arguments[0] in self.lost:
            raise NVMLError(LOST)

    def open(self, is_open: bool) -> None:
        self.is_open = is_open


_PROCESSES = [SimpleNamespace(pid=7, usedGpuMemory=GIB), SimpleNamespace(pid=8, usedGpuMemory=None)]
ANSWERS: dict[str, Callable[..., Any]] = {
    "nvmlInit": lambda fake: fake.open(True),
    "nvmlShutdown": lambda fake: fake.open(False),
    "nvmlSystemGetCudaDriverVersion": lambda fake: 12080,
    "nvmlDeviceGetCount": lambda fake: fake.count,
    "nvmlDeviceGetHandleByIndex": lambda fake, index: index,
    "nvmlDeviceGetHandleByUUID": lambda fake, uuid: uuid,
    "nvmlDeviceGetName": lambda fake, card: b"Big GPU" if card == 0 else "Small GPU",
    "nvmlDeviceGetUUID": lambda fake, card: f"GPU-{card}a{card}b-77",
    "nvmlDeviceGetCudaComputeCapability": lambda fake, card: (9, 0) if card == 0 else (7, 5),
    "nvmlDeviceGetUtilizationRates": lambda fake, card: SimpleNamespace(gpu=50),
    "nvmlDeviceGetMemoryInfo": lambda fake, card: SimpleNamespace(
        used=GIB, free=7 * GIB, total=8 * GIB
    ),
    "nvmlDeviceGetTemperature": lambda fake, card, sensor: 45,
    "nvmlDeviceGetPowerUsage": lambda fake, card: 70_500,
    "nvmlDeviceGetComputeRunningProcesses": lambda fake, card: _PROCESSES,
}
"""What each function of the script answers, given the script and the arguments."""
