"""Which models are shown: those that a few words mean, and of them those that the chosen facets leave."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from heygen_desktop.presentation.desktop.screens.library.rows import ModelRow, folded, format_words


@dataclass(frozen=True)
class FacetKind:
    """One way to divide the library."""

    key: str
    title: str
    values: Callable[[ModelRow], tuple[str, ...]]
    """What a model has of it; empty where nothing is known."""
    words: Callable[[str], str] = str
    """How a value is written."""


KINDS = (
    FacetKind("favourite", "", lambda row: ("Favourites",) * row.is_favourite),
    FacetKind("type", "Type", lambda row: (row.type,), str.capitalize),
    FacetKind("task", "Task", lambda row: (row.task,) if row.task else ()),
    FacetKind("fits", "Fits?", lambda row: (row.verdict,)),
    FacetKind("precision", "Precision", lambda row: row.precisions),
    FacetKind("format", "Format", lambda row: (row.format,), format_words),
    FacetKind("status", "Status", lambda row: (row.status,)),
    FacetKind("tag", "Tag", lambda row: row.tags),
)
"""In the order in which they are offered; one without a title inherits nothing."""
_Values = tuple[tuple[str, ...], ...]
"""What a model has of each kind."""


@dataclass(frozen=True)
class Facet:
    """One value, and how many models it leaves beside what is chosen of other kinds."""

    kind: str
    value: str
    title: str
    count: int
    is_on: bool


@dataclass(frozen=True)
class FacetGroup:
    """The values of one kind, the commonest of the whole library first."""

    title: str
    facets: tuple[Facet, ...]


@dataclass(frozen=True)
class LibraryPicture:
    """All that the library shows beside the model in focus; without rows it is empty, or says why."""

    rows: Sequence[ModelRow] = ()
    total: str = ""
    groups: tuple[FacetGroup, ...] = ()
    selected: str = ""
    """The name of the row that shall be in focus; another one takes its place where it is not shown."""
    nothing: str = ""
    """Why none of the library's models is shown; empty where it holds none."""
    way_back: str = ""
    """How to see them again: ``Clear search``."""


@dataclass(frozen=True)
class Narrowing:
    """What a person narrowed the list to; an empty one leaves every model."""

    words: str = ""
    chosen: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    """Kinds with values. Of one kind a model needs one of them, of several kinds one of each."""

    def toggled(self, kind: str, value: str) -> Narrowing:
        """Return it with this value chosen too, or no longer."""
        return replace(self, chosen=self.chosen ^ {(kind, value)})

    def values_of(self, kind: FacetKind) -> list[str]:
        """Return what is chosen of a kind, in alphabetical order."""
        return sorted(value for key, value in self.chosen if key == kind.key)

    @property
    def nothing_found(self) -> str:
        """What is said where it leaves no model."""
        words = [f"“{self.words}”"] if self.words else []
        words += [kind.words(value) for kind in KINDS for value in self.values_of(kind)]
        return f"No model matches {', '.join(words)}." if words else ""

    @property
    def way_back(self) -> str:
        """What takes it back, in words; empty where there is nothing to take back."""
        parts = ("search",) * bool(self.words) + ("filters",) * bool(self.chosen)
        return f"Clear {' and '.join(parts)}" if parts else ""


class Shelf:
    """The models of the library, with what they are narrowed by worked out once."""

    def __init__(self, rows: Sequence[ModelRow] = ()) -> None:
        self.rows = rows
        # Models are many and their combinations of values few: each of those has a number.
        numbers: dict[_Values, int] = {}
        self._number = {
            row.name: numbers.setdefault(tuple(k.values(row) for k in KINDS), len(numbers))
            for row in rows
        }
        self._values = list(numbers)
        self._totals = Counter(self._number.values())

    def narrowed(self, by: Narrowing) -> tuple[list[ModelRow], tuple[FacetGroup, ...]]:
        """Return the models that are left, in their order, and the facets with their counts."""
        found = with_words(self.rows, by.words)
        chosen = ((at, by.values_of(kind)) for at, kind in enumerate(KINDS))
        picked = {at: set(values) for at, values in chosen if values}
        missing = [_missing(values, picked) for values in self._values]
        left = [row for row in found if not missing[self._number[row.name]]]
        counts = Counter(self._number[row.name] for row in found)
        groups = (self._group(at, counts, missing, by) for at in range(len(KINDS)))
        return left, tuple(group for group in groups if group.facets)

    def _group(
        self, at: int, counts: Counter[int], missing: Sequence[set[int]], by: Narrowing
    ) -> FacetGroup:
        kind, in_all, left = KINDS[at], Counter[str](), Counter[str]()
        for number, values in enumerate(self._values):
            would_stay = missing[number] <= {at}
            for value in values[at]:
                in_all[value] += self._totals[number]
                left[value] += counts[number] if would_stay else 0
        picked = by.values_of(kind)
        offered = sorted({*in_all, *picked}, key=lambda value: (-in_all[value], value))
        if len(self.rows) < 2:
            offered = picked  # one model is found without
        facets = (Facet(kind.key, v, kind.words(v), left[v], v in picked) for v in offered)
        return FacetGroup(kind.title, tuple(facets))


def with_words(rows: Sequence[ModelRow], words: str) -> Sequence[ModelRow]:
    """Return the models in which all words occur, in any field and order.

    Where there is none, a word may also have its letters scattered over one short field, from the
    start of a word on: ``qwn``, ``hllama`` and ``whspr`` find what they mean.
    """
    wanted = folded(words).split()
    exact = [row for row in rows if all(word in row.search_text for word in wanted)]
    if exact or not wanted:
        return exact
    patterns = [(word, _scattered(word)) for word in wanted]
    return [
        row
        for row in rows
        if all(word in row.search_text or p.search(row.short_text) for word, p in patterns)
    ]


def _scattered(word: str) -> re.Pattern[str]:
    first, *others = map(re.escape, word)
    # A gap ends at the first place of the next letter, so that no way back is ever tried.
    gaps = "".join(rf"[^{letter}\n]*{letter}" for letter in others)
    return re.compile(rf"(?<![^\W_]){first}{gaps}")


def _missing(values: _Values, picked: Mapping[int, set[str]]) -> set[int]:
    """Return the places of the kinds of which values were picked that the model has not."""
    return {at for at, wanted in picked.items() if wanted.isdisjoint(values[at])}
