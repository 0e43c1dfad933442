"""Two runs beside each other: what made them, what they cost and what they said, with every difference."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from operator import itemgetter

from heygen_desktop.application.tasks.task import Task
from heygen_desktop.domain.entities.run import Run
from heygen_desktop.presentation.desktop.screens.run.rows import details_of
from heygen_desktop.presentation.desktop.wording import NONE, RUN_STATES, StateWords

_WORD = re.compile(r"\w+|\s+|[^\w\s]")
_LINE = re.compile(r".*\n|.+")
_MOST_WORDS = 4000
"""Of a longer text, lines are compared: words would take seconds."""
_OF_EACH_RUN_ALONE = frozenset({"Run", "Queued", "Finished"})


@dataclass(frozen=True)
class Told:
    """A run as it is compared."""

    run: Run
    task: Task
    text: str
    """Its main input and its output."""


@dataclass(frozen=True)
class Piece:
    """A stretch of text."""

    text: str
    differs: bool


@dataclass(frozen=True)
class Side:
    """One of the two runs."""

    name: str
    state: StateWords
    pieces: tuple[Piece, ...]
    """Joined, they are its text."""


@dataclass(frozen=True)
class ComparedFact:
    """One line of what made and describes the runs."""

    title: str
    left: str
    right: str
    differs: bool


@dataclass(frozen=True)
class Comparison:
    """Two runs, the earlier one at the left."""

    left: Side
    right: Side
    facts: tuple[ComparedFact, ...]


def comparison_of(one: Told, other: Told) -> Comparison:
    """Return what is the same and what is not; takes up to a second for long texts."""
    left, right = sorted((one, other), key=lambda told: told.run.queued_at)
    said_left, said_right = _pieces(left.text, right.text)
    return Comparison(
        Side(_name(left), RUN_STATES[left.run.state], said_left),
        Side(_name(right), RUN_STATES[right.run.state], said_right),
        tuple(_facts(left, right)),
    )


def _name(told: Told) -> str:
    return told.run.title or told.task.input_summary(told.run.inputs)


def _facts(left: Told, right: Told) -> Iterator[ComparedFact]:
    lefts, rights = (dict(details_of(told.run, told.task)) for told in (left, right))
    for title in (*lefts, *(title for title in rights if title not in lefts)):
        values = lefts.get(title, NONE), rights.get(title, NONE)
        is_same = title in _OF_EACH_RUN_ALONE or values[0] == values[1]
        yield ComparedFact(title, *values, differs=not is_same)


def _pieces(left: str, right: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    lefts, rights = _WORD.findall(left), _WORD.findall(right)
    if max(len(lefts), len(rights)) > _MOST_WORDS:
        lefts, rights = _LINE.findall(left), _LINE.findall(right)
    steps = SequenceMatcher(None, lefts, rights, autojunk=False).get_opcodes()
    # Blanks between two differences are part of one.
    differs = [tag != "equal" or not "".join(lefts[a:b]).strip() for tag, a, b, _, _ in steps]
    return (
        _joined(differs, ["".join(lefts[a:b]) for _, a, b, _, _ in steps]),
        _joined(differs, ["".join(rights[a:b]) for _, _, _, a, b in steps]),
    )


def _joined(differs: Sequence[bool], texts: Sequence[str]) -> tuple[Piece, ...]:
    stretches = groupby(zip(differs, texts, strict=True), key=itemgetter(0))
    pieces = (Piece("".join(text for _, text in each), mark) for mark, each in stretches)
    return tuple(piece for piece in pieces if piece.text)
