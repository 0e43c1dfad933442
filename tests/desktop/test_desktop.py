"""The desktop around the window: notes, and folders with a file selected."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from heygen_desktop.presentation.desktop.qt.desktop import Desktop
from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QSystemTrayIcon
from pytestqt.qtbot import QtBot

from tests.desktop.conftest import wait_for
from tests.fakes.session_bus import NOTE, FakeSessionBus

ADDRESS = "DBUS_SESSION_BUS_ADDRESS"


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeSessionBus]:
    made = FakeSessionBus(tmp_path)
    monkeypatch.setenv(ADDRESS, made.address)
    yield made
    made.close()


@pytest.fixture
def desktop(qtbot: QtBot) -> Iterator[Desktop]:
    parent = QObject()
    made = Desktop(parent)
    yield made
    made.close()
    made.close()


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    urls: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: urls.append(QUrl(url).toString()))
    return urls


def test_a_note_says_what_happened_and_a_press_on_it_comes_back(
    qtbot: QtBot, bus: FakeSessionBus, desktop: Desktop
) -> None:
    pressed: list[str] = []
    desktop.pressed.connect(pressed.append)

    desktop.tell("starter is done", "a < b & c", "run-1")
    wait_for(qtbot, lambda: bus.asked)
    bus.press(NOTE + 1)
    bus.press(NOTE)
    wait_for(qtbot, lambda: pressed == ["run-1"])
    desktop.tell("starter failed", "", "run-2")
    wait_for(qtbot, lambda: len(bus.asked) == 2)
    bus.press(NOTE)
    wait_for(qtbot, lambda: pressed == ["run-1", "run-2"])

    member, signature, body = bus.asked[0]
    assert (member, signature) == ("Notify", "susssasa{sv}i")
    assert body[:5] == (
        "HeyGen Desktop",
        0,
        "heygen-desktop",
        "starter is done",
        "a &lt; b &amp; c",
    )
    assert bus.asked[1][2][1] == NOTE, "it takes the place of the first"


def test_a_file_is_shown_selected_in_its_folder(
    qtbot: QtBot, bus: FakeSessionBus, desktop: Desktop, opened: list[str]
) -> None:
    desktop.show_in_folder(Path("/tmp/my output.txt"))

    wait_for(qtbot, lambda: bus.asked)
    assert bus.asked == [("ShowItems", "ass", (["file:///tmp/my%20output.txt"], ""))]
    assert opened == []


def test_where_nobody_can_select_a_file_its_folder_is_opened(
    qtbot: QtBot, bus: FakeSessionBus, desktop: Desktop, opened: list[str]
) -> None:
    bus.refuses = True

    desktop.show_in_folder(Path("/tmp/output.txt"))

    wait_for(qtbot, lambda: opened == ["file:///tmp"])


def test_without_a_bus_the_folder_is_opened_and_a_note_goes_to_the_tray_if_there_is_one(
    desktop: Desktop, opened: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(ADDRESS, f"unix:path={tmp_path / 'nobody'}")
    told: list[str] = []
    for name in ("show", "hide"):  # there is none to be shown in
        monkeypatch.setattr(QSystemTrayIcon, name, lambda _self: None)
    monkeypatch.setattr(QSystemTrayIcon, "showMessage", lambda _self, title, *_: told.append(title))

    desktop.show_in_folder(Path("/tmp/output.txt"))
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: False)
    desktop.tell("nobody hears", "", "run-1")
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: True)
    desktop.tell("one", "", "run-1")
    desktop.tell("two", "", "run-1")

    assert opened == ["file:///tmp"]
    assert told == ["one", "two"]


def test_what_a_bus_that_goes_down_did_not_answer_is_done_without_it(
    qtbot: QtBot, bus: FakeSessionBus, desktop: Desktop, opened: list[str]
) -> None:
    bus.is_silent = True
    desktop.show_in_folder(Path("/tmp/output.txt"))
    wait_for(qtbot, lambda: bus.asked)
    assert opened == []

    bus.close()
    wait_for(qtbot, lambda: opened == ["file:///tmp"])
    desktop.show_in_folder(Path("/tmp/more/output.txt"))

    assert opened == ["file:///tmp", "file:///tmp/more"]


def test_a_bus_that_goes_down_is_let_go(
    qtbot: QtBot, bus: FakeSessionBus, desktop: Desktop, opened: list[str]
) -> None:
    desktop.tell("one", "", "run-1")
    wait_for(qtbot, lambda: bus.asked)
    bus.close()

    def folder_opens() -> bool:
        desktop.show_in_folder(Path("/tmp/output.txt"))
        return bool(opened)

    wait_for(qtbot, folder_opens)


@pytest.mark.parametrize(
    ("system", "program"), [("win32", "explorer"), ("darwin", "open")], ids=["Windows", "macOS"]
)
def test_other_systems_have_a_program_for_it(
    desktop: Desktop, monkeypatch: pytest.MonkeyPatch, system: str, program: str
) -> None:
    started: list[str] = []
    monkeypatch.setattr("sys.platform", system)
    monkeypatch.setattr(
        "heygen_desktop.presentation.desktop.qt.desktop.QProcess.startDetached",
        lambda name, _arguments: started.append(name),
    )

    desktop.show_in_folder(Path("/tmp/output.txt"))

    assert started == [program]
