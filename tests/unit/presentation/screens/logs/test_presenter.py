"""The story of the log screen, without Qt."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from heygen_desktop.application.ports.logs import LogLevel, LogQuery, LogRecord
from heygen_desktop.domain.errors import FileUnreadableError, HeyGenError
from heygen_desktop.presentation.desktop.ports import TaskRunner
from heygen_desktop.presentation.desktop.problems import Problem
from heygen_desktop.presentation.desktop.screens.logs.contract import LogsState
from heygen_desktop.presentation.desktop.screens.logs.presenter import LogsPresenter
from heygen_desktop.presentation.desktop.screens.logs.records import MOST
from heygen_desktop.presentation.desktop.screens.logs.rows import LogDetail, LogRow

from tests.fakes.logs import FakeLogs
from tests.fakes.tasks import (
    FakeMemory,
    FakeNavigation,
    FakeNotices,
    FakeSignal,
    LaterTaskRunner,
    NowTaskRunner,
)


class FakeLogsView:
    """Keeps what it was told."""

    def __init__(self) -> None:
        self.tick = FakeSignal()
        self.levels_chosen = FakeSignal()
        self.text_searched = FakeSignal()
        self.filters_cleared = FakeSignal()
        self.source_cleared = FakeSignal()
        self.source_requested = FakeSignal()
        self.run_requested = FakeSignal()
        self.follow_requested = FakeSignal()
        self.pause_requested = FakeSignal()
        self.record_selected = FakeSignal()
        self.folder_requested = FakeSignal()
        self.retry_requested = FakeSignal()
        self.is_live = False
        self.readings = 0
        self.rows: list[LogRow] = []
        self.whole_lists = 0
        self.nothing = ("", False)
        self.state = LogsState()
        self.detail: LogDetail | None = None
        self.problem: Problem | None = None
        self.opened: list[Path] = []
        self.has_file_manager = True

    @property
    def messages(self) -> list[str]:
        return [row.message for row in self.rows]

    @property
    def follow(self) -> tuple[bool, int]:
        return self.state.following, self.state.unseen

    @property
    def paused(self) -> tuple[bool, int]:
        return self.state.paused, self.state.held

    def set_live(self, live: bool) -> None:
        self.is_live = live

    def show_reading(self) -> None:
        self.readings += 1

    def show_rows(self, rows: Sequence[LogRow]) -> None:
        self.rows = list(rows)
        self.whole_lists += 1
        self.nothing = ("", False)

    def add_rows(self, rows: Sequence[LogRow], dropped: int) -> None:
        self.rows = [*self.rows[dropped:], *rows]

    def show_nothing(self, title: str, sentence: str, *, can_clear: bool) -> None:
        assert sentence
        self.rows = []
        self.nothing = (title, can_clear)

    def show_state(self, state: LogsState) -> None:
        self.state = state

    def show_detail(self, detail: LogDetail | None) -> None:
        self.detail = detail

    def show_problem(self, problem: Problem | None) -> None:
        self.problem = problem

    def open_folder(self, folder: Path) -> bool:
        self.opened.append(folder)
        return self.has_file_manager


class TroubledLogs(FakeLogs):
    """A log that cannot be read while there is trouble."""

    trouble: HeyGenError | None = None

    def tail(self, cursor: int) -> tuple[Sequence[LogRecord], int]:
        if self.trouble is not None:
            raise self.trouble
        return super().tail(cursor)

    def query(self, wanted: LogQuery) -> Sequence[LogRecord]:
        if self.trouble is not None:
            raise self.trouble
        return super().query(wanted)


class Stage:
    """A presenter with everything around it."""

    def __init__(
        self, tasks: TaskRunner | None = None, *, most: int = MOST, memory: FakeMemory | None = None
    ) -> None:
        self.logs = TroubledLogs()
        self.view = FakeLogsView()
        self.navigation = FakeNavigation()
        self.notices = FakeNotices()
        self.memory = memory or FakeMemory()
        self.presenter = LogsPresenter(
            self.view,
            self.logs,
            tasks or NowTaskRunner(),
            self.navigation,
            self.notices,
            self.memory,
            most=most,
        )


def test_an_empty_log_says_what_will_be_there() -> None:
    stage = Stage()

    stage.presenter.shown()

    assert stage.view.is_live
    assert stage.view.nothing == ("Nothing logged yet", False)
    assert stage.view.state.records == "0 records"
    assert stage.view.state.file == str(stage.logs.file)


def test_what_was_logged_before_is_listed_oldest_first_with_counts() -> None:
    stage = Stage()
    stage.logs.add("First")
    stage.logs.add("Second", level=LogLevel.ERROR)

    stage.presenter.shown()

    assert stage.view.messages == ["First", "Second"]
    assert stage.view.state.counts == {LogLevel.INFO: 1, LogLevel.ERROR: 1}


def test_new_records_come_in_while_the_screen_is_in_view() -> None:
    stage = Stage()
    stage.presenter.shown()
    stage.logs.add("First")
    stage.view.tick.emit()
    stage.logs.add("Second")
    stage.view.tick.emit()
    stage.view.tick.emit()

    assert stage.view.messages == ["First", "Second"]
    assert stage.view.whole_lists == 1
    assert stage.view.follow == (True, 0)


def test_nothing_is_asked_before_the_log_was_read_nor_twice_at_a_time() -> None:
    tasks = LaterTaskRunner()
    stage = Stage(tasks)

    stage.view.tick.emit()
    stage.presenter.shown()
    stage.view.tick.emit()
    assert tasks.waiting == 1
    tasks.run_all()
    stage.view.tick.emit()
    stage.view.tick.emit()

    assert tasks.waiting == 1


def test_a_long_log_shows_its_newest_at_once_and_the_rest_soon_after() -> None:
    tasks = LaterTaskRunner()
    stage = Stage(tasks)
    for number in range(1200):
        stage.logs.add(f"Record {number}")

    stage.presenter.shown()
    tasks.run_next()
    assert len(stage.view.rows) == 1000
    tasks.run_all()

    assert len(stage.view.rows) == 1200
    assert stage.view.messages[-1] == "Record 1199"


def test_a_text_narrows_the_list_whatever_its_case_and_wherever_it_stands() -> None:
    stage = Stage()
    stage.logs.add("Run started", category="runs", ids={"run_id": "abc123"})
    stage.logs.add("Worker started", category="workers", extra={"model": "Llama"})
    stage.logs.add("Setting changed", category="settings")
    stage.presenter.shown()

    stage.view.text_searched.emit("STARTED")
    assert stage.view.messages == ["Run started", "Worker started"]
    assert stage.view.state.records == "2 of 3 records"
    stage.view.text_searched.emit("llama")
    assert stage.view.messages == ["Worker started"]
    stage.view.text_searched.emit("ABC1")

    assert stage.view.messages == ["Run started"]


def test_levels_narrow_the_list_and_their_counts_stay() -> None:
    stage = Stage()
    stage.logs.add("Fine")
    stage.logs.add("Broken", level=LogLevel.ERROR)
    stage.presenter.shown()

    stage.view.levels_chosen.emit(frozenset({LogLevel.ERROR}))
    stage.logs.add("Fine too")
    stage.logs.add("Broken too", level=LogLevel.ERROR)
    stage.view.tick.emit()

    assert stage.view.messages == ["Broken", "Broken too"]
    assert stage.view.state.counts == {LogLevel.INFO: 2, LogLevel.ERROR: 2}


def test_chosen_levels_are_remembered_for_the_next_start() -> None:
    memory = FakeMemory()
    Stage(memory=memory).view.levels_chosen.emit(frozenset({LogLevel.ERROR, LogLevel.CRITICAL}))

    again = Stage(memory=memory)

    assert again.view.state.levels == {LogLevel.ERROR, LogLevel.CRITICAL}


def test_nothing_that_matches_offers_to_clear_the_filters() -> None:
    stage = Stage()
    stage.logs.add("Run started")
    stage.presenter.shown()

    stage.view.text_searched.emit("nowhere")
    assert stage.view.nothing == ("Nothing matches", True)
    stage.view.filters_cleared.emit()

    assert stage.view.messages == ["Run started"]
    assert (stage.view.state.text, stage.view.state.levels) == ("", frozenset(LogLevel))


def test_an_answer_to_an_earlier_filter_is_never_shown() -> None:
    tasks = LaterTaskRunner()
    stage = Stage(tasks)
    stage.logs.add("Alpha")
    stage.logs.add("Beta")
    stage.presenter.shown()
    tasks.run_all()

    stage.view.text_searched.emit("alpha")
    stage.view.text_searched.emit("beta")
    tasks.run_all()

    assert stage.view.messages == ["Beta"]
    assert stage.view.whole_lists == 2


def test_a_filter_changed_while_the_log_is_read_holds_for_what_was_read() -> None:
    tasks = LaterTaskRunner()
    stage = Stage(tasks)
    stage.logs.add("Alpha")
    stage.logs.add("Beta")
    stage.presenter.shown()

    stage.view.text_searched.emit("beta")
    tasks.run_all()

    assert stage.view.messages == ["Beta"]


def test_what_comes_while_the_filter_works_is_listed_after_it() -> None:
    tasks = LaterTaskRunner()
    stage = Stage(tasks)
    stage.logs.add("Alpha one")
    stage.presenter.shown()
    tasks.run_all()

    stage.view.tick.emit()
    stage.logs.add("Alpha two")
    stage.logs.add("Beta")
    stage.view.text_searched.emit("alpha")
    tasks.run_next()
    assert stage.view.messages == ["Alpha one"]
    tasks.run_all()

    assert stage.view.messages == ["Alpha one", "Alpha two"]


def test_another_screen_may_ask_for_the_records_of_one_run() -> None:
    stage = Stage()
    stage.logs.add("Mine", ids={"run_id": "r1"})
    stage.logs.add("Other", ids={"run_id": "r2"})
    stage.presenter.shown()

    stage.presenter.receive("run:r1")
    stage.logs.add("Other again", ids={"run_id": "r2"})
    stage.logs.add("Mine again", ids={"run_id": "r1"})
    stage.view.tick.emit()
    assert stage.view.messages == ["Mine", "Mine again"]
    assert stage.view.state.source == "Run r1"
    stage.view.source_cleared.emit()

    assert len(stage.view.rows) == 4
    assert stage.view.state.source == ""


def test_a_request_and_a_bare_run_id_are_understood_too() -> None:
    stage = Stage()
    stage.logs.add("By request", ids={"request_id": "q1"})
    stage.logs.add("By run", ids={"run_id": "r1"})
    stage.presenter.shown()

    stage.presenter.receive("request:q1")
    assert (stage.view.messages, stage.view.state.source) == (["By request"], "Request q1")
    stage.view.source_requested.emit("r1")

    assert (stage.view.messages, stage.view.state.source) == (["By run"], "Run r1")


def test_asking_for_the_same_run_twice_reads_it_once() -> None:
    stage = Stage()
    stage.presenter.shown()
    stage.presenter.receive("run:r1")
    readings = stage.view.readings

    stage.presenter.receive("run:r1")

    assert stage.view.readings == readings


def test_a_run_without_records_says_so_and_clearing_shows_all() -> None:
    stage = Stage()
    stage.logs.add("Other")
    stage.presenter.shown()

    stage.presenter.receive("run:gone")
    assert stage.view.nothing == ("No records of it", True)
    stage.view.filters_cleared.emit()

    assert stage.view.messages == ["Other"]


def test_whoever_scrolled_up_is_told_how_many_came() -> None:
    stage = Stage()
    stage.logs.add("First")
    stage.presenter.shown()

    stage.view.follow_requested.emit(False)
    stage.logs.add("Second")
    stage.logs.add("Third")
    stage.view.tick.emit()
    assert stage.view.follow == (False, 2)
    stage.view.follow_requested.emit(True)

    assert stage.view.follow == (True, 0)


def test_a_paused_list_stands_still_and_counts_what_it_holds_back() -> None:
    stage = Stage()
    stage.logs.add("First")
    stage.presenter.shown()

    stage.view.pause_requested.emit(True)
    stage.logs.add("Second")
    stage.view.tick.emit()
    assert stage.view.messages == ["First"]
    assert stage.view.paused == (True, 1)
    stage.presenter.toggle_pause()

    assert stage.view.messages == ["First", "Second"]
    assert stage.view.paused == (False, 0)


def test_follow_is_lit_only_while_it_follows_and_ends_a_pause() -> None:
    stage = Stage()
    stage.logs.add("First")
    stage.presenter.shown()

    stage.view.pause_requested.emit(True)
    assert stage.view.follow == (False, 0)
    stage.logs.add("Second")
    stage.view.tick.emit()
    stage.view.text_searched.emit("second")
    assert stage.view.paused == (True, 1)
    stage.view.follow_requested.emit(True)

    assert stage.view.follow == (True, 0)
    assert stage.view.paused == (False, 0)
    assert stage.view.messages == ["Second"]


def test_a_long_pause_does_not_fill_the_memory() -> None:
    stage = Stage(most=10)
    stage.presenter.shown()

    stage.presenter.toggle_pause()
    for number in range(15):
        stage.logs.add(f"Record {number}")
    stage.view.tick.emit()

    assert stage.view.paused == (True, 10)


def test_the_oldest_make_room_and_it_is_said() -> None:
    stage = Stage(most=10)
    for number in range(10):
        stage.logs.add(f"Record {number}", level=LogLevel.INFO if number else LogLevel.ERROR)
    stage.presenter.shown()

    stage.logs.add("Record 10")
    stage.view.tick.emit()

    assert stage.view.messages == [f"Record {number}" for number in range(2, 11)]
    assert stage.view.state.records == "9 records, older ones are in the files"
    assert stage.view.state.counts[LogLevel.ERROR] == 0


def test_a_record_is_shown_whole_and_its_run_opened() -> None:
    stage = Stage()
    record = stage.logs.add("Broken", ids={"run_id": "r1"}, exception="Traceback")
    stage.presenter.shown()

    stage.view.record_selected.emit(record.position)
    detail = stage.view.detail
    assert detail is not None
    assert detail.exception == "Traceback"
    stage.view.run_requested.emit("r1")
    assert stage.navigation.shown == [("run", "run:r1")]
    stage.view.record_selected.emit(0)

    assert stage.view.detail is None


def test_the_folder_is_opened_or_named() -> None:
    stage = Stage()

    stage.view.folder_requested.emit()
    stage.view.has_file_manager = False
    stage.view.folder_requested.emit()

    assert stage.view.opened == [stage.logs.folder, stage.logs.folder]
    assert stage.notices.warnings == [f"No file manager opened. The log is in {stage.logs.folder}."]


def test_a_log_that_cannot_be_read_is_a_problem_until_it_can() -> None:
    stage = Stage()
    stage.logs.trouble = FileUnreadableError("heygen.jsonl", "Permission denied.")
    stage.presenter.shown()
    first = stage.view.problem

    stage.logs.trouble = None
    stage.logs.add("First")
    stage.view.retry_requested.emit()

    assert first is not None
    assert stage.view.problem is None
    assert stage.view.messages == ["First"]


def test_trouble_while_following_goes_with_the_next_answer() -> None:
    stage = Stage()
    stage.presenter.shown()
    stage.logs.trouble = FileUnreadableError("heygen.jsonl", "Permission denied.")
    stage.view.tick.emit()
    first = stage.view.problem

    stage.logs.trouble = None
    stage.logs.add("First")
    stage.view.tick.emit()

    assert first is not None
    assert stage.view.problem is None
    assert stage.view.messages == ["First"]


def test_a_screen_that_comes_back_shows_what_came_meanwhile() -> None:
    stage = Stage()
    stage.logs.add("First")
    stage.presenter.shown()

    stage.presenter.hidden()
    assert not stage.view.is_live
    stage.logs.add("Second")
    stage.presenter.shown()

    assert stage.view.messages == ["First", "Second"]
    assert stage.view.readings == 1


def test_after_closing_no_answer_is_heard() -> None:
    tasks = LaterTaskRunner()
    stage = Stage(tasks)
    stage.logs.add("First")
    stage.presenter.shown()

    stage.presenter.close()
    stage.presenter.close()
    tasks.run_all()
    stage.view.tick.emit()

    assert stage.view.rows == []
    assert all(task.is_cancelled for task in tasks.submitted)
    assert tasks.waiting == 0
