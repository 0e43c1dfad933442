"""Short messages at the lower right, over whatever screen is in view."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from heygen_desktop.presentation.desktop.theme.tokens import SPACE_2, SPACE_3, SPACE_4
from heygen_desktop.presentation.desktop.widgets.buttons import button
from heygen_desktop.presentation.desktop.widgets.labels import label
from heygen_desktop.presentation.desktop.widgets.layout import column

_STAYS_MS = 5000
_AT_MOST = 4
_WIDTH = 360


class _Notice(QFrame):
    """One message; closes itself after a while, or when it is told to."""

    def __init__(self, text: str, tone: str, *, stays: bool) -> None:
        super().__init__()
        self.text = text
        self.setProperty("role", "panel")
        self.setProperty("tone", tone)
        self.setAccessibleName(text)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACE_3, SPACE_2, SPACE_2, SPACE_2)
        layout.addWidget(label(text, wraps=True, selectable=True), 1)
        if stays:
            layout.addWidget(
                button("Copy", lambda: QGuiApplication.clipboard().setText(text), "flat")
            )
        layout.addWidget(button("Dismiss", self.leave, "flat"))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.leave)
        if not stays:
            self._timer.start(_STAYS_MS)

    def leave(self) -> None:
        self._timer.stop()
        self.hide()
        self.deleteLater()


class NoticeArea(QWidget):
    """Fulfils ``ports.Notices``. Lies over its parent and moves with it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName("Notices")
        self._column = column(None, on=self)
        parent.installEventFilter(self)
        self.hide()

    def notify(self, text: str) -> None:
        """See ``ports.Notices``."""
        self._add(_Notice(text, "neutral", stays=False))

    def warn(self, text: str) -> None:
        """See ``ports.Notices``."""
        self._add(_Notice(text, "warning", stays=True))

    def texts(self) -> list[str]:
        """Return what is shown, oldest first."""
        return [notice.text for notice in self._notices()]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.parent() and event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _notices(self) -> list[_Notice]:
        items = (self._column.itemAt(at) for at in range(self._column.count()))
        widgets = (item.widget() for item in items if item is not None)
        return [w for w in widgets if isinstance(w, _Notice) and not w.isHidden()]

    def _add(self, notice: _Notice) -> None:
        for same in self._notices():
            if same.text == notice.text:
                same.leave()
        for surplus in self._notices()[: -(_AT_MOST - 1)]:
            surplus.leave()
        notice.destroyed.connect(self._place_later)
        self._column.addWidget(notice)
        notice.show()
        self.show()
        self._place()

    def _place_later(self) -> None:
        QTimer.singleShot(0, self, self._place)

    def _place(self) -> None:
        parent = self.parentWidget()
        if parent is None:
            return
        if not self._notices():
            self.hide()
            return
        width = min(_WIDTH, parent.width() - 2 * SPACE_4)
        height = sum(n.heightForWidth(width) + SPACE_2 for n in self._notices())
        height = min(max(height, self._column.minimumSize().height()), parent.height() - SPACE_4)
        self.setGeometry(
            parent.width() - width - SPACE_4, parent.height() - height - SPACE_3, width, height
        )
        self.raise_()
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
