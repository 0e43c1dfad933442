"""How many tokens a text has, by the tokeniser beside the weights; nothing of the model is loaded."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from heygen_desktop.domain.errors import ArtifactCorruptError
from heygen_desktop.infrastructure.artifacts.disk import Disk

TOKENISER = "tokenizer.json"
_MAX_BYTES = 64 * 1024**2
_KEPT = 2
"""Tokenisers in memory: the one in use, and the one before it."""


class TokenCounter:
    """Reads a tokeniser when it is first asked of, and again when its file has changed."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        self._of = lru_cache(maxsize=_KEPT)(self._read)

    def count(self, folder: Path, text: str) -> int:
        """Return the number of tokens. Raises what ``Artifacts.tokens`` does."""
        return self._of(folder, self._disk.file(folder, TOKENISER).modified_ns)(text)

    def _read(self, folder: Path, _modified_ns: int | None) -> Callable[[str], int]:
        from tokenizers import Tokenizer  # noqa: PLC0415 - only where tokens are counted

        path = folder / TOKENISER
        data = self._disk.read(path, _MAX_BYTES)
        try:
            tokeniser = Tokenizer.from_buffer(data)
        except ValueError as error:
            raise ArtifactCorruptError(str(path), f"It is no tokeniser: {error}.") from error
        tokeniser.no_truncation()
        tokeniser.no_padding()
        # A batch lets other threads go on; one text alone would hold the interpreter for all of it.
        return lambda text: len(tokeniser.encode_batch([text])[0])
