"""The reading behind the register sheet: headers and searches, done off the UI thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from heygen_desktop.application.application import Application
from heygen_desktop.application.use_cases.models.library import Inspection
from heygen_desktop.domain.errors import ArtifactEmptyError, HeyGenError
from heygen_desktop.presentation.desktop.ports import TaskContext
from heygen_desktop.presentation.desktop.problems import problem_of
from heygen_desktop.presentation.desktop.screens.library.registering.rows import Candidate, Draft


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
        found = []
        for number, path in enumerate(paths):
            context.raise_if_cancelled()
            context.progress(LookedAt(number, len(paths)))
            found.append(self._inspect(path))
        return self._reading(found)

    def search(self, folder: Path, context: TaskContext) -> Reading:
        """Return a candidate for everything below the folder that looks like a model.

        Raises:
            ArtifactMissingError: There is no such folder.
        """
        found = self.application.scan_folders([folder], should_stop=lambda: context.is_cancelled)
        return self._reading([_candidate(each.path, each.seen, each.problem) for each in found])

    def _inspect(self, path: Path) -> Candidate:
        try:
            return _candidate(path, self.application.inspect_artifact(path), None)
        except HeyGenError as error:
            return _candidate(path, None, error)

    def _reading(self, candidates: Sequence[Candidate]) -> Reading:
        return Reading(candidates, self.application.list_models.latest_versions())


def _candidate(path: Path, seen: Inspection | None, problem: HeyGenError | None) -> Candidate:
    """A model is chosen unless the library has it; what is none says why."""
    if seen is None:
        assert problem is not None  # it was recognised, or it has a problem
        may_hold_models = isinstance(problem, ArtifactEmptyError) and path.suffix == ""
        return Candidate(path, problem=problem_of(problem), may_hold_models=may_hold_models)
    return Candidate(
        path,
        seen.artifact,
        seen.estimate,
        seen.registered_as,
        is_chosen=not seen.registered_as,
        draft=Draft(name=seen.artifact.suggested_name),
    )
