"""Which device and precision a model gets, asked of torch."""

from __future__ import annotations

import torch

from heygen_desktop.domain.errors import DeviceUnavailableError, InvalidParameterError

_DTYPES = {
    "float32": torch.float32,
    "bfloat16": torch.bfloat16,
    "float16": torch.float16,
}


def choose_device(wanted: str) -> torch.device:
    """Return the device for ``auto``, ``cpu`` or ``cuda:N``.

    Raises:
        DeviceUnavailableError: torch does not see it.
    """
    seen = _seen()
    if wanted == "auto":
        return torch.device(seen[1] if len(seen) > 1 else "cpu")
    if wanted not in seen:
        raise DeviceUnavailableError(wanted, seen)
    return torch.device(wanted)


def choose_dtype(wanted: str, stored: torch.dtype | None, device: torch.device) -> torch.dtype:
    """Return the precision to compute in.

    Args:
        wanted: ``auto``, ``float32``, ``bfloat16`` or ``float16``.
        stored: That of the files; None where they do not say.

    ``auto`` is the stored one where the device computes in it natively, else float32: on a CPU
    without bf16 instructions, bf16 reads a prompt three times more slowly.

    Raises:
        InvalidParameterError: There is no such precision.
    """
    if wanted != "auto":
        if wanted not in _DTYPES:
            raise InvalidParameterError("dtype", wanted, f"one of auto, {', '.join(_DTYPES)}")
        return _DTYPES[wanted]
    if device.type == "cuda":
        return _for_gpu(stored)
    return torch.bfloat16 if stored is torch.bfloat16 and _cpu_has_bf16() else torch.float32


def name_of(dtype: torch.dtype) -> str:
    """Return ``float32``, ``bfloat16``, ..."""
    return str(dtype).removeprefix("torch.")


def dtype_named(name: object) -> torch.dtype | None:
    """Return the precision that a configuration names, or None where it names none that we use."""
    return _DTYPES.get(str(name).removeprefix("torch."))


def _seen() -> tuple[str, ...]:
    count = torch.cuda.device_count() if torch.cuda.is_available() else 0
    return ("cpu", *(f"cuda:{index}" for index in range(count)))


def _for_gpu(stored: torch.dtype | None) -> torch.dtype:
    if stored is torch.bfloat16 and not torch.cuda.is_bf16_supported(including_emulation=False):
        return torch.float16
    return stored if stored in (torch.bfloat16, torch.float16) else torch.float32


def _cpu_has_bf16() -> bool:
    questions = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    return any(getattr(torch.cpu, name, lambda: False)() for name in questions)
