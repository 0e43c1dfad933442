"""Reading what the files of a model are; headers only, weights never."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from heygen_desktop.domain.errors import HeyGenError
from heygen_desktop.domain.values.artifact import Artifact, ArtifactFile


@dataclass(frozen=True)
class ScanFinding:
    """One place where a model, or something that looks like one, was found."""

    path: Path
    artifact: Artifact | None
    problem: HeyGenError | None
    """Why it cannot be used; None where ``artifact`` is there."""


class Artifacts(Protocol):
    """Readers of all formats, and the search through folders."""

    def inspect(self, path: Path) -> Artifact:
        """Return what is at ``path`` (a folder or one file), from headers only.

        Nothing is executed and no weight is read. The checksum is left empty.

        Raises:
            ArtifactMissingError, ArtifactUnreadableError, ArtifactEmptyError,
            ArtifactCorruptError, ArtifactUnsupportedError, ArtifactUnsafeError
        """

    def scan(
        self, folders: Sequence[Path], *, should_stop: Callable[[], bool]
    ) -> Sequence[ScanFinding]:
        """Return every model below the folders, by path; links are not followed out of them.

        Folders that cannot be read become findings with their problem. Other files are passed over.

        Raises:
            ArtifactMissingError: One of the folders does not exist.
            RunCancelledError: ``should_stop`` answered True.
        """

    def files_now(self, artifact: Artifact) -> tuple[ArtifactFile, ...]:
        """Return the files of the artifact with their sizes and times of now; none is opened.

        One that is gone is left out; one that is new is not looked for.

        Raises:
            ArtifactMissingError, ArtifactUnreadableError: Of the path itself.
        """

    def card(self, artifact: Artifact) -> str:
        """Return the text of the README.md in a model's folder, or its beginning; empty where there is none.

        A single file has none: what lies beside it may be about anything. Nothing of the text is checked.

        Raises:
            ArtifactUnreadableError, ArtifactUnsupportedError: It is there, and is no file that can be read.
        """

    def tokens(self, artifact: Artifact, text: str) -> int | None:
        """Return how many tokens the model's own tokeniser makes of a text, those around it included.

        None where there is none in the files that can be read without the library of the model.

        Raises:
            ArtifactCorruptError, ArtifactUnreadableError, ArtifactUnsupportedError: It is there, and is none.
        """

    def checksum(
        self,
        artifact: Artifact,
        *,
        on_progress: Callable[[int, int], None],
        should_stop: Callable[[], bool],
    ) -> str:
        """Return ``sha256:<hex>`` over names, sizes and contents of all files of the artifact.

        It was the same in 0.1.0, and must stay so: stored ones are compared with new ones.

        Args:
            on_progress: Called with bytes done and bytes in all, at most 10 times a second.

        Raises:
            ArtifactMissingError, ArtifactUnreadableError: A file went away meanwhile.
            RunCancelledError: ``should_stop`` answered True.
        """
