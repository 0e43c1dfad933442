"""A long job: what it does, how far it is, how fast, how long still, and Stop."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QProgressBar, QWidget

from heygen_desktop.presentation.desktop.theme.tokens import SPACE_1
from heygen_desktop.presentation.desktop.widgets.buttons import button
from heygen_desktop.presentation.desktop.widgets.labels import ElidedLabel, label
from heygen_desktop.presentation.desktop.widgets.layout import column, row, turn
from heygen_desktop.presentation.desktop.wording import duration_text

_STEPS = 1000
_ROOM_FOR_BOTH = 420
"""In a narrower place the figures stand below what is done."""


class ProgressRow(QWidget):
    """Progress of one job; hidden while there is none."""

    cancel_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._what = ElidedLabel()
        self._figures = label("", "small")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Progress")
        self._cancel = button("Stop", self._ask_cancel)
        self._words = row((self._what, 1), self._figures)
        row((column(self._words, self._bar, spacing=SPACE_1), 1), self._cancel, on=self)
        self.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        turn(self._words, beside=event.size().width() >= _ROOM_FOR_BOTH)

    def show_progress(
        self, what: str, fraction: float | None, *, speed: str = "", left_s: float | None = None
    ) -> None:
        """Show where the job is.

        Args:
            what: What it does now: ``Reading weights``.
            fraction: 0 to 1; None where the end is not known, then the bar only moves.
            speed: In the job's own unit, worded: ``1.2 GB/s``.
            left_s: Estimated seconds until the end.
        """
        if self.isHidden():
            self._cancel.setEnabled(True)
        self._what.show_text(what)
        left = "" if left_s is None else f"{duration_text(left_s)} left"
        share = "" if fraction is None else f"{fraction:.0%}"
        self._figures.setText(" · ".join(part for part in (share, speed, left) if part))
        self._bar.setRange(0, 0 if fraction is None else _STEPS)
        if fraction is not None:
            self._bar.setValue(round(fraction * _STEPS))
        self._bar.setAccessibleDescription(f"{what} {self._figures.text()}".strip())
        self.show()

    def finish(self) -> None:
        """Hide the row; the job is over."""
        self.hide()

    def _ask_cancel(self) -> None:
        self._cancel.setEnabled(False)
        self._what.show_text("Stopping…")
        self.cancel_requested.emit()
