"""Text from tokens as they come, without ever cutting a character in two."""

from __future__ import annotations

from collections.abc import Callable, Sequence

_CONTEXT = 5
_HELD_MOST = 8
_BROKEN = "\N{REPLACEMENT CHARACTER}"


class Detokeniser:
    """Returns the text that each token makes certain.

    A token alone does not say its text: it may hold half a character, or a space that counts only
    after another word. So the last few tokens are decoded with and without the new ones, and what
    the longer text adds is new. An unfinished character is held back until it is whole.

    Args:
        decode: Returns the text of a few tokens, special ones left out.
        context: The tokens of the prompt; the last few are looked at.
    """

    def __init__(self, decode: Callable[[list[int]], str], context: Sequence[int]) -> None:
        self._decode = decode
        self._tokens = list(context[-_CONTEXT:])
        self._certain = len(self._tokens)

    def add(self, token: int) -> str:
        """Return the text that became certain with this token; may be empty."""
        self._tokens.append(token)
        new = self._new_text()
        held = len(self._tokens) - self._certain
        # No character has more than four bytes: what stays broken for longer is broken for good.
        if not new or (new.endswith(_BROKEN) and held < _HELD_MOST):
            return ""
        self._settle()
        return new

    def rest(self) -> str:
        """Return what was held back, broken or not; the end of the output."""
        new = self._new_text()
        self._settle()
        return new

    def _new_text(self) -> str:
        before = self._decode(self._tokens[: self._certain])
        return self._decode(self._tokens)[len(before) :]

    def _settle(self) -> None:
        """Take all tokens as told; the last ones stay as the context of the next."""
        del self._tokens[:-_CONTEXT]
        self._certain = len(self._tokens)
