"""Presenters, view and use cases together: the screen as the window builds it."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest
from heygen_desktop.application.use_cases.models.register_model import Registration
from heygen_desktop.domain.errors import ArtifactCorruptError
from heygen_desktop.presentation.desktop.navigation import SCREENS
from heygen_desktop.presentation.desktop.qt.relay import EventRelay
from heygen_desktop.presentation.desktop.qt.tasks import QtTaskRunner
from heygen_desktop.presentation.desktop.screen import Screen, ScreenContext
from heygen_desktop.presentation.desktop.screens.library.view import LibraryView
from heygen_desktop.presentation.desktop.theme.theme import Theme
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from tests.desktop.conftest import wait_for
from tests.factories.application import fake_application
from tests.factories.parts import FakeParts, an_artifact
from tests.fakes.tasks import FakeMemory, FakeNavigation, FakeNotices

LLAMA, BROKEN = Path("/models/llama"), Path("/models/broken")


class Shown:
    """The screen on fakes, in view."""

    def __init__(self, tasks: QtTaskRunner, memory: FakeMemory, theme: Theme) -> None:
        self.parts = FakeParts()
        self.parts.artifacts.known |= {
            LLAMA: an_artifact(LLAMA),
            BROKEN: ArtifactCorruptError(str(BROKEN), "It was cut short."),
        }
        self.app = fake_application(self.parts)
        self.navigation, self.notices = FakeNavigation(), FakeNotices()
        self.relay = EventRelay(lambda error: None)
        self.relay.attach(self.parts.events)
        spec = next(spec for spec in SCREENS if spec.id == "library")
        self.screen: Screen = spec.build(
            ScreenContext(
                application=self.app,
                tasks=tasks,
                events=self.relay,
                navigation=self.navigation,
                notices=self.notices,
                memory=memory,
                theme=theme,
            )
        )
        self.view = cast(LibraryView, self.screen.widget)  # the screen built it

    def drop(self, *paths: Path) -> None:
        assert self.screen.receive_files is not None
        self.screen.receive_files(paths)


@pytest.fixture
def shown(qtbot: QtBot, tasks: QtTaskRunner, memory: FakeMemory, theme: Theme) -> Shown:
    made = Shown(tasks, memory, theme)
    qtbot.addWidget(made.screen.widget, before_close_func=lambda _widget: made.relay.close())
    made.screen.widget.resize(1200, 700)
    made.screen.widget.show()
    assert made.screen.shown is not None
    made.screen.shown()
    return made


def test_a_dropped_model_is_looked_at_registered_listed_and_run(qtbot: QtBot, shown: Shown) -> None:
    view = shown.view
    wait_for(qtbot, view.beginning.isVisible)

    shown.drop(LLAMA)
    wait_for(qtbot, lambda: view.sheet.register_button.isEnabled() and view.sheet.isVisible())
    view.sheet.register_button.click()
    wait_for(
        qtbot, lambda: view.table.selected_key == "llama" and view.inspector.run_button.isVisible()
    )
    view.inspector.run_button.click()

    assert not view.sheet.isVisible()
    assert shown.navigation.shown == [("run", "llama@1.0.0")]
    shown.screen.presenter.close()


def test_a_model_dropped_twice_is_selected_and_said_so(qtbot: QtBot, shown: Shown) -> None:
    shown.app.ensure_starter_model()
    from_here = shown.app.get_model("starter").version.artifact.path

    shown.drop(from_here)
    wait_for(qtbot, lambda: shown.notices.notices)
    wait_for(qtbot, lambda: shown.view.table.selected_key == "starter")

    assert shown.notices.notices == ["starter is in the library already, as starter@1.0.0."]
    assert not shown.view.sheet.isVisible()
    shown.screen.presenter.close()


def test_a_search_offers_models_and_explains_what_cannot_serve(qtbot: QtBot, shown: Shown) -> None:
    shown.view.scan_requested.emit(Path("/models"))
    wait_for(qtbot, shown.view.sheet.table.isVisible)
    shown.view.sheet.table.select(str(BROKEN))

    assert shown.view.sheet.problem.problem is not None
    assert shown.view.sheet.problem.problem.cause == "It was cut short."
    shown.screen.presenter.close()


def test_whoever_is_sent_here_to_find_models_chooses_a_folder(
    qtbot: QtBot, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_asked: "/models")

    assert shown.screen.receive is not None
    shown.screen.receive("scan:")

    wait_for(qtbot, shown.view.sheet.table.isVisible)
    shown.screen.presenter.close()


def test_what_one_looked_at_is_in_focus_after_a_search_and_after_a_removal_taken_back(
    qtbot: QtBot, shown: Shown
) -> None:
    table, view = shown.view.table, shown.view
    for name in (*(f"m{number:02}" for number in range(60)), "whisper"):
        path = Path("/models") / name
        shown.parts.artifacts.known[path] = an_artifact(path)
        shown.app.register_model(Registration(path))
    wait_for(qtbot, lambda: table.model().rowCount() == 61)
    table.select("m40")

    view.search.setText("whisper")
    wait_for(qtbot, lambda: table.selected_key == "whisper")
    view.search.setText("")
    wait_for(qtbot, lambda: table.selected_key == "m40")
    in_view = table.visualRect(table.currentIndex()).intersects(table.viewport().rect())
    view.removal_requested.emit(["m40"])
    wait_for(qtbot, lambda: table.selected_key == "m41")
    shown.notices.undo()
    wait_for(qtbot, lambda: table.selected_key == "m40")

    assert in_view
    assert table.selected_rows()[0].name == "m40"
    shown.screen.presenter.close()


def test_closing_in_the_middle_of_a_reading_stays_quiet(qtbot: QtBot, shown: Shown) -> None:
    shown.drop(LLAMA, BROKEN)

    shown.screen.presenter.close()
    shown.screen.presenter.close()

    assert shown.notices.warnings == []
