"""NVIDIA's driver: the one door to it, through NVML.

``import pynvml`` costs 20 to 60 ms, so it waits for the first question. The driver stays open while all is
well. Where it is missing, has no card, or one of them does not answer, it is opened anew at a question
30 s later: a card that was plugged in or came back is seen then. No trouble of it is raised; it is a
sentence. It tells of cards by their place on the bus, which is how workers count them too.
"""

from __future__ import annotations

import ctypes
import importlib
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psutil

from heygen_desktop.application.ports.metrics import GpuSample

RETRY_S = 30.0
NO_DRIVER = "No NVIDIA driver was found on this machine."
NO_GPU = "An NVIDIA driver is installed, but it sees no GPU."
NO_LIBRARY = "The Python package nvidia-ml-py is not installed, so GPUs cannot be read."
_BFLOAT16_SINCE = (8, 0)
"""The compute capability from which cards compute in bfloat16."""

# Any: nvidia-ml-py has no types; its numbers are converted where they enter.
Nvml = Any
Handle = Any


def import_nvml() -> Nvml:
    """Return the pynvml module.

    Raises:
        OSError: There is no driver. It is looked for where the module would look, before its import.
        ImportError: The module is not installed.
    """
    if sys.platform == "linux" and _is_nvidias_own():
        ctypes.CDLL("libnvidia-ml.so.1")
    return importlib.import_module("pynvml")


def _is_nvidias_own() -> bool:
    """Whether it is the installed module, and not one that somebody put in its place."""
    spec = None if "pynvml" in sys.modules else find_spec("pynvml")
    installed = Path(psutil.__file__).parent.parent
    return spec is not None and spec.origin == str(installed / "pynvml.py")


@dataclass(frozen=True)
class Card:
    """A GPU, or a part of one that is cut in parts, at one moment."""

    index: int
    name: str
    uuid: str
    total_bytes: int = 0
    free_bytes: int = 0
    has_bfloat16: bool = False
    problem: str = ""
    """Why it does not answer, in a sentence; its memory is 0 then."""


class NvidiaDriver:
    """All that is asked of the driver. Safe from any thread."""

    def __init__(
        self, *, load: Callable[[], Nvml] = import_nvml, monotonic: Callable[[], float]
    ) -> None:
        self._load = load
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._nvml: Nvml = None
        self._handles: list[Handle] = []
        """One for each card; None where it was lost before it gave one."""
        self._cards: list[Card] = []
        self._problem = ""
        self._is_open = False
        self._open_at_s: float | None = 0.0
        """From when on it is opened (anew); None while all is well."""

    def cards(self) -> Sequence[Card]:
        """Return every card of the machine, in the order of the bus."""
        with self._lock:
            return self._look()

    def part(self, uuid: str) -> Card | None:
        """Return the part of a card that has this name (``MIG-...``), or None."""
        with self._lock:
            handle = self._or_none("nvmlDeviceGetHandleByUUID", uuid) if self._look() else None
            return None if handle is None else self._described(0, handle)

    def problem(self) -> str:
        """Return why no card is seen, or one does not answer; an empty text where all is well."""
        with self._lock:
            return next((card.problem for card in self._look() if card.problem), self._problem)

    def cuda_version(self) -> tuple[int, int] | None:
        """Return the newest CUDA that the driver can serve, or None where it does not say."""
        with self._lock:
            version = self._or_none("nvmlSystemGetCudaDriverVersion") if self._look() else None
            return None if version is None else (version // 1000, version % 1000 // 10)

    def samples(self) -> tuple[GpuSample, ...]:
        """Return what each card that answers does now."""
        with self._lock:
            return tuple(self._sample(card) for card in self._look() if not card.problem)

    def memory_by_pid(self) -> dict[int, int]:
        """Return the bytes that each process holds on all GPUs together, as far as it may be seen."""
        held: dict[int, int] = {}
        with self._lock:
            for handle in self._handles:
                for process in self._or_none("nvmlDeviceGetComputeRunningProcesses", handle) or ():
                    if process.usedGpuMemory is not None:
                        pid = int(process.pid)
                        held[pid] = held.get(pid, 0) + int(process.usedGpuMemory)
        return held

    def close(self) -> None:
        """Let go of the driver; a later question takes it again."""
        with self._lock:
            self._let_go()
            self._open_at_s = 0.0

    # With the lock

    def _look(self) -> Sequence[Card]:
        now = self._monotonic()
        is_due = self._open_at_s is not None and now >= self._open_at_s
        if is_due:
            self._let_go()
            self._problem = self._open()
        else:
            self._cards = list(map(self._measured, self._cards, self._handles))
        is_well = bool(self._cards) and not any(card.problem for card in self._cards)
        if is_well:
            self._open_at_s = None
        elif is_due or self._open_at_s is None:
            self._open_at_s = now + RETRY_S
        return tuple(self._cards)

    def _open(self) -> str:
        """Take the driver and describe its cards; return why there is none."""
        try:
            self._nvml = self._nvml or self._load()
        except ImportError:
            return NO_LIBRARY
        except OSError:
            return NO_DRIVER
        try:
            self._nvml.nvmlInit()
            self._is_open = True
            count = int(self._nvml.nvmlDeviceGetCount())
        except self._nvml.NVMLError as error:
            return self._sentence_for(error)
        for index in range(count):
            handle, card = self._found(index)
            self._handles.append(handle)
            self._cards.append(card)
        return "" if count else NO_GPU

    def _let_go(self) -> None:
        if self._is_open:
            self._or_none("nvmlShutdown")
        self._is_open, self._handles, self._cards = False, [], []

    def _sentence_for(self, error: Exception) -> str:
        missing = (self._nvml.NVML_ERROR_LIBRARY_NOT_FOUND, self._nvml.NVML_ERROR_DRIVER_NOT_LOADED)
        if getattr(error, "value", None) in missing:
            return NO_DRIVER
        return f"The NVIDIA driver does not answer: {error}."

    def _found(self, index: int) -> tuple[Handle | None, Card]:
        try:
            handle = self._nvml.nvmlDeviceGetHandleByIndex(index)
        except self._nvml.NVMLError as error:
            lost = Card(index, f"GPU {index}", "")
            return None, replace(lost, problem=_silence(lost, error))
        return handle, self._described(index, handle)

    def _described(self, index: int, handle: Handle) -> Card:
        name = self._or_none("nvmlDeviceGetName", handle)
        capability = self._or_none("nvmlDeviceGetCudaComputeCapability", handle)
        card = Card(
            index=index,
            name=_text(name or f"GPU {index}"),
            uuid=_text(self._or_none("nvmlDeviceGetUUID", handle) or ""),
            has_bfloat16=capability is not None and tuple(capability) >= _BFLOAT16_SINCE,
        )
        return self._measured(card, handle)

    def _measured(self, card: Card, handle: Handle) -> Card:
        """Return the card with its memory now; one that is lost is left alone until the next opening."""
        if card.problem:
            return card
        try:
            memory = self._nvml.nvmlDeviceGetMemoryInfo(handle)
        except self._nvml.NVMLError as error:
            return replace(card, total_bytes=0, free_bytes=0, problem=_silence(card, error))
        return replace(card, total_bytes=int(memory.total), free_bytes=int(memory.free))

    def _sample(self, card: Card) -> GpuSample:
        handle = self._handles[card.index]
        use = self._or_none("nvmlDeviceGetUtilizationRates", handle)
        heat = self._or_none("nvmlDeviceGetTemperature", handle, self._nvml.NVML_TEMPERATURE_GPU)
        power_mw = self._or_none("nvmlDeviceGetPowerUsage", handle)
        return GpuSample(
            index=card.index,
            name=card.name,
            utilisation_percent=None if use is None else float(use.gpu),
            memory_used_bytes=card.total_bytes - card.free_bytes,
            memory_total_bytes=card.total_bytes,
            temperature_c=None if heat is None else float(heat),
            power_w=None if power_mw is None else float(power_mw) / 1000.0,
        )

    def _or_none(self, question: str, *arguments: object) -> Any:  # Any: see Nvml
        """Return NVML's answer, or None where this card, or this user, has none."""
        try:
            return getattr(self._nvml, question)(*arguments)
        except self._nvml.NVMLError:
            return None


def _silence(card: Card, error: Exception) -> str:
    name = f"{card.name} (GPU {card.index})" if card.uuid else card.name
    return f"{name} does not answer: {error}."


def _text(name: str | bytes) -> str:
    return name.decode("utf-8", "replace") if isinstance(name, bytes) else name
