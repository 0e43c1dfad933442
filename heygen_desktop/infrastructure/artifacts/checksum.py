"""One checksum over all files of an artifact, so that a change of any byte is seen."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

from heygen_desktop.domain.errors import ArtifactUnreadableError, RunCancelledError
from heygen_desktop.infrastructure.artifacts.disk import Disk

_CHUNK_BYTES = 1024**2
_REPORT_EVERY_S = 0.125
"""With the report at the end, at most ten in any second."""


class Checksum:
    """Hashes one artifact; made for one use.

    Each file contributes the length of its name, its name in UTF-8, the length of its content and
    its content, both lengths as eight bytes: no two sets of files make the same stream.
    """

    def __init__(
        self,
        disk: Disk,
        *,
        clock: Callable[[], float],
        on_progress: Callable[[int, int], None],
        should_stop: Callable[[], bool],
    ) -> None:
        self._disk = disk
        self._clock = clock
        self._on_progress = on_progress
        self._should_stop = should_stop
        self._hash = hashlib.sha256()
        self._done = 0
        self._reported_at = clock()

    def over(self, paths: Sequence[tuple[str, Path]]) -> str:
        """Return ``sha256:<hex>`` over files given as name and place, whatever their order.

        Raises:
            ArtifactMissingError, ArtifactUnreadableError, ArtifactUnsupportedError
            RunCancelledError: ``should_stop`` answered True.
        """
        sizes = {name: self._disk.size(path) for name, path in paths}
        total = sum(sizes.values())
        for name, path in sorted(paths):
            self._add_frame(name, sizes[name])
            self._add_content(path, sizes[name], total)
        self._on_progress(self._done, total)
        return f"sha256:{self._hash.hexdigest()}"

    def _add_frame(self, name: str, size: int) -> None:
        encoded = name.encode("utf-8", errors="surrogateescape")
        self._hash.update(len(encoded).to_bytes(8, "big") + encoded + size.to_bytes(8, "big"))

    def _add_content(self, path: Path, size: int, total: int) -> None:
        left = size
        with self._disk.opened(path) as file:
            while chunk := file.read(_CHUNK_BYTES):
                if self._should_stop():
                    raise RunCancelledError("computing the checksum")
                left -= len(chunk)
                if left < 0:
                    break
                self._hash.update(chunk)
                self._advance(len(chunk), total)
        if left != 0:
            raise ArtifactUnreadableError(str(path), "It was changed while it was being read.")

    def _advance(self, count: int, total: int) -> None:
        self._done += count
        now = self._clock()
        if now - self._reported_at >= _REPORT_EVERY_S:
            self._reported_at = now
            self._on_progress(self._done, total)
