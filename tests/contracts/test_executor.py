"""Where work is done elsewhere: what every executor promises."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from heygen_desktop.application.ports.executor import Executor
from heygen_desktop.infrastructure.system.threads import ThreadExecutor

from tests.fakes.executor import FakeExecutor

PATIENCE_S = 10


@dataclass(frozen=True)
class Scene:
    """An executor, a way to wait until all is done, and what work has raised."""

    executor: Executor
    settle: Callable[[], object]
    errors: Callable[[], list[BaseException]]


class ExecutorContract:
    """Inherited by the test of each executor; its ``scene`` is a fixture."""

    def test_each_piece_of_work_is_done_once(self, scene: Scene) -> None:
        done: list[int] = []

        for number in range(20):
            scene.executor.execute(lambda number=number: done.append(number))  # type: ignore[misc]  # the default keeps the number
        scene.settle()

        assert sorted(done) == list(range(20))

    def test_what_work_raises_is_reported_and_harms_no_other_work(self, scene: Scene) -> None:
        done: list[str] = []

        def fail() -> None:
            raise LookupError("the table is gone")

        scene.executor.execute(fail)
        scene.executor.execute(lambda: done.append("after"))
        scene.settle()

        assert [type(error) for error in scene.errors()] == [LookupError]
        assert done == ["after"]

    def test_work_may_ask_for_more_work(self, scene: Scene) -> None:
        done = threading.Event()

        scene.executor.execute(lambda: scene.executor.execute(done.set))
        scene.settle()

        assert done.wait(PATIENCE_S)


class ThreadedContract(ExecutorContract):
    """What executors with threads promise beyond that."""

    def test_the_caller_does_not_wait_and_works_go_side_by_side(self, scene: Scene) -> None:
        together = threading.Barrier(4)
        passed: list[threading.Thread] = []

        def meet() -> None:
            together.wait(PATIENCE_S)
            passed.append(threading.current_thread())

        for _ in range(4):
            scene.executor.execute(meet)
        scene.settle()

        assert len(passed) == 4
        assert threading.current_thread() not in passed


class TestFakeExecutor(ExecutorContract):
    @pytest.fixture
    def scene(self) -> Scene:
        executor = FakeExecutor()
        return Scene(executor, executor.let_go, lambda: executor.errors)

    def test_a_busy_one_does_its_work_when_the_test_says_so(self) -> None:
        done: list[str] = []
        executor = FakeExecutor()
        executor.is_busy = True

        executor.execute(lambda: done.append("work"))
        before = list(done)
        executor.let_go()

        assert (before, done) == ([], ["work"])


class TestThreadExecutor(ThreadedContract):
    @pytest.fixture
    def scene(self) -> Iterator[Scene]:
        errors: list[BaseException] = []
        executor = ThreadExecutor(errors.append)
        yield Scene(executor, executor.close, lambda: errors)
        executor.close()

    def test_after_closing_no_thread_is_left(self, scene: Scene) -> None:
        threads: list[threading.Thread] = []
        scene.executor.execute(lambda: threads.append(threading.current_thread()))

        scene.settle()

        assert [thread.is_alive() for thread in threads] == [False]
