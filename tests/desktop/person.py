"""Somebody at the window: finds things by what they are called, and uses mouse and keyboard.

Names are those that a screen reader says, so whatever cannot be found here cannot be found by everyone.
Clicks and keys go to the native window, which finds the widget under them by itself: a button that is
covered, cut off or disabled is not pressed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEventLoop, QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QWidget,
)

Found = TypeVar("Found", bound=QWidget)
_FIELDS = (QLineEdit, QPlainTextEdit, QAbstractSpinBox)
_POLL_MS = 10
_PATIENCE_S = 20.0


def let_run(milliseconds: int) -> None:
    """Run the event loop for so long. ``QTest.qWait`` holds the interpreter's lock: our threads starve."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


class Person:
    """Drives one main window and the dialogs over it. Every wait has a deadline."""

    def __init__(self, window: QWidget) -> None:
        self._window = window

    def wait(
        self, what: str, condition: Callable[[], object], patience_s: float = _PATIENCE_S
    ) -> None:
        """Run the event loop until the condition holds.

        Raises:
            AssertionError: It does not in time; says what was waited for and what is in view.
        """
        deadline = time.monotonic() + patience_s
        while not condition():
            assert time.monotonic() < deadline, (
                f"waited in vain for {what}; in view: {self.names()}"
            )
            let_run(_POLL_MS)

    def all(self, kind: type[Found], name: str) -> list[Found]:
        """Return what is in view under that name."""
        return [widget for widget in self._in_view(kind) if name in _names(widget)]

    def find(self, kind: type[Found], name: str, patience_s: float = _PATIENCE_S) -> Found:
        """Return the one thing of that name, once it is in view.

        Raises:
            AssertionError: There is none in time, or there are several.
        """
        self.wait(f"{kind.__name__} {name!r}", lambda: self.all(kind, name), patience_s)
        found = self.all(kind, name)
        assert len(found) == 1, f"{len(found)} things are called {name!r}"
        return found[0]

    def field(self, name: str) -> QWidget:
        """Return the one field of that name that can be written into, once it is in view."""

        def fields() -> list[QWidget]:
            return [each for each in self.all(QWidget, name) if isinstance(each, _FIELDS)]

        self.wait(f"the field {name!r}", fields)
        found = fields()
        assert len(found) == 1, f"{len(found)} fields are called {name!r}"
        return found[0]

    def sees(self, text: str) -> bool:
        """Return whether some label in view holds this text."""
        return any(text in label.text() for label in self._in_view(QLabel))

    def figure(self, title: str) -> str:
        """Return what a screen reader says after ``title: ``, or an empty string."""
        named = (label.accessibleName() for label in self._in_view(QLabel))
        return next((n.partition(": ")[2] for n in named if n.startswith(f"{title}: ")), "")

    def click(self, name: str, kind: type[QAbstractButton] = QAbstractButton) -> None:
        """Press the one button of that name, once it can be pressed."""
        button = self.find(kind, name)
        self.wait(f"{name!r} to be enabled", button.isEnabled)
        self.click_on(button)

    def click_tab(self, title: str) -> None:
        """Press the tab of that title."""
        bars = self._in_view(QTabBar)
        tabs = ((bar, at) for bar in bars for at in range(bar.count()) if bar.tabText(at) == title)
        bar, at = next(tabs)
        self.click_on(bar, lambda: bar.tabRect(at).center())

    def click_on(self, widget: QWidget, point: Callable[[], QPoint] | None = None) -> None:
        """Press the left button over a point of a widget, its middle where None."""
        top = widget.window()
        last = QPoint(-1, -1)

        def can_be_hit() -> bool:
            nonlocal last
            before, last = last, widget.mapTo(top, point() if point else widget.rect().center())
            under = top.childAt(last)
            return before == last and under is not None and _is_in(under, widget)

        self.wait(f"{_names(widget)} to lie still and uncovered", can_be_hit)
        QTest.mouseClick(_native(widget), Qt.MouseButton.LeftButton, pos=last)

    def enter(self, name: str, text: str) -> None:
        """Click into the field of that name, and write over what it holds."""
        field = self.field(name)
        self.click_on(field)
        self.wait(f"{name!r} to take the keys", field.hasFocus)
        self.press("Ctrl+A")
        self.write(text)

    def pick(self, name: str, beginning: str) -> None:
        """Write into an editable list of that name, and take what it proposes."""
        box = self.find(QComboBox, name)
        self.wait(f"something in {name!r}", box.currentText)
        edit, completer = box.lineEdit(), box.completer()
        popup = completer.popup() if completer is not None else None
        assert edit is not None
        assert popup is not None
        self.click_on(edit)
        self.wait(f"{name!r} to take the keys", edit.hasFocus)
        self.press("Ctrl+A")
        self.write(beginning)
        self.wait("a proposal", popup.isVisible)
        self.press("Down")
        self.press("Return")
        self.wait("the pick", lambda: box.currentText().startswith(beginning))

    def write(self, text: str) -> None:
        """Write into whatever has the keyboard."""
        QTest.keyClicks(self._focused(), text)

    def press(self, keys: str) -> None:
        """Press a combination such as ``Ctrl+2``."""
        QTest.keySequence(_native(self._focused()), keys)

    def drop(self, paths: Sequence[Path]) -> None:
        """Drag files over the middle of the window, and let them go.

        Raises:
            AssertionError: The window does not take them.
        """
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        middle = self._window.rect().center()
        buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        over = QDragEnterEvent(middle, Qt.DropAction.CopyAction, data, buttons, keys)
        QApplication.sendEvent(self._window, over)
        assert over.isAccepted(), "the window does not take these files"
        drop = QDropEvent(QPointF(middle), Qt.DropAction.CopyAction, data, buttons, keys)
        QApplication.sendEvent(self._window, drop)
        assert drop.isAccepted()

    def names(self) -> list[str]:
        """Return what is in view, as it is called; for the report of a failure."""
        return sorted({name for widget in self._in_view(QWidget) for name in _names(widget)})

    def _in_view(self, kind: type[Found]) -> list[Found]:
        tops = [top for top in QApplication.topLevelWidgets() if top.isVisible()]
        inside = (child for top in tops for child in top.findChildren(kind))
        # A dialog is in view by itself and as a child of its window.
        return [widget for widget in dict.fromkeys(inside) if widget.isVisible()]

    def _focused(self) -> QWidget:
        popup = QApplication.activePopupWidget()
        if popup is None and QApplication.activeWindow() is None:
            # A display without a window manager gives the keyboard to nobody when a dialog is gone.
            self._window.activateWindow()
            self.wait("the window to have the keyboard", self._window.isActiveWindow)
        return QApplication.focusWidget() or popup or QApplication.activeWindow() or self._window


def _names(widget: QWidget) -> set[str]:
    text = widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""
    return {name for name in (widget.accessibleName(), text.replace("&", "")) if name}


def _is_in(part: QWidget, whole: QWidget) -> bool:
    return part is whole or whole.isAncestorOf(part)


def _native(widget: QWidget) -> QWindow:
    handle = widget.window().windowHandle()
    assert handle is not None, f"{widget.window()} was never shown"
    return handle
