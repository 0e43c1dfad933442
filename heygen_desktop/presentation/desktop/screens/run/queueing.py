"""Stopping whatever is under way, and the order of what waits."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from heygen_desktop.application.use_cases.runs.dispatcher import RunHandle
from heygen_desktop.application.use_cases.runs.history import KeepHistory
from heygen_desktop.application.use_cases.runs.start_run import RunRequest
from heygen_desktop.domain.entities.run import Run, RunId
from heygen_desktop.domain.errors import InvalidTransitionError
from heygen_desktop.domain.repositories import RunFilter
from heygen_desktop.presentation.desktop.ports import Notices, Signal
from heygen_desktop.presentation.desktop.screens.run.known_runs import KnownRun, KnownRuns
from heygen_desktop.presentation.desktop.screens.run.listing import RunListing
from heygen_desktop.presentation.desktop.screens.run.rows import reference_of
from heygen_desktop.presentation.desktop.screens.run.run_in_view import RunInView
from heygen_desktop.presentation.desktop.work import Work
from heygen_desktop.presentation.wording import counted

_ONE_PRESS = timedelta(seconds=1)
"""Whoever asks for the stop twice in so short a time means the same run, not the next one, too."""


class QueueView(Protocol):
    """What is needed of the view to stop and order runs."""

    @property
    def run_stop_requested(self) -> Signal:
        """Carries a run's id."""

    @property
    def queue_arranged(self) -> Signal:
        """Carries the ids of the waiting runs in the order that is wanted."""

    @property
    def queue_clear_requested(self) -> Signal: ...
    def show_stop(self, stops: str) -> None:
        """Offer to stop that, in words; nothing where they are empty."""


@dataclass(frozen=True)
class QueueUseCases:
    """What is asked of the application to stop and order runs."""

    start_run: Callable[[RunRequest], RunHandle]
    stop_here: Callable[[RunId], bool]
    """Stops a run of this very program at once; False where it has no such run."""
    cancel_run: Callable[[str], object]
    arrange: Callable[[Sequence[RunId]], None]
    history: KeepHistory
    now: Callable[[], datetime]
    """With time zone."""

    def queue_again(self, run: Run) -> Run:
        """Queue a run that was stopped, named as it was, and take the stopped one away for it."""
        again = self.start_run(_request_of(run)).run
        if run.title:
            self.history.rename(again.id, run.title)
        if run.is_pinned:
            self.history.pin(again.id, True)
        self.history.remove(RunFilter(ids=(run.id,)))
        return again

    def cancel_unless_ended(self, run_id: str) -> None:
        """Ask another program to stop its run; one that ended meanwhile has done what was asked for."""
        with contextlib.suppress(InvalidTransitionError):
            self.cancel_run(run_id)


class RunQueue:
    """Keeps the queue in hand. Made and used on the UI thread."""

    def __init__(
        self,
        view: QueueView,
        use_cases: QueueUseCases,
        work: Work,
        notices: Notices,
        known: KnownRuns,
        in_view: RunInView,
        listing: RunListing,
    ) -> None:
        self._view = view
        self._use_cases = use_cases
        self._work = work
        self._notices = notices
        self._known = known
        self._in_view = in_view
        self._listing = listing
        self._stopped_at = datetime.min.replace(tzinfo=UTC)
        view.run_stop_requested.connect(self._stop_by_id)
        view.queue_arranged.connect(self._arrange)
        view.queue_clear_requested.connect(self.clear)

    def show_stop(self) -> None:
        """Offer Stop for what ``stop_any`` would stop."""
        known = self._stoppable()
        in_view = known is not None and known is self._in_view.current
        name = reference_of(known.run) if known is not None else ""
        self._view.show_stop("the run in view" if in_view else name)

    def stop_any(self) -> None:
        """Stop the run in view where it is under way, else what is at work, else what begins next."""
        known, now = self._stoppable(), self._use_cases.now()
        if known is not None and now - self._stopped_at > _ONE_PRESS:
            self._stopped_at = now
            self._stop(known)

    def clear(self) -> None:
        """Stop every run of this program that waits."""
        waiting = self._known.queued_here()
        for known in waiting:
            self._stop(known)
        stopped = [known.run for known in waiting]
        if stopped:
            self._notices.notify(
                f"Stopped {counted(len(stopped), 'waiting run')}.",
                undo=lambda: self._queue_again(stopped),
            )

    def _stop_by_id(self, run_id: str) -> None:
        known = self._known.find(run_id)
        if known is not None and known.can_stop:
            self._stop(known)

    def _stop(self, known: KnownRun) -> None:
        known.is_stopping = True
        self._in_view.show_facts()
        run_id = known.run.id
        if not self._use_cases.stop_here(run_id):
            self._work.change(
                lambda: self._use_cases.cancel_unless_ended(run_id), ended=self._listing.read
            )
        self._listing.show()

    def _stoppable(self) -> KnownRun | None:
        current = self._in_view.current
        under_way = [current] if current is not None else []
        under_way += self._known.under_way()
        return next((known for known in under_way if known.can_stop), None)

    def _arrange(self, run_ids: Sequence[str]) -> None:
        wanted = [RunId(run_id) for run_id in run_ids]
        self._work.change(lambda: self._use_cases.arrange(wanted), ended=self._listing.read)

    def _queue_again(self, runs: Sequence[Run]) -> None:
        current = self._in_view.current
        in_view = current.run.id if current is not None else ""

        def start() -> dict[str, Run]:
            return {run.id: self._use_cases.queue_again(run) for run in runs}

        def wait_again(anew: dict[str, Run]) -> None:
            self._listing.replace(anew, in_view)
            waits = "waits" if len(anew) == 1 else "wait"
            self._notices.notify(f"{counted(len(anew), 'run')} {waits} again.")

        self._work.change(start, wait_again)


def _request_of(run: Run) -> RunRequest:
    return RunRequest(
        model=reference_of(run),
        inputs=run.inputs,
        task=run.task,
        params=run.params,
        seed=run.seed,
        device=run.device,
        priority=run.priority,
    )
