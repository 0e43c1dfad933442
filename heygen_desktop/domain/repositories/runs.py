"""The store of runs."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Protocol

from heygen_desktop.domain.entities.run import Run, RunId, RunState
from heygen_desktop.domain.values.estimate import MeasuredPeaks


@dataclass(frozen=True)
class RunFilter:
    """Which runs are wanted; an empty field does not narrow."""

    model: str = ""
    states: tuple[RunState, ...] = ()
    limit: int = 100
    offset: int = 0


@dataclass(frozen=True)
class RunPage:
    """A slice of the runs that match, newest first."""

    runs: Sequence[Run]
    total: int
    """Of all that match, not only of this slice."""


class RunRepository(Protocol):
    """All runs of this home. Used inside a unit of work."""

    def add(self, run: Run) -> None:
        """Add a new run."""

    def save(self, run: Run) -> None:
        """Store the next state of a run."""

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
