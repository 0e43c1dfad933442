"""The one door off the UI thread."""

from __future__ import annotations

import threading

import pytest
from heygen_desktop.domain.errors import HeyGenError, ModelNotLoadedError
from heygen_desktop.presentation.desktop.ports import Queue, TaskContext
from heygen_desktop.presentation.desktop.problems import UnexpectedError
from heygen_desktop.presentation.desktop.qt.tasks import QtTaskRunner
from pytestqt.qtbot import QtBot

from tests.desktop.conftest import settle, wait_for


def never(error: HeyGenError) -> None:
    raise AssertionError(f"this work does not fail: {error!r}")


def test_the_work_is_done_elsewhere_and_the_result_comes_back_here(
    qtbot: QtBot, tasks: QtTaskRunner
) -> None:
    seen: list[tuple[int, int]] = []

    tasks.submit(
        lambda _context: threading.get_ident(),
        on_success=lambda worked_on: seen.append((worked_on, threading.get_ident())),
        on_error=never,
    )
    wait_for(qtbot, lambda: seen)

    worked_on, delivered_on = seen[0]
    assert worked_on != delivered_on == threading.main_thread().ident
    assert tasks.pending == 0


def test_an_expected_error_comes_back_as_it_was_raised(
    qtbot: QtBot, tasks: QtTaskRunner, unexpected: list[BaseException]
) -> None:
    errors: list[HeyGenError] = []
    raised = ModelNotLoadedError("llama")

    def work(_context: TaskContext) -> None:
        raise raised

    tasks.submit(work, on_success=lambda _none: None, on_error=errors.append)
    wait_for(qtbot, lambda: errors)

    assert errors == [raised]
    assert unexpected == []


def test_a_mistake_is_reported_and_the_screen_is_set_free(
    qtbot: QtBot, tasks: QtTaskRunner, unexpected: list[BaseException]
) -> None:
    errors: list[HeyGenError] = []

    tasks.submit(lambda _context: 1 // 0, on_success=print, on_error=errors.append)
    wait_for(qtbot, lambda: errors)

    assert isinstance(errors[0], UnexpectedError)
    assert isinstance(unexpected[0], ZeroDivisionError)


def test_progress_arrives_whole_and_in_order(qtbot: QtBot, tasks: QtTaskRunner) -> None:
    got: list[object] = []
    done: list[int] = []

    def work(context: TaskContext) -> int:
        for number in range(200):
            context.progress({number: 5_000_000_000})
        return 1

    tasks.submit(work, on_success=done.append, on_error=never, on_progress=got.append)
    wait_for(qtbot, lambda: done)

    assert got == [{number: 5_000_000_000} for number in range(200)]


def test_progress_that_nobody_wants_is_let_go(qtbot: QtBot, tasks: QtTaskRunner) -> None:
    done: list[bool] = []

    def work(context: TaskContext) -> bool:
        context.progress("half")
        return True

    tasks.submit(work, on_success=done.append, on_error=never)

    wait_for(qtbot, lambda: done)


def test_cancelled_work_stops_and_falls_silent(qtbot: QtBot, tasks: QtTaskRunner) -> None:
    started, stopped = threading.Event(), threading.Event()
    heard: list[object] = []

    def work(context: TaskContext) -> None:
        started.set()
        try:
            while True:
                context.progress("still here")
                context.raise_if_cancelled()
        finally:
            stopped.set()

    handle = tasks.submit(work, on_success=heard.append, on_error=heard.append)
    assert started.wait(5)
    handle.cancel()
    handle.cancel()
    wait_for(qtbot, lambda: tasks.pending == 0)

    assert stopped.is_set()
    assert heard == []


def test_a_result_that_comes_after_the_cancel_is_dropped(qtbot: QtBot, tasks: QtTaskRunner) -> None:
    go = threading.Event()
    heard: list[object] = []

    handle = tasks.submit(lambda _context: go.wait(5), on_success=heard.append, on_error=never)
    handle.cancel()
    go.set()
    wait_for(qtbot, lambda: tasks.pending == 0)

    assert heard == []


def test_changes_are_made_one_at_a_time_in_order(qtbot: QtBot, tasks: QtTaskRunner) -> None:
    busy = threading.Lock()
    order: list[int] = []
    done: list[int] = []

    def change(number: int) -> int:
        assert busy.acquire(blocking=False), "two changes at once"
        order.append(number)
        busy.release()
        return number

    for number in range(50):
        tasks.submit(
            lambda _context, number=number: change(number),  # type: ignore[misc]  # mypy cannot type a lambda's default
            on_success=done.append,
            on_error=never,
            queue=Queue.CHANGES,
        )
    wait_for(qtbot, lambda: len(done) == 50)

    assert order == done == list(range(50))


def test_long_inference_does_not_hold_up_a_query(qtbot: QtBot, tasks: QtTaskRunner) -> None:
    release = threading.Event()
    done: list[str] = []
    for _ in range(5):
        tasks.submit(
            lambda _context: release.wait(5),
            on_success=lambda _result: None,
            on_error=never,
            queue=Queue.INFERENCE,
        )

    tasks.submit(lambda _context: "listed", on_success=done.append, on_error=never)
    wait_for(qtbot, lambda: done)
    release.set()

    wait_for(qtbot, lambda: tasks.pending == 0)


def test_ten_thousand_jobs_all_come_back(qtbot: QtBot, tasks: QtTaskRunner) -> None:
    done: list[int] = []

    for number in range(10_000):
        tasks.submit(
            lambda _context, number=number: number,  # type: ignore[misc]  # mypy cannot type a lambda's default
            on_success=done.append,
            on_error=never,
        )
    wait_for(qtbot, lambda: len(done) == 10_000, timeout_ms=60_000)

    assert sorted(done) == list(range(10_000))


def test_a_shutdown_in_the_middle_is_quiet(qtbot: QtBot, unexpected: list[BaseException]) -> None:
    heard: list[object] = []
    for _ in range(20):
        runner = QtTaskRunner(unexpected.append)
        for _ in range(20):
            runner.submit(
                lambda context: context.raise_if_cancelled(),
                on_success=lambda _none: None,
                on_error=heard.append,
            )
        assert runner.shutdown(5000)
        settle()

    assert heard == []
    assert unexpected == []


def test_a_task_that_does_not_stop_is_admitted(
    unexpected: list[BaseException], qtbot: QtBot
) -> None:
    runner = QtTaskRunner(unexpected.append)
    started, release = threading.Event(), threading.Event()

    def stuck(_context: TaskContext) -> None:
        started.set()
        release.wait(10)

    runner.submit(stuck, on_success=lambda _none: None, on_error=never)
    assert started.wait(5)

    assert not runner.shutdown(10)
    release.set()
    assert runner.shutdown(5000)


def test_nothing_is_accepted_after_the_shutdown(
    unexpected: list[BaseException], qtbot: QtBot
) -> None:
    runner = QtTaskRunner(unexpected.append)
    runner.shutdown(1000)

    with pytest.raises(RuntimeError, match="shut down"):
        runner.submit(lambda _context: 1, on_success=lambda _one: None, on_error=never)


def test_a_change_that_still_waits_is_made_before_the_end(
    unexpected: list[BaseException], qtbot: QtBot
) -> None:
    runner = QtTaskRunner(unexpected.append)
    begun, go = threading.Event(), threading.Event()
    made: list[str] = []

    def slow(_context: TaskContext) -> None:
        begun.set()
        go.wait(5)

    for change in (slow, lambda _context: made.append("the last one")):
        runner.submit(change, on_success=lambda _none: None, on_error=never, queue=Queue.CHANGES)
    assert begun.wait(5)
    threading.Timer(0.05, go.set).start()

    assert runner.shutdown(1000)
    assert made == ["the last one"]


def test_changes_that_take_too_long_are_let_go_and_admitted(
    unexpected: list[BaseException], qtbot: QtBot
) -> None:
    runner = QtTaskRunner(unexpected.append)
    begun, go = threading.Event(), threading.Event()
    made: list[str] = []

    def stuck(_context: TaskContext) -> None:
        begun.set()
        go.wait(5)

    for change in (stuck, lambda _context: made.append("never begun")):
        runner.submit(change, on_success=lambda _none: None, on_error=never, queue=Queue.CHANGES)
    assert begun.wait(5)

    assert not runner.shutdown(10, changes_ms=10)
    go.set()
    assert runner.shutdown(5000)
    assert made == []
