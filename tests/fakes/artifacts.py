"""An ``Artifacts`` port in memory: places are put into it, nothing is read from disk."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

from heygen_desktop.application.ports.artifacts import ScanFinding
from heygen_desktop.domain.errors import (
    ArtifactCorruptError,
    ArtifactEmptyError,
    ArtifactError,
    ArtifactMissingError,
    RunCancelledError,
)
from heygen_desktop.domain.values.artifact import Artifact, ArtifactFile, ArtifactFormat


def text_model(path: Path, *, parameters: int = 1_000, **changes: object) -> Artifact:
    """Return a plausible text model at ``path``; ``changes`` replace fields of the artifact."""
    stored = 4 * parameters
    weights = ArtifactFile("model.safetensors", stored + 100, 1)
    fields: dict[str, object] = {
        "files": (ArtifactFile("config.json", 200, 1), weights),
        "size_bytes": stored + 300,
        "weights_bytes": stored,
        "dtypes": {"F32": parameters},
        "architecture": "LlamaForCausalLM",
        "task": "text-generation",
        "context_length": 64,
        "licence": "apache-2.0",
        "layers": 2,
        "kv_heads": 2,
        "head_dim": 8,
        **changes,
    }
    return Artifact(path=path, format=ArtifactFormat.SAFETENSORS, parameters=parameters, **fields)  # type: ignore[arg-type]  # tests name the fields they change


class FakeArtifacts:
    """Knows what was put into it; every other path is missing."""

    def __init__(self) -> None:
        self._places: dict[Path, Artifact | ArtifactError] = {}
        self._folders: set[Path] = set()
        self.cards: dict[Path, str] = {}
        """The README.md of each folder that has one."""
        self.tokenisers: dict[Path, bool] = {}
        """Whether the tokeniser is whole, of each folder that has one."""

    def put(self, artifact: Artifact) -> Artifact:
        """Place an artifact at its own path; it replaces what was there."""
        self._places[artifact.path] = artifact
        return artifact

    def put_problem(self, path: Path, problem: ArtifactError) -> None:
        """Let ``path`` look like a model that cannot be used."""
        self._places[path] = problem

    def put_folder(self, path: Path) -> None:
        """Let ``path`` be a folder without a model."""
        self._folders.add(path)

    def remove(self, path: Path) -> None:
        """Take away what was placed at ``path``."""
        del self._places[path]

    def inspect(self, path: Path) -> Artifact:
        place = self._places.get(path.absolute())
        if place is None:
            if path.absolute() in self._folders:
                raise ArtifactEmptyError(str(path), 0)
            raise ArtifactMissingError(str(path))
        if isinstance(place, ArtifactError):
            raise place
        return place

    def scan(
        self, folders: Sequence[Path], *, should_stop: Callable[[], bool]
    ) -> Sequence[ScanFinding]:
        for folder in folders:
            if not self._is_there(folder.absolute()):
                raise ArtifactMissingError(str(folder))
        if should_stop():
            raise RunCancelledError("looking for models")
        return [
            self._finding(path)
            for path in sorted(self._places)
            if any(path.is_relative_to(folder.absolute()) for folder in folders)
        ]

    def files_now(self, artifact: Artifact) -> tuple[ArtifactFile, ...]:
        place = self._places.get(artifact.path)
        if place is None:
            raise ArtifactMissingError(str(artifact.path))
        kept = {file.name for file in artifact.files}
        present = place.files if isinstance(place, Artifact) else ()
        return tuple(file for file in present if file.name in kept)

    def card(self, artifact: Artifact) -> str:
        return "" if artifact.is_file else self.cards.get(artifact.path, "")

    def tokens(self, artifact: Artifact, text: str) -> int | None:
        if artifact.is_file or artifact.path not in self.tokenisers:
            return None
        if not self.tokenisers[artifact.path]:
            raise ArtifactCorruptError(str(artifact.path), "It is no tokeniser.")
        return len(text.split())

    def checksum(
        self,
        artifact: Artifact,
        *,
        on_progress: Callable[[int, int], None],
        should_stop: Callable[[], bool],
    ) -> str:
        if artifact.path not in self._places:
            raise ArtifactMissingError(str(artifact.path))
        if should_stop():
            raise RunCancelledError("computing the checksum")
        on_progress(artifact.size_bytes, artifact.size_bytes)
        present = self._places[artifact.path]
        files = present.files if isinstance(present, Artifact) else ()
        return f"sha256:{hashlib.sha256(repr(files).encode()).hexdigest()}"

    def _is_there(self, folder: Path) -> bool:
        return folder in self._folders or any(path.is_relative_to(folder) for path in self._places)

    def _finding(self, path: Path) -> ScanFinding:
        place = self._places[path]
        if isinstance(place, ArtifactError):
            return ScanFinding(path, None, place)
        return ScanFinding(path, place, None)
