"""Collects cyclic garbage on the UI thread only.

Python's collector runs on whatever thread allocates. A cycle that holds a widget would then be freed
on a worker thread, and Qt aborts the process. So the automatic collector is off, and a timer asks.
The window stands still while all is looked through, so what survives the first look, which is nearly
everything there ever is, is left out of the later ones.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

_OLDEST = 2


class UiThreadCollector(QObject):
    """Switches the automatic collector off while it lives, and does its work from a timer."""

    def __init__(self, interval_ms: int = 1000) -> None:
        """Take over.

        Args:
            interval_ms: How often the counters are looked at; a look costs microseconds.
        """
        super().__init__()
        self._was_enabled = gc.isenabled()
        gc.disable()
        self._has_settled = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.collect_if_due)
        self._timer.start(interval_ms)

    @Slot()
    def collect_if_due(self) -> None:
        """Collect the oldest generation whose threshold is passed; freeze what is there for good."""
        due = zip(gc.get_count(), gc.get_threshold(), strict=True)
        generations = [n for n, (count, threshold) in enumerate(due) if count > threshold > 0]
        if generations:
            gc.collect(max(generations))
        if _OLDEST in generations and not self._has_settled:
            self._has_settled = True
            gc.freeze()

    def close(self) -> None:
        """Give the collector back as it was found; safe to repeat."""
        self._timer.stop()
        if self._has_settled:
            self._has_settled = False
            gc.unfreeze()
        if self._was_enabled:
            gc.enable()
