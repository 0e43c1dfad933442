"""What this program is made of: every package that it needs, its version, and whose licence it has."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import metadata

_PROGRAM = "heygen-desktop"
_NAME = re.compile(r"[\w.-]+")
_MOST_CHARACTERS = 100


@dataclass(frozen=True)
class Part:
    """One package."""

    name: str
    version: str
    licence: str


def program_parts() -> list[Part]:
    """Return this program and all that it needs and that is installed, by name."""
    found: dict[str, Part] = {}
    waiting = [_PROGRAM]
    while waiting:
        name = waiting.pop()
        key = re.sub(r"[-_.]+", "-", name).lower()
        if key in found:
            continue
        try:
            package = metadata.distribution(name)
        except metadata.PackageNotFoundError:  # for another system, or an extra
            continue
        found[key] = Part(package.metadata["Name"], package.version, _licence(package))
        needs = (need for need in package.requires or () if "extra ==" not in need)
        waiting.extend(match[0] for need in needs if (match := _NAME.match(need)))
    return [found[key] for key in sorted(found)]


def _licence(package: metadata.Distribution) -> str:
    """The package's own words: an expression, else its classifiers, else the first line of its text."""

    def told(field: str) -> list[str]:  # asked by its index, a field that is not there may raise
        return list(package.metadata.get_all(field) or ())

    classifiers = (each.split("::") for each in told("Classifier"))
    named = ", ".join(each[-1].strip() for each in classifiers if each[0].strip() == "License")
    words = (*told("License-Expression"), named, *told("License"), "see its files")
    return next(filter(None, words)).strip().partition("\n")[0][:_MOST_CHARACTERS]
