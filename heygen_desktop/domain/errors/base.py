"""The root of the tree: what every expected trouble holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

Detail = str | int | float | bool | None


class HeyGenError(Exception):
    """The root: one sentence, its cause, its remedy, and the data they were made from."""

    code: ClassVar[str] = "error"
    """Stable, machine-readable; snake case. Part of the ``--json`` and API contract."""

    def __init__(
        self,
        message: str,
        *,
        cause: str = "",
        remedy: str = "",
        details: Mapping[str, Detail] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.cause = cause
        self.remedy = remedy
        self.details: dict[str, Detail] = dict(details or {})

    def __str__(self) -> str:
        return self.message


def sentence(text: str) -> str:
    """Return what a library or the system said, closed with a full stop where it left that out."""
    text = text.rstrip()
    return text if text.endswith((".", "?", "!")) else f"{text}."
