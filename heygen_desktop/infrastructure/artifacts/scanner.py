"""The search for models below folders: by names only, so that it costs one listing a folder.

In a Hugging Face cache a model lies in models--org--name/snapshots/<commit>, as links into blobs.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from heygen_desktop.application.ports.artifacts import ScanFinding
from heygen_desktop.domain.errors import (
    ArtifactCorruptError,
    ArtifactError,
    ArtifactMissingError,
    ArtifactUnreadableError,
    ArtifactUnsupportedError,
    RunCancelledError,
)
from heygen_desktop.domain.values.artifact import Artifact
from heygen_desktop.infrastructure.artifacts.disk import Disk, os_errors_as_artifact_errors
from heygen_desktop.infrastructure.artifacts.model_config import CONFIG
from heygen_desktop.infrastructure.artifacts.weights import INDEX, SHARD, SINGLE

_SKIPPED = frozenset({"node_modules", "__pycache__", "site-packages"})
"""Folders of programs: large, and whatever ends like a model there is not one."""
_PREFIX = "models--"
_SNAPSHOTS = "snapshots"
_COMMIT = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,127}")
_MAX_REF_BYTES = 256


class Scanner:
    """Walks folders; each place that looks like a model is given to ``inspect``."""

    def __init__(
        self, disk: Disk, inspect: Callable[[Path], Artifact], suffixes: frozenset[str]
    ) -> None:
        """Take what looking needs.

        Args:
            suffixes: Of files that may be a model by themselves.
        """
        self._disk = disk
        self._inspect = inspect
        self._suffixes = suffixes

    def scan(
        self, folders: Sequence[Path], should_stop: Callable[[], bool]
    ) -> Sequence[ScanFinding]:
        """Return the findings by path; a place below two of the folders is found once.

        Raises:
            ArtifactMissingError: One of the folders does not exist.
            RunCancelledError: ``should_stop`` answered True.
        """
        closed = {folder: self._closed(folder) for folder in folders}
        found = {path: finding for path, finding in closed.items() if finding is not None}
        for folder in [folder for folder in folders if folder not in found]:
            for finding in self._walk(folder, should_stop):
                found.setdefault(finding.path, finding)
        return [found[path] for path in sorted(found)]

    def _closed(self, folder: Path) -> ScanFinding | None:
        """Return the finding of a folder that the system does not even let us look at."""
        try:
            self._disk.is_folder(folder)
        except ArtifactUnreadableError as problem:
            return ScanFinding(folder, None, problem)
        return None

    def _walk(self, start: Path, should_stop: Callable[[], bool]) -> Iterator[ScanFinding]:
        if not self._disk.is_folder(start):
            yield self._finding(start)
            return
        waiting = [start]
        while waiting:
            if should_stop():
                raise RunCancelledError("looking for models")
            folder = waiting.pop()
            try:
                yield from self._visit(folder, waiting)
            except ArtifactError as problem:
                yield ScanFinding(folder, None, problem)

    def _visit(self, folder: Path, waiting: list[Path]) -> Iterator[ScanFinding]:
        """Yield what stands in the folder, or add the folders in it to those that wait."""
        if is_cached_repository(self._disk, folder):
            snapshot = chosen_snapshot(self._disk, folder)
            waiting.extend([snapshot] if snapshot else [])
            return
        subfolders, files = self._listing(folder)
        if _is_model_folder(files):
            yield self._finding(folder)
            return
        waiting.extend(folder / name for name in subfolders)
        for name in files:
            if self._is_model_file(name):
                yield self._finding(folder / name)

    def _listing(self, folder: Path) -> tuple[list[str], set[str]]:
        """Return the folders to go into and the names of files; linked folders are not entered."""
        subfolders, files = [], set()
        with os_errors_as_artifact_errors(folder), os.scandir(folder) as entries:
            for entry in entries:
                if not entry.is_dir(follow_symlinks=False):
                    files.add(entry.name)
                elif not entry.name.startswith(".") and entry.name not in _SKIPPED:
                    subfolders.append(entry.name)
        return subfolders, files

    def _is_model_file(self, name: str) -> bool:
        """A bare .bin may be anything and is passed over."""
        if name.lower().endswith(".bin"):
            return _is_pickled_model(name)
        return Path(name).suffix.lower() in self._suffixes

    def _finding(self, path: Path) -> ScanFinding:
        try:
            return ScanFinding(path, self._inspect(path), None)
        except ArtifactError as problem:
            return ScanFinding(path, None, problem)


def _is_model_folder(files: set[str]) -> bool:
    if SINGLE in files or INDEX in files:
        return True
    has_weights = any(name.endswith(".safetensors") or _is_pickled_model(name) for name in files)
    return (CONFIG in files and has_weights) or any(map(SHARD.fullmatch, files))


def _is_pickled_model(name: str) -> bool:
    return name.startswith("pytorch_model") and name.endswith(".bin")


def is_cached_repository(disk: Disk, path: Path) -> bool:
    """Return whether ``path`` is the folder of one model in such a cache."""
    return path.name.startswith(_PREFIX) and disk.has_folder(path / _SNAPSHOTS)


def chosen_snapshot(disk: Disk, repository: Path) -> Path | None:
    """Return the snapshot that ``refs/main`` names, else the newest; None where there is none."""
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
