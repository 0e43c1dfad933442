"""What the register sheet shows: candidates, drafts of their entries, and progress in words."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from heygen_desktop.domain.errors import HeyGenError, InvalidInputError
from heygen_desktop.domain.values.artifact import Artifact
from heygen_desktop.domain.values.estimate import FitEstimate
from heygen_desktop.domain.values.names import checked_name
from heygen_desktop.domain.values.version import SemanticVersion
from heygen_desktop.presentation.desktop.problems import Problem, problem_of
from heygen_desktop.presentation.desktop.screens.library.details import (
    ArtifactPicture,
    artifact_picture,
    summary_line,
)
from heygen_desktop.presentation.desktop.screens.library.rows import verdict_words
from heygen_desktop.presentation.desktop.wording import bytes_text


@dataclass(frozen=True)
class Draft:
    """What a person may say of a model before it is registered."""

    name: str = ""
    version: str = ""
    """Empty: 1.0.0, or the next one of a name that exists."""
    tags: str = ""
    """Parted by commas or spaces."""
    note: str = ""

    @property
    def tag_list(self) -> tuple[str, ...]:
        """The tags, each once, in the order in which they were written."""
        return tuple(dict.fromkeys(self.tags.replace(",", " ").split()))


@dataclass(frozen=True)
class Candidate:
    """A place that was looked at: what is there, or why it cannot serve."""

    path: Path
    artifact: Artifact | None = None
    estimate: FitEstimate | None = None
    registered_as: str = ""
    problem: Problem | None = None
    may_hold_models: bool = False
    """Whether it is a folder in which a search may find something."""
    is_chosen: bool = False
    draft: Draft = field(default_factory=Draft)

    @property
    def can_register(self) -> bool:
        """Whether it is a model that the library does not have."""
        return self.artifact is not None and not self.registered_as

    def failed(self, error: HeyGenError) -> Candidate:
        """Return it with what went wrong when it was registered; it can be mended and tried again."""
        return replace(self, problem=problem_of(error))

    def registered(self, reference: str) -> Candidate:
        """Return it as one that the library has."""
        return replace(self, registered_as=reference, is_chosen=False, problem=None)


@dataclass(frozen=True)
class CandidateRow:
    """One line of the findings."""

    key: str
    name: str
    is_chosen: bool | None
    """None where it cannot be chosen."""
    summary: str
    """What it is, or the cause why it cannot serve."""
    is_problem: bool
    size_bytes: int
    size: str
    state: str
    tone: str
    path: str


@dataclass(frozen=True)
class DraftErrors:
    """A sentence under each field that cannot be kept as it is; empty where it can."""

    name: str = ""
    version: str = ""
    tags: str = ""

    def __bool__(self) -> bool:
        return bool(self.name or self.version or self.tags)


@dataclass(frozen=True)
class CandidatePicture:
    """All that the sheet shows of the candidate in focus."""

    key: str
    title: str
    path: str
    artifact: ArtifactPicture | None
    registered_as: str
    problem: Problem | None
    can_search_below: bool
    draft: Draft
    errors: DraftErrors
    name_hint: str
    """What the name means for the library, where it has one like it."""
    can_edit: bool


@dataclass(frozen=True)
class SheetPicture:
    """All that the sheet shows of what was found."""

    rows: Sequence[CandidateRow]
    selected: CandidatePicture | None
    """The one in focus; None while nothing was found."""
    register_text: str
    can_register: bool


def with_free_name(candidate: Candidate, taken: Container[str]) -> Candidate:
    """Return it under a name that is not taken, so that nothing joins another model unasked."""
    name, number = candidate.draft.name, 2
    if not candidate.can_register or name not in taken:
        return candidate
    while f"{name}-{number}" in taken:
        number += 1
    return replace(candidate, draft=replace(candidate.draft, name=f"{name}-{number}"))


def row_of(candidate: Candidate) -> CandidateRow:
    """Return the line of a candidate."""
    artifact, problem = candidate.artifact, candidate.problem
    state, tone = _state(candidate)
    known = f"as {candidate.registered_as}" if candidate.registered_as else ""
    summary = " · ".join(filter(None, (known, summary_line(artifact) if artifact else "")))
    if problem:
        summary = problem.cause or problem.title
    return CandidateRow(
        key=str(candidate.path),
        name=candidate.draft.name or candidate.path.name or str(candidate.path),
        is_chosen=candidate.is_chosen if candidate.can_register else None,
        summary=summary,
        is_problem=problem is not None,
        size_bytes=artifact.size_bytes if artifact else 0,
        size=bytes_text(artifact.size_bytes if artifact else None),
        state=state,
        tone=tone,
        path=str(candidate.path),
    )


def picture_of(
    candidate: Candidate, taken: Mapping[str, str], *, can_edit: bool
) -> CandidatePicture:
    """Return what is shown of the candidate in focus.

    Args:
        taken: Latest version by name of what the library has.
    """
    artifact, estimate = candidate.artifact, candidate.estimate
    latest = taken.get(candidate.draft.name, "") if candidate.can_register else ""
    return CandidatePicture(
        key=str(candidate.path),
        title=candidate.path.name or str(candidate.path),
        path=str(candidate.path),
        artifact=artifact_picture(artifact, estimate) if artifact and estimate else None,
        registered_as=candidate.registered_as,
        problem=candidate.problem,
        can_search_below=candidate.may_hold_models,
        draft=candidate.draft,
        errors=draft_errors(candidate.draft) if artifact else DraftErrors(),
        name_hint=f"Becomes a new version of {candidate.draft.name} {latest}." if latest else "",
        can_edit=can_edit and candidate.can_register,
    )


def nothing_below(folder: Path) -> Problem:
    """Return what is said of a search that found nothing."""
    return Problem(
        f"No model was found below {folder}.",
        "None of the files there is a model that this program knows.",
        "Search another folder, or register a model's own folder: the one with config.json.",
    )


def draft_errors(draft: Draft) -> DraftErrors:
    """Return what the library would refuse, before it is asked."""
    return DraftErrors(
        name=_complaint(lambda: checked_name("model", draft.name)),
        version=_complaint(lambda: SemanticVersion.parse(draft.version)) if draft.version else "",
        tags=next(filter(None, map(_tag_complaint, draft.tag_list)), ""),
    )


def _tag_complaint(tag: str) -> str:
    return _complaint(lambda: checked_name("tag", tag))


def _complaint(check: Callable[[], object]) -> str:
    try:
        check()
    except InvalidInputError as error:
        return f"{error.cause} {error.remedy}"
    return ""


def _state(candidate: Candidate) -> tuple[str, str]:
    if candidate.problem is not None:
        return "Unusable" if candidate.artifact is None else "Not registered", "danger"
    if candidate.registered_as:
        return "Registered", "info"
    assert candidate.estimate is not None  # it was recognised, or it has a problem
    return verdict_words(candidate.estimate.verdict)
