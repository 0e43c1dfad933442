"""Tab is walked through every screen and dialog of the real window: where the keys are can be seen."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from heygen_desktop.presentation.desktop.navigation import SCREENS
from heygen_desktop.presentation.desktop.problems import Problem
from heygen_desktop.presentation.desktop.widgets.confirm import ConfirmDialog
from heygen_desktop.presentation.desktop.widgets.problem import ProblemDialog
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QTabBar, QTableView, QWidget

from tests.desktop.conftest import settle
from tests.desktop.real_window import RealWindow, open_real_window
from tests.factories.model_folders import write_model

pytestmark = pytest.mark.slow
_MOST_STOPS = 120
_SEEN = {
    "library": "LlamaForCausalLM",
    "run": "Ctrl+Enter runs",
    "monitor": "Memory of each model",
    "logs": "records",
    "environments": "Appearance",
}
"""What each screen shows once it has read what it shows."""
_EDGE = 8
_LEAST_PIXELS, _LEAST_CONTRAST = 100, 2.5
"""A ring has at least as many pixels as stand out so much from what was there without it; a small place
has half of its edge in them."""


@pytest.fixture
def window(qapp: QApplication, tmp_path: Path) -> Iterator[RealWindow]:
    opened = open_real_window(qapp, tmp_path / "home", settings={"secrets.store": "vault"})
    opened.wait_until_ready()
    yield opened
    opened.session.window.show_theme("dark")
    opened.close()
    settle()
    gc.collect()  # pyqtgraph's menus are windows that only the collector ends


def walk(top: QWidget) -> dict[QWidget, bool]:
    """Press Tab until it comes to where it was; return its stops, and whether each has a ring."""
    stops: dict[QWidget, bool] = {}
    while (stop := QApplication.focusWidget()) is not None and stop not in stops:
        stops[stop] = _has_ring(stop)
        assert len(stops) <= _MOST_STOPS
        QTest.keyClick(top.windowHandle(), Qt.Key.Key_Tab)
        settle()
    return stops


def ringless(stops: dict[QWidget, bool]) -> list[str]:
    """Return the stops that look the same, or nearly, with the keys and without."""
    return [f"{type(s).__name__} {s.accessibleName()!r}" for s, has in stops.items() if not has]


def _has_ring(stop: QWidget) -> bool:
    with_keys = _picture_of(stop)
    stop.clearFocus()
    settle()
    without = _picture_of(stop)
    stop.setFocus(Qt.FocusReason.TabFocusReason)
    edge = with_keys.width() + with_keys.height()
    return _differing(with_keys, without) >= min(edge, _LEAST_PIXELS)


def _picture_of(widget: QWidget) -> QImage:
    top = widget.window()
    part = widget.tabRect(widget.currentIndex()) if isinstance(widget, QTabBar) else widget.rect()
    place = QRect(widget.mapTo(top, part.topLeft()), part.size()).adjusted(-3, -3, 3, 3)
    return top.grab(place.intersected(top.rect())).toImage()


def _differing(one: QImage, other: QImage) -> int:
    rows, columns = range(one.height()), range(one.width())
    near = (*range(_EDGE), *range(-_EDGE, 0))  # what changes further inside is no ring
    points = {(x % one.width(), y) for x in near for y in rows} | {
        (x, y % one.height()) for x in columns for y in near
    }
    return sum(
        one.pixel(x, y) != other.pixel(x, y)
        and _contrast(one.pixelColor(x, y), other.pixelColor(x, y)) >= _LEAST_CONTRAST
        for x, y in points
    )


def _contrast(one: QColor, other: QColor) -> float:
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: QColor) -> float:
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("screen", [spec.id for spec in SCREENS])
def test_every_stop_of_a_screen_has_a_ring(window: RealWindow, screen: str, theme: str) -> None:
    frame, program = window.session.window, window.session.program
    assert program is not None
    frame.show_theme(theme)

    program.navigator.show(screen)
    window.person.wait("the screen", lambda: window.person.sees(_SEEN[screen]))
    frame.raise_to_front()  # pyqtgraph's first windows may have taken the keys
    page = frame.stack.currentWidget()
    window.person.wait("the keys", lambda: QApplication.focusWidget() not in (None, page))
    stops = walk(frame)

    assert len(stops) > 10
    assert ringless(stops) == []


def dialogs_of(window: RealWindow, folder: Path) -> Iterator[QWidget]:
    """Open each dialog, and the sheet and the form that take a screen's place; yield where Tab goes."""
    frame, person = window.session.window, window.person
    asked = ConfirmDialog("Stop 1 run and quit?", "What was made is kept.", "Stop", frame)
    problem = ProblemDialog(Problem("It failed.", "No room.", "Make room.", "code: 1"), frame)
    for dialog in (asked, problem):
        dialog.open()
        yield dialog
    frame.rail.about_requested.emit()
    yield next(each for each in frame.findChildren(QDialog) if each.windowTitle()[:5] == "About")
    person.drop([folder])
    person.wait("what was recognised", lambda: person.sees("Register models"))
    yield frame
    person.press("Escape")
    frame.open_palette()
    yield person.find(QLineEdit, "Command").window()


def _has_keys(dialog: QWidget) -> bool:
    place = QApplication.focusWidget()
    return place is not None and dialog.isAncestorOf(place)


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_every_stop_of_a_dialog_has_a_ring(window: RealWindow, tmp_path: Path, theme: str) -> None:
    window.session.window.show_theme(theme)

    for dialog in dialogs_of(window, write_model(tmp_path / "garden").path):
        dialog.activateWindow()
        window.person.wait("the keys", lambda: _has_keys(dialog))  # noqa: B023  waited for at once
        stops = walk(dialog)

        assert stops
        assert ringless(stops) == []
        if dialog is not window.session.window:
            dialog.close()
        settle()


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_every_stop_among_secrets_has_a_ring_before_and_after_the_vault_is_made(
    window: RealWindow, theme: str
) -> None:
    frame, person, program = window.session.window, window.person, window.session.program
    assert program is not None
    frame.show_theme(theme)
    program.navigator.show("environments")
    person.click_tab("Secrets")
    person.find(QLineEdit, "Passphrase of the vault")
    assert ringless(walk(frame)) == []

    person.enter("Passphrase of the vault", "correct horse battery")
    person.enter("The passphrase again", "correct horse battery")
    person.press("Return")
    person.wait("the vault", lambda: not person.all(QLineEdit, "Passphrase of the vault"))
    settle()

    page = frame.stack.currentWidget()
    assert page is not None
    assert _has_keys(page)
    assert ringless(walk(frame)) == []


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_every_stop_beside_a_run_has_a_ring(window: RealWindow, theme: str) -> None:
    frame, person, program = window.session.window, window.person, window.session.program
    assert program is not None
    frame.show_theme(theme)
    program.navigator.show("run")
    person.enter("Prompt", "It is a truth")
    person.press("Ctrl+Return")
    person.wait("the output", lambda: person.all(QTableView, "Runs"))
    person.wait("the end", lambda: program.tasks.pending == 0)

    assert ringless(walk(frame)) == []
