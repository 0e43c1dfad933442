"""A failure in the words of the window: what happened, why, what to do, and what to copy."""

from __future__ import annotations

import traceback
from dataclasses import dataclass

from heygen_desktop.domain.errors import HeyGenError


@dataclass(frozen=True)
class Problem:
    """What a person is shown of a failure. No part of it is Qt's."""

    title: str
    """One sentence: what did not work."""
    cause: str = ""
    """Why, with the evidence that there is."""
    remedy: str = ""
    """What to do next."""
    details_text: str = ""
    """Lines for a colleague; folded away, copied with the rest."""

    @property
    def as_text(self) -> str:
        """The whole of it, for the clipboard."""
        named = (("Cause", self.cause), ("What to do", self.remedy), ("Details", self.details_text))
        parts = [self.title, *(f"{name}: {text}" for name, text in named if text)]
        return "\n".join(parts)


class UnexpectedError(HeyGenError, code="unexpected"):
    """A mistake in the program, made presentable so that a screen need not stay busy for ever."""

    def __init__(self, error: BaseException) -> None:
        last = traceback.extract_tb(error.__traceback__)[-1:]
        place = f"{last[0].name}, line {last[0].lineno}" if last else "unknown"
        super().__init__(
            "Something went wrong inside the program.",
            cause=f"{type(error).__name__}: {str(error)[:300]}",
            remedy="Try again. If it happens again, copy this and report it; the log has the rest.",
            details={"type": type(error).__name__, "place": place},
        )


def problem_of(error: HeyGenError) -> Problem:
    """Return what is shown of an error of this program."""
    lines = [f"code: {error.code}", *(f"{key}: {value}" for key, value in error.details.items())]
    return Problem(error.message, error.cause, error.remedy, "\n".join(lines))


def problem_of_any(error: BaseException) -> Problem:
    """Return what is shown of any error, expected or not."""
    return problem_of(error if isinstance(error, HeyGenError) else UnexpectedError(error))
