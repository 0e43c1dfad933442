"""What an exception in a runtime means to the program, told without importing the runtime."""

from __future__ import annotations

import traceback

from heygen_desktop.infrastructure.inference.messages import Failed
from heygen_desktop.infrastructure.inference.worker.runtime import Cancelled, TaskRefused

_REASON = 1000
_EVIDENCE = 4000
_OOM_TEXTS = ("can't allocate memory", "not enough memory", "CUDA out of memory")
_DEVICE_TEXTS = ("CUDA error", "cuDNN error", "CUBLAS_STATUS", "device-side assert", "HIP error")


def failure_of(error: Exception, *, run_id: str, tokens: int = 0, prompt_tokens: int = 0) -> Failed:
    """Return the report of an exception; an empty ``run_id`` means that the load failed."""
    if isinstance(error, Cancelled):
        return Failed(run_id, "cancelled", "The stop was asked for.", tokens=tokens)
    if isinstance(error, TaskRefused):
        return Failed(
            run_id,
            error.kind,
            _writable(error.reason)[:_REASON],
            tokens=tokens,
            prompt_tokens=error.prompt_tokens,
            context_tokens=error.context_tokens,
        )
    return Failed(
        run_id,
        _kind(error, run_id),
        _reason(error),
        evidence=_evidence(error),
        fatal=is_poisoned(error),
        tokens=tokens,
        prompt_tokens=prompt_tokens,
    )


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


def _kind(error: Exception, run_id: str) -> str:
    if is_out_of_memory(error):
        return "oom"
    return "run" if run_id else "load"


def _reason(error: Exception) -> str:
    lines = _writable(str(error)).strip().splitlines()
    first = lines[0] if lines else ""
    return f"{type(error).__name__}: {first}"[:_REASON] if first else type(error).__name__


def _evidence(error: Exception) -> str:
    return _writable("".join(traceback.format_exception(error)))[-_EVIDENCE:]


def _writable(text: str) -> str:
    """File names of stray bytes come in messages; JSON cannot carry them as they are."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
