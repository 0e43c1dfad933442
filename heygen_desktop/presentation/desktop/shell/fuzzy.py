"""How the command palette finds what a person means by a few letters."""

from __future__ import annotations

from collections.abc import Sequence


def best_matches(wanted: str, titles: Sequence[str]) -> list[int]:
    """Return the positions of the titles that hold all letters in order, best first.

    A match at the start of a word, or next to the one before, counts more; an empty wish matches all.
    """
    scored = [(score(wanted, title), at) for at, title in enumerate(titles)]
    return [at for points, at in sorted(scored, key=lambda s: (-s[0], s[1])) if points >= 0]


def score(wanted: str, title: str) -> int:
    """Return how well the title answers, or -1 where a letter is missing."""
    letters = [letter for letter in wanted.casefold() if not letter.isspace()]
    text, points, last = title.casefold(), 0, -1
    for letter in letters:
        at = _next(text, letter, last)
        if at < 0:
            return -1
        points += 1 + 4 * _starts_word(text, at) + 3 * (at == last + 1)
        last = at
    return points


def _next(text: str, letter: str, last: int) -> int:
    """Return the place of the letter: next to the last one, else at a word's start, else anywhere."""
    if text[last + 1 : last + 2] == letter:
        return last + 1
    for at in range(last + 1, len(text)):
        if text[at] == letter and _starts_word(text, at):
            return at
    return text.find(letter, last + 1)


def _starts_word(text: str, at: int) -> bool:
    return at == 0 or not text[at - 1].isalnum()
