"""Runs and models on the axis of time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from heygen_desktop.domain.entities.run import Run, RunFailure, RunFigures, RunState
from heygen_desktop.domain.events import ModelVerified, RunChanged, WorkerStarted, WorkerStopped
from heygen_desktop.presentation.desktop.screens.monitor.marks import Mark, MarkBook, apart

from tests.unit.presentation.desktop.runs import a_run

AT = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
START = AT.timestamp()


def started(state: RunState = RunState.RUNNING, **changes: object) -> Run:
    run = replace(a_run("r1", state=state), started_at=AT)
    return replace(run, **changes)  # type: ignore[arg-type]  # the names are checked by replace


def marks(book: MarkBook) -> list[Mark]:
    return list(book.between(START - 100, START + 100))


def test_a_run_is_marked_from_its_load_to_its_end() -> None:
    book = MarkBook()
    book.hear(RunChanged(AT, started(RunState.LOADING)))
    book.hear(RunChanged(AT + timedelta(seconds=3), started(RunState.RUNNING)))
    end = AT + timedelta(seconds=9)

    book.hear(RunChanged(end, started(RunState.SUCCEEDED, finished_at=end)))

    mark = marks(book)[0]
    assert (mark.start, mark.loaded, mark.end) == (START, START + 3, START + 9)
    assert mark.words.startswith("llama-tiny 1.0.0 · done\ntook 9.0 s")


@pytest.mark.parametrize(
    ("state", "tone"),
    [
        (RunState.LOADING, "info"),
        (RunState.RUNNING, "info"),
        (RunState.SUCCEEDED, "success"),
        (RunState.FAILED, "danger"),
        (RunState.CANCELLED, "warning"),
        (RunState.INTERRUPTED, "warning"),
    ],
)
def test_the_tone_tells_how_a_run_went(state: RunState, tone: str) -> None:
    book = MarkBook()

    book.add_runs([started(state)])

    assert marks(book)[0].tone == tone


def test_a_run_that_only_waits_is_not_marked() -> None:
    book = MarkBook()

    assert not book.hear(RunChanged(AT, a_run("r1")))
    book.add_runs([a_run("r2")])

    assert marks(book) == []


def test_a_run_that_never_began_is_marked_where_it_ended() -> None:
    book = MarkBook()

    book.add_runs([replace(a_run("r1", state=RunState.CANCELLED), finished_at=AT)])

    assert (marks(book)[0].start, marks(book)[0].end) == (START, START)


def test_a_stored_run_tells_when_its_model_was_loaded_and_why_it_failed() -> None:
    book = MarkBook()
    failure = RunFailure("worker_crashed", "The worker died.")

    book.add_runs([started(RunState.FAILED, figures=RunFigures(load_s=2.0), failure=failure)])

    assert marks(book)[0].loaded == START + 2
    assert "loaded in 2.0 s\nThe worker died." in marks(book)[0].words


def test_what_an_event_told_is_not_undone_by_an_older_list() -> None:
    book = MarkBook()
    book.hear(RunChanged(AT, started(RunState.SUCCEEDED, finished_at=AT)))

    book.add_runs([started(RunState.RUNNING)])

    assert marks(book)[0].tone == "success"


def test_models_that_come_and_go_are_marked_and_lead_nowhere() -> None:
    book = MarkBook()

    book.hear(WorkerStarted(AT, "llama", "1.0.0", 7, "cpu", 1.5, 400_000_000))
    book.hear(WorkerStopped(AT, "llama", "1.0.0", 7, "unloaded", True))
    book.hear(WorkerStopped(AT, "gpt", "2.0.0", 8, "signal 9", False))

    assert [mark.tone for mark in marks(book)] == ["info", "neutral", "danger"]
    assert marks(book)[0].words == "llama 1.0.0 is in memory on cpu: 400 MB, loaded in 1.5 s"
    assert marks(book)[2].words == "gpt 2.0.0 left memory: signal 9"
    assert {mark.run_id for mark in marks(book)} == {""}


def test_other_events_leave_no_mark() -> None:
    assert not MarkBook().hear(ModelVerified(AT, "llama", "1.0.0", was_changed=False))


def test_only_marks_that_touch_the_view_are_given() -> None:
    book = MarkBook()
    book.add_runs([started(RunState.SUCCEEDED, finished_at=AT + timedelta(seconds=5))])

    assert len(book.between(START + 4, START + 9)) == 1
    assert book.between(START + 6, START + 9) == []
    assert book.between(START - 9, START - 1) == []


def test_old_marks_make_room_for_new_ones() -> None:
    book = MarkBook()

    for pid in range(1100):
        book.hear(WorkerStopped(AT, "llama", "1.0.0", pid, "unloaded", True))

    assert len(marks(book)) == 1000


def a_mark(number: int, at: float, end: float | None, tone: str = "success") -> Mark:
    words = f"tiny 1.0.0 · {'failed' if tone == 'danger' else 'done'}\nClick to open the run"
    return Mark(f"run {number}", at, end, None, tone, words, run_id=str(number))


def test_short_runs_that_lie_close_together_are_one_mark_that_tells_of_all() -> None:
    short = [a_mark(number, START + 4 * number, START + 4 * number + 2) for number in range(30)]
    short[7] = replace(short[7], tone="danger", words="tiny 1.0.0 · failed\nIt broke.")

    [one] = apart(short, pixel_s=1)

    assert (one.start, one.end, one.tone) == (START, START + 118, "danger")
    assert one.words.splitlines() == [
        "29 × tiny 1.0.0 · done",
        "tiny 1.0.0 · failed",
        "Drag across them to look closer",
    ]
    assert one.run_id == ""


def test_of_many_that_are_one_only_the_most_frequent_are_told() -> None:
    short = [replace(a_mark(n, START + n, START + n), words=f"model {n}") for n in range(9)]

    [one] = apart(short, pixel_s=1)

    assert one.words.splitlines()[-2:] == ["and 3 more", "Drag across them to look closer"]
    assert len(one.words.splitlines()) == 8


@pytest.mark.parametrize(
    "other",
    [
        a_mark(2, START + 12, START + 14),
        a_mark(2, START + 3, START + 60),
        a_mark(2, START + 3, None),
    ],
    ids=["farther", "long", "going on"],
)
def test_marks_that_can_be_told_apart_stay_themselves(other: Mark) -> None:
    run = a_mark(1, START, START + 2)

    assert apart([other, run], pixel_s=1) == [run, other]
