"""Environment: a named set of settings with a parent and numbered, checksummed revisions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from heygen_desktop.domain.entities.run import Json
from heygen_desktop.domain.errors import EnvironmentNotFoundError
from heygen_desktop.domain.values.actor import Actor

PARENTS: dict[str, str | None] = {
    "development": None,
    "testing": "development",
    "staging": "production",
    "production": None,
}
"""The four environments and whom each inherits from: what is tried out never reaches production
unasked, and staging mirrors production until it says otherwise."""


PERSONAL = "personal"
"""The name of the revisions that hold a person's taste: no environment, and the same in all."""
_MATTERS_OF_TASTE = frozenset({"appearance"})
"""The sections of settings that a person has once, whichever environment is in use."""


def checked_environment(name: str) -> str:
    """Return the name.

    Raises:
        EnvironmentNotFoundError: There is no such environment.
    """
    if name not in PARENTS:
        raise EnvironmentNotFoundError(name, tuple(PARENTS))
    return name


def lineage(name: str) -> tuple[str, ...]:
    """Return the environment and its ancestors, nearest first."""
    line: list[str] = []
    current: str | None = checked_environment(name)
    while current is not None:
        line.append(current)
        current = PARENTS[current]
    return tuple(line)


def holder_of(key: str, environment: str) -> str:
    """Return whose revisions hold the setting: the environment's, or the person's own."""
    return PERSONAL if key.partition(".")[0] in _MATTERS_OF_TASTE else environment


@dataclass(frozen=True)
class Revision:
    """The values an environment itself holds, at one number of its history."""

    environment: str
    number: int
    """0 for an environment in which nothing was ever set; then 1, 2, 3, ..."""
    values: Mapping[str, Json] = field(default_factory=dict)
    """Setting key (``section.key``) to value; inherited values are not in it."""
    created_at: datetime | None = None
    actor: Actor = field(default_factory=Actor)
    """Who made it."""

    @property
    def checksum(self) -> str:
        """``sha256:<hex>`` over environment, number and values in canonical JSON."""
        canonical = json.dumps(
            [self.environment, self.number, dict(self.values)],
            sort_keys=True,
            separators=(",", ":"),
            ensure_ascii=True,
        )
        return "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()

    @property
    def valid(self) -> dict[str, Json]:
        """The values that count: an environment has no say in what is a person's own."""
        holder = self.environment
        return {k: v for k, v in self.values.items() if holder_of(k, holder) == holder}

    def with_value(self, key: str, value: Json, *, at: datetime, actor: Actor) -> Revision:
        """Return the next revision, in which the key has this value."""
        values = {**self.values, key: value}
        return Revision(self.environment, self.number + 1, values, at, actor)

    def without(self, key: str, *, at: datetime, actor: Actor) -> Revision:
        """Return the next revision, in which the key is inherited again."""
        values = {k: v for k, v in self.values.items() if k != key}
        return Revision(self.environment, self.number + 1, values, at, actor)
