"""The main job in the real window on a real display: register, run, stop, watch, read, set, leave."""

from __future__ import annotations

import gc
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from heygen_desktop.bootstrap import resources_folder
from heygen_desktop.domain.entities.run import Run, RunState
from heygen_desktop.domain.repositories import RunFilter
from heygen_desktop.presentation.desktop.screens.logs.record_list import RecordList
from heygen_desktop.presentation.desktop.widgets.labels import Badge
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTableView,
    QWidget,
)

from tests.desktop.conftest import settle
from tests.desktop.person import Person
from tests.desktop.real_window import RealWindow, open_real_window

_HAS_DISPLAY = os.environ.get("QT_QPA_PLATFORM") == "xcb" and bool(os.environ.get("DISPLAY"))
pytestmark = [
    pytest.mark.xcb,
    pytest.mark.slow,
    pytest.mark.skipif(not _HAS_DISPLAY, reason="needs QT_QPA_PLATFORM=xcb and DISPLAY"),
]

PROMPT = "It was a truth"
PASSPHRASE = "correct horse battery"
_LOADING_S = 60.0
_RUNNING_S = 60.0


@pytest.fixture
def window(qapp: QApplication, tmp_path: Path) -> Iterator[RealWindow]:
    opened = open_real_window(qapp, tmp_path / "home", settings={"secrets.store": "vault"})
    yield opened
    opened.close()
    settle()
    gc.collect()  # pyqtgraph's menus are windows that only the collector ends


def test_the_main_job_works_from_the_first_paint_to_the_last(
    window: RealWindow, tmp_path: Path
) -> None:
    model = tmp_path / "second-novelist"
    shutil.copytree(resources_folder() / "starter-model", model)
    (model / "README.md").write_text("---\nlicense: mit\n---\n# Another novelist\n")
    window.wait_until_ready()

    be_welcomed(window.person)
    register_a_dropped_folder(window, model)
    run_a_prompt(window)
    stop_a_long_run(window)
    watch_the_charts_move(window.person)
    read_the_log(window.person)
    set_a_setting(window)
    keep_a_secret(window)
    use_another_environment(window)
    go_somewhere_by_the_palette(window.person)
    leave(window)


def be_welcomed(person: Person) -> None:
    """A new home opens on Run, with the starter model and what this is; the keys are in the prompt."""
    person.wait("the welcome", lambda: person.sees("Welcome to HeyGen Desktop"))
    assert person.sees("Nothing leaves this machine")
    person.wait("the keys in the prompt", lambda: person.field("Prompt").hasFocus())


def register_a_dropped_folder(window: RealWindow, folder: Path) -> None:
    """Drop a folder, read what it is, register it, find it in the list."""
    person = window.person
    person.press("Ctrl+1")
    table = person.find(QTableView, "Models")
    person.wait("the starter model", lambda: "starter" in texts_of(table))

    person.drop([folder])
    person.wait("what was recognised", lambda: person.figure("Licence") == "mit")
    assert person.figure("Architecture") == "LlamaForCausalLM"
    assert person.figure("Parameters") == "2,361,408"
    assert person.sees("Fits on the CPU")
    person.enter("Name", "novelist")
    person.click("Register", QPushButton)

    person.wait("the model in the list", lambda: "novelist" in texts_of(table))
    assert "novelist" in [each.model.name for each in window.application.list_models()]


def run_a_prompt(window: RealWindow) -> None:
    """Write a prompt, run it, see text come piece by piece, then its figures."""
    person = window.person
    person.press("Ctrl+2")
    person.pick("Model", "novelist")
    person.enter("Prompt", PROMPT)
    person.press("Ctrl+Return")

    lengths = watch_text_come(person, 3)
    run = wait_for_end(window)

    assert lengths == sorted(set(lengths))
    assert run.state is RunState.SUCCEEDED
    assert run.model.startswith("novelist")
    person.wait("the end in view", lambda: person.sees("Done"))
    shown = person.find(QPlainTextEdit, "Output").toPlainText()
    assert shown.startswith(PROMPT)
    assert len(shown) > len(PROMPT) + 100
    for title in ("First token", "Speed", "Made", "Memory", "Load"):
        assert any(letter.isdigit() for letter in person.figure(title)), title


def stop_a_long_run(window: RealWindow) -> None:
    """Ask for 400 tokens and stop them with Escape: cancelled, and what was written stays."""
    person = window.person
    box = person.find(QLineEdit, "Max tokens")
    person.click_on(box)
    person.press("Ctrl+A")
    person.write("400\t")
    person.wait("400 tokens", lambda: box.text() == "400")
    person.enter("Prompt", "The morning after the ball,")
    person.press("Ctrl+Return")
    watch_text_come(person, 2)

    person.press("Esc")
    run = wait_for_end(window)

    assert run.state is RunState.CANCELLED
    person.wait("the stopped run in view", lambda: person.sees("Stopped"))
    output = person.find(QPlainTextEdit, "Output")
    stored = str((run.output or {}).get("text", ""))
    assert stored
    assert output.toPlainText().endswith(stored)
    assert 0 < run.figures.tokens < 400


def watch_the_charts_move(person: Person) -> None:
    """The newest reading of the CPU chart is another one a little later, and there are more."""
    person.press("Ctrl+3")
    chart = person.find(QWidget, "CPU over time")
    person.wait("a reading", lambda: len(readings_of(chart)) > 0)
    before = readings_of(chart)

    person.wait("another reading", lambda: len(readings_of(chart)) > len(before))

    after = readings_of(chart)
    assert after[-1][0] > before[-1][0]
    assert all(0 <= value <= 100 for _, value in after)


def read_the_log(person: Person) -> None:
    """What happened is there; a word narrows it, and so does a level."""
    person.press("Ctrl+4")
    records = person.find(RecordList, "Log records")
    person.wait("records", lambda: len(records.rows()) > 3)
    everything = len(records.rows())

    person.enter("Filter messages, facts and ids", "run stopped")
    person.wait("fewer records", lambda: 0 < len(records.rows()) < everything)
    assert any("run stopped" in row.message.lower() for row in records.rows())

    person.press("Ctrl+A")
    person.press("Backspace")
    person.wait("all records", lambda: len(records.rows()) >= everything)
    person.click("Info", QPushButton)
    person.wait(
        "no record of that level",
        lambda: not person.all(RecordList, "Log records") or len(records.rows()) < everything,
    )
    person.click("Info", QPushButton)
    person.wait("all records again", lambda: len(records.rows()) >= everything)


def set_a_setting(window: RealWindow) -> None:
    """Change a number in its editor; the badge says which layer it comes from, and it is kept."""
    person = window.person
    person.press("Ctrl+5")
    person.enter("Search settings", "generation.temperature")
    person.wait("one setting", lambda: not person.all(QLineEdit, "Threads"))
    person.enter("Temperature", "0.35")
    person.press("Return")

    badge = person.find(Badge, "set here")
    assert badge.accessibleDescription().startswith("development: 0.35")
    value = window.application.read_settings("development").values["generation.temperature"]
    assert (value.value, value.layer, value.origin) == (0.35, "database", "development")


def keep_a_secret(window: RealWindow) -> None:
    """Make the vault with a passphrase, keep a value in it, see its name and never the value."""
    person = window.person
    person.click_tab("Secrets")
    person.enter("Passphrase of the vault", PASSPHRASE)
    person.enter("The passphrase again", PASSPHRASE)
    person.press("Return")
    person.click("Set a secret…", QPushButton)
    person.enter("Name", "hub-token")
    person.enter("Value", "hf_ThisIsNotARealToken")
    person.click("Set", QPushButton)

    table = person.find(QTableView, "Secrets")
    person.wait("the secret in the list", lambda: "hub-token" in texts_of(table))
    assert window.application.secrets.reveal("development", "hub-token") == "hf_ThisIsNotARealToken"
    assert "hf_ThisIsNotARealToken" not in texts_of(table)


def use_another_environment(window: RealWindow) -> None:
    """Use production by the palette, at once, and go back with Ctrl+Z."""
    person = window.person
    person.press("Ctrl+K")
    person.find(QLineEdit, "Command")
    person.write("use production")
    person.press("Return")
    person.wait("production", lambda: window.application.environment == "production")
    person.find(QPushButton, "Environment: production")

    person.press("Ctrl+Z")

    person.find(QPushButton, "Environment: development")


def go_somewhere_by_the_palette(person: Person) -> None:
    """Ctrl+K, a few letters, Enter."""
    person.press("Ctrl+K")
    person.find(QLineEdit, "Command")
    person.write("go to lib")
    person.press("Return")

    person.find(QTableView, "Models")


def leave(window: RealWindow) -> None:
    """Close; the worker processes and the threads are gone, and nothing unexpected was reported."""
    assert workers(), "no worker was there; this test would prove nothing"
    window.person.press("Ctrl+Q")
    window.person.wait("the window to close", lambda: not window.session.window.isVisible())

    assert window.session.close(), "a thread did not come to rest"
    assert workers() == []
    assert [each.name for each in threading.enumerate() if not dummy(each)] == ["MainThread"]
    assert window.reports == []


def workers() -> list[psutil.Process]:
    """Return the processes below this one that still live."""
    children = psutil.Process().children(recursive=True)
    return [child for child in children if child.is_running()]


def watch_text_come(person: Person, times: int) -> list[int]:
    """Return the text's lengths as it grows, after it grew so often."""
    output = person.find(QPlainTextEdit, "Output", _LOADING_S)
    person.wait("generation to begin", lambda: person.sees("Running"), _LOADING_S)
    lengths = [len(output.toPlainText())]
    for _ in range(times):
        person.wait("more text", lambda: len(output.toPlainText()) > lengths[-1], _RUNNING_S)
        lengths.append(len(output.toPlainText()))
    return lengths


def wait_for_end(window: RealWindow) -> Run:
    """Return the newest run once it is over."""

    def newest() -> Run:
        return window.application.list_runs(RunFilter(limit=1)).runs[0]

    window.person.wait("the end of the run", lambda: newest().state.is_final, _RUNNING_S)
    return newest()


def readings_of(chart: QWidget) -> list[tuple[float, float]]:
    """Return moments and values of the chart's last line."""
    lines = chart.getPlotItem().listDataItems()  # type: ignore[attr-defined]  # pyqtgraph has no types
    times, values = lines[-1].getData() if lines else ((), ())
    return [] if times is None else list(zip(map(float, times), map(float, values), strict=True))


def texts_of(table: QTableView) -> list[str]:
    """Return what stands in the cells, row by row."""
    model = table.model()
    columns = range(model.columnCount())
    return [model.index(row, at).data() for row in range(model.rowCount()) for at in columns]


def dummy(thread: threading.Thread) -> bool:
    """Return whether Python only stands in for a thread of Qt's."""
    return isinstance(thread, threading._DummyThread)
