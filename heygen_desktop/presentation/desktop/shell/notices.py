"""Short messages in the status bar, where they cover nothing of a screen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QFrame, QWidget

from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_1, SPACE_2, SPACE_3
from heygen_desktop.presentation.desktop.undo import Deed, UndoStack
from heygen_desktop.presentation.desktop.widgets.buttons import button, icon_button
from heygen_desktop.presentation.desktop.widgets.labels import label
from heygen_desktop.presentation.desktop.widgets.layout import row

_STAYS_MS = 5000
_UNDO_STAYS_MS = 10_000
"""Long enough to read what was done, and to think better of it."""
_AT_MOST = 4


class _Notice(QFrame):
    """One message. It takes no keys by itself: a click on it leaves them where they are."""

    left = Signal()

    def __init__(
        self, text: str, tone: str, stays_ms: int, deed: Deed | None = None, about: str = ""
    ) -> None:
        """Word the notice.

        Args:
            text: What it says.
            tone: Its colours.
            stays_ms: How long it is in view; 0 until it is dismissed.
            deed: What it tells of, where that can be taken back.
            about: What a later one replaces it for; empty for none but the same words.
        """
        super().__init__()
        self.text = text
        self.deed = deed
        self.about = about
        self.setProperty("role", "panel")
        self.setProperty("tone", tone)
        self.setAccessibleName(text)
        words = label(text, wraps=True, selectable=True)
        words.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        words.ensurePolished()
        self.setMaximumWidth(words.fontMetrics().horizontalAdvance(text) + SPACE_3)
        self._row = row((words, 1), on=self, margins=(SPACE_2, 0, 0, 0), spacing=SPACE_1)
        self._stays_ms = stays_ms
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._leave_unless_used)

    def add(self, made: QAbstractButton) -> None:
        """Add a button that is reached by mouse and by Tab."""
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._row.addWidget(made)
        self.setMaximumWidth(self.maximumWidth() + made.sizeHint().width() + SPACE_1)

    def leave(self) -> None:
        """Go, for good."""
        self.hide()
        self.left.emit()
        self.deleteLater()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stays_ms:
            self._timer.start(self._stays_ms)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def _leave_unless_used(self) -> None:
        focused = QApplication.focusWidget()
        if not self.underMouse() and (focused is None or not self.isAncestorOf(focused)):
            self.leave()


class NoticeArea(QWidget):
    """Fulfils ``ports.Notices``: the newest message is in view, the others come after it.

    One with an Undo stays in front of what is said after it, but for another Undo.
    """

    changed = Signal()
    """Another message is in view, or none."""
    done = Signal()
    """Something was done that can be taken back."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setAccessibleName("Notices")
        self._theme = theme
        self._undo = UndoStack()
        self._show_file: Callable[[Path], object] = lambda _path: None
        self._notices: list[_Notice] = []
        self._more = label("", "small")
        self._row = row(None, self._more, on=self)
        self.hide()

    @property
    def undoable(self) -> str:
        """What ``undo`` would take back, as its notice worded it; empty where there is nothing."""
        return self._undo.newest.text if self._undo.newest else ""

    def notify(
        self,
        text: str,
        undo: Callable[[], object] | None = None,
        *,
        belongs_to: str = "",
        act: tuple[str, Callable[[], object]] | None = None,
        about: str = "",
    ) -> None:
        """See ``ports.Notices``."""
        deed = Deed(text, undo, belongs_to) if undo is not None else None
        stays_ms = _UNDO_STAYS_MS if deed or act else _STAYS_MS
        notice = _Notice(text, "neutral", stays_ms, deed, about)
        if deed is not None:
            self._undo.push(deed)
            self.done.emit()
            made = button("Undo", lambda: self.undo(deed), "link")
            made.setToolTip("Ctrl+Z")
            notice.add(made)
        if act is not None:
            notice.add(button(*act, "link"))
        self._add(notice)

    def show_files_by(self, show: Callable[[Path], object]) -> None:
        """From now on show a file in its folder so."""
        self._show_file = show

    def saved(self, path: Path) -> None:
        """See ``ports.Notices``."""
        self.notify(f"Saved {path.name}.", act=("Show in folder", lambda: self._show_file(path)))

    def warn(self, text: str) -> None:
        """See ``ports.Notices``."""
        notice = _Notice(text, "warning", 0)
        copy = button("Copy", lambda: QGuiApplication.clipboard().setText(text), "link")
        notice.add(copy)
        self._add(notice)

    def undo(self, deed: Deed | None = None) -> None:
        """Take back this deed, the newest one where None."""
        self._undo.take_back(deed or self._undo.newest)
        self._tidy()

    def let_go(self, belongs_to: str = "") -> None:
        """See ``ports.Notices``."""
        self._undo.let_go(belongs_to)
        self._tidy()

    def texts(self) -> list[str]:
        """Return what was said and not dismissed, oldest first."""
        return [notice.text for notice in self._notices]

    def _add(self, notice: _Notice) -> None:
        close = self._theme.icon("close", "text_quiet")
        dismiss = icon_button(close, "Dismiss", notice.leave)
        dismiss.setIconSize(QSize(14, 14))
        notice.add(dismiss)
        same = [other for other in self._notices if _is_replaced(other, notice)]
        waiting = [other for other in self._notices if other is not self._front()]
        for other in same or waiting[: -(_AT_MOST - 2)]:
            other.leave()
        notice.left.connect(lambda: self._forget(notice))
        self._notices.append(notice)
        self._row.addWidget(notice, 1000)
        self._show_front()

    def _forget(self, notice: _Notice) -> None:
        self._notices.remove(notice)
        self._show_front()

    def _tidy(self) -> None:
        for notice in tuple(self._notices):
            if notice.deed is not None and notice.deed not in self._undo:
                notice.leave()

    def _front(self) -> _Notice | None:
        undoable = [notice for notice in self._notices if notice.deed is not None]
        return next(reversed(undoable or self._notices), None)

    def _show_front(self) -> None:
        front = self._front()
        for notice in self._notices:
            notice.setVisible(notice is front)
        others = [notice.text for notice in reversed(self._notices) if notice is not front]
        self._more.setText(f"+{len(others)}" if others else "")
        self._more.setToolTip("\n".join(("After this one:", *others)) if others else "")
        self._more.setAccessibleName(f"{len(others)} more: {' '.join(others)}" if others else "")
        self.setVisible(bool(self._notices))
        self.changed.emit()


def _is_replaced(earlier: _Notice, by: _Notice) -> bool:
    return earlier.text == by.text or bool(by.about and earlier.about == by.about)
