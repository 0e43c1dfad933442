"""A place that may be a model: what a glance at it shows, before any reader looks closer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from heygen_desktop.domain.errors import ArtifactUnsupportedError
from heygen_desktop.domain.values.artifact import Artifact
from heygen_desktop.infrastructure.artifacts.disk import Disk
from heygen_desktop.infrastructure.artifacts.magic import FileKind, kind_of


@dataclass(frozen=True)
class Candidate:
    """A folder with the names in it, or a file with its kind."""

    path: Path
    """Absolute."""
    is_folder: bool
    names: frozenset[str]
    """What stands in the folder, not below it; empty for a file."""
    kind: FileKind
    """Of the file; UNKNOWN for a folder."""

    @classmethod
    def at(cls, disk: Disk, path: Path) -> Candidate:
        """Return what stands at ``path``."""
        if disk.is_folder(path):
            return cls(path, True, frozenset(disk.names(path)), FileKind.UNKNOWN)
        return cls(path, False, frozenset(), kind_of(disk, path))


class Reader(Protocol):
    """One format."""

    @property
    def suffixes(self) -> frozenset[str]:
        """Of single files that a search through folders shows to this reader, such as ``.gguf``."""

    def recognises(self, candidate: Candidate) -> bool:
        """Return whether this reader answers for the candidate; it opens little or nothing."""

    def read(self, candidate: Candidate) -> Artifact:
        """Return what the candidate is; of a single file ``is_file`` is set.

        Raises:
            ArtifactError: It cannot serve, and why.
        """


def file_of(disk: Disk, artifact: Artifact, name: str) -> Path:
    """Return the path of a file of an artifact, as ``file_within`` does.

    A single file is what the user pointed at: it may be a link to anywhere.
    """
    is_itself = artifact.is_file and name == artifact.path.name
    return artifact.path if is_itself else file_within(disk, artifact.folder, name)


def file_within(disk: Disk, folder: Path, name: str) -> Path:
    """Return the path of a file of the folder, once it is known not to lead out of it.

    Links into the ``blobs`` folder of a Hugging Face cache are what its snapshots consist of, and fine.

    Raises:
        ArtifactUnsupportedError: The file is a link to somewhere else.
    """
    home = disk.real_path(folder)
    target = disk.real_path(folder / name)
    if target.is_relative_to(home):
        return folder / name
    snapshots = next((parent for parent in home.parents if parent.name == "snapshots"), None)
    if snapshots is not None and target.parent == snapshots.parent / "blobs":
        return folder / name
    raise ArtifactUnsupportedError(
        str(folder / name),
        "It is a link to a file outside its folder.",
        remedy="Register the folder that holds the file itself.",
    )
