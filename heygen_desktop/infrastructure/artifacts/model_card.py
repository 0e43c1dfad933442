"""The licence that a model card names in the block of settings at its top."""

from __future__ import annotations

import re

_FENCE = "---"
_LINE = re.compile(r"(license|license_name):\s*(.*?)\s*(?:#.*)?")
_ITEM = re.compile(r"\s*-\s+(.*?)\s*")
_MAX_LICENCE = 100


def licence_of(card: str) -> str:
    """Return the licence as the card names it, or an empty string.

    Args:
        card: The text of README.md, or its beginning. Of the YAML between the two lines ``---``
            only ``license`` (a word or a list) and ``license_name`` (where that says "other") are
            understood.
    """
    lines = card.removeprefix("\ufeff").splitlines()
    if not lines or lines[0].rstrip() != _FENCE:
        return ""
    stated: dict[str, str] = {}
    for number, line in enumerate(lines[1:], start=2):
        if line.rstrip() == _FENCE:
            break
        match = _LINE.fullmatch(line)
        if match:
            stated[match[1]] = _plain(match[2]) or _listed(lines[number:])
    licence = stated.get("license", "")
    return stated.get("license_name") or licence if licence == "other" else licence


def _listed(lines: list[str]) -> str:
    items = []
    for line in lines:
        match = _ITEM.fullmatch(line)
        if match is None:
            break
        items.append(_plain(match[1]))
    return ", ".join(filter(None, items))[:_MAX_LICENCE]


def _plain(value: str) -> str:
    """A word, or the words of an inline list, without quotes and unprintable characters."""
    words = [word.strip().strip("'\"").strip() for word in value.strip("[]").split(",")]
    text = ", ".join(filter(None, words))
    return "".join(filter(str.isprintable, text))[:_MAX_LICENCE]
