"""The story of the monitor: show what the machine spent, go on while it spends, look closer on request.

The window's frame takes the readings; this screen only reads them, so that there is one sampler.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from heygen_desktop.application.ports.metrics import Sample
from heygen_desktop.domain.entities.run import Run
from heygen_desktop.domain.events import Event, SettingsChanged, elsewhere
from heygen_desktop.domain.repositories import Topic
from heygen_desktop.presentation.desktop.ports import (
    Events,
    Memory,
    Navigation,
    Notices,
    TaskRunner,
)
from heygen_desktop.presentation.desktop.screens.monitor.charts import frame_of
from heygen_desktop.presentation.desktop.screens.monitor.contract import MonitorState, MonitorView
from heygen_desktop.presentation.desktop.screens.monitor.export import csv_of
from heygen_desktop.presentation.desktop.screens.monitor.marks import MarkBook
from heygen_desktop.presentation.desktop.screens.monitor.timeline import Timeline, timeline_of
from heygen_desktop.presentation.desktop.screens.monitor.unloading import (
    Processes,
    ProcessUseCases,
)
from heygen_desktop.presentation.desktop.work import Work
from heygen_desktop.presentation.saving import save_file
from heygen_desktop.presentation.wording import duration

RANGES = (60, 300, 900, 3600, 86_400)
"""Seconds up to now."""
INTERVAL_KEY = "monitoring.interval_s"
_RANGE = "monitor/range"
_READ = "read"
"""The stretch in view is read, or what came since: one at a time."""
_SHORTEST_S = 4.0
_LEAD_S = 90.0
"""So much before what is in view is read too: the lines come in from the left edge."""


@dataclass(frozen=True)
class MonitorUseCases:
    """What the screen asks of the application."""

    since: Callable[[datetime], Sequence[Sample]]
    gpu_problem: Callable[[], str]
    runs: Callable[[], Sequence[Run]]
    interval_s: Callable[[], float]
    now: Callable[[], datetime]
    processes: ProcessUseCases


class MonitorPresenter:
    """Keeps the charts true while somebody looks."""

    def __init__(
        self,
        view: MonitorView,
        use_cases: MonitorUseCases,
        tasks: TaskRunner,
        events: Events,
        navigation: Navigation,
        notices: Notices,
        memory: Memory,
    ) -> None:
        self._view = view
        self._use_cases = use_cases
        self._navigation = navigation
        self._notices = notices
        self._memory = memory
        self._work = Work(tasks, view.show_problem)
        self._processes = Processes(view, use_cases.processes, self._work, notices)
        self._range_s = _recalled(memory.recall(_RANGE))
        self._zoom: tuple[float, float] | None = None
        self._paused = False
        self._is_visible = False
        self._timeline: Timeline | None = None
        self._marks = MarkBook()
        self._subscription = events.subscribe(self._happened)
        self._interval_s = 1.0
        self._connect()
        self._show_state()

    def shown(self) -> None:
        """Go on; what was measured meanwhile is read."""
        self._is_visible = True
        self._view.tick_every(self._interval_s)
        self._open()
        self._processes.look()
        if self._is_live:
            self._load()

    def hidden(self) -> None:
        """Rest; nothing is drawn while nobody looks."""
        self._is_visible = False
        self._view.tick_every(0)

    def choose_range(self, seconds: int) -> None:
        """Show the last so many seconds, up to now."""
        self._range_s = seconds
        self._memory.remember(_RANGE, str(seconds))
        self.go_live()

    def zoom(self, first: float, second: float) -> None:
        """Look at one stretch of time; the charts stand still there."""
        start, end = sorted((first, second))
        now = self._now()
        middle, half = (start + end) / 2, max(_SHORTEST_S, end - start) / 2
        self._zoom = max(now - RANGES[-1], middle - half), min(now, middle + half)
        if self._zoom[1] <= self._zoom[0]:
            self._zoom = now - _SHORTEST_S, now
        self._view.show_span(*self._zoom)
        self._show_state()
        self._load()

    def go_live(self) -> None:
        """Come back to what happens now."""
        self._zoom, self._paused = None, False
        self._show_state()
        self._load()

    def toggle_pause(self) -> None:
        """Let the charts stand still, or come back to now; the readings go on either way."""
        if self._is_live:
            self._paused = True
            self._show_state()
        else:
            self.go_live()

    def follow(self) -> None:
        """Draw what was measured since; one question at a time."""
        self._processes.look()
        if not self._is_live or self._work.is_open(_READ):
            return
        if self._timeline is None:
            self._load()
            return
        start = max(self._timeline.end, self._now() - self._range_s)
        self._work.ask(_READ, lambda _: tuple(self._since(start)), self._measured)

    def export_csv(self) -> None:
        """Save every reading of the stretch in view."""
        path = self._view.ask_where("Save the readings", "readings.csv", "CSV table (*.csv)")
        if path is not None:
            start, end = self._span()
            self._save(path, lambda: csv_of(self._readings(start, end)))

    def export_picture(self) -> None:
        """Save the charts as they are drawn."""
        picture = self._view.picture()
        path = self._view.ask_where("Save the picture", "monitor.png", "PNG picture (*.png)")
        if path is not None:
            self._save(path, lambda: picture)

    def close(self) -> None:
        """Stop listening and asking; safe to repeat."""
        self.hidden()
        self._subscription.close()
        self._work.close()

    def _connect(self) -> None:
        view = self._view
        view.tick.connect(self.follow)
        view.range_chosen.connect(self.choose_range)
        view.zoom_requested.connect(self.zoom)
        view.live_requested.connect(self.go_live)
        view.pause_toggled.connect(self.toggle_pause)
        view.run_requested.connect(lambda run_id: self._navigation.show("run", f"run:{run_id}"))
        view.csv_requested.connect(self.export_csv)
        view.picture_requested.connect(self.export_picture)
        view.retry_requested.connect(self.go_live)

    def _open(self) -> None:
        ask = self._use_cases
        self._work.ask(
            "open",
            lambda _: (ask.gpu_problem(), ask.runs(), ask.interval_s()),
            lambda found: self._opened(*found),
        )

    def _opened(self, gpu_problem: str, runs: Sequence[Run], interval_s: float) -> None:
        self._interval_s = interval_s
        if self._is_visible:
            self._view.tick_every(interval_s)
        self._view.show_no_gpu(gpu_problem)
        self._marks.add_runs(runs)
        self._show_marks()

    def _load(self) -> None:
        """Read the stretch in view from its beginning."""
        start, end = self._span()
        self._work.ask(
            _READ,
            lambda _: timeline_of(self._since(start - _LEAD_S), start, end),
            self._loaded,
        )

    def _loaded(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._show(timeline)

    def _measured(self, samples: Sequence[Sample]) -> None:
        if self._timeline is not None and not self._paused:
            self._timeline.add(samples)
            self._show(self._timeline)

    def _show(self, timeline: Timeline) -> None:
        start, end = self._zoom or self._live_span(timeline)
        timeline.forget_before(start)
        self._view.show_frame(frame_of(timeline, start, end))
        self._show_marks()
        self._show_state()

    def _live_span(self, timeline: Timeline) -> tuple[float, float]:
        """The right edge is the latest reading, so that the lines do not end short of it."""
        end = timeline.end or self._now()
        return end - self._range_s, end

    def _span(self) -> tuple[float, float]:
        now = self._now()
        return self._zoom or (now - self._range_s, now)

    def _show_marks(self) -> None:
        if self._timeline is not None:
            start, end = self._zoom or self._live_span(self._timeline)
            self._view.show_marks(self._marks.between(start, end))

    @property
    def _is_live(self) -> bool:
        return not self._paused and self._zoom is None

    def _show_state(self) -> None:
        range_s = 0 if self._zoom else self._range_s
        self._view.show_state(MonitorState(range_s, self._is_live, self._words()))

    def _words(self) -> str:
        if self._zoom is not None:
            start = datetime.fromtimestamp(self._zoom[0])
            return f"{duration(self._zoom[1] - self._zoom[0])} from {start:%H:%M:%S}"
        if self._timeline is not None and not self._timeline.times:
            return "Waiting for the first reading"
        return "Paused" if self._paused else ""

    def _happened(self, event: Event) -> None:
        is_news = self._marks.hear(event)
        if not self._is_visible:
            return
        if elsewhere(event, Topic.RUNS) or _is_of_interval(event):
            self._open()
        elif is_news:
            self._show_marks()

    def _since(self, start: float) -> Sequence[Sample]:
        return self._use_cases.since(datetime.fromtimestamp(start, UTC))

    def _readings(self, start: float, end: float) -> Sequence[Sample]:
        return [sample for sample in self._since(start) if sample.at.timestamp() <= end]

    def _save(self, path: Path, content: Callable[[], bytes]) -> None:
        self._work.change(
            lambda: save_file(path, content()),
            self._notices.saved,
        )

    def _now(self) -> float:
        return self._use_cases.now().timestamp()


def _is_of_interval(event: Event) -> bool:
    return isinstance(event, SettingsChanged) and event.concerns(INTERVAL_KEY)


def _recalled(text: str) -> int:
    return int(text) if text in map(str, RANGES) else RANGES[1]
