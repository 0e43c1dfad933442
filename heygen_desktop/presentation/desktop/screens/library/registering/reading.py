"""The reading behind the register sheet: headers and searches, done off the UI thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from heygen_desktop.application.application import Application
from heygen_desktop.domain.errors import HeyGenError
from heygen_desktop.presentation.desktop.ports import TaskContext
from heygen_desktop.presentation.desktop.screens.library.registering.rows import (
    Candidate,
    found_candidate,
    refused_candidate,
)


@dataclass(frozen=True)
class LookedAt:
    """How far the reading is."""

    number: int
    """Of places read, from 0."""
    total: int


@dataclass(frozen=True)
class Reading:
    """What was found, and which names the library has already."""

    candidates: Sequence[Candidate]
    taken: Mapping[str, str]
    """Latest version by name."""


@dataclass(frozen=True)
class Reader:
    """Looks at places for the sheet. Its methods are work: they run on a worker thread."""

    application: Application

    def inspect(self, paths: Sequence[Path], context: TaskContext) -> Reading:
        """Return a candidate for each path, in order; one that cannot serve says why."""
        return Reading(
            self._inspect_all(paths, context), self.application.list_models.latest_versions()
        )

    def search(self, folder: Path, context: TaskContext) -> Reading:
        """Return a candidate for everything below the folder that looks like a model.

        Raises:
            ArtifactMissingError: There is no such folder.
        """
        found = self.application.scan_folders([folder], should_stop=lambda: context.is_cancelled)
        usable = [f.finding.path for f in found if f.finding.problem is None]
        refused = [
            refused_candidate(f.finding.path, f.finding.problem) for f in found if f.finding.problem
        ]
        candidates = [*self._inspect_all(usable, context), *refused]
        return Reading(
            sorted(candidates, key=lambda c: c.path), self.application.list_models.latest_versions()
        )

    def _inspect_all(self, paths: Sequence[Path], context: TaskContext) -> list[Candidate]:
        found = []
        for number, path in enumerate(paths):
            context.raise_if_cancelled()
            context.progress(LookedAt(number, len(paths)))
            found.append(self._inspect(path))
        return found

    def _inspect(self, path: Path) -> Candidate:
        try:
            seen = self.application.inspect_artifact(path)
        except HeyGenError as error:
            return refused_candidate(path, error)
        return found_candidate(
            path,
            seen.artifact,
            seen.estimate,
            suggested_name=seen.suggested_name,
            registered_as=seen.registered_as,
        )
