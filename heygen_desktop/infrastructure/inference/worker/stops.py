"""Texts that end an output, looked for as it comes."""

from __future__ import annotations

from collections.abc import Sequence


class Stops:
    """Lets text through as long as no stop is in it, and holds back what could be the beginning of one.

    Args:
        texts: What ends the output, and is not part of it.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = [text for text in texts if text]
        self._held = ""
        self.reached = False

    def add(self, text: str) -> str:
        """Return what is sure to be before any stop; nothing once one is reached."""
        if self.reached:
            return ""
        self._held += text
        found = [(at + len(each), at) for each in self._texts if (at := self._held.find(each)) >= 0]
        self.reached = bool(found)
        # Of two that overlap, the one that is whole first: so it is the same in whatever pieces.
        end = min(found)[1] if found else len(self._held) - self._begun()
        told, self._held = self._held[:end], self._held[end:]
        return told

    def rest(self) -> str:
        """Return what was held back for nothing; the end of the output."""
        return "" if self.reached else self._held

    def _begun(self) -> int:
        """Return how much of the end could be the beginning of a stop."""
        lengths = (
            length
            for text in self._texts
            for length in range(1, len(text))
            if self._held.endswith(text[:length])
        )
        return max(lengths, default=0)
