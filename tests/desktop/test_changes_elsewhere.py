"""A second program works on the home of the open window: the window shows it by itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from heygen_desktop.application.application import Application
from heygen_desktop.application.use_cases.models.register_model import Registration
from heygen_desktop.bootstrap import LaunchOptions, build
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.desktop.real_window import RealWindow, open_real_window
from tests.factories.model_folders import write_model

_SETTINGS = {"secrets.store": "vault", "inference.threads": "1"}
pytestmark = pytest.mark.slow


@pytest.fixture
def opened(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[RealWindow]:
    window = open_real_window(qapp, tmp_path / "home", settings=_SETTINGS)
    window.wait_until_ready()
    yield window
    assert window.close()


@pytest.fixture
def terminal(opened: RealWindow) -> Iterator[Application]:
    application = build(
        LaunchOptions(home=opened.home, settings=_SETTINGS, front="cli"), environ={}
    )
    yield application
    application.close()


def test_a_model_that_a_command_registers_and_removes_comes_and_goes_in_the_library(
    opened: RealWindow, terminal: Application, tmp_path: Path
) -> None:
    person = opened.person
    person.press("Ctrl+1")
    person.wait("the starter model", lambda: person.sees("1 model"))

    terminal.register_model(Registration(write_model(tmp_path / "quill", "llama").path))
    person.wait("the new model", lambda: person.sees("2 models"), patience_s=5)
    terminal.remove_model("quill")
    person.wait("its removal", lambda: person.sees("1 model"), patience_s=5)


def test_a_setting_that_a_command_changes_is_in_the_form(
    opened: RealWindow, terminal: Application
) -> None:
    person = opened.person
    person.press("Ctrl+5")
    person.wait("the form", lambda: "More for Temperature" in person.names())

    terminal.change_setting.set("development", "generation.temperature", 0.4)

    person.wait(
        "the new revision",
        lambda: any("revision 1" in name for name in person.names()),
        patience_s=5,
    )
