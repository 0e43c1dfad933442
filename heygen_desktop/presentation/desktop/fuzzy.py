"""How the palette, and any search, finds what a person means by a few letters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

LOOSE_UP_TO = 60
"""Characters; in a longer text nearly any letters stand somewhere, so that they must stand together."""


@dataclass(frozen=True)
class Match:
    """How well a text answers, and which of its characters are the answer."""

    points: int
    places: tuple[int, ...]


def best_matches(wanted: str, titles: Sequence[str]) -> list[int]:
    """Return the positions of the titles that hold every word, best first.

    A word may be whole, a part, or letters in order: ``gtl`` is Go To Library. An empty wish matches all.
    """
    found = ((match(wanted, title), at) for at, title in enumerate(titles))
    scored = [(-answer.points, at) for answer, at in found if answer is not None]
    return [at for _points, at in sorted(scored)]


def match(wanted: str, title: str) -> Match | None:
    """Return how the title answers, or None where one of the words is not in it."""
    text, points, places = title.lower(), 0, set[int]()
    for word in wanted.lower().split():
        answer = _find(word, text)
        if answer is None:
            return None
        points += answer.points
        places.update(answer.places)
    return Match(points, tuple(sorted(places)))


def _find(word: str, text: str) -> Match | None:
    at = text.find(word)
    if at >= 0:
        start = re.search(rf"(?<![^\W_]){re.escape(word)}", text)
        at = start.start() if start else at
        points = (10 if start else 6) * len(word) + 5 * (at == 0)
        return Match(points, tuple(range(at, at + len(word))))
    return _find_letters(word, text) if len(text) <= LOOSE_UP_TO else None


def _find_letters(word: str, text: str) -> Match | None:
    """A letter at the start of a word, or next to the one before, counts more than one elsewhere."""
    points, last, places = 0, -1, []
    for letter in word:
        at = _next(text, letter, last)
        if at < 0:
            return None
        points += 1 + 4 * _starts_word(text, at) + 3 * (at == last + 1)
        last = at
        places.append(at)
    return Match(points, tuple(places))


def _next(text: str, letter: str, last: int) -> int:
    """Return the place of the letter: next to the last one, else at a word's start, else anywhere."""
    if text[last + 1 : last + 2] == letter:
        return last + 1
    first = at = text.find(letter, last + 1)
    while at >= 0 and not _starts_word(text, at):
        at = text.find(letter, at + 1)
    return first if at < 0 else at


def _starts_word(text: str, at: int) -> bool:
    return at == 0 or not text[at - 1].isalnum()
