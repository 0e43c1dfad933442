"""The Run screen's story: run a request, watch its text come, stop it, look back at earlier runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from heygen_desktop.application.use_cases.runs.dispatcher import RunHandle
from heygen_desktop.application.use_cases.runs.start_run import RunRequest
from heygen_desktop.domain.entities.run import Run
from heygen_desktop.domain.errors import (
    HeyGenError,
    NotFoundError,
    PromptTooLongError,
    RunNotFoundError,
)
from heygen_desktop.domain.events import (
    Event,
    HistoryChanged,
    RunChanged,
    RunLoading,
    RunProduced,
    elsewhere,
)
from heygen_desktop.domain.repositories import Topic
from heygen_desktop.presentation.desktop.ports import (
    Events,
    Memory,
    Navigation,
    Notices,
    Signal,
    Subscription,
    TaskRunner,
)
from heygen_desktop.presentation.desktop.problems import problem_of
from heygen_desktop.presentation.desktop.screens.run.composer import (
    Composer,
    ComposerUseCases,
    ComposerView,
)
from heygen_desktop.presentation.desktop.screens.run.known_runs import KnownRuns
from heygen_desktop.presentation.desktop.screens.run.listing import (
    ListingUseCases,
    ListingView,
    RunListing,
)
from heygen_desktop.presentation.desktop.screens.run.queueing import (
    QueueUseCases,
    QueueView,
    RunQueue,
)
from heygen_desktop.presentation.desktop.screens.run.rows import reference_of
from heygen_desktop.presentation.desktop.screens.run.run_in_view import RunDisplay, RunInView
from heygen_desktop.presentation.desktop.work import Work
from heygen_desktop.presentation.saving import save_file

RUN_PREFIX = "run:"
_LIBRARY, _LOGS, _SCAN = "library", "logs", "scan:"
_CLOCK_S = 0.25
"""How often the clock and figures of what runs move."""
_AGES_S = 15.0
"""How often the history says anew how long ago a run was, where nothing runs."""


class RunView(ComposerView, RunDisplay, ListingView, QueueView, Protocol):
    """What the presenter needs of the view."""

    @property
    def run_requested(self) -> Signal: ...
    @property
    def stop_requested(self) -> Signal: ...
    @property
    def run_selected(self) -> Signal:
        """Carries the run's id."""

    @property
    def run_again_requested(self) -> Signal:
        """Carries whether the same seed is wanted."""

    @property
    def parameters_wanted(self) -> Signal: ...
    @property
    def inputs_wanted(self) -> Signal: ...
    @property
    def seed_reuse_requested(self) -> Signal: ...
    @property
    def copy_requested(self) -> Signal: ...
    @property
    def save_requested(self) -> Signal: ...
    @property
    def save_place_chosen(self) -> Signal:
        """Carries the path."""

    @property
    def log_requested(self) -> Signal: ...
    @property
    def library_requested(self) -> Signal: ...
    @property
    def scan_requested(self) -> Signal: ...
    @property
    def ticked(self) -> Signal:
        """As often as ``tick_every`` says."""

    def ask_where_to_save(self, suggested: str) -> None: ...
    def tick_every(self, seconds: float) -> None:
        """Tick so often; 0 rests."""


@dataclass(frozen=True)
class RunUseCases:
    """What the screen asks of the application."""

    composer: ComposerUseCases
    listing: ListingUseCases
    queue: QueueUseCases
    get_run: Callable[[str], Run]

    def run_or_nothing(self, run_id: str) -> Run | NotFoundError:
        """Return the run of exactly that id: the beginning of one could also be a model's name."""
        try:
            run = self.get_run(run_id)
        except NotFoundError as error:
            return error
        return run if run.id == run_id else RunNotFoundError(run_id)


class RunPresenter:
    """Decides what the screen shows. Made, used and closed on the UI thread."""

    def __init__(
        self,
        view: RunView,
        use_cases: RunUseCases,
        tasks: TaskRunner,
        events: Events,
        navigation: Navigation,
        notices: Notices,
        memory: Memory,
    ) -> None:
        self._view = view
        self._use_cases = use_cases
        self._navigation = navigation
        self._notices = notices
        self._work = Work(tasks, view.show_problem)
        self.composer = Composer(
            view, use_cases.composer, self._work, notices, memory, left=self._leave_other_model
        )
        self._known = KnownRuns(use_cases.composer.tasks)
        self._in_view = RunInView(view, self._known, use_cases.listing.now)
        self.listing = RunListing(
            view, use_cases.listing, self._work, notices, self._known, self._in_view, self._shown
        )
        parts = self._known, self._in_view, self.listing
        self.queue = RunQueue(view, use_cases.queue, self._work, notices, *parts)
        self._is_shown = False
        self._subscription: Subscription = events.subscribe(self._happened)
        self._listen()

    def start(self) -> None:
        """Show what is remembered; the rest is asked for when the screen comes into view."""
        self._in_view.leave()
        self.composer.start()

    def shown(self) -> None:
        """The screen came into view: read all anew, the command line may have changed it meanwhile."""
        self._is_shown = True
        self.composer.refresh()
        self.listing.read()
        self._pace()

    def hidden(self) -> None:
        """The screen left; text still arrives, the clock rests."""
        self._is_shown = False
        self.composer.remember()
        self._pace()

    def close(self) -> None:
        """Stop listening; safe to repeat."""
        self.composer.remember()
        self._subscription.close()
        self._work.close()
        self._view.tick_every(0)

    def receive(self, argument: str) -> None:
        """Take what another screen hands over: ``run:<id>``, a run's id, or a model's reference."""
        run_id = argument.removeprefix(RUN_PREFIX)
        if self._known.find(run_id) is not None:
            self._bring_into_view(run_id)
        elif argument.startswith(RUN_PREFIX):
            self._look_up(run_id, self._failed)
        elif "@" in argument or self.composer.models.knows(argument):
            self.composer.models.want(argument)
        else:
            self._look_up(argument, lambda _error: self.composer.models.want(argument))

    def run(self) -> None:
        """Queue the request as it stands; several may wait at a time."""
        try:
            self._start(self.composer.request())
        except PromptTooLongError as error:
            self._failed(error)

    def run_again(self, same_seed: bool) -> None:
        """Repeat the run in view; with its seed the same text comes again. What is written stays."""
        current = self._in_view.current
        if current is not None:
            self._start(self.composer.repeat(current.run, same_seed=same_seed))

    def use_parameters(self) -> None:
        """Let the next run take the parameters of the one in view."""
        current = self._in_view.current
        if current is not None:
            self.composer.use_parameters(current.run)

    def use_inputs(self) -> None:
        """Write what the run in view was given."""
        current = self._in_view.current
        if current is not None:
            self.composer.use_inputs(current.run)

    def _start(self, request: RunRequest | None) -> None:
        self._view.show_problem(None)
        if request is not None:
            start = self._use_cases.queue.start_run
            self._work.change(lambda: start(request), self._started, failed=self._failed)

    def copy_output(self) -> None:
        """Put what the run in view made, without its prompt, on the clipboard."""
        current = self._in_view.current
        if current is not None:
            self._view.copy_text(current.text)

    def _listen(self) -> None:
        view = self._view
        view.run_requested.connect(self.run)
        view.stop_requested.connect(self.queue.stop_any)
        view.run_selected.connect(self._select)
        view.run_again_requested.connect(self.run_again)
        view.parameters_wanted.connect(self.use_parameters)
        view.inputs_wanted.connect(self.use_inputs)
        view.seed_reuse_requested.connect(self._reuse_seed)
        view.copy_requested.connect(self.copy_output)
        view.save_requested.connect(self._ask_where_to_save)
        view.save_place_chosen.connect(self._save)
        view.log_requested.connect(self._show_log)
        view.library_requested.connect(lambda: self._navigation.show(_LIBRARY))
        view.scan_requested.connect(lambda: self._navigation.show(_LIBRARY, _SCAN))
        view.ticked.connect(self._tick)

    def _happened(self, event: Event) -> None:
        match event:
            case RunProduced():
                self._in_view.produced(event)
            case RunLoading():
                self._in_view.loading(event)
            case RunChanged():
                self._run_changed(event.run)
            case HistoryChanged():
                self.listing.read()
            case _:
                self.composer.happened(event)
                if elsewhere(event, Topic.RUNS):
                    self.listing.read()

    def _run_changed(self, run: Run) -> None:
        self._in_view.changed(run)
        self.listing.show()

    def _shown(self) -> None:
        self.queue.show_stop()
        self._pace()

    def _pace(self) -> None:
        pace = _CLOCK_S if self._known.under_way() else _AGES_S
        self._view.tick_every(pace if self._is_shown else 0)

    def _tick(self) -> None:
        """Time passes: the clock, ages, and what the history says of live runs."""
        self._in_view.show_facts()
        self.listing.show()

    def _started(self, handle: RunHandle) -> None:
        self._known.begin(handle.run)
        self._bring_into_view(handle.run.id)

    def _select(self, run_id: str) -> None:
        known = self._known.find(run_id)
        if known is not None and known is not self._in_view.current:
            self._in_view.show(known)
            self.queue.show_stop()

    def _leave_other_model(self, reference: str) -> None:
        """What another model made is not taken for what the one that is picked now will make."""
        current = self._in_view.current
        if current is not None and reference_of(current.run) != reference:
            self._in_view.leave()

    def _bring_into_view(self, run_id: str) -> None:
        current = self._known.find(run_id)
        if current is not None:
            self._in_view.show(current)
            self.listing.show()
            self._view.select_run(run_id)

    def _look_up(self, run_id: str, otherwise: Callable[[HeyGenError], None]) -> None:
        def found(run: Run | NotFoundError) -> None:
            if isinstance(run, NotFoundError):
                otherwise(run)
                return
            self._known.look_at(run)
            self._bring_into_view(run.id)

        self._work.ask("run", lambda _context: self._use_cases.run_or_nothing(run_id), found)

    def _show_log(self) -> None:
        current = self._in_view.current
        if current is not None:
            self._navigation.show(_LOGS, current.run.id)

    def _reuse_seed(self) -> None:
        last = self._in_view.current or self._known.newest()
        if last is not None:
            self.composer.reuse_seed(last.run.seed)

    def _ask_where_to_save(self) -> None:
        current = self._in_view.current
        if current is not None:
            blob = current.task.as_file(current.output)
            name = blob.name if blob else f"{current.run.model}-{current.run.id}.txt"
            self._view.ask_where_to_save(name)

    def _save(self, place: str) -> None:
        current = self._in_view.current
        if current is not None:
            task, output, files = current.task, current.output, self._use_cases.composer.files
            self._work.change(
                lambda: save_file(Path(place), files.saved(task, output)),
                self._notices.saved,
            )

    def _failed(self, error: HeyGenError) -> None:
        self._view.show_problem(problem_of(error))
