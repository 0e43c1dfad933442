"""Worker: the process in which one loaded model lives, as other processes may know of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from heygen_desktop.domain.entities.ai_model import ModelId
from heygen_desktop.domain.entities.run import Owner


@dataclass(frozen=True)
class Worker:
    """One loaded model and its measured cost."""

    process: Owner
    """The worker process itself."""
    owner: Owner
    """The program that started it and with which it dies."""
    model_id: ModelId
    model: str
    version: str
    device: str
    dtype: str
    load_s: float
    loaded_at: datetime
    memory_bytes: int
    """Resident now, where it was asked; otherwise when it was last measured."""
    peak_memory_bytes: int
    gpu_memory_bytes: int | None = None
    busy: bool = False
    is_loading: bool = False
    """It was still on the way into memory; only told of one that was stopped on it."""
