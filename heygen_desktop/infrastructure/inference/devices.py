"""Which devices this machine has, asked of the driver: torch is not imported for it."""

from __future__ import annotations

import pynvml


def installed_devices() -> tuple[str, ...]:
    """Return ``cpu`` and one ``cuda:N`` for each NVIDIA GPU that its driver reports.

    A machine without the driver, or with a broken one, has just ``cpu``; the monitoring room says why.
    """
    return ("cpu", *(f"cuda:{index}" for index in range(_gpu_count())))


def _gpu_count() -> int:
    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError:
        return 0
    try:
        return int(pynvml.nvmlDeviceGetCount())
    except pynvml.NVMLError:
        return 0
    finally:
        pynvml.nvmlShutdown()
