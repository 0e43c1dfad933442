"""What the user gave cannot be used as it is."""

from __future__ import annotations

from heygen_desktop.domain.errors.base import HeyGenError


class InvalidInputError(HeyGenError):
    """What the user gave cannot be used as it is."""

    code = "invalid_input"


class InvalidNameError(InvalidInputError):
    """A name that would be ambiguous or unsafe on disk or in a URL."""

    code = "invalid_name"

    def __init__(self, kind: str, name: str, *, suggestion: str = "") -> None:
        hint = f" For example: {suggestion}." if suggestion else ""
        super().__init__(
            f"{name[:80]!r} cannot be the name of a {kind}.",
            cause="Names use letters, digits, dots, dashes and underscores, start with a letter "
            "or digit, and have at most 128 characters.",
            remedy=f"Choose a name such as my-{kind}-1.{hint}",
            details={"kind": kind, "name": name[:200], "suggestion": suggestion},
        )


class InvalidVersionError(InvalidInputError):
    """A version that is not MAJOR.MINOR.PATCH."""

    code = "invalid_version"

    def __init__(self, text: str) -> None:
        super().__init__(
            f"{text[:80]!r} is not a version.",
            cause="Versions are three numbers, such as 1.0.0.",
            remedy="Write MAJOR.MINOR.PATCH, for example 1.0.0 or 2.1.0-rc.1.",
            details={"version": text[:200]},
        )


class InvalidParameterError(InvalidInputError):
    """A parameter or setting whose value is outside its type or range."""

    code = "invalid_parameter"

    def __init__(self, name: str, value: object, expected: str) -> None:
        super().__init__(
            f"{name} cannot be {str(value)[:80]!r}.",
            cause=f"{name} must be {expected}.",
            remedy=f"Give a value that is {expected}.",
            details={"parameter": name, "value": str(value)[:200], "expected": expected},
        )


class PromptTooLongError(InvalidInputError):
    """The prompt leaves no room in the model's context."""

    code = "prompt_too_long"

    def __init__(self, prompt_tokens: int, context_tokens: int) -> None:
        super().__init__(
            f"The prompt has {prompt_tokens:,} tokens; the model reads at most {context_tokens:,}.",
            cause="A model cannot see past its context length, and the answer needs room in it too.",
            remedy="Shorten the prompt, or choose a model with a longer context.",
            details={"prompt_tokens": prompt_tokens, "context_tokens": context_tokens},
        )


class FileUnreadableError(InvalidInputError):
    """A file or stream that should be read as text cannot be."""

    code = "file_unreadable"

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(
            f"{path} cannot be read.",
            cause=reason,
            remedy="Give a text file (UTF-8) that exists and that your user may read.",
            details={"path": path, "reason": reason},
        )
