"""Whether a model fits, from the bytes of its headers and the memory that is free now."""

from __future__ import annotations

from heygen_desktop.domain.values.artifact import Artifact
from heygen_desktop.domain.values.device import Device
from heygen_desktop.domain.values.estimate import FitEstimate, MeasuredPeaks, Verdict

RUNTIME_OVERHEAD_BYTES = 350 * 1024**2
"""Resident memory of torch with one model class imported; measured 250 to 400 MB."""
GPU_OVERHEAD_BYTES = 512 * 1024**2
"""What CUDA and its libraries take of a GPU beside the tensors; 300 to 600 MB, by card and release."""
DEFAULT_CONTEXT_TOKENS = 4096
"""The context an estimate assumes where neither the model nor the user names one."""
_FLOATS = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "F8_E4M3": 1, "F8_E5M2": 1}
"""Bytes of the precisions that a runtime converts."""
_BYTES = {"float32": 4, "bfloat16": 2, "float16": 2}
_STORED = {"BF16": "bfloat16", "F16": "float16"}


def computing_dtype(artifact: Artifact, device: Device, wanted: str) -> str:
    """Return the precision in which a worker will compute there; its own choice follows the same rule.

    Args:
        wanted: ``float32``, ``bfloat16``, ``float16``, or ``auto`` for that of most weights where the
            device computes in it natively, else one that holds it.
    """
    if wanted != "auto":
        return wanted
    floats = {count: name for name, count in artifact.dtypes.items() if name in _FLOATS}
    stored = _STORED.get(floats[max(floats)], "float32") if floats else "float32"
    if stored == "bfloat16" and not device.has_bfloat16:
        return "float16" if device.is_gpu else "float32"
    return stored if device.is_gpu or stored == "bfloat16" else "float32"


def loaded_weight_bytes(artifact: Artifact, dtype: str) -> int:
    """Return the bytes that the weights take in memory.

    Floating elements are converted to ``dtype``. All others, such as those quantised in blocks, stay
    as they are stored, and take what the reader of the format counted for them.
    """
    converted = {name: count for name, count in artifact.dtypes.items() if name in _FLOATS}
    return artifact.weights_bytes + sum(
        count * (_BYTES[dtype] - _FLOATS[name]) for name, count in converted.items()
    )


def estimate_fit(
    artifact: Artifact,
    *,
    device: Device,
    dtype: str,
    headroom_bytes: int,
    context_tokens: int | None = None,
    peaks: MeasuredPeaks | None = None,
) -> FitEstimate:
    """Return what loading costs in the memory of a device and whether it fits there now.

    A peak that was measured is taken at its word: what fitted once fits again in as much memory. What
    it does not know makes the fit tight, never too large: the cache of a longer context, and on a GPU,
    where it counts tensors, what CUDA takes beside them.

    Args:
        dtype: That of ``computing_dtype``.
        headroom_bytes: What should stay free beside the model.
        context_tokens: Tokens of key-value cache to count; the model's own limit, at most
            ``DEFAULT_CONTEXT_TOKENS``, where None.
        peaks: What earlier runs reached there in that precision.
    """
    tokens = context_tokens or min(artifact.context_length or 0, DEFAULT_CONTEXT_TOKENS)
    weights = loaded_weight_bytes(artifact, dtype)
    token_bytes = (artifact.kv_elements_per_token or 0) * _BYTES[dtype]
    overhead = GPU_OVERHEAD_BYTES if device.is_gpu else RUNTIME_OVERHEAD_BYTES
    known = peaks or MeasuredPeaks()
    measured = known.on(device)
    needed, beside = weights + token_bytes * tokens + overhead, 0
    if measured is not None:
        unseen = token_bytes * max(0, tokens - known.tokens)
        needed, beside = measured, unseen + (overhead if device.is_gpu else 0)
    return FitEstimate(
        device=device.id,
        weights_bytes=weights,
        cache_bytes=token_bytes * tokens,
        overhead_bytes=overhead,
        free_bytes=device.free_bytes,
        measured_peak_bytes=measured,
        verdict=_verdict(needed, device.free_bytes, headroom_bytes + beside),
    )


def _verdict(needed: int, free: int, headroom: int) -> Verdict:
    if needed > free:
        return Verdict.TOO_LARGE
    return Verdict.TIGHT if needed + headroom > free else Verdict.FITS
