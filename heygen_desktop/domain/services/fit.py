"""Whether a model fits, from the bytes of its headers and the memory that is free now."""

from __future__ import annotations

from heygen_desktop.domain.values.artifact import Artifact
from heygen_desktop.domain.values.device import Device
from heygen_desktop.domain.values.estimate import FitEstimate, Verdict

RUNTIME_OVERHEAD_BYTES = 350 * 1024**2
"""Resident memory of torch with one model class imported; measured 250 to 400 MB."""
DEFAULT_CONTEXT_TOKENS = 4096
"""The context an estimate assumes where neither the model nor the user names one."""
_STORED_BYTES = {
    "F64": 8, "I64": 8, "U64": 8, "F32": 4, "I32": 4, "U32": 4, "F16": 2, "BF16": 2, "I16": 2, "U16": 2,
    "F8_E4M3": 1, "F8_E5M2": 1, "I8": 1, "U8": 1, "BOOL": 1,
}  # fmt: skip


def loaded_weight_bytes(artifact: Artifact, dtype: str) -> int:
    """Return the bytes that the weights take in memory.

    Args:
        artifact: With its element count per stored precision.
        dtype: ``float32``, ``bfloat16`` or ``float16``; anything else keeps the stored precision.
            Floating tensors are converted, integer tensors stay as they are.
    """
    width = {"float32": 4, "bfloat16": 2, "float16": 2}.get(dtype)
    total = 0
    for stored, count in artifact.dtypes.items():
        is_float = stored.startswith(("F", "BF"))
        total += count * (width if width and is_float else _STORED_BYTES.get(stored, 4))
    return total or artifact.weights_bytes


def estimate_fit(
    artifact: Artifact,
    *,
    device: Device,
    dtype: str,
    headroom_bytes: int,
    context_tokens: int | None = None,
    measured_peak_bytes: int | None = None,
) -> FitEstimate:
    """Return what loading costs on a device and whether it fits there now.

    Args:
        headroom_bytes: What should stay free beside the model.
        context_tokens: Tokens of key-value cache to count; the model's own limit, at most
            ``DEFAULT_CONTEXT_TOKENS``, where None.
    """
    tokens = context_tokens or min(artifact.context_length or 0, DEFAULT_CONTEXT_TOKENS)
    weights = loaded_weight_bytes(artifact, dtype)
    cache = (artifact.kv_bytes_per_token or 0) * tokens
    needed = measured_peak_bytes or weights + cache + RUNTIME_OVERHEAD_BYTES
    return FitEstimate(
        device=device.id,
        weights_bytes=weights,
        cache_bytes=cache,
        overhead_bytes=RUNTIME_OVERHEAD_BYTES,
        free_bytes=device.free_bytes,
        measured_peak_bytes=measured_peak_bytes,
        verdict=_verdict(needed, device.free_bytes, headroom_bytes),
    )


def _verdict(needed: int, free: int, headroom: int) -> Verdict:
    if needed > free:
        return Verdict.TOO_LARGE
    return Verdict.TIGHT if needed + headroom > free else Verdict.FITS
