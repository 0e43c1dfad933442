"""The licence that a model card names in the block of settings at its top."""

from __future__ import annotations

_FENCE = "---"
_KEYS = frozenset({"license", "license_name"})
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
        # By hand: a pattern that trims blanks on both sides takes a minute for 60,000 of them.
        key, _, value = line.partition(":")
        if key in _KEYS:
            stated[key] = _plain(value.partition("#")[0].strip()) or _listed(lines[number:])
    licence = stated.get("license", "")
    return stated.get("license_name") or licence if licence == "other" else licence


def _listed(lines: list[str]) -> str:
    items = []
    for line in lines:
        text = line.lstrip()
        if text[:1] != "-" or not text[1:2].isspace():
            break
        items.append(_plain(text[1:].strip()))
    return ", ".join(filter(None, items))[:_MAX_LICENCE]


def _plain(value: str) -> str:
    """A word, or the words of an inline list, without quotes and unprintable characters."""
    words = [word.strip().strip("'\"").strip() for word in value.strip("[]").split(",")]
    text = ", ".join(filter(None, words))
    return "".join(filter(str.isprintable, text))[:_MAX_LICENCE]
