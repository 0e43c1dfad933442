"""What a presenter asks is answered once, and what it changes is changed."""

from __future__ import annotations

from collections.abc import Callable

from heygen_desktop.domain.errors import DatabaseBusyError
from heygen_desktop.presentation.desktop.ports import Queue, TaskContext
from heygen_desktop.presentation.desktop.problems import Problem, problem_of
from heygen_desktop.presentation.desktop.work import Work

from tests.fakes.tasks import LaterTaskRunner, NowTaskRunner

BUSY = DatabaseBusyError("heygen.db", 5.0)


class Desk:
    """A presenter's work, what it was told, and the problem in view."""

    def __init__(self) -> None:
        self.tasks = LaterTaskRunner()
        self._problem: Problem | None = None
        self.heard: list[object] = []
        self.work = Work(self.tasks, self._show)

    def problem(self) -> Problem | None:
        return self._problem

    def ask(self, name: str, answer: object) -> None:
        self.work.ask(name, lambda _: answer, self.heard.append)

    def _show(self, problem: Problem | None) -> None:
        self._problem = problem


def failing(_context: TaskContext | None = None) -> object:
    raise BUSY


def test_of_two_questions_with_one_name_only_the_later_is_answered() -> None:
    desk = Desk()

    desk.ask("list", "old")
    desk.ask("list", "new")
    desk.tasks.run_all()

    assert desk.heard == ["new"]
    assert [task.is_cancelled for task in desk.tasks.submitted] == [True, False]


def test_questions_with_different_names_are_both_answered() -> None:
    desk = Desk()

    desk.ask("list", "names")
    desk.ask("status", "ready")
    desk.tasks.run_all()

    assert desk.heard == ["names", "ready"]


def test_a_question_that_was_overtaken_while_it_was_worked_on_is_told_to_stop() -> None:
    desk = Desk()
    seen: list[bool] = []

    def overtaken(context: TaskContext) -> str:
        desk.ask("list", "new")
        seen.append(context.is_cancelled)
        return "old"

    desk.work.ask("list", overtaken, desk.heard.append)
    desk.tasks.run_all()

    assert seen == [True]
    assert desk.heard == ["new"]


def test_a_question_is_open_until_it_is_answered_or_taken_back() -> None:
    desk = Desk()
    states: list[bool] = []

    desk.work.ask("list", lambda _: 1, lambda _: states.append(desk.work.is_open("list")))
    states.append(desk.work.is_open("list"))
    desk.tasks.run_all()
    desk.ask("list", 2)
    desk.work.take_back("list", "status")
    states.append(desk.work.is_open("list"))
    desk.tasks.run_all()

    assert states == [True, False, False]
    assert desk.heard == []


def test_an_answer_may_ask_the_next_question_of_its_name() -> None:
    heard: list[object] = []
    work = Work(NowTaskRunner(), heard.append)

    work.ask("page", lambda _: 1, lambda _: work.ask("page", lambda _: 2, heard.append))

    assert heard == [2]
    assert not work.is_open("page")


def test_a_question_reports_its_progress_from_the_queue_it_waits_in() -> None:
    desk = Desk()

    desk.work.ask(
        "load",
        lambda context: context.progress("half"),
        lambda _none: None,
        on_progress=desk.heard.append,
        queue=Queue.INFERENCE,
    )
    desk.tasks.run_all()

    assert desk.heard == ["half"]
    assert [task.queue for task in desk.tasks.submitted] == [Queue.INFERENCE]


def test_every_change_is_made_and_told_in_order_also_the_same_one_twice() -> None:
    desk = Desk()
    made: list[str] = []

    def change(what: str) -> Callable[[], str]:
        def make() -> str:
            made.append(what)
            return f"{what} is done"

        return make

    for what in ("delete a", "delete a", "delete b"):
        desk.work.change(change(what), desk.heard.append)
    desk.tasks.run_all()

    assert made == ["delete a", "delete a", "delete b"]
    assert desk.heard == ["delete a is done", "delete a is done", "delete b is done"]
    assert {task.queue for task in desk.tasks.submitted} == {Queue.CHANGES}


def test_after_the_close_a_waiting_change_is_made_and_nobody_is_told() -> None:
    desk = Desk()
    made: list[str] = []
    desk.work.change(lambda: made.append("a"), desk.heard.append)
    desk.work.change(failing, desk.heard.append, ended=lambda: desk.heard.append("ended"))
    desk.ask("list", "names")

    desk.work.close()
    desk.work.close()
    desk.tasks.run_all()

    assert made == ["a"]
    assert desk.heard == []
    assert desk.problem() is None


def test_after_the_close_nothing_is_asked() -> None:
    desk = Desk()
    desk.work.close()

    desk.ask("list", "names")

    assert desk.tasks.submitted == []


def test_a_failure_is_shown_until_the_same_question_is_answered() -> None:
    desk = Desk()
    desk.work.ask("list", failing, desk.heard.append)
    desk.tasks.run_all()
    assert desk.problem() == problem_of(BUSY)

    desk.ask("status", "ready")
    desk.tasks.run_all()
    assert desk.problem() == problem_of(BUSY)

    desk.ask("list", "names")
    desk.tasks.run_all()
    assert desk.problem() is None


def test_a_change_that_failed_stays_in_view_when_the_list_is_read_anew() -> None:
    desk = Desk()
    desk.work.change(failing, desk.heard.append)
    desk.ask("list", "names")
    desk.tasks.run_all()
    assert desk.problem() == problem_of(BUSY)

    desk.work.change(lambda: "done", desk.heard.append)
    desk.tasks.run_all()

    assert desk.problem() is None
    assert desk.heard == ["names", "done"]


def test_whoever_asks_may_take_the_failure_and_the_end_itself() -> None:
    desk = Desk()

    def end() -> None:
        desk.heard.append("ended")

    desk.work.ask("look", failing, print, ended=end, failed=desk.heard.append)
    desk.work.change(failing, print, ended=end, failed=desk.heard.append)
    desk.work.change(lambda: "done", desk.heard.append, ended=end)
    desk.tasks.run_all()

    assert desk.heard == ["ended", BUSY, "ended", BUSY, "ended", "done"]
    assert desk.problem() is None
