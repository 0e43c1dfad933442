"""Where the keys are: on a screen's first place when it opens, and back where they were when theirs goes.

Qt gives the keys of what is hidden, disabled or deleted to whatever Tab would reach next, often on the
other side of the window. Here they go back to where they were before.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QApplication, QWidget
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
        application.focusChanged.connect(self._moved)

    def put(self, place: QWidget, until_then: QWidget) -> None:
        """Put the keys there; where it cannot take them yet, once it can, unless they are moved before."""
        self._stop_waiting()
        self._is_lent, self._opened = False, (place, until_then)
        if _can_take_keys(place):
            self._give(place)
            return
        self._give(until_then)
        self._awaited, self._until_then = place, until_then
        place.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        place, until_then = self._awaited, self._until_then
        if place is not None and until_then is not None and _can_take_keys(place):
            self.put(place, until_then)
        return super().eventFilter(watched, event)

    @Slot()
    def _moved(self) -> None:
        now = QApplication.focusWidget()
        if now is None and QApplication.activeWindow() is None:
            return  # they are in another program
        lost = self._lent_to if self._is_lent else next(reversed(self._places), None)
        self._is_lent = lost is not None and not _can_take_keys(lost)
        self._places = [place for place in self._places if Shiboken.isValid(place)]
        if self._is_lent:
            self._lent_to = now
            QTimer.singleShot(0, self, self._give_back)
        elif now is not None:
            before = (place for place in self._places if place is not now)
            self._places = [*before, now][-_REMEMBERED:]
        if now is not self._until_then:
            self._stop_waiting()

    @Slot()
    def _give_back(self) -> None:
        if not self._is_lent:
            return
        self._is_lent = False
        left = next((place for place in reversed(self._places) if _can_take_keys(place)), None)
        if left is not None:
            self._give(left)
        elif self._opened is not None and all(map(Shiboken.isValid, self._opened)):
            self.put(*self._opened)

    def _give(self, place: QWidget) -> None:
        self._places.append(place)  # chosen, not lent
        place.setFocus(Qt.FocusReason.OtherFocusReason)

    def _stop_waiting(self) -> None:
        if self._awaited is not None and Shiboken.isValid(self._awaited):
            self._awaited.removeEventFilter(self)
        self._awaited = self._until_then = None


def _can_take_keys(place: QWidget) -> bool:
    return Shiboken.isValid(place) and place.isVisible() and place.isEnabled()
