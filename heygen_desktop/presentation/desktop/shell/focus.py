"""Where the keys are: on a screen's first place when it opens, and back where they were when theirs goes.

Qt gives the keys of what is hidden, disabled or deleted to whatever Tab would reach next, often on the
other side of the window. Here they go back to where they were before on
the screen, and never to what cannot be seen.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from shiboken6 import Shiboken

_REMEMBERED = 8


class FocusKeeper(QObject):
    """Follows the keys, and gives them back. Lives as long as its parent."""

    def __init__(self, application: QApplication, parent: QObject) -> None:
        super().__init__(parent)
        self._places: list[QWidget] = []
        """Where the keys were, the newest at the end."""
        self._is_lent = False
        """Whether Qt has given them to somebody, and nobody has chosen better yet."""
        self._lent_to: QWidget | None = None
        self._opened: tuple[QWidget, QWidget] | None = None
        """What ``put`` was told last."""
        self._awaited: QWidget | None = None
        self._until_then: QWidget | None = None
        """Who has them until the awaited place can take them."""
        application.focusChanged.connect(self._moved)

    def put(self, place: QWidget, page: QWidget) -> None:
        """Put the keys on a place of the page; where it cannot take them yet, once it can.

        Until then the act that stands out on the page has them. Whoever moves them stays.
        """
        self._stop_waiting()
        self._is_lent, self._opened = False, (place, page)
        if _can_take_keys(place):
            self._give(place)
            return
        self._until_then = _first_act(page) or _focused_in(page) or page
        self._give(self._until_then)
        self._awaited = place
        place.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._awaited is not None and self._opened is not None and _can_take_keys(self._awaited):
            self.put(*self._opened)
        return super().eventFilter(watched, event)

    @Slot()
    def _moved(self) -> None:
        now = QApplication.focusWidget()
        if now is None and QApplication.activeWindow() is None:
            return  # they are in another program
        lost = self._lent_to if self._is_lent else next(reversed(self._places), None)
        is_lost = lost is not None and not _can_take_keys(lost)
        is_unseen = now is not None and not _can_take_keys(now)
        self._is_lent = is_lost or is_unseen
        self._places = [place for place in self._places if Shiboken.isValid(place)]
        if self._is_lent:
            self._lent_to = now
            QTimer.singleShot(0, self, self._give_back)
        if now is not None and not is_lost:
            before = (place for place in self._places if place is not now)
            self._places = [*before, now][-_REMEMBERED:]
        if now is not self._until_then:
            self._stop_waiting()

    @Slot()
    def _give_back(self) -> None:
        if not self._is_lent:
            return
        self._is_lent = False
        left = next(filter(self._may_have_keys, reversed(self._places)), None)
        if left is not None:
            self._give(left)
        elif self._opened is not None and all(map(Shiboken.isValid, self._opened)):
            self.put(*self._opened)

    def _may_have_keys(self, place: QWidget) -> bool:
        """On a page that has lost them, what is beside the page, such as the rail, gets them from nobody."""
        page = self._opened[1] if self._opened is not None else None
        if not _can_take_keys(place) or page is None or not Shiboken.isValid(page):
            return _can_take_keys(place)
        return place.window() is not page.window() or place is page or page.isAncestorOf(place)

    def _give(self, place: QWidget) -> None:
        self._places.append(place)  # chosen, not lent
        place.setFocus(Qt.FocusReason.OtherFocusReason)

    def _stop_waiting(self) -> None:
        if self._awaited is not None and Shiboken.isValid(self._awaited):
            self._awaited.removeEventFilter(self)
        self._awaited = self._until_then = None


def _first_act(page: QWidget) -> QWidget | None:
    """Return the button that stands out on a page, such as the one of its empty state."""
    buttons = page.findChildren(QPushButton)
    acts = (made for made in buttons if made.property("kind") == "primary")
    return next(filter(_can_take_keys, acts), None)


def _focused_in(page: QWidget) -> QWidget | None:
    now = QApplication.focusWidget()
    return now if now is not None and page.isAncestorOf(now) and _can_take_keys(now) else None


def _can_take_keys(place: QWidget) -> bool:
    return Shiboken.isValid(place) and place.isVisible() and place.isEnabled()
