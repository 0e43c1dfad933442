"""The frame's story: what is always in view, and how it follows what happens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from heygen_desktop.application.ports.metrics import GpuSample, Sample
from heygen_desktop.domain.entities.run import Run, RunState
from heygen_desktop.domain.errors import DatabaseBusyError, HeyGenError
from heygen_desktop.domain.events import (
    ChangedElsewhere,
    EnvironmentChanged,
    RunChanged,
    SettingChanged,
    WorkerStopped,
)
from heygen_desktop.domain.repositories import Topic
from heygen_desktop.presentation.desktop.ports import TaskRunner
from heygen_desktop.presentation.desktop.shell.presenter import (
    MachineReading,
    ShellPresenter,
    ShellUseCases,
    reading_of,
)

from tests.fakes.metrics import a_sample
from tests.fakes.tasks import (
    FakeEvents,
    FakeNotices,
    FakeSignal,
    LaterTaskRunner,
    NowTaskRunner,
)
from tests.unit.presentation.desktop.runs import AT, a_run


class FakeShellView:
    """Keeps what it was told."""

    def __init__(self) -> None:
        self.reading_due = FakeSignal()
        self.theme_requested = FakeSignal()
        self.environment = ""
        self.environments: Sequence[str] = ()
        self.environment_requested = FakeSignal()
        self.readings: list[MachineReading] = []
        self.jobs = ("", "")
        self.theme = ""
        self.interval_s = 0.0

    def read_every(self, seconds: float) -> None:
        self.interval_s = seconds

    def show_environment(self, name: str, names: Sequence[str]) -> None:
        self.environment, self.environments = name, names

    def show_machine(self, reading: MachineReading) -> None:
        self.readings.append(reading)

    def show_jobs(self, text: str, run_id: str) -> None:
        self.jobs = (text, run_id)

    def show_theme(self, choice: str) -> None:
        self.theme = choice


A_CARD = GpuSample(0, "H200", 41.0, 2_000_000_000, 10_000_000_000, 50.0, 300.0)


class Program:
    """The use cases of the frame, written out."""

    def __init__(self, *, active: Sequence[Run] = (), sample: Sample | None = None) -> None:
        self.active = active
        self.sample: Sample | None = sample or a_sample()
        self.gpu_problem = "No driver."
        self.trouble: HeyGenError | None = None
        self.theme = "light"
        self.interval_s = 2.0
        self.environment = "staging"
        self.used: list[str] = []
        self.remembered = ""

    def remember(self, environment: str) -> None:
        self.remembered = environment

    def use_cases(self) -> ShellUseCases:
        return ShellUseCases(
            environment=lambda: self.environment,
            use_environment=self.used.append,
            remember_environment=self.remember,
            latest_sample=self._latest_sample,
            gpu_problem=lambda: self.gpu_problem,
            active_runs=lambda: self.active,
            read_interval_s=lambda: self.interval_s,
            read_theme=lambda: self.theme,
            save_theme=self._save_theme,
        )

    def _latest_sample(self) -> Sample | None:
        if self.trouble is not None:
            raise self.trouble
        return self.sample

    def _save_theme(self, choice: str) -> None:
        if self.trouble is not None:
            raise self.trouble
        self.theme = choice


class Stage:
    """A presenter with everything around it."""

    def __init__(self, program: Program | None = None, tasks: TaskRunner | None = None) -> None:
        self.program = program or Program()
        self.view = FakeShellView()
        self.events = FakeEvents()
        self.notices = FakeNotices()
        self.presenter = ShellPresenter(
            self.view,
            self.program.use_cases(),
            tasks or NowTaskRunner(),
            self.events,
            self.notices,
        )


def test_the_start_shows_environment_theme_machine_and_runs() -> None:
    stage = Stage(Program(active=[a_run("r1", state=RunState.RUNNING)]))

    stage.presenter.start()

    assert stage.view.environment == "staging"
    assert stage.view.theme == "light"
    assert stage.view.jobs == ("llama-tiny · running", "r1")
    assert len(stage.view.readings) == 1
    assert stage.view.readings[0].gpu.tooltip == "No driver."


def test_a_gpu_that_is_lost_meanwhile_is_said_with_its_reason() -> None:
    stage = Stage(Program(sample=a_sample(gpus=(A_CARD,))))
    stage.presenter.start()

    stage.program.sample, stage.program.gpu_problem = a_sample(), "The GPU is lost."
    stage.view.reading_due.emit()

    assert stage.view.readings[-1].gpu.tooltip == "The GPU is lost."


def test_a_slow_reading_is_waited_for_and_not_piled_up() -> None:
    tasks = LaterTaskRunner()
    stage = Stage(tasks=tasks)

    for _ in range(3):
        stage.view.reading_due.emit()
    assert tasks.waiting == 1
    tasks.run_all()
    stage.view.reading_due.emit()

    assert tasks.waiting == 1
    assert len(stage.view.readings) == 1


def test_before_the_first_reading_nothing_is_shown() -> None:
    stage = Stage()
    stage.program.sample = None

    stage.view.reading_due.emit()
    stage.program.sample = a_sample()
    stage.view.reading_due.emit()

    assert len(stage.view.readings) == 1


def test_runs_are_followed_from_queue_to_end() -> None:
    stage = Stage()

    stage.events.publish(RunChanged(AT, a_run("r1")))
    assert stage.view.jobs == ("llama-tiny · queued", "r1")
    stage.events.publish(RunChanged(AT, a_run("r2", state=RunState.RUNNING)))
    assert stage.view.jobs == ("llama-tiny · running and 1 more", "r2")
    stage.events.publish(RunChanged(AT, a_run("r3")))
    assert stage.view.jobs == ("llama-tiny · running and 2 more", "r2")
    stage.events.publish(RunChanged(AT, a_run("r3", state=RunState.CANCELLED)))
    stage.events.publish(RunChanged(AT, a_run("r1", state=RunState.SUCCEEDED)))
    stage.events.publish(RunChanged(AT, a_run("r2", state=RunState.CANCELLED)))

    assert stage.view.jobs == ("", "")


def test_a_run_that_ended_while_the_list_was_read_is_not_shown() -> None:
    tasks = LaterTaskRunner()
    stage = Stage(Program(active=[a_run("r1", state=RunState.RUNNING)]), tasks)
    stage.presenter.start()

    stage.events.publish(RunChanged(AT, a_run("r1", state=RunState.SUCCEEDED)))
    tasks.run_all()

    assert stage.view.jobs == ("", "")


def test_only_runs_of_this_process_count_before_closing() -> None:
    stage = Stage()
    mine = a_run("r1", state=RunState.RUNNING)
    theirs = replace(a_run("r2"), owner=replace(mine.owner, pid=mine.owner.pid + 1))

    stage.events.publish(RunChanged(AT, mine))
    stage.events.publish(RunChanged(AT, theirs))

    assert stage.presenter.runs_of(mine.owner.pid) == 1


@pytest.mark.parametrize(("expected", "warnings"), [(True, 0), (False, 1)])
def test_only_a_worker_that_died_is_reported(*, expected: bool, warnings: int) -> None:
    stage = Stage()

    stage.events.publish(WorkerStopped(AT, "llama", "1.0.0", 7, "signal 9", expected))

    assert len(stage.notices.warnings) == warnings


def test_a_picked_theme_is_worn_at_once_and_kept() -> None:
    stage = Stage()

    stage.view.theme_requested.emit("dark")

    assert stage.view.theme == "dark"
    assert stage.program.theme == "dark"


def test_a_theme_that_cannot_be_kept_is_said() -> None:
    stage = Stage()
    stage.program.trouble = DatabaseBusyError("heygen.db", 5.0)

    stage.view.theme_requested.emit("dark")

    assert stage.view.theme == "dark"
    assert stage.notices.warnings[0].startswith("The theme was not saved.")


def test_a_theme_set_elsewhere_is_worn_too() -> None:
    stage = Stage()
    stage.program.theme = "dark"

    stage.events.publish(SettingChanged(AT, "staging", "inference.device", 2))
    assert stage.view.theme == ""
    stage.events.publish(SettingChanged(AT, "staging", "appearance.theme", 3))

    assert stage.view.theme == "dark"


def test_the_machine_is_read_as_often_as_the_setting_says() -> None:
    stage = Stage()
    stage.presenter.start()
    at_start = stage.view.interval_s

    stage.program.interval_s = 5.0
    stage.events.publish(SettingChanged(AT, "staging", "monitoring.interval_s", 2))

    assert (at_start, stage.view.interval_s) == (2.0, 5.0)


def test_the_environment_that_is_picked_is_used() -> None:
    stage = Stage()
    stage.presenter.start()
    assert stage.view.environments == ("development", "testing", "staging", "production")

    stage.view.environment_requested.emit("production")

    assert stage.program.used == ["production"]


def test_another_environment_in_use_is_shown_and_remembered_with_what_it_says() -> None:
    stage = Stage()
    stage.presenter.start()
    stage.program.interval_s, stage.program.theme = 5.0, "dark"

    stage.events.publish(EnvironmentChanged(AT, "production", "staging"))

    assert (stage.view.environment, stage.program.remembered) == ("production", "production")
    assert stage.view.interval_s == 5.0
    assert stage.notices.undoable == "Switched to production."
    stage.notices.undo()
    assert stage.program.used == ["staging"]


def test_a_question_that_fails_is_a_warning() -> None:
    stage = Stage()

    def busy() -> Sequence[Run]:
        raise DatabaseBusyError("heygen.db", 5.0)

    stage.presenter = ShellPresenter(
        stage.view,
        replace(stage.program.use_cases(), active_runs=busy),
        NowTaskRunner(),
        stage.events,
        stage.notices,
    )

    stage.presenter.start()

    assert len(stage.notices.warnings) == 1


def test_after_closing_nothing_is_heard_or_measured() -> None:
    tasks = LaterTaskRunner()
    stage = Stage(tasks=tasks)
    stage.presenter.start()

    stage.presenter.close()
    stage.presenter.close()
    stage.events.publish(RunChanged(AT, a_run("r1")))
    stage.view.reading_due.emit()
    tasks.run_all()

    assert stage.events.listeners == 0
    assert all(task.is_cancelled for task in tasks.submitted)
    assert stage.view.readings == []


def test_a_presenter_that_never_measured_closes_too() -> None:
    stage = Stage()

    stage.presenter.close()

    assert stage.events.listeners == 0


def test_a_gpu_is_named_with_its_memory() -> None:
    one = reading_of(a_sample(gpus=(A_CARD,)), "").gpu
    two = reading_of(a_sample(gpus=(A_CARD, A_CARD)), "").gpu

    assert (one.value, one.percent) == ("41 %", 41.0)
    assert one.tooltip == "H200: 2.0 GB of 10.0 GB memory"
    assert two.tooltip.startswith("H200, the first of 2")


def test_where_there_is_no_gpu_it_is_said_quietly() -> None:
    gpu = reading_of(a_sample(), "").gpu

    assert (gpu.value, gpu.percent) == ("no GPU", None)
    assert gpu.tooltip == "No GPU was found on this machine."


def test_memory_that_cannot_be_read_has_no_chart() -> None:
    reading = reading_of(replace(a_sample(), memory_total_bytes=0), "")

    assert reading.memory.percent is None


def test_runs_that_another_program_began_and_ended_are_followed() -> None:
    stage = Stage()
    stage.presenter.start()

    stage.program.active = [a_run("r1", state=RunState.RUNNING)]
    stage.events.publish(ChangedElsewhere(AT, {Topic.RUNS}))
    began = stage.view.jobs
    stage.program.active = []
    stage.events.publish(ChangedElsewhere(AT, {Topic.RUNS}))

    assert (began, stage.view.jobs) == (("llama-tiny · running", "r1"), ("", ""))


def test_a_run_that_begins_here_while_the_list_is_read_stays_shown() -> None:
    tasks = LaterTaskRunner()
    stage = Stage(tasks=tasks)
    stage.events.publish(ChangedElsewhere(AT, {Topic.RUNS}))

    stage.events.publish(RunChanged(AT, a_run("r1", state=RunState.RUNNING)))
    tasks.run_all()

    assert stage.view.jobs == ("llama-tiny · running", "r1")
