"""What an exception in a runtime means to the program, told without importing the runtime."""

from __future__ import annotations

import traceback
from dataclasses import replace

from heygen_desktop.domain.entities.run import RunFailure
from heygen_desktop.domain.errors import (
    Detail,
    HeyGenError,
    ModelLoadError,
    RunFailedError,
    WorkerOutOfMemoryError,
)
from heygen_desktop.infrastructure.inference.messages import Failed
from heygen_desktop.infrastructure.inference.worker.runtime import Refused

_REASON = 1000
_EVIDENCE = 4000
_OOM_TEXTS = ("can't allocate memory", "not enough memory", "CUDA out of memory")
_DEVICE_TEXTS = ("CUDA error", "cuDNN error", "CUBLAS_STATUS", "device-side assert", "HIP error")


def failure_of(error: Exception, *, model: str, phase: str, device: str, tokens: int = 0) -> Failed:
    """Return the report of an exception.

    Args:
        phase: ``loading`` or ``running``.
        tokens: How many were made up to then.
    """
    told = RunFailure.of(_told(error, model, phase, device))
    details: dict[str, Detail] = dict(told.details)
    if tokens or phase == "running":
        details["tokens"] = tokens
    if not isinstance(error, HeyGenError | Refused):
        details["evidence"] = "".join(traceback.format_exception(error))[-_EVIDENCE:]
    written = replace(
        told,
        message=_writable(told.message),
        cause=_writable(told.cause),
        details={k: _writable(v) if isinstance(v, str) else v for k, v in details.items()},
    )
    return Failed(written, fatal=is_poisoned(error))


def is_out_of_memory(error: BaseException) -> bool:
    """Whether memory ran out, in this process or on the GPU."""
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return True
    return isinstance(error, RuntimeError) and any(text in str(error) for text in _OOM_TEXTS)


def is_poisoned(error: BaseException) -> bool:
    """Whether the device's context is lost, so that every later call in this process would fail."""
    if is_out_of_memory(error):
        return False
    if type(error).__name__ == "AcceleratorError":
        return True
    return isinstance(error, RuntimeError) and any(text in str(error) for text in _DEVICE_TEXTS)


def _told(error: Exception, model: str, phase: str, device: str) -> HeyGenError:
    if isinstance(error, HeyGenError):
        return error
    reason = str(error) if isinstance(error, Refused) else _reason(error)
    if is_out_of_memory(error):
        return WorkerOutOfMemoryError(phase, device, reason)
    return ModelLoadError(model, reason) if phase == "loading" else RunFailedError(reason)


def _reason(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    first = lines[0] if lines else ""
    return f"{type(error).__name__}: {first}"[:_REASON] if first else type(error).__name__


def _writable(text: str) -> str:
    """File names of stray bytes come in messages; JSON cannot carry them as they are."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
