"""A model could not be loaded or run."""

from __future__ import annotations

from heygen_desktop.domain.errors.base import HeyGenError, sentence


class InferenceError(HeyGenError):
    """A model could not be loaded or run."""

    code = "inference_error"


class ModelTooLargeError(InferenceError):
    """The estimate passes the memory that is free now."""

    code = "model_too_large"

    def __init__(self, name: str, device: str, needed_bytes: int, free_bytes: int) -> None:
        super().__init__(
            f"{name} needs about {needed_bytes / 1e9:.1f} GB on {device}; "
            f"{free_bytes / 1e9:.1f} GB are free.",
            cause="Weights and working memory together pass the memory that is free right now.",
            remedy="Unload other models, close other programs, or choose a smaller model or precision.",
            details={
                "name": name,
                "device": device,
                "needed_bytes": needed_bytes,
                "free_bytes": free_bytes,
            },
        )


class ModelLoadError(InferenceError):
    """The runtime refused the files."""

    code = "model_load_failed"

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(
            f"{name} could not be loaded.",
            cause=sentence(reason),
            remedy="Open the run's log for the evidence, and register the model again to check its files.",
            details={"name": name, "reason": reason},
        )


class DeviceUnavailableError(InferenceError):
    """The device asked for is not on this machine."""

    code = "device_unavailable"

    def __init__(self, device: str, available: tuple[str, ...]) -> None:
        super().__init__(
            f"There is no device {device[:40]!r} on this machine.",
            cause=f"Devices here: {', '.join(available)}.",
            remedy="Choose one of them, or 'auto'. 'heygen doctor' says what a GPU still needs.",
            details={"device": device[:40], "available": ", ".join(available)},
        )


class WorkerCrashedError(InferenceError):
    """The worker process died by a signal or an exit code."""

    code = "worker_crashed"

    def __init__(self, phase: str, how: str, last_output: str = "") -> None:
        super().__init__(
            f"The worker process ended unexpectedly while {phase}: {how}.",
            cause="The model's process died. The window and all other runs are unharmed.",
            remedy="Run it again: a fresh worker starts by itself. If it dies again, try another "
            "device or precision and look at the run's log.",
            details={"phase": phase, "how": how, "last_output": last_output[-2000:]},
        )


class WorkerOutOfMemoryError(InferenceError):
    """The worker process, or the GPU it used, ran out of memory."""

    code = "worker_out_of_memory"

    def __init__(self, phase: str, device: str, evidence: str) -> None:
        super().__init__(
            f"Memory on {device} ran out while {phase}.",
            cause=evidence,
            remedy="Unload other models, shorten the prompt or the answer, or choose a smaller "
            "model or precision.",
            details={"phase": phase, "device": device, "evidence": evidence},
        )


class WorkerHungError(InferenceError):
    """The worker gave no sign of life within the limit, and was stopped."""

    code = "worker_hung"

    def __init__(self, phase: str, silent_s: float) -> None:
        super().__init__(
            f"The worker gave no sign of life for {silent_s:.0f} s while {phase} and was stopped.",
            cause="The runtime or the device driver hangs.",
            remedy="Run it again. A very large model may need a longer inference.stall_timeout_s.",
            details={"phase": phase, "silent_s": silent_s},
        )


class WorkerProtocolError(InferenceError):
    """The worker sent something that it must not send, and was stopped."""

    code = "worker_protocol"

    def __init__(self, reason: str) -> None:
        super().__init__(
            "The worker sent a message that cannot be trusted and was stopped.",
            cause=reason,
            remedy="Run it again. If it happens again, the installation or the model is damaged.",
            details={"reason": reason},
        )


class RunFailedError(InferenceError):
    """The task failed inside the runtime."""

    code = "run_failed"

    def __init__(self, reason: str) -> None:
        super().__init__(
            "The run failed inside the model's runtime.",
            cause=sentence(reason),
            remedy="Change the input or the parameters and run it again; the run's log has the evidence.",
            details={"reason": reason},
        )


class RunCancelledError(InferenceError):
    """Somebody asked for the stop. Carries what was made up to then."""

    code = "run_cancelled"

    def __init__(self, phase: str) -> None:
        super().__init__(
            f"The run was cancelled while {phase}.",
            cause="A stop was asked for.",
            remedy="Run it again when you like; what was made up to then is kept.",
            details={"phase": phase},
        )
