"""One protocol per aggregate: what may be asked of its store, inside a unit of work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from heygen_desktop.domain.entities.ai_model import AIModel, ModelId
from heygen_desktop.domain.entities.environment import Revision
from heygen_desktop.domain.entities.run import Owner, Run, RunId, RunState
from heygen_desktop.domain.entities.secret import Secret
from heygen_desktop.domain.entities.worker import Worker
from heygen_desktop.domain.values.estimate import MeasuredPeaks


class Topic(StrEnum):
    """A kind of thing that several programs on one home share."""

    MODELS = "models"
    RUNS = "runs"
    SETTINGS = "settings"
    SECRETS = "secrets"
    WORKERS = "workers"


@dataclass(frozen=True)
class ModelFilter:
    """Which models are wanted; an empty field does not narrow."""

    search: str = ""
    """Words that must all occur in name, description, note, tags, architecture or path; case is ignored."""
    type: str = ""
    format: str = ""
    status: str = ""
    tag: str = ""


class ModelRepository(Protocol):
    """All models of this home. Used inside a unit of work."""

    def add(self, model: AIModel) -> None:
        """Add a new model. Its name is not taken (ask ``by_name`` first)."""

    def save(self, model: AIModel) -> None:
        """Store a model that was read from here and changed."""

    def remove(self, model_id: ModelId) -> None:
        """Forget a model with all versions. Runs that name it stay."""

    def by_id(self, model_id: ModelId) -> AIModel | None:
        """Return the model, or None."""

    def by_name(self, name: str) -> AIModel | None:
        """Return the model of exactly that name, or None. Names differ in more than case."""

    def by_path(self, path: Path) -> Sequence[AIModel]:
        """Return the models with a version at exactly that path, by name."""

    def latest_versions(self) -> Mapping[str, str]:
        """Return the latest version of every model by the model's name, in order of name."""

    def without_checksum(self) -> Sequence[str]:
        """Return ``name@version`` of each version whose checksum is empty, the oldest first."""

    def find(
        self, wanted: ModelFilter, *, after: str = "", limit: int | None = None
    ) -> Sequence[AIModel]:
        """Return the models that match, by name. A model matches by its latest version.

        Args:
            after: Only those that stand behind a model of this name.
            limit: At most so many; all where None.
        """


@dataclass(frozen=True)
class RunFilter:
    """Which runs are wanted; an empty field does not narrow."""

    model: str = ""
    states: tuple[RunState, ...] = ()
    limit: int = 100
    offset: int = 0
    search: str = ""
    """Words that must all occur in title, model, version, task, a text of the inputs or of the output;
    case is ignored."""
    ids: tuple[str, ...] = ()
    but_pinned: bool = False
    """Leave out those that are pinned."""
    pinned_first: bool = False
    """Only the order; else it is newest first, pinned or not."""


@dataclass(frozen=True)
class RunPage:
    """A slice of the runs that match, newest first."""

    runs: Sequence[Run]
    total: int
    """Of all that match, not only of this slice."""


class RunRepository(Protocol):
    """All runs of this home. Used inside a unit of work.

    What was removed is seen by ``restore`` and ``purge``, and counts for ``blobs`` and ``peaks``.
    """

    def add(self, run: Run) -> None:
        """Add a new run."""

    def save(self, run: Run) -> None:
        """Store the next state of a run; title, pin and priority have words of their own."""

    def label(self, run_id: RunId, *, title: str, is_pinned: bool) -> None:
        """Store how a person marked a run."""

    def prioritise(self, run_id: RunId, priority: int) -> None:
        """Store when a waiting run begins among the others."""

    def remove(self, wanted: RunFilter, removal: str) -> int:
        """Take every ended run that matches out of the books, and return how many those were.

        Args:
            removal: A new name, under which ``restore`` brings them back.
        """

    def restore(self, removal: str) -> None:
        """Put back what was removed under that name."""

    def purge(self) -> None:
        """Forget what was removed, for good."""

    def by_id(self, run_id: str) -> Run | None:
        """Return the run of that id, or the only one whose id begins with it, or None."""

    def find(self, wanted: RunFilter) -> RunPage:
        """Return the runs that match, newest first."""

    def active(self) -> Sequence[Run]:
        """Return every run that is queued, loading or running, oldest first."""

    def request_cancel(self, run_id: RunId) -> None:
        """Leave word for whichever process executes the run."""

    def cancel_requested(self, run_ids: Sequence[RunId]) -> Sequence[RunId]:
        """Return those of these runs for which somebody left that word."""

    def blobs(self) -> Set[str]:
        """Return the ids of all files that inputs and outputs refer to."""

    def peaks(self, model_id: str, version: str, device: str, dtype: str) -> MeasuredPeaks:
        """Return the highest peaks of the newest runs that succeeded there in that precision.

        Runs of 0.1.0 count for each precision: they do not tell theirs.
        """


class EnvironmentRepository(Protocol):
    """Revisions of the four environments. Used inside a unit of work; nothing is overwritten."""

    def current(self, environment: str) -> Revision:
        """Return the newest revision; number 0 with no values where nothing was ever set."""

    def add(self, revision: Revision) -> None:
        """Append a revision; its number is the current one plus one."""


class SecretRegister(Protocol):
    """Which secrets exist. Used inside a unit of work."""

    def save(self, secret: Secret) -> None:
        """Add the secret or replace what was known of it."""

    def remove(self, name: str, environment: str) -> None:
        """Forget it."""

    def by_name(self, name: str, environment: str) -> Secret | None:
        """Return what is known of it, or None."""

    def all(self, environment: str) -> Sequence[Secret]:
        """Return those of one environment, by name."""


class WorkerRegister(Protocol):
    """Every worker that some process of this home started. Used inside a unit of work."""

    def save(self, worker: Worker) -> None:
        """Add the worker or replace what was known of it (by its process)."""

    def remove(self, process: Owner) -> None:
        """Forget it."""

    def all(self) -> Sequence[Worker]:
        """Return all that were registered and not removed; some may have died since."""
