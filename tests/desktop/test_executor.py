"""The window's task runner as the executor of its application's runs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial

import pytest
from heygen_desktop.presentation.desktop.qt.tasks import QtTaskRunner
from pytestqt.qtbot import QtBot

from tests.contracts.test_executor import Scene, ThreadedContract
from tests.desktop.conftest import wait_for


class TestQtTaskRunner(ThreadedContract):
    @pytest.fixture
    def scene(
        self, qtbot: QtBot, tasks: QtTaskRunner, unexpected: list[BaseException]
    ) -> Iterator[Scene]:
        yield Scene(tasks, lambda: wait_for(qtbot, lambda: not tasks.pending), lambda: unexpected)


def _wait(hold: threading.Event) -> None:
    hold.wait(10)


def test_runs_do_not_stand_in_front_of_questions(qtbot: QtBot, tasks: QtTaskRunner) -> None:
    hold = threading.Event()
    answers: list[str] = []
    for _ in range(8):
        tasks.execute(partial(_wait, hold))

    tasks.submit(lambda _context: "now", on_success=answers.append, on_error=lambda _error: None)
    wait_for(qtbot, lambda: answers)
    hold.set()

    assert answers == ["now"]
