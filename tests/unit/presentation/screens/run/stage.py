"""The Run screen's presenter with a written view, on an application of fakes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from heygen_desktop.application.tasks.parts import Part
from heygen_desktop.application.tasks.registry import TASKS
from heygen_desktop.application.tasks.task import Task, Tasks
from heygen_desktop.application.tasks.text_generation import TEXT_GENERATION
from heygen_desktop.application.use_cases.models.register_model import Registration
from heygen_desktop.application.use_cases.runs.start_run import RunRequest
from heygen_desktop.domain.entities.run import Json, Run
from heygen_desktop.presentation.desktop.ports import TaskRunner
from heygen_desktop.presentation.desktop.problems import Problem
from heygen_desktop.presentation.desktop.screens.run import use_cases_of
from heygen_desktop.presentation.desktop.screens.run.comparison import Comparison
from heygen_desktop.presentation.desktop.screens.run.presenter import RunPresenter
from heygen_desktop.presentation.desktop.screens.run.rows import (
    MemoryChip,
    ModelRow,
    NextRequest,
    ParameterRow,
    QueueRow,
    RunFacts,
    RunRow,
    RunsShown,
    StateLine,
    Strip,
    TokenCount,
)

from tests.factories.application import ended, fake_application
from tests.factories.parts import STARTER_PATH, FakeParts, an_artifact
from tests.fakes.tasks import (
    FakeMemory,
    FakeNavigation,
    FakeNotices,
    FakeSignal,
    NowTaskRunner,
)

T = TypeVar("T")


class FakeRunView:
    """Keeps what it was told."""

    def __init__(self) -> None:
        self.model_picked = FakeSignal()
        self.input_changed = FakeSignal()
        self.file_chosen = FakeSignal()
        self.example_picked = FakeSignal()
        self.parameter_changed = FakeSignal()
        self.preset_picked = FakeSignal()
        self.preset_named = FakeSignal()
        self.preset_removed = FakeSignal()
        self.seed_reuse_requested = FakeSignal()
        self.run_requested = FakeSignal()
        self.stop_requested = FakeSignal()
        self.run_selected = FakeSignal()
        self.run_again_requested = FakeSignal()
        self.parameters_wanted = FakeSignal()
        self.inputs_wanted = FakeSignal()
        self.copy_requested = FakeSignal()
        self.save_requested = FakeSignal()
        self.save_place_chosen = FakeSignal()
        self.command_line_requested = FakeSignal()
        self.log_requested = FakeSignal()
        self.more_requested = FakeSignal()
        self.search_requested = FakeSignal()
        self.run_renamed = FakeSignal()
        self.pin_requested = FakeSignal()
        self.removal_requested = FakeSignal()
        self.clear_requested = FakeSignal()
        self.comparison_requested = FakeSignal()
        self.run_stop_requested = FakeSignal()
        self.queue_arranged = FakeSignal()
        self.queue_clear_requested = FakeSignal()
        self.unload_requested = FakeSignal()
        self.starter_requested = FakeSignal()
        self.library_requested = FakeSignal()
        self.scan_requested = FakeSignal()
        self.ticked = FakeSignal()
        self.models: list[ModelRow] = []
        self.picked = ""
        self.says_no_models = False
        self.chip: MemoryChip | None = None
        self.inputs: dict[str, Json] = {}
        self.examples: list[str] = []
        self.parts: list[Part] = []
        self.parameters: dict[str, ParameterRow] = {}
        self.presets: tuple[str, ...] = ()
        self.preset: str | None = ""
        self.count = TokenCount()
        self.can_run = False
        self.can_stop = False
        self.output: tuple[str, str] | None = None
        self.shown_anew = 0
        self.states: list[StateLine] = []
        self.strip = Strip()
        self.speeds: list[float] = []
        self.failure: Problem | None = None
        self.details: dict[str, str] = {}
        self.made_by = ""
        self.history: list[RunRow] = []
        self.queue: list[QueueRow] = []
        self.comparison: Comparison | None = None
        self.stops = ""
        self.total = 0
        self.selected = ""
        self.problem: Problem | None = None
        self.suggested = ""
        self.copied = ""
        self.ticks_every_s = 0.0

    def show_models(self, rows: Sequence[ModelRow], picked: str) -> None:
        self.models, self.picked, self.says_no_models = list(rows), picked, not rows

    def show_memory(self, chip: MemoryChip | None) -> None:
        self.chip = chip

    @property
    def card(self) -> FakeRunView:
        """The card keeps what it was told here, too."""
        return self

    @property
    def prompt(self) -> Json:
        """The first input."""
        return next(iter(self.inputs.values()))

    @property
    def seed(self) -> Json:
        """None where one is drawn."""
        return self.parameters["seed"].value

    def show_request(self, request: NextRequest) -> None:
        self.inputs = {row.field.key: row.value for row in request.inputs}
        self.examples = list(request.examples)
        self.parameters = {row.field.key: row for row in request.parameters}
        self.presets, self.preset = request.presets, request.preset
        self.count = request.count
        self.can_run = request.can_run

    def show_run(self, facts: RunFacts) -> None:
        self.failure = facts.failure
        self.strip, self.speeds = facts.strip, list(facts.speeds)
        self.details = dict(facts.details)
        self.states.append(facts.state)
        self.made_by = facts.model

    def show_no_run(self) -> None:
        self.output, self.made_by, self.can_stop = None, "", False

    def show_output(self, given: str, text: str, parts: Sequence[Part]) -> None:
        self.output, self.parts = (given, "" if parts else text), list(parts)
        self.shown_anew += 1

    def append_output(self, text: str) -> None:
        assert self.output is not None
        self.output = (self.output[0], self.output[1] + text)

    def show_runs(self, shown: RunsShown) -> None:
        self.history, self.total, self.queue = list(shown.rows), shown.total, list(shown.queue)

    def show_stop(self, stops: str) -> None:
        self.stops, self.can_stop = stops, bool(stops)

    def show_comparison(self, comparison: Comparison) -> None:
        self.comparison = comparison

    def select_run(self, run_id: str) -> None:
        self.selected = run_id
        self.run_selected.emit(run_id)

    def show_problem(self, problem: Problem | None) -> None:
        self.problem = problem

    def ask_where_to_save(self, suggested: str) -> None:
        self.suggested = suggested

    def copy_text(self, text: str) -> None:
        self.copied = text

    def tick_every(self, seconds: float) -> None:
        self.ticks_every_s = seconds


class Stage:
    """A presenter in view, with everything around it."""

    def __init__(
        self,
        *,
        has_starter: bool = True,
        tasks: TaskRunner | None = None,
        environment: str = "development",
        memory: FakeMemory | None = None,
        task: Task = TEXT_GENERATION,
        is_busy: bool = False,
    ) -> None:
        """Set the stage.

        Args:
            is_busy: Runs wait, as behind other work, until ``let_go``.
        """
        self.parts = FakeParts()
        self.is_busy = is_busy
        self.parts.artifacts.known[STARTER_PATH] = an_artifact(task=task.tag)
        self.application = fake_application(
            self.parts,
            environment=environment,
            tasks=Tasks((*TASKS, task)) if task.tag not in TASKS else TASKS,
        )
        if has_starter:
            self.application.ensure_starter_model()
        self.view = FakeRunView()
        self.tasks = tasks or NowTaskRunner()
        self.navigation = FakeNavigation()
        self.notices = FakeNotices()
        self.memory = memory or FakeMemory()
        uses = use_cases_of(self.application)
        self.presenter = RunPresenter(
            self.view,
            replace(
                uses,
                listing=replace(uses.listing, now=self.parts.clock.now),
                queue=replace(uses.queue, now=self.parts.clock.now),
            ),
            self.tasks,
            self.parts.events,
            self.navigation,
            self.notices,
            self.memory,
        )
        self.presenter.start()
        self.presenter.shown()

    def let_go(self) -> None:
        """There is a place for the runs that wait."""
        self.parts.executor.let_go()

    def register(self, name: str, version: str = "1.0.0", **facts: object) -> None:
        """Add a version whose files are invented."""
        path = Path(f"/models/{name}/{version}")
        self.parts.artifacts.known[path] = an_artifact(path, **facts)
        self.application.register_model(Registration(path, name=name, version=version))

    def write(self, prompt: str = "It is a truth") -> None:
        """Type a prompt."""
        self.view.input_changed.emit(next(iter(self.view.inputs)), prompt)

    def run(self, prompt: str = "It is a truth") -> str:
        """Type a prompt, run it, and return the run's id."""
        self.write(prompt)
        self.parts.executor.is_busy = True  # the presenter has its handle before anything comes
        self.view.run_requested.emit()
        if not self.is_busy:
            self.let_go()
        return self.view.selected

    def stored(self, run_id: str) -> Run:
        """Return the run as the books have it."""
        return self.application.get_run(run_id)

    def earlier_run(self, prompt: str = "Earlier") -> Run:
        """Make a run of which no event reached the presenter, as another process does."""
        application = fake_application(
            FakeParts(units=self.parts.units, ids=self.parts.ids, clock=self.parts.clock)
        )
        return ended(application.start_run(RunRequest("starter", {"prompt": prompt})))
