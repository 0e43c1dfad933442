"""The bar at the bottom: environment, running jobs, and what the machine spends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from heygen_desktop.presentation.desktop.shell.notices import NoticeArea
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_1, SPACE_3, SPACE_4
from heygen_desktop.presentation.desktop.widgets.buttons import button
from heygen_desktop.presentation.desktop.widgets.labels import label, restyle
from heygen_desktop.presentation.desktop.widgets.layout import row
from heygen_desktop.presentation.desktop.widgets.sparkline import Sparkline

if TYPE_CHECKING:
    from heygen_desktop.presentation.desktop.shell.presenter import MachineReading, Meter

HEIGHT = 34
_ROOM_FOR_BOTH = 1200


class MeterView(QWidget):
    """A name, a little chart, a value."""

    def __init__(self, name: str, widest: str, colour_at: int, theme: Theme):
        """Make an empty meter.

        Args:
            name: What is measured.
            widest: The longest value, so that the bar does not twitch.
            colour_at: Which of the theme's chart colours it takes.
            theme: Where the colours come from.
        """
        super().__init__()
        self._name = name
        self.chart = Sparkline(theme, f"{name} over the last minute", colour_at)
        self._value = label("", "small")
        self._value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._value.ensurePolished()
        self._value.setMinimumWidth(self._value.fontMetrics().horizontalAdvance(widest))
        row(label(name, "small"), self.chart, self._value, on=self)

    def show_meter(self, meter: Meter) -> None:
        """Show the newest figure."""
        self._value.setText(meter.value)
        self.chart.setVisible(meter.percent is not None)
        if meter.percent is not None:
            self.chart.append(meter.percent)
        self.setToolTip(meter.tooltip)
        self.setAccessibleName(f"{self._name}: {meter.value}")


class StatusBar(QWidget):
    """Always in view."""

    checksums_requested = Signal()
    """Pause the checksums, or go on with them."""
    environments_requested = Signal()
    """The environments to choose from shall be offered."""
    jobs_requested = Signal(str)
    """The id of the run that is shown."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("role", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Status")
        self.setMinimumHeight(HEIGHT)
        self._run_id = ""
        self.environment = button("", self.environments_requested.emit)
        self.environment.hide()
        self.jobs = button("", lambda: self.jobs_requested.emit(self._run_id), "link")
        self.jobs.hide()
        self.checksums = button("", self.checksums_requested.emit, "link")
        self.checksums.setToolTip("Pause or resume")
        self.checksums.setAccessibleName("Checksums: pause or resume")
        self.checksums.hide()
        self.cpu = MeterView("CPU", "100 %", 0, theme)
        self.memory = MeterView("Memory", "100 GB / 100 GB", 1, theme)
        self.gpu = MeterView("GPU", "100 %", 3, theme)
        self._meters = QWidget()
        self._has_figures = False
        self.notices = NoticeArea(theme)
        for link in (self.jobs, self.checksums):
            link.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._lay_out()
        self._meters.hide()
        self.notices.changed.connect(self._share_room)

    def show_environment(self, name: str) -> None:
        """Show which environment every change goes to, in its colour."""
        self.environment.setText(name)
        restyle(self.environment, "tone", name)
        self.environment.setToolTip(f"Settings and secrets of {name} are in use. Press to switch.")
        self.environment.setAccessibleName(f"Environment: {name}")
        self.environment.show()

    def show_jobs(self, text: str, run_id: str) -> None:
        """Show what runs; an empty text hides it."""
        self._run_id = run_id
        self.jobs.setText(text)
        self.jobs.setAccessibleName(f"Running: {text}")
        self.jobs.setVisible(bool(text))

    def show_checksums(self, text: str) -> None:
        """Show what is computed in the background; an empty text hides it."""
        self.checksums.setText(text)
        self._share_room()

    def show_machine(self, reading: MachineReading) -> None:
        """Show the newest figures."""
        self._has_figures = True
        self._share_room()
        self.cpu.show_meter(reading.cpu)
        self.memory.show_meter(reading.memory)
        self.gpu.show_meter(reading.gpu)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_room()

    def _share_room(self) -> None:
        """Let the figures make room for a notice in a window that has not enough for both."""
        both = self.notices.isHidden() or self.width() >= _ROOM_FOR_BOTH
        self._meters.setVisible(self._has_figures and both)
        self.checksums.setVisible(bool(self.checksums.text()) and both)

    def _lay_out(self) -> None:
        row(self.cpu, self.memory, self.gpu, on=self._meters, spacing=SPACE_4)
        words = (self.environment, self.jobs, self.checksums)
        margins = (SPACE_3, SPACE_1, SPACE_4, SPACE_1)
        parts = (*words, None, (self.notices, 1000), self._meters)
        row(*parts, on=self, margins=margins, spacing=SPACE_3)
