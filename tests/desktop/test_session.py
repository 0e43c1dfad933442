"""One window from its first paint to its last, over a whole application of written fakes."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from heygen_desktop.application.application import Application
from heygen_desktop.application.ports.executor import Executor
from heygen_desktop.application.use_cases.models.register_model import Registration
from heygen_desktop.application.use_cases.runs.start_run import RunRequest
from heygen_desktop.domain.entities.run import Owner, RunState
from heygen_desktop.domain.errors import HomeUnwritableError
from heygen_desktop.domain.events import RunChanged
from heygen_desktop.presentation.desktop.program import Program
from heygen_desktop.presentation.desktop.screen import ScreenContext
from heygen_desktop.presentation.desktop.session import WindowOptions, WindowSession
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.widgets.confirm import ConfirmDialog
from heygen_desktop.presentation.desktop.widgets.problem import ProblemDialog, ProblemPanel
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from tests.desktop.conftest import settle, wait_for
from tests.desktop.toys import ToyScreens
from tests.factories.application import ended, fake_application
from tests.factories.parts import STARTER_PATH, FakeParts, an_artifact
from tests.fakes.metrics import a_sample
from tests.unit.presentation.desktop.runs import AT, a_run


@dataclass
class Stage:
    """A session and what it was made from."""

    qt: QApplication
    home: Path
    parts: FakeParts = field(default_factory=FakeParts)
    toys: ToyScreens = field(default_factory=ToyScreens)
    reports: list[tuple[str, BaseException | None]] = field(default_factory=list)
    troubles: list[Exception] = field(default_factory=list)
    """Raised by the next builds, one each."""
    last_environments: list[str] = field(default_factory=list)
    paths: tuple[Path, ...] = ()
    before_build: Callable[[], object] = lambda: None
    close_trouble: Exception | None = None
    session: WindowSession | None = None

    def build(self, executor: Executor, last_environment: str) -> Application:
        self.before_build()
        self.last_environments.append(last_environment)
        if self.troubles:
            raise self.troubles.pop(0)
        return fake_application(self.parts, home=self.home, close=self._close, executor=executor)

    def open(self) -> WindowSession:
        self.session = WindowSession(
            self.qt,
            WindowOptions(
                self.build,
                self.toys.specs(),
                self.home,
                "1.0",
                lambda text, error: self.reports.append((text, error)),
                self.paths,
            ),
        )
        self.session.start()
        return self.session

    def program(self) -> Program:
        assert self.session is not None
        assert self.session.program is not None
        return self.session.program

    def _close(self) -> None:
        self.parts.closed.append("closed")
        if self.close_trouble is not None:
            raise self.close_trouble


@pytest.fixture
def stage(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Stage]:
    made = Stage(qapp, tmp_path)
    yield made
    if made.session is not None:
        made.session.interrupt()
        assert made.session.close()
    settle()


def ready(qtbot: QtBot, stage: Stage) -> WindowSession:
    session = stage.open()
    wait_for(qtbot, session.window.rail.isEnabled)
    return session


def wait_at_most(event: threading.Event) -> None:
    event.wait(10)


def press(session: WindowSession, text: str) -> None:
    next(b for b in session.window.findChildren(QPushButton) if b.text() == text).click()


def test_the_window_is_painted_before_the_application_is_built(qtbot: QtBot, stage: Stage) -> None:
    order: list[str] = []
    stage.before_build = lambda: order.append(
        "built here" if threading.current_thread() is threading.main_thread() else "built elsewhere"
    )
    session = stage.open()
    session.window.first_painted.connect(lambda: order.append("painted"))
    assert not session.window.rail.isEnabled()

    wait_for(qtbot, session.window.rail.isEnabled)

    assert order == ["painted", "built elsewhere"]
    assert stage.toys.story == ["library built", "library shown"]
    assert session.window.status.environment.text() == "development"


def test_busy_threads_give_way_soon_while_the_window_is_there(stage: Stage) -> None:
    before = sys.getswitchinterval()

    session = stage.open()
    during = sys.getswitchinterval()
    session.close()

    assert during < before == sys.getswitchinterval()


def test_the_window_has_its_mark_once_it_is_painted(qtbot: QtBot, stage: Stage) -> None:
    session = stage.open()
    before = session.window.windowIcon().isNull()

    wait_for(qtbot, session.window.rail.isEnabled)

    smallest = session.window.windowIcon().pixmap(16, 16).toImage()
    colours = {smallest.pixelColor(x, y).name() for x in range(16) for y in range(16)}
    assert before
    assert {"#2f6fed", "#ffffff"} <= colours


def test_the_newest_reading_is_shown_once_the_application_is_there(
    qtbot: QtBot, stage: Stage
) -> None:
    stage.parts.series.append(a_sample())
    session = ready(qtbot, stage)

    wait_for(qtbot, lambda: session.window.status.cpu.accessibleName() == "CPU: 12 %")

    assert session.window.status.gpu.accessibleName() == "GPU: no GPU"


def test_checksums_that_are_missing_are_computed_behind_the_window(
    qtbot: QtBot, stage: Stage
) -> None:
    application = fake_application(stage.parts)
    application.register_model(Registration(STARTER_PATH))
    files = application.model_files

    ready(qtbot, stage)

    wait_for(qtbot, lambda: not files.waiting())


def test_a_checksum_under_way_is_in_view_and_can_be_paused(qtbot: QtBot, stage: Stage) -> None:
    fake_application(stage.parts).register_model(Registration(STARTER_PATH))
    goes_on = threading.Event()
    stage.parts.artifacts.before_checksum = lambda: wait_at_most(goes_on)
    status = ready(qtbot, stage).window.status
    wait_for(qtbot, status.checksums.text)
    under_way = status.checksums.text()

    status.checksums.click()
    goes_on.set()

    assert under_way.startswith("Checksum of starter 0 %")
    wait_for(qtbot, lambda: status.checksums.text() == "1 checksum paused")
    status.checksums.click()
    wait_for(qtbot, lambda: not status.checksums.text())


def test_a_failure_to_build_is_a_page_and_can_be_tried_again(qtbot: QtBot, stage: Stage) -> None:
    stage.troubles = [HomeUnwritableError("home", "read-only"), ValueError("surprise")]
    session = stage.open()

    wait_for(qtbot, lambda: session.window.findChild(ProblemPanel))
    press(session, "Try again")
    wait_for(qtbot, lambda: stage.reports)
    assert isinstance(stage.reports[0][1], ValueError)
    wait_for(qtbot, lambda: session.window.findChild(ProblemPanel))
    assert session.window.findChild(ProblemDialog) is None
    press(session, "Try again")
    wait_for(qtbot, session.window.rail.isEnabled)

    assert stage.toys.story == ["library built", "library shown"]


def test_after_a_failure_to_build_one_can_leave(qtbot: QtBot, stage: Stage) -> None:
    stage.troubles = [HomeUnwritableError("home", "read-only")]
    session = stage.open()
    wait_for(qtbot, lambda: session.window.findChild(ProblemPanel))

    press(session, "Quit")

    wait_for(qtbot, session.window.isHidden)
    assert stage.parts.closed == []


def test_files_given_at_the_start_reach_the_library(qtbot: QtBot, stage: Stage) -> None:
    stage.paths = (Path("model.gguf"),)

    ready(qtbot, stage)

    assert stage.toys.story[-1] == "files model.gguf"


def test_a_second_start_raises_the_window_and_hands_over_its_files(
    qtbot: QtBot, stage: Stage
) -> None:
    session = ready(qtbot, stage)
    session.window.showMinimized()

    stage.program().activated([])
    stage.program().activated([Path("late.gguf")])

    assert not session.window.isMinimized()
    assert stage.toys.story.count("files late.gguf") == 1


def test_files_that_come_before_the_screens_are_let_go(qtbot: QtBot, stage: Stage) -> None:
    hold = threading.Event()
    stage.before_build = lambda: hold.wait(10)
    session = stage.open()
    wait_for(qtbot, lambda: session.program)

    stage.program().receive_files([Path("early")])
    hold.set()
    wait_for(qtbot, session.window.rail.isEnabled)

    assert stage.toys.story == ["library built", "library shown"]


def test_closing_ends_screens_then_the_application(qtbot: QtBot, stage: Stage) -> None:
    session = ready(qtbot, stage)

    session.window.close()
    assert session.close()

    assert stage.toys.story[-1] == "library closed"
    assert stage.parts.closed == ["closed"]
    assert stage.parts.events.listeners == 0
    stage.session = None


def test_closing_before_the_application_is_built_ends_it_too(qtbot: QtBot, stage: Stage) -> None:
    entered, hold = threading.Event(), threading.Event()

    def wait() -> None:
        entered.set()
        hold.wait(10)

    stage.before_build = wait
    session = stage.open()
    wait_for(qtbot, entered.is_set)
    threading.Timer(0.1, hold.set).start()

    session.window.close()
    assert session.close()

    assert stage.parts.closed == ["closed"]
    assert stage.toys.story == []
    stage.session = None


def test_an_application_that_came_too_late_to_be_shown_is_closed(
    qtbot: QtBot, stage: Stage
) -> None:
    entered, hold = threading.Event(), threading.Event()

    def wait() -> None:
        entered.set()
        hold.wait(10)

    stage.before_build = wait
    session = stage.open()
    wait_for(qtbot, entered.is_set)
    program = stage.program()
    hold.set()
    deadline = time.monotonic() + 10
    while program._arriving is None and time.monotonic() < deadline:
        time.sleep(0.001)  # the event loop stands still: nothing is delivered meanwhile

    assert session.close()

    assert stage.parts.closed == ["closed"]
    stage.session = None


def test_closing_before_the_first_paint_is_quiet(qtbot: QtBot, stage: Stage) -> None:
    session = stage.open()

    session.window.close()
    assert session.close()

    assert session.program is None
    stage.session = None


def test_an_application_that_does_not_close_is_reported(qtbot: QtBot, stage: Stage) -> None:
    session = ready(qtbot, stage)
    stage.close_trouble = OSError("disk gone")

    session.window.close()
    assert session.close()

    assert stage.reports == [
        ("The application did not close properly.", stage.close_trouble),
    ]
    stage.session = None


@pytest.mark.parametrize(("answer", "stays"), [("Cancel", True), ("Stop and quit", False)])
def test_a_running_run_is_asked_about_before_closing(
    qtbot: QtBot, stage: Stage, answer: str, *, stays: bool
) -> None:
    session = ready(qtbot, stage)
    mine = replace(a_run("r1", state=RunState.RUNNING), owner=Owner(os.getpid(), 1.0))
    stage.parts.events.publish(RunChanged(AT, mine))
    wait_for(qtbot, session.window.status.jobs.isVisible)

    def reply() -> None:
        dialog = session.window.findChild(ConfirmDialog)
        assert dialog is not None
        next(b for b in dialog.findChildren(QPushButton) if b.text() == answer).click()

    QTimer.singleShot(0, session.window, reply)
    closed = session.window.close()

    assert closed is not stays
    if closed:  # the end asks no second time
        assert session.close()
        stage.session = None


def test_the_rail_and_the_jobs_lead_to_their_screens(qtbot: QtBot, stage: Stage) -> None:
    session = ready(qtbot, stage)

    session.window.rail.screen_requested.emit("run")
    session.window.status.jobs_requested.emit("run-9")
    session.window.rested.emit(True)

    assert stage.toys.story[-3:] == ["run shown", "run gets run-9", "run hidden"]


def test_a_picked_theme_is_kept_for_every_environment(qtbot: QtBot, stage: Stage) -> None:
    session = ready(qtbot, stage)

    session.window.theme_requested.emit("light")
    context = stage.toys.context
    assert context is not None
    settings = context.application.settings
    wait_for(qtbot, lambda: settings().appearance.theme == "light" == context.theme.choice)
    context.application.use_environment("production")
    assert settings().appearance.theme == "light"
    # The wait is the assertion: what the settings said at the start may still arrive in between.


def test_the_environment_used_last_is_asked_for_again(qtbot: QtBot, stage: Stage) -> None:
    session = ready(qtbot, stage)

    session.window.environment_requested.emit("staging")
    wait_for(qtbot, lambda: session.window.status.environment.text() == "staging")
    session.interrupt()
    session.close()
    ready(qtbot, stage)

    assert stage.last_environments == ["", "staging"]


def test_a_theme_nobody_knows_is_passed_over(qtbot: QtBot, stage: Stage) -> None:
    (stage.home / "window.ini").write_text("[window]\ntheme=sepia\n", encoding="utf-8")

    ready(qtbot, stage)

    assert stage.toys.context is not None
    assert stage.toys.context.theme.choice == "system"


def test_a_stray_error_is_shown_over_the_window(qtbot: QtBot, stage: Stage) -> None:
    session = ready(qtbot, stage)

    def broken() -> None:
        raise RuntimeError("in a slot")

    from_thread = threading.Thread(target=broken)
    from_thread.start()
    from_thread.join()
    wait_for(qtbot, lambda: session.window.findChild(ProblemDialog))
    for dialog in session.window.findChildren(ProblemDialog):
        dialog.accept()

    assert isinstance(stage.reports[0][1], RuntimeError)


def test_as_many_runs_go_side_by_side_on_the_windows_threads_as_the_setting_says(
    qtbot: QtBot, stage: Stage
) -> None:
    release = threading.Event()

    def wait(_word: int) -> None:
        release.wait(10)

    stage.parts.inference.before_word = wait
    ready(qtbot, stage)
    application = context_of(stage).application
    for name in ("one", "two", "three"):
        path = Path("/models", name)
        stage.parts.artifacts.known[path] = an_artifact(path)
        application.register_model(Registration(path, name=name))

    handles = [
        application.start_run(RunRequest(name, {"prompt": "It"}))
        for name in ("one", "two", "three")
    ]
    wait_for(qtbot, lambda: len(stage.parts.inference.requests) == 2)
    application.change_setting.set("development", "inference.parallel_runs", 3)
    wait_for(qtbot, lambda: len(stage.parts.inference.requests) == 3)
    release.set()

    assert [ended(handle).state for handle in handles] == [RunState.SUCCEEDED] * 3


def test_what_waited_when_the_last_window_went_is_taken_up(qtbot: QtBot, stage: Stage) -> None:
    earlier = fake_application(stage.parts)
    earlier.ensure_starter_model()
    stage.parts.executor.is_busy = True
    left = earlier.start_run(RunRequest("starter", {"prompt": "It"})).run
    with stage.parts.units() as unit:
        unit.runs.save(replace(left, owner=Owner(99, 1.0)))
        unit.commit()

    ready(qtbot, stage)

    wait_for(qtbot, lambda: earlier.get_run(left.id).state is RunState.SUCCEEDED)


def context_of(stage: Stage) -> ScreenContext:
    assert stage.toys.context is not None
    return stage.toys.context


@pytest.mark.parametrize(("kept", "pixels"), [("125", 16), ("9000", 13), ("large", 13)])
def test_the_size_of_text_is_remembered_if_it_makes_sense(
    qtbot: QtBot, stage: Stage, theme: Theme, kept: str, pixels: int
) -> None:
    (stage.home / "window.ini").write_text(f"[window]\nzoom={kept}\n", encoding="utf-8")

    ready(qtbot, stage)

    assert stage.qt.font().pixelSize() == pixels
    theme.zoom_to(100)
