"""Runs that go on while a person looks elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from heygen_desktop.domain.entities.run import (
    Loading,
    Produced,
    Progress,
    Run,
    RunFailure,
    RunFigures,
    RunState,
)
from heygen_desktop.domain.events import RunChanged, RunLoading, RunProduced
from heygen_desktop.presentation.desktop.shell.run_watch import LONG, RunWatch

from tests.fakes.tasks import FakeEvents, FakeNavigation, FakeNotices, FakeSignal
from tests.unit.presentation.desktop.runs import AT, a_run


@dataclass
class FakeWindow:
    """A window that is looked at, or not."""

    looked_at: str = "library"
    title: str = ""
    unseen: list[tuple[str, int]] = field(default_factory=list)
    attention_moved: FakeSignal = field(default_factory=FakeSignal)

    def show_progress(self, text: str) -> None:
        self.title = text

    def show_unseen(self, screen_id: str, number: int) -> None:
        self.unseen.append((screen_id, number))

    def look_at(self, screen_id: str) -> None:
        self.looked_at = screen_id
        self.attention_moved.emit()


class Stage:
    def __init__(self) -> None:
        self.window, self.events = FakeWindow(), FakeEvents()
        self.notices, self.navigation = FakeNotices(), FakeNavigation()
        self.outside: list[tuple[str, str, str]] = []
        self.watch = RunWatch(
            self.window,
            self.events,
            self.notices,
            self.navigation,
            lambda *told: self.outside.append(told),
        )

    def end(
        self,
        state: RunState = RunState.SUCCEEDED,
        *,
        after: timedelta = 2 * LONG,
        run_id: str = "1",
    ) -> None:
        """Let a run of llama-tiny begin and end."""
        run = a_run(run_id, state=RunState.RUNNING)
        self.happen(run)
        why = RunFailure("f", "It ran out of memory.") if state is RunState.FAILED else None
        self.happen(replace(run, state=state, finished_at=AT + after, failure=why))

    def happen(self, run: Run) -> None:
        self.events.publish(RunChanged(AT, run))


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_the_title_says_how_far_a_run_is_until_it_ends(stage: Stage) -> None:
    run = a_run("1", state=RunState.LOADING)
    stage.events.publish(RunLoading(AT, "unknown", Loading("starting")))
    assert stage.window.title == ""

    stage.happen(run)
    stage.events.publish(RunLoading(AT, "1", Loading("reading weights", 0.5)))
    assert stage.window.title == "llama-tiny"
    made = Produced("Once", Progress("tokens", 38, 100), RunFigures())
    stage.events.publish(RunProduced(AT, "1", made))
    assert stage.window.title == "38 % · llama-tiny"
    stage.happen(replace(run, state=RunState.SUCCEEDED, finished_at=AT))

    assert stage.window.title == ""


def test_a_long_run_that_ends_is_told_on_another_screen_and_leads_back(stage: Stage) -> None:
    stage.end()

    assert stage.notices.notices == ["llama-tiny is done. It took 20 s."]
    assert stage.outside == []
    stage.notices.acts["Show"]()
    assert stage.navigation.shown == [("run", "run:1")]


def test_the_time_that_is_told_is_that_of_the_run_without_its_wait(stage: Stage) -> None:
    run = replace(a_run("1", state=RunState.RUNNING), started_at=AT + timedelta(seconds=40))

    stage.happen(replace(run, state=RunState.SUCCEEDED, finished_at=AT + timedelta(seconds=44)))

    assert stage.notices.notices == ["llama-tiny is done. It took 4 s."]


def test_several_runs_that_end_become_one_notice_until_somebody_looks(stage: Stage) -> None:
    stage.end(run_id="1")
    stage.end(run_id="2")
    assert stage.notices.notices == ["2 runs done."]
    stage.end(RunState.FAILED, run_id="3")
    assert stage.notices.notices == ["2 runs done, 1 failed."]

    stage.notices.acts["Show"]()
    stage.window.look_at("run")
    stage.window.look_at("library")
    stage.end(run_id="4")

    assert stage.navigation.shown == [("run", "")]
    assert stage.notices.notices == ["llama-tiny is done. It took 20 s."]


def test_it_is_told_outside_while_another_window_is_in_front(stage: Stage) -> None:
    stage.window.looked_at = ""

    stage.end(RunState.FAILED)

    assert stage.outside == [("llama-tiny failed", "It ran out of memory.", "1")]
    assert stage.notices.notices == []


def test_the_rail_counts_what_nobody_has_seen_until_the_screen_is_looked_at(stage: Stage) -> None:
    stage.end(run_id="1")
    stage.end(run_id="2")
    stage.window.look_at("logs")
    stage.window.look_at("run")
    stage.window.look_at("run")

    assert stage.window.unseen == [("run", 1), ("run", 2), ("run", 0)]


@pytest.mark.parametrize(
    ("state", "after", "screen"),
    [
        (RunState.SUCCEEDED, LONG / 2, "library"),
        (RunState.CANCELLED, 2 * LONG, "library"),
        (RunState.SUCCEEDED, 2 * LONG, "run"),
    ],
    ids=["a short one", "one that was cancelled", "one that is looked at"],
)
def test_nobody_is_told_of(stage: Stage, state: RunState, after: timedelta, screen: str) -> None:
    stage.window.looked_at = screen

    stage.end(state, after=after)

    assert (stage.notices.notices, stage.outside, stage.window.unseen) == ([], [], [])


def test_after_it_is_closed_nothing_is_heard(stage: Stage) -> None:
    stage.watch.close()

    stage.end()

    assert stage.notices.notices == []
