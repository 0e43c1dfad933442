"""The layout of a Hugging Face cache: models--org--name/snapshots/<commit>, links into blobs."""

from __future__ import annotations

import re
from pathlib import Path

from heygen_desktop.domain.errors import (
    ArtifactCorruptError,
    ArtifactMissingError,
    ArtifactUnsupportedError,
)
from heygen_desktop.infrastructure.artifacts.disk import Disk, os_errors_as_artifact_errors

_PREFIX = "models--"
_SNAPSHOTS = "snapshots"
_COMMIT = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,127}")
_MAX_REF_BYTES = 256


def is_cached_repository(disk: Disk, path: Path) -> bool:
    """Return whether ``path`` is the folder of one model in such a cache.

    Raises:
        ArtifactUnreadableError
    """
    return path.name.startswith(_PREFIX) and disk.has_folder(path / _SNAPSHOTS)


def chosen_snapshot(disk: Disk, repository: Path) -> Path | None:
    """Return the snapshot that ``refs/main`` names, else the newest; None where there is none.

    Raises:
        ArtifactMissingError, ArtifactUnreadableError
    """
    folder = repository / _SNAPSHOTS
    named = folder / commit if (commit := _main_commit(disk, repository)) else None
    if named is not None and disk.has_folder(named):
        return named
    with os_errors_as_artifact_errors(folder):
        snapshots = [path for path in folder.iterdir() if path.is_dir()]
        return max(snapshots, key=lambda path: (path.stat().st_mtime_ns, path.name), default=None)


def _main_commit(disk: Disk, repository: Path) -> str:
    """A reference that is absent or odd is none: the newest snapshot then stands for it."""
    try:
        text = disk.read(repository / "refs" / "main", _MAX_REF_BYTES)
    except (ArtifactMissingError, ArtifactCorruptError, ArtifactUnsupportedError):
        return ""
    commit = text.decode("ascii", errors="replace").strip()
    return commit if _COMMIT.fullmatch(commit) else ""
