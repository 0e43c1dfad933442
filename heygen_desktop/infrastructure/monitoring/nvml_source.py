"""NVIDIA GPUs through NVML, on machines that have it; one plain sentence on those that have not.

``import pynvml`` costs 63 ms, so it waits for the first reading. A driver that is missing may come (a
module loaded, a GPU plugged in), so it is asked again every 30 s, and a GPU that fell off the bus ends
in a sentence, not in an error.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from heygen_desktop.application.ports.metrics import GpuSample

RETRY_S = 30.0
NO_DRIVER = "No NVIDIA driver was found on this machine."
NO_GPU = "An NVIDIA driver is installed, but it sees no GPU."
NO_LIBRARY = "The Python package nvidia-ml-py is not installed, so GPUs cannot be read."

# Any: nvidia-ml-py has no types; its numbers are converted where they enter.
Nvml = Any


def import_nvml() -> Nvml:
    """Return the pynvml module."""
    return importlib.import_module("pynvml")


class NvmlGpus:
    """Reads all GPUs. For one thread at a time."""

    def __init__(
        self, *, load: Callable[[], Nvml] = import_nvml, monotonic: Callable[[], float]
    ) -> None:
        self._load = load
        self._monotonic = monotonic
        self._nvml: Nvml = None
        self._handles: list[Any] = []  # NVML's opaque handles
        self._names: list[str] = []
        self._retry_at_s: float | None = None
        self._problem = ""

    @property
    def problem(self) -> str:
        """Why no GPU is seen, in one sentence; empty where one is."""
        return self._problem

    def read(self) -> tuple[GpuSample, ...]:
        """Return a reading of each GPU; none where there is no GPU or no driver."""
        if not self._is_open():
            return ()
        try:
            return tuple(self._gpu(index) for index in range(len(self._handles)))
        except self._nvml.NVMLError as error:
            self._give_up(f"The GPU stopped answering: {error}.")
            return ()

    def memory_by_pid(self) -> dict[int, int]:
        """Return the bytes that each process holds on all GPUs together, as far as it may be seen."""
        held: dict[int, int] = {}
        for handle in self._handles:
            processes = self._or_none(self._nvml.nvmlDeviceGetComputeRunningProcesses, handle) or ()
            for process in processes:
                if process.usedGpuMemory is not None:
                    held[int(process.pid)] = held.get(int(process.pid), 0) + int(
                        process.usedGpuMemory
                    )
        return held

    def close(self) -> None:
        """Let go of the driver; a later reading takes it again."""
        if self._handles:
            self._or_none(self._nvml.nvmlShutdown)
        self._handles = []

    def _is_open(self) -> bool:
        if self._handles:
            return True
        if self._retry_at_s is None or self._monotonic() >= self._retry_at_s:
            self._open()
        return bool(self._handles)

    def _open(self) -> None:
        try:
            self._nvml = self._nvml or self._load()
        except ImportError:
            self._give_up(NO_LIBRARY)
            return
        try:
            self._nvml.nvmlInit()
            count = int(self._nvml.nvmlDeviceGetCount())
            self._handles = [self._nvml.nvmlDeviceGetHandleByIndex(index) for index in range(count)]
            self._names = [_text(self._nvml.nvmlDeviceGetName(each)) for each in self._handles]
        except self._nvml.NVMLError as error:
            self._give_up(self._sentence_for(error))
            return
        self._problem = ""
        if not self._handles:
            self._or_none(self._nvml.nvmlShutdown)
            self._give_up(NO_GPU)

    def _sentence_for(self, error: Exception) -> str:
        missing = (self._nvml.NVML_ERROR_LIBRARY_NOT_FOUND, self._nvml.NVML_ERROR_DRIVER_NOT_LOADED)
        if getattr(error, "value", None) in missing:
            return NO_DRIVER
        return f"The NVIDIA driver does not answer: {error}."

    def _give_up(self, problem: str) -> None:
        self.close()
        self._problem = problem
        self._retry_at_s = self._monotonic() + RETRY_S

    def _gpu(self, index: int) -> GpuSample:
        nvml, handle = self._nvml, self._handles[index]
        memory = nvml.nvmlDeviceGetMemoryInfo(handle)
        use = self._or_none(nvml.nvmlDeviceGetUtilizationRates, handle)
        heat = self._or_none(nvml.nvmlDeviceGetTemperature, handle, nvml.NVML_TEMPERATURE_GPU)
        power_mw = self._or_none(nvml.nvmlDeviceGetPowerUsage, handle)
        return GpuSample(
            index=index,
            name=self._names[index],
            utilisation_percent=None if use is None else float(use.gpu),
            memory_used_bytes=int(memory.used),
            memory_total_bytes=int(memory.total),
            temperature_c=None if heat is None else float(heat),
            power_w=None if power_mw is None else float(power_mw) / 1000.0,
        )

    def _or_none(self, ask: Callable[..., Any], *arguments: object) -> Any:
        """Return NVML's answer, or None where this GPU, or this user, has none."""
        try:
            return ask(*arguments)
        except self._nvml.NVMLError:
            return None


def _text(name: str | bytes) -> str:
    return name.decode("utf-8", "replace") if isinstance(name, bytes) else name
