"""What was asked for contradicts what is there."""

from __future__ import annotations

from heygen_desktop.domain.errors.base import HeyGenError


class ConflictError(HeyGenError):
    """What was asked for contradicts what is there."""

    code = "conflict"


class ModelExistsError(ConflictError):
    """The name and version already point at other files."""

    code = "model_exists"

    def __init__(self, name: str, version: str, path: str) -> None:
        super().__init__(
            f"{name} {version} is already registered.",
            cause=f"It points at {path}.",
            remedy="Give another --name or --version, or remove the old entry first.",
            details={"name": name, "version": version, "path": path},
        )


class InvalidTransitionError(ConflictError):
    """A change of state that the life of the thing does not allow."""

    code = "invalid_transition"

    def __init__(self, kind: str, current: str, wanted: str) -> None:
        super().__init__(
            f"A {kind} that is {current} cannot become {wanted}.",
            cause=f"{current} does not lead to {wanted}.",
            remedy=f"Look at its present state first; {current} may already be final.",
            details={"kind": kind, "current": current, "wanted": wanted},
        )


class AlreadyRunningError(ConflictError):
    """A window already shows this home."""

    code = "already_running"

    def __init__(self, pid: int | None) -> None:
        who = f" (process {pid})" if pid else ""
        super().__init__(
            f"HeyGen Desktop is already open{who}.",
            cause="One window serves one data folder, so that two do not overwrite each other.",
            remedy="Use the open window, or start with another --home.",
            details={"pid": pid},
        )
