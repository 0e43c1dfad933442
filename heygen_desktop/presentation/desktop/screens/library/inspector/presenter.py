"""The story of the inspector: look at one model, bring it into memory, take it out, run it."""

from __future__ import annotations

from typing import Any, Protocol

from heygen_desktop.application.application import Application
from heygen_desktop.application.use_cases.models.change_model import ModelChange
from heygen_desktop.application.use_cases.models.model_files import Verification
from heygen_desktop.domain.entities.run import Loading
from heygen_desktop.domain.entities.worker import Worker
from heygen_desktop.domain.events import Event, ModelVerified, RunChanged, elsewhere
from heygen_desktop.domain.repositories import RunFilter, Topic
from heygen_desktop.presentation.desktop.ports import (
    Events,
    Navigation,
    Notices,
    Queue,
    Signal,
    TaskRunner,
)
from heygen_desktop.presentation.desktop.problems import Problem, problem_of
from heygen_desktop.presentation.desktop.screens.library.details import ModelDetails, details_of
from heygen_desktop.presentation.desktop.screens.library.registering.rows import (
    Draft,
    draft_errors,
)
from heygen_desktop.presentation.desktop.screens.library.rows import ModelRow
from heygen_desktop.presentation.desktop.verifying import Pace, verifying
from heygen_desktop.presentation.desktop.wording import duration_text
from heygen_desktop.presentation.desktop.work import Work

_LAST_RUNS = 5


class InspectorView(Protocol):
    """What the presenter needs of the inspector."""

    @property
    def run_requested(self) -> Signal: ...

    @property
    def load_requested(self) -> Signal: ...

    @property
    def unload_requested(self) -> Signal: ...

    @property
    def loading_cancelled(self) -> Signal: ...

    @property
    def verify_requested(self) -> Signal: ...

    @property
    def reveal_requested(self) -> Signal: ...

    @property
    def past_run_requested(self) -> Signal:
        """Carries the run's id."""

    @property
    def words_entered(self) -> Signal:
        """Carries the model's name, ``description``, ``tags`` or ``note``, and what was written."""

    @property
    def favourite_toggled(self) -> Signal: ...

    @property
    def link_copied(self) -> Signal:
        """Carries where the link leads."""

    def show_tag_problem(self, sentence: str) -> None:
        """Say under the tags why they cannot be kept; an empty sentence clears it."""

    def show_model(self, shown: ModelDetails | Problem | None) -> None:
        """Show a model, why nothing can be said of it, or that none is selected."""

    def show_problem(self, problem: Problem | None) -> None:
        """Show what went wrong with the model in view."""

    def show_loading(
        self, what: str, fraction: float | None, *, speed: str = "", left_s: float | None = None
    ) -> None: ...

    def show_loading_ended(self) -> None: ...

    def ask_confirmation(self, title: str, consequence: str, action: str) -> bool: ...

    def reveal(self, folder: str) -> bool:
        """Open the folder in the system's file manager; say whether one answered."""


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
        self._work = Work(tasks, view.show_problem)
        self._navigation = navigation
        self._notices = notices
        self._row: ModelRow | None = None
        self._subscription = events.subscribe(self._happened)
        view.run_requested.connect(self.run)
        view.load_requested.connect(self.load)
        view.unload_requested.connect(self.unload)
        view.loading_cancelled.connect(self.cancel_loading)
        view.verify_requested.connect(self.verify)
        view.reveal_requested.connect(self.reveal)
        view.past_run_requested.connect(self.show_past_run)
        view.words_entered.connect(self.say)
        view.favourite_toggled.connect(self.toggle_favourite)
        view.link_copied.connect(
            lambda link: self._notices.notify(f"Copied {link}. Links are not opened from here.")
        )

    def look_at(self, row: ModelRow | None) -> None:
        """Show this model; what was asked about the last one falls silent."""
        if row is None or self._row is None or row.reference != self._row.reference:
            self._view.show_problem(None)
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
        if row is None or self._work.is_open("load"):
            return
        self._view.show_problem(None)
        self._view.show_loading(f"Loading {row.name}", None)
        self._work.ask(
            "load",
            lambda context: self._app.load_model(
                row.reference, on_update=context.progress, should_stop=lambda: context.is_cancelled
            ),
            self._loaded,
            ended=self._view.show_loading_ended,
            on_progress=lambda update: self._show_stage(row.name, update),
            queue=Queue.INFERENCE,
        )

    def cancel_loading(self) -> None:
        """Stop bringing a model into memory, or reading its files."""
        if self._work.is_open("load"):
            self._work.take_back("load")
            self._view.show_loading_ended()

    def verify(self) -> None:
        """Read every byte of this model's files, and ask what to do where they changed."""
        row = self._row
        if row is None or self._work.is_open("load"):
            return
        what = f"Reading the files of {row.name}"
        self._view.show_problem(None)
        self._view.show_loading(what, None)
        self._work.ask(
            "load",
            verifying(self._app.model_files, row.reference),
            self._verified,
            ended=self._view.show_loading_ended,
            on_progress=lambda pace: self._show_pace(what, pace),
            queue=Queue.FILES,
        )

    def say(self, model: str, field: str, text: str) -> None:
        """Keep what was written of a model; what cannot be a tag is said and left as it was typed."""
        written = Draft(model, tags=text) if field == "tags" else None
        problem = draft_errors(written).tags if written else ""
        if field == "tags":
            self._view.show_tag_problem(problem)
        if not problem:
            self._change_words(model, field, written.tag_list if written else text)

    def toggle_favourite(self) -> None:
        """Make this model a favourite, or no longer."""
        row = self._row
        if row is not None:
            change = ModelChange(is_favourite=not row.is_favourite)
            self._work.change(lambda: self._app.update_model(row.name, change))

    def unload(self) -> None:
        """Take this model out of memory."""
        row = self._row
        if row is None:
            return
        self._view.show_problem(None)
        self._work.change(
            lambda: self._app.unload_model(row.reference),
            lambda _stopped: self._notices.notify(f"{row.name} left memory."),
            ended=self._look,
        )

    def reveal(self) -> None:
        """Show the files in the system's file manager."""
        if self._row is not None and not self._view.reveal(self._row.folder):
            self._notices.warn(f"No file manager opened. The files are at {self._row.path}")

    def close(self) -> None:
        """Stop listening and take what is asked back; safe to repeat."""
        self._subscription.close()
        self._work.close()

    def _look(self) -> None:
        row = self._row
        if row is None:
            self._work.take_back("look")
            self._view.show_model(None)
            return
        self._work.ask(
            "look",
            lambda _: self._read(row),
            self._view.show_model,
            failed=lambda error: self._view.show_model(problem_of(error)),
        )

    def _change_words(self, model: str, field: str, value: object) -> None:
        def change() -> ModelChange | None:
            before = getattr(self._app.get_model(model).model, field)
            after = getattr(self._app.update_model(model, _change_of(field, value)), field)
            return None if after == before else _change_of(field, before)

        def changed(before: ModelChange | None) -> None:
            if before is not None:
                self._notices.notify(f"Changed the {field} of {model}.", undo=lambda: undo(before))

        def undo(before: ModelChange) -> None:
            self._work.change(
                lambda: self._app.update_model(model, before),
                lambda _back: self._notices.notify(f"The {field} of {model} came back."),
            )

        self._work.change(change, changed)

    def _read(self, row: ModelRow) -> ModelDetails:
        summary = self._app.get_model(row.reference)
        return details_of(
            summary,
            self._app.list_loaded(),
            self._app.list_runs(RunFilter(model=row.name, limit=_LAST_RUNS)).runs,
            self._app.model_files.card(summary.version),
        )

    def _loaded(self, worker: Worker) -> None:
        self._notices.notify(f"{worker.model} is in memory after {duration_text(worker.load_s)}.")
        self._look()

    def _show_pace(self, what: str, pace: object) -> None:
        if isinstance(pace, Pace):
            self._view.show_loading(what, pace.share, speed=pace.speed, left_s=pace.left_s)

    def _verified(self, verification: Verification) -> None:
        reference, files = verification.reference, ", ".join(verification.changed)
        if not verification.changed:
            self._notices.notify(f"The files of {reference} are what was registered.")
            self._look()
        elif self._view.ask_confirmation(
            f"Take the files of {reference} as they are now?",
            f"They differ from what was registered: {files}. Runs will use them as they are now.",
            "Take",
        ):
            self._work.change(
                lambda: self._app.model_files.take(verification),
                lambda _taken: self._notices.notify(f"Took the files of {reference} as they are."),
                ended=self._look,
            )

    def _show_stage(self, name: str, update: object) -> None:
        if isinstance(update, Loading):
            self._view.show_loading(f"Loading {name}: {update.stage}", update.fraction)

    def _happened(self, event: Event) -> None:
        ran = isinstance(event, RunChanged) and event.run.model
        verified = isinstance(event, ModelVerified) and event.model
        was_changed = elsewhere(event, Topic.RUNS)
        if self._row and (was_changed or self._row.name in (ran, verified)):
            self._look()


def _change_of(field: str, value: Any) -> ModelChange:
    """Any: of the field's own type."""
    return ModelChange(**{field: value})
