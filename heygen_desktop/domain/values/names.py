"""Names that are safe as words in a path, a URL and a sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass

from heygen_desktop.domain.errors import InvalidNameError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")


def checked_name(kind: str, name: str) -> str:
    """Return the name as it is.

    Args:
        kind: What is named, in the user's word: model, secret, tag.
        name: 1 to 128 characters of ``A-Z a-z 0-9 . _ -``, the first a letter or digit.

    Raises:
        InvalidNameError: The name has other characters, is empty or too long.
    """
    if _NAME.fullmatch(name) is None:
        raise InvalidNameError(kind, name, suggestion=suggested_name(name))
    return name


def suggested_name(text: str) -> str:
    """Return the nearest allowed name, or an empty string where nothing is left of the text."""
    cleaned = re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-._")
    return cleaned[:128]


@dataclass(frozen=True)
class ModelReference:
    """How a person points at a version: ``NAME``, ``NAME@1.0.0`` or ``NAME@champion``."""

    name: str
    selector: str = ""
    """A version or an alias; empty means the latest version."""

    @classmethod
    def parse(cls, text: str) -> ModelReference:
        """Return the reference written in ``text``.

        Raises:
            InvalidNameError: The part before ``@`` cannot be a model's name.
        """
        name, _, selector = text.partition("@")
        return cls(checked_name("model", name), selector)

    def __str__(self) -> str:
        return f"{self.name}@{self.selector}" if self.selector else self.name
