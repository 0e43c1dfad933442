"""The program itself cannot go on as it was started."""

from __future__ import annotations

from heygen_desktop.domain.errors.base import HeyGenError


class ConfigurationError(HeyGenError):
    """A settings file or process variable that cannot be read."""

    code = "configuration_error"

    def __init__(self, source: str, reason: str, *, remedy: str = "") -> None:
        super().__init__(
            f"The settings in {source} cannot be used.",
            cause=reason,
            remedy=remedy or f"Correct {source}; its text was left as it is.",
            details={"source": source, "reason": reason},
        )


class StoppedBySignalError(HeyGenError):
    """Ctrl-C, or a request to end, came before the command was done."""

    code = "interrupted"

    def __init__(self, signal_name: str) -> None:
        super().__init__(
            "The command was interrupted.",
            cause=f"{signal_name} was received.",
            remedy="Start it again when you like; what was saved before is kept.",
            details={"signal": signal_name},
        )


class SelfTestFailedError(HeyGenError):
    """A step of the self-test did not do what it must."""

    code = "self_test_failed"

    def __init__(self, step: str, reason: str) -> None:
        super().__init__(
            f"The self-test failed at: {step}.",
            cause=reason,
            remedy="'heygen doctor' says what this machine lacks; report the rest with these lines.",
            details={"step": step, "reason": reason},
        )


class DisplayMissingError(HeyGenError):
    """A window was asked for where there is no display."""

    code = "display_missing"

    def __init__(self, reason: str = "") -> None:
        super().__init__(
            "There is no display to open a window on.",
            cause=reason or "Neither DISPLAY nor WAYLAND_DISPLAY is set.",
            remedy="Use 'heygen quickstart' in this terminal, or start the program in a desktop session.",
        )
