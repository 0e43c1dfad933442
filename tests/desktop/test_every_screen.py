"""What holds on every screen of the real window: each thing one can use has a name, each screen its title."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from heygen_desktop.presentation.desktop.navigation import SCREENS
from heygen_desktop.presentation.desktop.widgets.cards import Card
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMainWindow,
    QMenu,
    QScrollArea,
    QScrollBar,
    QSplitterHandle,
    QTabBar,
    QTabWidget,
    QWidget,
)

from tests.desktop.conftest import settle
from tests.desktop.real_window import RealWindow, open_real_window
from tests.factories.model_folders import write_model

pytestmark = pytest.mark.slow
_NOT_USED_BY_ITSELF = (QHeaderView, QScrollArea, QScrollBar, QSplitterHandle, QTabBar)
"""Qt names their parts, or they only hold what is used."""


@pytest.fixture
def window(qapp: QApplication, tmp_path: Path) -> Iterator[RealWindow]:
    opened = open_real_window(qapp, tmp_path / "home", settings={"secrets.store": "vault"})
    opened.wait_until_ready()
    yield opened
    opened.close()
    settle()
    gc.collect()  # pyqtgraph's menus are windows that only the collector ends


def go_to(window: RealWindow, screen_id: str) -> None:
    """Bring a screen into view; by call, because pyqtgraph's first windows may take the keys away."""
    program = window.session.program
    assert program is not None
    program.navigator.show(screen_id)
    settle()


def page_of(window: RealWindow) -> QWidget:
    """Return the screen in view."""
    page = window.session.window.stack.currentWidget()
    assert page is not None
    return page


def nameless(over: QWidget) -> list[str]:
    """Return what can be used below a widget and has neither accessible name nor text."""
    return sorted({_place_of(each) for each in over.findChildren(QWidget) if _is_nameless(each)})


def _is_nameless(widget: QWidget) -> bool:
    text = widget.text() if isinstance(widget, QAbstractButton) else ""
    return _is_used(widget) and not widget.accessibleName() and not text


def _is_used(widget: QWidget) -> bool:
    if isinstance(widget, (*_NOT_USED_BY_ITSELF, QLabel)):
        return False
    parent = widget.parentWidget()
    if isinstance(parent, QAbstractScrollArea) and widget is parent.viewport():
        return False
    if isinstance(widget, QLineEdit) and isinstance(parent, QComboBox | QAbstractSpinBox):
        return False  # it says the name of the box around it
    if widget.objectName().startswith("qt_") or _is_in_a_box_or_menu(widget):
        return False
    takes_keys = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return takes_keys or isinstance(widget, QAbstractButton | QAbstractSlider)


def _is_in_a_box_or_menu(widget: QWidget) -> bool:
    """Whether it is part of the list that a box drops down, or of a menu that pyqtgraph never shows."""
    above: QWidget | None = widget
    while above is not None and not isinstance(above, QMainWindow):
        if isinstance(above, QMenu) or (above is not widget and isinstance(above, QComboBox)):
            return True
        above = above.parentWidget()
    return False


def _place_of(widget: QWidget) -> str:
    """Return the kinds from the window down, so that one finds it."""
    kinds = [type(widget).__name__]
    while (above := widget.parentWidget()) is not None:
        widget = above
        kinds.append(type(widget).__name__)
    return " in ".join(kinds[:4])


def test_whatever_can_be_used_has_a_name(window: RealWindow, tmp_path: Path) -> None:
    person, frame = window.person, window.session.window
    folder = write_model(tmp_path / "garden").path

    for spec in SCREENS:
        go_to(window, spec.id)
    person.wait("the settings", lambda: page_of(window).findChildren(Card))
    for tabs in frame.findChildren(QTabWidget):
        for at in range(tabs.count()):
            tabs.setCurrentIndex(at)
    person.drop([folder])
    person.wait("what was recognised", lambda: person.sees("LlamaForCausalLM"))
    frame.open_palette()
    person.find(QLineEdit, "Command")

    names = nameless(frame)
    assert not names, "\n".join(names)


def test_every_screen_begins_with_its_name_in_the_same_place(window: RealWindow) -> None:
    person, frame = window.person, window.session.window
    places: dict[str, QPoint] = {}

    for spec in SCREENS:
        go_to(window, spec.id)
        person.wait(spec.title, lambda: person.sees(spec.title))  # noqa: B023  waited for at once
        titles = page_of(window).findChildren(QLabel)
        title = next(each for each in titles if each.text() == spec.title and each.isVisible())
        left = title.mapTo(frame, QPoint(title.contentsMargins().left(), 0))
        places[spec.title] = QPoint(left.x(), left.y() + title.height() // 2)

    assert len(places) == len(SCREENS)
    assert set(places.values()) == {places["Library"]}, places
