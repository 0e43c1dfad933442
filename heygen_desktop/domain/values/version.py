"""Semantic versions, ordered as numbers and not as text: 10.0.0 is later than 9.0.0."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import total_ordering

from heygen_desktop.domain.errors import InvalidVersionError

_VERSION = re.compile(
    r"(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?"
)


@total_ordering
@dataclass(frozen=True)
class SemanticVersion:
    """MAJOR.MINOR.PATCH with an optional pre-release, as in https://semver.org (2.0.0)."""

    major: int
    minor: int
    patch: int
    prerelease: str = ""

    @classmethod
    def parse(cls, text: str) -> SemanticVersion:
        """Return the version written in ``text``.

        Raises:
            InvalidVersionError: It is not MAJOR.MINOR.PATCH[-PRERELEASE].
        """
        match = _VERSION.fullmatch(text.strip().removeprefix("v"))
        if match is None:
            raise InvalidVersionError(text)
        return cls(int(match[1]), int(match[2]), int(match[3]), match[4] or "")

    def next_minor(self) -> SemanticVersion:
        """Return the version a new set of files gets when nobody named one."""
        return SemanticVersion(self.major, self.minor + 1, 0)

    def __str__(self) -> str:
        core = f"{self.major}.{self.minor}.{self.patch}"
        return f"{core}-{self.prerelease}" if self.prerelease else core

    def __lt__(self, other: SemanticVersion) -> bool:
        return self._key() < other._key()

    def _key(self) -> tuple[object, ...]:
        return (self.major, self.minor, self.patch, not self.prerelease, self._prerelease_key())

    def _prerelease_key(self) -> tuple[tuple[bool, int, str], ...]:
        """Numeric parts come before words and compare as numbers (semver rule 11)."""
        return tuple(
            (not part.isdigit(), int(part) if part.isdigit() else 0, part)
            for part in self.prerelease.split(".")
        )
