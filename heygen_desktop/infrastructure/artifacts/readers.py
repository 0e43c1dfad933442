"""All readers behind the one port: the first that recognises a place answers for it."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from heygen_desktop.application.ports.artifacts import ScanFinding
from heygen_desktop.domain.errors import (
    ArtifactEmptyError,
    ArtifactMissingError,
    ArtifactUnreadableError,
    ArtifactUnsupportedError,
    RunCancelledError,
)
from heygen_desktop.domain.values.artifact import Artifact, ArtifactFile
from heygen_desktop.infrastructure.artifacts.candidate import (
    Candidate,
    Reader,
    file_of,
    file_within,
)
from heygen_desktop.infrastructure.artifacts.disk import Disk
from heygen_desktop.infrastructure.artifacts.refused import RefusedFormats
from heygen_desktop.infrastructure.artifacts.safetensors_folder import (
    CARD,
    MAX_CARD_BYTES,
    SafetensorsReader,
)
from heygen_desktop.infrastructure.artifacts.scanner import (
    Scanner,
    chosen_snapshot,
    is_cached_repository,
)
from heygen_desktop.infrastructure.artifacts.tokens import TOKENISER, TokenCounter

READERS: tuple[Callable[[Disk], Reader], ...] = (SafetensorsReader, RefusedFormats)
"""One for each format, in the order in which they are asked; the last answers for all that is left."""
_CHUNK_BYTES = 1024**2
_REPORT_EVERY_S = 0.125
"""With the report at the end, at most ten in any second."""


class ArtifactReaders:
    """The ``Artifacts`` port on real files."""

    def __init__(
        self,
        disk: Disk | None = None,
        *,
        readers: Sequence[Callable[[Disk], Reader]] = READERS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._disk = disk or Disk()
        self._clock = clock
        self._readers = [make(self._disk) for make in readers]
        suffixes = frozenset[str]().union(*(reader.suffixes for reader in self._readers))
        self._counter = TokenCounter(self._disk)
        self._scanner = Scanner(self._disk, self.inspect, suffixes)

    def inspect(self, path: Path) -> Artifact:
        place = self._place(path)
        candidate = Candidate.at(self._disk, place)
        for reader in self._readers:
            if reader.recognises(candidate):
                return reader.read(candidate)
        raise ArtifactEmptyError(str(place), len(candidate.names))

    def scan(
        self, folders: Sequence[Path], *, should_stop: Callable[[], bool]
    ) -> Sequence[ScanFinding]:
        return self._scanner.scan([_absolute(folder) for folder in folders], should_stop)

    def checksum(
        self,
        artifact: Artifact,
        *,
        on_progress: Callable[[int, int], None],
        should_stop: Callable[[], bool],
    ) -> str:
        self._disk.is_folder(artifact.path)  # where that is gone, say so, and not one of its files
        paths = [(f.name, file_of(self._disk, artifact, f.name)) for f in artifact.files]
        checksum = Checksum(
            self._disk, clock=self._clock, on_progress=on_progress, should_stop=should_stop
        )
        return checksum.over(paths)

    def files_now(self, artifact: Artifact) -> tuple[ArtifactFile, ...]:
        self._disk.is_folder(artifact.path)
        found = []
        for file in artifact.files:
            with suppress(ArtifactMissingError, ArtifactUnsupportedError):
                found.append(self._disk.file(artifact.folder, file.name))
        return tuple(found)

    def card(self, artifact: Artifact) -> str:
        if artifact.is_file or not self._disk.has_file(artifact.path / CARD):
            return ""
        path = file_within(self._disk, artifact.path, CARD)
        return self._disk.head(path, MAX_CARD_BYTES).decode("utf-8", errors="replace")

    def tokens(self, artifact: Artifact, text: str) -> int | None:
        if artifact.is_file or not self._disk.has_file(artifact.path / TOKENISER):
            return None
        file_within(self._disk, artifact.path, TOKENISER)
        return self._counter.count(artifact.path, text)

    def _place(self, path: Path) -> Path:
        """A model's folder in a Hugging Face cache stands for its current snapshot."""
        place = _absolute(path)
        if is_cached_repository(self._disk, place):
            return chosen_snapshot(self._disk, place) or place
        return place


def _absolute(path: Path) -> Path:
    """Without ``..``; links stay, as they may be how the user keeps a stable place.

    Raises:
        ArtifactMissingError: The path holds a zero byte, which no file system stores.
    """
    if "\0" in str(path):
        raise ArtifactMissingError(str(path).replace("\0", "?"))
    return Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow the links


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
