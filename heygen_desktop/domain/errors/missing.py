"""What was named does not exist here."""

from __future__ import annotations

from heygen_desktop.domain.errors.base import HeyGenError


class NotFoundError(HeyGenError):
    """What was named does not exist here."""

    code = "not_found"


class ModelNotFoundError(NotFoundError):
    """No model, version or alias of that name."""

    code = "model_not_found"

    def __init__(self, reference: str, *, suggestion: str = "") -> None:
        hint = f"Did you mean {suggestion}? " if suggestion else ""
        super().__init__(
            f"There is no model {reference[:140]!r}.",
            cause="No model with that name or version is registered.",
            remedy=f"{hint}'heygen models list' shows what is registered.",
            details={"reference": reference[:200], "suggestion": suggestion},
        )


class RunNotFoundError(NotFoundError):
    """No run with that id."""

    code = "run_not_found"

    def __init__(self, run_id: str) -> None:
        super().__init__(
            f"There is no run {run_id[:80]!r}.",
            cause="No run with that id, or beginning with it, was recorded.",
            remedy="'heygen runs list' shows the recorded runs.",
            details={"run_id": run_id[:200]},
        )


class EnvironmentNotFoundError(NotFoundError):
    """No environment of that name."""

    code = "environment_not_found"

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(
            f"There is no environment {name[:80]!r}.",
            cause=f"The environments are {', '.join(known)}.",
            remedy="Choose one of them with --env or HEYGEN_ENV.",
            details={"environment": name[:200]},
        )


class SettingNotFoundError(NotFoundError):
    """No setting with that key in the schema."""

    code = "setting_not_found"

    def __init__(self, key: str, *, suggestion: str = "") -> None:
        hint = f"Did you mean {suggestion}? " if suggestion else ""
        super().__init__(
            f"There is no setting {key[:80]!r}.",
            cause="The key is not in the settings schema.",
            remedy=f"{hint}'heygen env show development' lists every key.",
            details={"key": key[:200], "suggestion": suggestion},
        )


class SecretNotFoundError(NotFoundError):
    """No secret of that name in that environment."""

    code = "secret_not_found"

    def __init__(self, name: str, environment: str) -> None:
        super().__init__(
            f"There is no secret {name[:80]!r} in {environment}.",
            cause="It was never set here, or it was deleted.",
            remedy=f"'heygen secret set {name[:80]}' stores one.",
            details={"name": name[:200], "environment": environment},
        )


class ModelNotLoadedError(NotFoundError):
    """The model is not in memory."""

    code = "model_not_loaded"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name[:140]!r} is not loaded.",
            cause="No worker process holds this model.",
            remedy="'heygen ps' shows what is in memory.",
            details={"name": name[:200]},
        )
