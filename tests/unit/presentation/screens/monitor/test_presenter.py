"""The story of the monitor, without a window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from heygen_desktop.application.ports.metrics import Sample
from heygen_desktop.domain.entities.run import Owner, Run, RunState
from heygen_desktop.domain.errors import DatabaseBusyError, HeyGenError
from heygen_desktop.domain.events import ChangedElsewhere, RunChanged, SettingChanged
from heygen_desktop.domain.repositories import Topic
from heygen_desktop.presentation.desktop.ports import TaskRunner
from heygen_desktop.presentation.desktop.problems import Problem
from heygen_desktop.presentation.desktop.screens.monitor.charts import Frame
from heygen_desktop.presentation.desktop.screens.monitor.contract import MonitorState
from heygen_desktop.presentation.desktop.screens.monitor.marks import Mark
from heygen_desktop.presentation.desktop.screens.monitor.presenter import (
    MonitorPresenter,
    MonitorUseCases,
)
from heygen_desktop.presentation.desktop.screens.monitor.processes import ProcessRow
from heygen_desktop.presentation.desktop.screens.monitor.unloading import ProcessUseCases

from tests.fakes.metrics import FakeSeries, a_sample
from tests.fakes.tasks import (
    FakeEvents,
    FakeMemory,
    FakeNavigation,
    FakeNotices,
    FakeSignal,
    LaterTaskRunner,
    NowTaskRunner,
)
from tests.unit.presentation.desktop.runs import a_run

NOW = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)


class FakeMonitorView:
    """Keeps what it was told."""

    def __init__(self) -> None:
        self.tick = FakeSignal()
        self.range_chosen = FakeSignal()
        self.zoom_requested = FakeSignal()
        self.live_requested = FakeSignal()
        self.pause_toggled = FakeSignal()
        self.run_requested = FakeSignal()
        self.unload_requested = FakeSignal()
        self.end_requested = FakeSignal()
        self.csv_requested = FakeSignal()
        self.picture_requested = FakeSignal()
        self.retry_requested = FakeSignal()
        self.interval_s = 0.0
        self.frames: list[Frame] = []
        self.spans: list[tuple[float, float]] = []
        self.marks: Sequence[Mark] = ()
        self.state = MonitorState(0)
        self.no_gpu = ""
        self.processes: Sequence[ProcessRow] = ()
        self.questions: list[str] = []
        self.agrees = True
        self.problem: Problem | None = None
        self.chosen: Path | None = None

    @property
    def frame(self) -> Frame:
        return self.frames[-1]

    @property
    def is_live(self) -> bool:
        return self.interval_s > 0

    def tick_every(self, seconds: float) -> None:
        self.interval_s = seconds

    def show_frame(self, frame: Frame) -> None:
        self.frames.append(frame)

    def show_span(self, start: float, end: float) -> None:
        self.spans.append((start, end))

    def show_marks(self, marks: Sequence[Mark]) -> None:
        self.marks = marks

    def show_state(self, state: MonitorState) -> None:
        self.state = state

    def show_no_gpu(self, why: str) -> None:
        self.no_gpu = why

    def show_processes(self, rows: Sequence[ProcessRow]) -> None:
        self.processes = rows

    def ask_confirmation(self, title: str, consequence: str, action: str) -> bool:
        assert all((title, consequence, action))
        self.questions.append(title)
        return self.agrees

    def show_problem(self, problem: Problem | None) -> None:
        self.problem = problem

    def ask_where(self, title: str, name: str, kinds: str) -> Path | None:
        assert all((title, name, kinds))
        return self.chosen

    def picture(self) -> bytes:
        return b"PNG"


def a_process(name: str, *, pid: int = 1, is_busy: bool = False) -> ProcessRow:
    reference = name if "@" in name else ""
    return ProcessRow(name, "", Owner(pid, 1.0), 10**9, reference=reference, is_busy=is_busy)


class Machine:
    """A machine that is read every second, its runs and its clock."""

    def __init__(self, seconds: int = 30) -> None:
        self.now = NOW
        first = NOW - timedelta(seconds=seconds - 1)
        times = (first + timedelta(seconds=second) for second in range(seconds))
        self.series = FakeSeries([a_sample(at) for at in times])
        self.runs: list[Run] = []
        self.trouble: HeyGenError | None = None
        self.interval_s = 1.0
        self.rows = [a_process("This window"), a_process("llama@1.0.0", pid=7)]
        self.done: list[object] = []

    def use_cases(self) -> MonitorUseCases:
        return MonitorUseCases(
            since=self._since,
            gpu_problem=lambda: "No driver.",
            runs=lambda: self.runs,
            interval_s=lambda: self.interval_s,
            now=lambda: self.now,
            processes=ProcessUseCases(
                look=lambda: tuple(self.rows), unload=self.done.append, end=self.done.append
            ),
        )

    def pass_second(self) -> None:
        self.now += timedelta(seconds=1)
        self.series.append(a_sample(self.now))

    def _since(self, start: datetime) -> Sequence[Sample]:
        if self.trouble is not None:
            raise self.trouble
        return self.series.since(start)


class Stage:
    """A presenter with everything around it."""

    def __init__(
        self,
        tasks: TaskRunner | None = None,
        *,
        machine: Machine | None = None,
        memory: FakeMemory | None = None,
    ) -> None:
        self.machine = machine or Machine()
        self.view = FakeMonitorView()
        self.events = FakeEvents()
        self.navigation = FakeNavigation()
        self.notices = FakeNotices()
        self.memory = memory or FakeMemory()
        self.presenter = MonitorPresenter(
            self.view,
            self.machine.use_cases(),
            tasks or NowTaskRunner(),
            self.events,
            self.navigation,
            self.notices,
            self.memory,
        )


def test_the_screen_opens_with_what_was_measured_so_far() -> None:
    stage = Stage()

    stage.presenter.shown()

    assert stage.view.is_live
    assert len(stage.view.frame.times) == 30
    assert stage.view.frame.end - stage.view.frame.start == 300
    assert stage.view.frame.end == NOW.timestamp()
    assert stage.view.no_gpu == "No driver."


def test_each_second_adds_its_reading() -> None:
    stage = Stage()
    stage.presenter.shown()

    for _ in range(3):
        stage.machine.pass_second()
        stage.view.tick.emit()

    assert len(stage.view.frame.times) == 33
    assert stage.view.frame.end == (NOW + timedelta(seconds=3)).timestamp()


def test_a_slow_answer_is_waited_for_and_not_piled_up() -> None:
    tasks = LaterTaskRunner()
    stage = Stage(tasks)
    stage.presenter.shown()
    tasks.run_all()

    for _ in range(3):
        stage.view.tick.emit()

    assert tasks.waiting == 2  # the readings and the processes, once each


def test_the_first_tick_without_readings_waits_for_them() -> None:
    stage = Stage(machine=Machine(seconds=0))
    stage.presenter.shown()
    assert stage.view.state.words == "Waiting for the first reading"

    stage.machine.pass_second()
    stage.view.tick.emit()

    assert stage.view.state.words == ""
    assert len(stage.view.frame.times) == 1


def test_what_scrolled_out_is_forgotten() -> None:
    stage = Stage(machine=Machine(seconds=100))
    stage.presenter.shown()
    stage.presenter.choose_range(60)

    for _ in range(40):
        stage.machine.pass_second()
        stage.view.tick.emit()

    assert 61 <= len(stage.view.frame.times) <= 62


def test_the_chosen_range_is_remembered() -> None:
    memory = FakeMemory()
    Stage(memory=memory).view.range_chosen.emit(3600)

    again = Stage(memory=memory)
    again.presenter.shown()

    assert again.view.state.range_s == 3600
    assert again.view.frame.end - again.view.frame.start == 3600


@pytest.mark.parametrize("kept", ["", "7", "soon"])
def test_a_memory_of_no_range_gives_five_minutes(kept: str) -> None:
    assert Stage(memory=FakeMemory({"monitor/range": kept})).view.state.range_s == 300


def test_paused_charts_stand_still_and_catch_up_afterwards() -> None:
    stage = Stage()
    stage.presenter.shown()

    stage.view.pause_toggled.emit()
    stage.machine.pass_second()
    stage.view.tick.emit()
    assert len(stage.view.frame.times) == 30
    assert stage.view.state == MonitorState(300, is_live=False, words="Paused")
    stage.presenter.toggle_pause()

    assert len(stage.view.frame.times) == 31
    assert stage.view.state == MonitorState(300)


def test_an_answer_that_comes_into_the_pause_is_not_drawn() -> None:
    tasks = LaterTaskRunner()
    stage = Stage(tasks)
    stage.presenter.shown()
    tasks.run_all()
    drawn = len(stage.view.frames)

    stage.view.tick.emit()
    stage.view.pause_toggled.emit()
    tasks.run_all()

    assert len(stage.view.frames) == drawn


def test_a_dragged_stretch_is_looked_at_until_live_is_wanted() -> None:
    stage = Stage()
    stage.presenter.shown()
    end = NOW.timestamp()

    stage.view.zoom_requested.emit(end - 5, end - 25)
    stage.machine.pass_second()
    stage.view.tick.emit()
    assert stage.view.spans == [(end - 25, end - 5)]
    assert (stage.view.frame.start, stage.view.frame.end) == (end - 25, end - 5)
    assert len(stage.view.frame.times) == 22  # with the one that leads into it
    assert (stage.view.state.range_s, stage.view.state.is_live) == (0, False)
    assert stage.view.state.words.startswith("20.0 s from ")
    stage.view.live_requested.emit()

    assert stage.view.state == MonitorState(300)
    assert stage.view.frame.end == end + 1


def test_a_line_begins_at_the_left_edge_where_there_was_a_reading_before_it() -> None:
    stage = Stage(machine=Machine(seconds=400))

    stage.presenter.shown()
    stage.presenter.zoom(NOW.timestamp() - 20.5, NOW.timestamp() - 10)

    start, second, *_ = stage.view.frame.times
    assert start < stage.view.frame.start <= second
    assert stage.view.frames[0].times[0] < stage.view.frames[0].start


def test_a_zoom_stays_within_what_can_have_been_measured() -> None:
    stage = Stage()
    stage.presenter.shown()
    now = NOW.timestamp()

    stage.view.zoom_requested.emit(now - 1, now - 1)
    stage.view.zoom_requested.emit(now - 10 * 86_400, now + 86_400)
    stage.view.zoom_requested.emit(now + 100, now + 200)

    assert stage.view.spans == [(now - 3, now), (now - 86_400, now), (now - 4, now)]


def test_the_button_of_a_zoomed_chart_comes_back_to_now() -> None:
    stage = Stage()
    stage.presenter.shown()
    stage.presenter.zoom(NOW.timestamp() - 20, NOW.timestamp() - 10)

    stage.view.pause_toggled.emit()

    assert stage.view.state == MonitorState(300)
    assert stage.view.frame.end == NOW.timestamp()


def test_runs_of_before_and_of_now_are_marked() -> None:
    stage = Stage()
    began = NOW - timedelta(seconds=20)
    run = replace(a_run("r1"), started_at=began, state=RunState.RUNNING)
    stage.machine.runs = [run, a_run("queued")]
    stage.presenter.shown()
    assert [(mark.run_id, mark.end) for mark in stage.view.marks] == [("r1", None)]

    done = replace(run, state=RunState.SUCCEEDED, finished_at=NOW)
    stage.events.publish(RunChanged(NOW, done))
    assert [(mark.tone, mark.end) for mark in stage.view.marks] == [("success", NOW.timestamp())]
    stage.view.run_requested.emit("r1")

    assert stage.navigation.shown == [("run", "run:r1")]


def test_runs_of_another_program_are_marked_as_they_come_and_end() -> None:
    stage = Stage()
    run = replace(a_run("r1"), started_at=NOW - timedelta(seconds=20), state=RunState.RUNNING)
    stage.presenter.shown()

    stage.machine.runs = [run]
    stage.events.publish(ChangedElsewhere(NOW, {Topic.RUNS}))
    assert [(mark.run_id, mark.end) for mark in stage.view.marks] == [("r1", None)]
    stage.machine.runs = [replace(run, state=RunState.FAILED, finished_at=NOW)]
    stage.events.publish(ChangedElsewhere(NOW, {Topic.RUNS}))

    assert [(mark.tone, mark.end) for mark in stage.view.marks] == [("danger", NOW.timestamp())]


def test_a_changed_interval_takes_effect_at_once() -> None:
    stage = Stage()
    stage.presenter.shown()
    stage.machine.interval_s = 5.0

    stage.events.publish(SettingChanged(NOW, "development", "appearance.theme", 1))
    assert stage.view.interval_s == 1.0
    stage.events.publish(SettingChanged(NOW, "development", "monitoring.interval_s", 2))

    assert stage.view.interval_s == 5.0


def test_nothing_is_drawn_for_a_screen_out_of_view() -> None:
    stage = Stage()
    stage.presenter.shown()
    stage.presenter.hidden()

    run = replace(a_run("r1"), started_at=NOW, state=RunState.RUNNING)
    stage.events.publish(RunChanged(NOW, run))
    assert stage.view.marks == []
    assert not stage.view.is_live
    stage.machine.pass_second()
    stage.presenter.shown()

    assert [mark.run_id for mark in stage.view.marks] == ["r1"]
    assert len(stage.view.frame.times) == 31


def test_a_zoomed_or_paused_screen_comes_back_as_it_was_left() -> None:
    stage = Stage()
    stage.presenter.shown()
    stage.presenter.toggle_pause()
    drawn = len(stage.view.frames)

    stage.presenter.hidden()
    stage.presenter.shown()

    assert len(stage.view.frames) == drawn


def test_the_readings_in_view_are_saved_as_a_table(tmp_path: Path) -> None:
    stage = Stage()
    stage.presenter.shown()
    stage.view.chosen = tmp_path / "readings.csv"

    stage.presenter.zoom(NOW.timestamp() - 10, NOW.timestamp() - 4)
    stage.view.csv_requested.emit()

    lines = stage.view.chosen.read_text("utf-8").splitlines()
    assert lines[0].startswith("at,cpu_percent,memory_used_bytes")
    assert len(lines) == 1 + 7
    assert stage.notices.notices == ["Saved readings.csv."]


def test_the_picture_in_view_is_saved(tmp_path: Path) -> None:
    stage = Stage()
    stage.view.chosen = tmp_path / "monitor.png"

    stage.view.picture_requested.emit()

    assert stage.view.chosen.read_bytes() == b"PNG"


def test_who_chooses_no_file_gets_none(tmp_path: Path) -> None:
    tasks = NowTaskRunner()
    stage = Stage(tasks)

    stage.view.csv_requested.emit()
    stage.view.picture_requested.emit()

    assert tasks.submitted == []


def test_a_file_that_cannot_be_written_is_a_problem(tmp_path: Path) -> None:
    stage = Stage()
    stage.presenter.shown()
    stage.view.chosen = tmp_path / "no" / "folder.csv"

    stage.view.csv_requested.emit()

    assert stage.view.problem is not None
    assert stage.notices.notices == []


def test_trouble_is_shown_until_the_next_good_answer() -> None:
    stage = Stage()
    stage.machine.trouble = DatabaseBusyError("heygen.db", 5.0)
    stage.presenter.shown()
    first = stage.view.problem

    stage.machine.trouble = None
    stage.view.tick.emit()

    assert first is not None
    assert stage.view.problem is None


def test_our_processes_are_listed_also_while_the_charts_stand_still() -> None:
    stage = Stage()
    stage.presenter.shown()
    stage.presenter.toggle_pause()
    assert [row.name for row in stage.view.processes] == ["This window", "llama@1.0.0"]

    del stage.machine.rows[1]
    stage.view.tick.emit()

    assert [row.name for row in stage.view.processes] == ["This window"]


def test_an_idle_model_is_unloaded_at_once_and_one_at_work_after_a_question() -> None:
    stage = Stage()
    stage.view.unload_requested.emit(a_process("llama@1.0.0"))
    assert (stage.view.questions, stage.machine.done) == ([], ["llama@1.0.0"])
    assert stage.notices.notices == ["llama@1.0.0 has left memory."]

    stage.view.agrees = False
    stage.view.unload_requested.emit(a_process("busy@1.0.0", is_busy=True))

    assert stage.view.questions == ["Unload busy@1.0.0 while it works?"]
    assert stage.machine.done == ["llama@1.0.0"]


def test_a_worker_is_ended_only_after_a_question() -> None:
    stage = Stage()
    stage.view.agrees = False
    stage.view.end_requested.emit(a_process("llama@1.0.0", pid=7))
    assert stage.machine.done == []

    stage.view.agrees = True
    stage.view.end_requested.emit(a_process("llama@1.0.0", pid=7, is_busy=True))

    assert stage.machine.done == [Owner(7, 1.0)]
    assert stage.notices.notices == ["The process of llama@1.0.0 was ended."]


def test_after_closing_nothing_is_heard_or_drawn() -> None:
    tasks = LaterTaskRunner()
    stage = Stage(tasks)
    stage.presenter.shown()

    stage.presenter.close()
    stage.presenter.close()
    tasks.run_all()

    assert stage.events.listeners == 0
    assert stage.view.frames == []
    assert all(task.is_cancelled for task in tasks.submitted)
