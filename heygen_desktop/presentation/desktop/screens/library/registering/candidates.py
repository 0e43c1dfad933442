"""The candidates on the register sheet: which are chosen, which is in focus, what may be registered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from heygen_desktop.presentation.desktop.screens.library.registering.reading import Reading
from heygen_desktop.presentation.desktop.screens.library.registering.rows import (
    Candidate,
    Draft,
    SheetPicture,
    draft_errors,
    picture_of,
    row_of,
    with_free_name,
)
from heygen_desktop.presentation.desktop.wording import counted


class Candidates:
    """What was found since the sheet was opened, in the order in which it was found."""

    def __init__(self) -> None:
        self._by_key: dict[str, Candidate] = {}
        self._taken: Mapping[str, str] = {}
        self.selected = ""
        """The key of the one in focus, or an empty string."""

    def __len__(self) -> int:
        return len(self._by_key)

    def __contains__(self, key: object) -> bool:
        return key in self._by_key

    def add(self, reading: Reading) -> None:
        """Take what was read; the first that can be registered comes into focus."""
        self._taken = reading.taken
        for candidate in reading.candidates:
            key = str(candidate.path)
            others = {c.draft.name for k, c in self._by_key.items() if k != key}
            self.keep(with_free_name(candidate, {*self._taken, *others}))
        useful = [c for c in reading.candidates if c.can_register]
        self.selected = str((useful or reading.candidates)[0].path)

    def keep(self, candidate: Candidate) -> None:
        """Replace a candidate by what is known of it now."""
        self._by_key[str(candidate.path)] = candidate

    def tick(self, key: str, *, is_chosen: bool) -> None:
        """Let a candidate be registered with the others, or not."""
        self.keep(replace(self._by_key[key], is_chosen=is_chosen))

    def tick_all(self, *, are_chosen: bool) -> None:
        """Let every candidate be registered that can be, or none."""
        for key, candidate in tuple(self._by_key.items()):
            if candidate.can_register:
                self.tick(key, is_chosen=are_chosen)

    def write(self, key: str, draft: Draft) -> None:
        """Take a draft; what went wrong with the one before it is forgotten."""
        self.keep(replace(self._by_key[key], draft=draft, problem=None))

    def clear(self) -> None:
        """Forget everything that was found."""
        self._by_key, self.selected = {}, ""

    def picture(self, *, is_busy: bool) -> SheetPicture:
        """Return what is shown of them; while the sheet is busy, nothing can be changed."""
        candidate = self._by_key.get(self.selected)
        selected = picture_of(candidate, self._taken, can_edit=not is_busy) if candidate else None
        number = len(self.chosen())
        return SheetPicture(
            [row_of(each) for each in self._by_key.values()],
            selected,
            "Register" if number < 2 else f"Register {counted(number, 'model')}",
            self.can_register() and not is_busy,
        )

    def chosen(self) -> list[Candidate]:
        """Return what shall be registered."""
        return [c for c in self._by_key.values() if c.is_chosen and c.can_register]

    def can_register(self) -> bool:
        """Whether something is chosen, and every draft of it can be kept."""
        chosen = self.chosen()
        return bool(chosen) and not any(draft_errors(c.draft) for c in chosen)
