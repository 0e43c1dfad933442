"""The story of the inspector: look at one model, bring it into memory, take it out, run it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from heygen_desktop.application.application import Application
from heygen_desktop.application.models import ModelSummary
from heygen_desktop.domain.entities.run import Loading, Run
from heygen_desktop.domain.entities.worker import Worker
from heygen_desktop.domain.errors import HeyGenError
from heygen_desktop.domain.events import Event as DomainEvent
from heygen_desktop.domain.events import RunChanged
from heygen_desktop.domain.repositories.runs import RunFilter
from heygen_desktop.presentation.desktop.ports import (
    Event,
    Events,
    Navigation,
    Notices,
    Queue,
    TaskHandle,
    TaskRunner,
)
from heygen_desktop.presentation.desktop.problems import Problem, problem_of
from heygen_desktop.presentation.desktop.screens.library.details import ModelDetails, details_of
from heygen_desktop.presentation.desktop.screens.library.rows import ModelRow
from heygen_desktop.presentation.desktop.wording import duration_text

_LAST_RUNS = 5


class InspectorView(Protocol):
    """What the presenter needs of the inspector."""

    @property
    def run_requested(self) -> Event: ...

    @property
    def load_requested(self) -> Event: ...

    @property
    def unload_requested(self) -> Event: ...

    @property
    def loading_cancelled(self) -> Event: ...

    @property
    def reveal_requested(self) -> Event: ...

    @property
    def past_run_requested(self) -> Event:
        """Carries the run's id."""

    def show_details(self, details: ModelDetails) -> None: ...

    def show_nothing(self) -> None:
        """No model is selected."""

    def show_problem(self, problem: Problem) -> None:
        """Show what went wrong with the model in view."""

    def show_unreadable(self, problem: Problem) -> None:
        """Show why nothing can be said of the model, in place of its facts."""

    def clear_problem(self) -> None: ...

    def show_loading(self, what: str, fraction: float | None) -> None: ...

    def show_loading_ended(self) -> None: ...

    def reveal(self, folder: str) -> bool:
        """Open the folder in the system's file manager; say whether one answered."""


@dataclass(frozen=True)
class _Looked:
    summary: ModelSummary
    workers: Sequence[Worker]
    runs: Sequence[Run]


class InspectorPresenter:
    """Keeps the inspector true to the model that is selected."""

    def __init__(
        self,
        view: InspectorView,
        application: Application,
        tasks: TaskRunner,
        events: Events,
        navigation: Navigation,
        notices: Notices,
    ) -> None:
        self._view = view
        self._app = application
        self._tasks = tasks
        self._navigation = navigation
        self._notices = notices
        self._row: ModelRow | None = None
        self._looking: TaskHandle | None = None
        self._loading: TaskHandle | None = None
        self._unloading: TaskHandle | None = None
        self._subscription = events.subscribe(self._happened)
        view.run_requested.connect(self.run)
        view.load_requested.connect(self.load)
        view.unload_requested.connect(self.unload)
        view.loading_cancelled.connect(self.cancel_loading)
        view.reveal_requested.connect(self.reveal)
        view.past_run_requested.connect(self.show_past_run)

    def look_at(self, row: ModelRow | None) -> None:
        """Show this model; what was asked about the last one falls silent."""
        if row is None or self._row is None or row.reference != self._row.reference:
            self._view.clear_problem()
        self._row = row
        self._look()

    def run(self) -> None:
        """Go to the Run screen with this model."""
        if self._row is not None:
            self._navigation.show("run", self._row.reference)

    def show_past_run(self, run_id: str) -> None:
        """Go to one of the model's runs."""
        self._navigation.show("run", run_id)

    def load(self) -> None:
        """Bring this model into memory, where it stays until it is unloaded; one at a time."""
        row = self._row
        if row is None or self._loading is not None:
            return
        self._view.clear_problem()
        self._view.show_loading(f"Loading {row.name}", None)
        self._loading = self._tasks.submit(
            lambda context: self._app.load_model(
                row.reference, on_update=context.progress, should_stop=lambda: context.is_cancelled
            ),
            on_success=self._loaded,
            on_error=self._not_loaded,
            on_progress=lambda update: self._show_stage(row.name, update),
            queue=Queue.INFERENCE,
        )

    def cancel_loading(self) -> None:
        """Stop bringing a model into memory."""
        if self._loading is not None:
            self._loading.cancel()
            self._loading_ended()

    def unload(self) -> None:
        """Take this model out of memory."""
        row = self._row
        if row is None:
            return
        self._view.clear_problem()
        self._unloading = self._tasks.submit(
            lambda _context: self._app.unload_model(row.reference),
            on_success=lambda _stopped: self._unloaded(row.name),
            on_error=self._failed,
            queue=Queue.CHANGES,
        )

    def reveal(self) -> None:
        """Show the files in the system's file manager."""
        if self._row is not None and not self._view.reveal(self._row.folder):
            self._notices.warn(f"No file manager answered. The files are at {self._row.path}")

    def close(self) -> None:
        """Stop listening and let every answer fall silent; safe to repeat."""
        self._subscription.close()
        for handle in (self._looking, self._loading, self._unloading):
            if handle is not None:
                handle.cancel()

    def _look(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
        row = self._row
        if row is None:
            self._view.show_nothing()
            return
        self._looking = self._tasks.submit(
            lambda _context: _Looked(
                self._app.get_model(row.reference),
                self._app.list_loaded(),
                self._app.list_runs(RunFilter(model=row.name, limit=_LAST_RUNS)).runs,
            ),
            on_success=self._looked,
            on_error=lambda error: self._view.show_unreadable(problem_of(error)),
        )

    def _looked(self, found: _Looked) -> None:
        self._view.show_details(details_of(found.summary, found.workers, found.runs))

    def _loaded(self, worker: Worker) -> None:
        self._loading_ended()
        self._notices.notify(f"{worker.model} is in memory after {duration_text(worker.load_s)}.")
        self._look()

    def _not_loaded(self, error: HeyGenError) -> None:
        self._loading_ended()
        self._failed(error)

    def _loading_ended(self) -> None:
        self._loading = None
        self._view.show_loading_ended()

    def _unloaded(self, name: str) -> None:
        self._notices.notify(f"{name} left memory.")
        self._look()

    def _failed(self, error: HeyGenError) -> None:
        self._view.show_problem(problem_of(error))

    def _show_stage(self, name: str, update: object) -> None:
        if isinstance(update, Loading):
            self._view.show_loading(f"Loading {name}: {update.stage}", update.fraction)

    def _happened(self, event: DomainEvent) -> None:
        if isinstance(event, RunChanged) and self._row and event.run.model == self._row.name:
            self._look()
