"""View, presenter and application together, with real threads and real events."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from heygen_desktop.application.models import ModelSummary
from heygen_desktop.application.tasks.text_generation import TEXT_GENERATION
from heygen_desktop.domain.entities.run import RunState
from heygen_desktop.domain.values.version import SemanticVersion
from heygen_desktop.presentation.desktop.navigation import SCREENS
from heygen_desktop.presentation.desktop.qt.relay import EventRelay
from heygen_desktop.presentation.desktop.qt.tasks import QtTaskRunner
from heygen_desktop.presentation.desktop.screen import Screen, ScreenContext
from heygen_desktop.presentation.desktop.screens.run import build, runnable_versions
from heygen_desktop.presentation.desktop.screens.run.output import OutputPane
from heygen_desktop.presentation.desktop.screens.run.view import RunScreenView
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.widgets.table import DataTable
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from tests.desktop.conftest import settle, wait_for
from tests.desktop.screens.run.test_view import named, press
from tests.factories.application import fake_application
from tests.factories.labels import A_LABELLING, LABELS, WITH_LABELS
from tests.factories.parts import STARTER_PATH, FakeParts, an_artifact
from tests.fakes.tasks import FakeMemory, FakeNavigation, FakeNotices


class Program:
    """The screen as the window builds it."""

    def __init__(
        self,
        theme: Theme,
        tasks: QtTaskRunner,
        memory: FakeMemory,
        task: str = TEXT_GENERATION.tag,
    ) -> None:
        self.parts = FakeParts()
        self.parts.artifacts.known[STARTER_PATH] = an_artifact(task=task)
        self.application = fake_application(self.parts, executor=tasks, tasks=WITH_LABELS)
        self.application.ensure_starter_model()
        self.unexpected: list[BaseException] = []
        self.relay = EventRelay(self.unexpected.append)
        self.relay.attach(self.application.events)
        self.screen: Screen = build(
            ScreenContext(
                self.application,
                tasks,
                self.relay,
                FakeNavigation(),
                FakeNotices(),
                memory,
                theme,
            )
        )
        assert self.screen.shown is not None
        self.screen.shown()

    @property
    def view(self) -> RunScreenView:
        assert isinstance(self.screen.widget, RunScreenView)
        return self.screen.widget

    def text(self) -> str:
        pane = self.view.findChild(OutputPane)
        assert pane is not None
        return pane.toPlainText()

    def state(self) -> RunState | None:
        runs = self.application.list_runs().runs
        return runs[0].state if runs else None


@pytest.fixture
def program(
    qtbot: QtBot, theme: Theme, tasks: QtTaskRunner, memory: FakeMemory
) -> Iterator[Program]:
    made = Program(theme, tasks, memory)
    qtbot.addWidget(made.view)
    made.view.show()
    wait_for(qtbot, lambda: made.view._picker.currentText() == "starter@1.0.0")
    yield made
    made.screen.presenter.close()
    made.relay.close()
    assert made.unexpected == []


def test_a_prompt_is_run_and_its_text_arrives(qtbot: QtBot, program: Program) -> None:
    program.view.input_changed.emit("prompt", "So")

    program.view.run_requested.emit()

    wait_for(qtbot, lambda: program.text() == "SoIt is a truth.")
    wait_for(qtbot, lambda: program.state() is RunState.SUCCEEDED)


def test_the_whole_output_is_copied_whatever_letters_it_or_the_prompt_has(
    qtbot: QtBot, theme: Theme, tasks: QtTaskRunner, memory: FakeMemory
) -> None:
    made = Program(theme, tasks, memory)
    qtbot.addWidget(made.view)
    made.parts.inference.words = ("caf\u00e9 ", "\U0001f600\u00a0", "end")
    wait_for(qtbot, lambda: made.view._picker.currentText() == "starter@1.0.0")
    made.view.input_changed.emit("prompt", "\U0001f9ed\U0001f30d says")
    made.view.run_requested.emit()
    wait_for(qtbot, lambda: made.state() is RunState.SUCCEEDED)
    wait_for(qtbot, lambda: made.text().endswith("end"))

    press(made.view, "Copy output")

    assert QGuiApplication.clipboard().text() == "caf\u00e9 \U0001f600\u00a0end"
    made.screen.presenter.close()
    made.relay.close()


def test_a_second_task_works_from_its_schemas_alone(
    qtbot: QtBot, theme: Theme, tasks: QtTaskRunner, memory: FakeMemory
) -> None:
    made = Program(theme, tasks, memory, LABELS.tag)
    qtbot.addWidget(made.view)
    made.view.show()
    made.parts.inference.answers[LABELS.tag] = A_LABELLING
    wait_for(qtbot, lambda: made.view._picker.currentText() == "starter@1.0.0")
    named(made.view, QPlainTextEdit, "Sentence").setPlainText("So glad")

    press(made.view, "Run")
    wait_for(qtbot, lambda: made.state() is RunState.SUCCEEDED)
    wait_for(qtbot, lambda: bool(made.view.findChildren(DataTable)[3:]))
    press(made.view, "Copy output")

    table = named(made.view, DataTable, "Labels")
    assert table.as_text() == "Label\tScore\njoy\t0.75\nanger\t0.25"
    assert QGuiApplication.clipboard().text() == LABELS.as_text(A_LABELLING)
    made.screen.presenter.close()
    made.relay.close()


def test_closing_screen_and_program_in_the_middle_ends_the_run_quietly(
    qtbot: QtBot, program: Program, tasks: QtTaskRunner
) -> None:
    reached: list[int] = []

    def wait_until_closed(number: int) -> None:
        reached.append(number)
        if number == 2:
            closed.wait(5)

    closed = threading.Event()
    program.parts.inference.before_word = wait_until_closed
    program.view.input_changed.emit("prompt", "So")
    program.view.run_requested.emit()
    wait_for(qtbot, lambda: 2 in reached)

    program.screen.presenter.close()
    program.application.stop_runs()
    closed.set()

    wait_for(qtbot, lambda: program.state() is RunState.CANCELLED)
    wait_for(qtbot, lambda: tasks.pending == 0)
    settle()


def test_the_palette_offers_what_the_screen_can_do(program: Program) -> None:
    for act in program.screen.commands.values():
        act()

    assert program.state() is None


def test_a_version_that_goes_away_while_the_list_is_read_is_left_out(program: Program) -> None:
    listed = next(iter(program.application.list_models()))
    ghost = replace(listed.version, version=SemanticVersion(0, 1, 0))
    listed.model.versions = (ghost, *listed.model.versions)

    def stale(_wanted: object = None) -> list[ModelSummary]:
        return [listed]

    vars(program.application)["list_models"] = stale

    assert [s.version.version for s in runnable_versions(program.application)] == [
        listed.version.version
    ]


def test_the_rail_knows_the_screen() -> None:
    spec = next(spec for spec in SCREENS if spec.id == "run")

    assert spec.title == "Run"
