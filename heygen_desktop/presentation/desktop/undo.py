"""What was done and can still be taken back: one stack for the whole window.

A presenter that does something which has a way back does it at once, without a question, and says so
with how to take it back::

    def remove(self, model: Model) -> None:
        self._work.change(lambda: self._app.remove_model(model.id), self._removed)

    def _removed(self, kept: Model) -> None:
        self._notices.notify(
            f"Removed {kept.name}. Its files stay.",
            undo=lambda: self._work.change(
                lambda: self._app.restore_model(kept),
                lambda _back: self._notices.notify(f"{kept.name} is back in the library."),
            ),
        )

The notice has an Undo button; Ctrl+Z takes back the newest deed of the window, also after its notice has
gone, unless a field is being typed in that has something to undo itself. ``undo`` is called once, on the
UI thread: it starts a change and says, when that is made, what is there again.

A deed that is only right for some place names it (``belongs_to="development"``). Whoever leaves that
place calls ``notices.let_go("development")``: notice and deed are gone, and Ctrl+Z passes them over.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

MOST_DEEDS = 20


@dataclass(frozen=True, eq=False)
class Deed:
    """Something that was done."""

    text: str
    """The notice that told of it."""
    undo: Callable[[], object]
    belongs_to: str = ""


class UndoStack:
    """The last deeds, the newest at the end. Used on the UI thread."""

    def __init__(self) -> None:
        self._deeds: list[Deed] = []

    @property
    def newest(self) -> Deed | None:
        """What ``take_back`` would take back, or None."""
        return self._deeds[-1] if self._deeds else None

    def __contains__(self, deed: Deed | None) -> bool:
        """Whether the deed can be taken back still."""
        return deed in self._deeds

    def push(self, deed: Deed) -> None:
        """Take a deed; the oldest of too many is let go."""
        self._deeds = [*self._deeds, deed][-MOST_DEEDS:]

    def take_back(self, deed: Deed | None) -> None:
        """Take back this deed; one that cannot be taken back any more, or None, is passed over."""
        if deed in self._deeds:
            self._deeds.remove(deed)
            deed.undo()

    def let_go(self, belongs_to: str = "") -> None:
        """Forget the deeds of that place; all of them where none is named."""
        self._deeds = [deed for deed in self._deeds if belongs_to not in ("", deed.belongs_to)]
