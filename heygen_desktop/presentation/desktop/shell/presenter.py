"""What the frame knows: the environment, what the machine spends, which runs are under way."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from typing import Protocol

from heygen_desktop.application.ports.metrics import GpuSample, Sample
from heygen_desktop.domain.entities.environment import PARENTS
from heygen_desktop.domain.entities.run import Run, RunState
from heygen_desktop.domain.events import (
    EnvironmentChanged,
    Event,
    RunChanged,
    SettingsChanged,
    WorkerStopped,
    elsewhere,
)
from heygen_desktop.domain.repositories import Topic
from heygen_desktop.presentation.desktop.ports import (
    Events,
    Notices,
    Signal,
    Subscription,
    TaskRunner,
)
from heygen_desktop.presentation.desktop.problems import Problem
from heygen_desktop.presentation.desktop.wording import bytes_text, counted, percent_text
from heygen_desktop.presentation.desktop.work import Work

THEME_KEY = "appearance.theme"
INTERVAL_KEY = "monitoring.interval_s"


@dataclass(frozen=True)
class Meter:
    """One figure of the status bar."""

    value: str
    """Worded: ``38 %``."""
    percent: float | None
    """0 to 100 for the little chart, or None where there is nothing to draw."""
    tooltip: str = ""


@dataclass(frozen=True)
class MachineReading:
    """The three figures that are always in view."""

    cpu: Meter
    memory: Meter
    gpu: Meter


class ShellView(Protocol):
    """What the presenter needs of the window."""

    @property
    def reading_due(self) -> Signal:
        """Once a second, while the window is visible."""

    @property
    def theme_requested(self) -> Signal:
        """Carries ``system``, ``light`` or ``dark``."""

    @property
    def environment_requested(self) -> Signal:
        """Carries the name of the environment to be used."""

    def show_environment(self, name: str, names: Sequence[str]) -> None:
        """Show the environment in use, and offer all of them."""

    def show_machine(self, reading: MachineReading) -> None: ...

    def show_jobs(self, text: str, run_id: str) -> None:
        """Show what runs now; an empty text means nothing does."""

    def show_theme(self, choice: str) -> None: ...

    def read_every(self, seconds: float) -> None:
        """Emit ``reading_due`` so often from now on."""


@dataclass(frozen=True)
class ShellUseCases:
    """What the frame asks of the application."""

    environment: Callable[[], str]
    use_environment: Callable[[str], None]
    remember_environment: Callable[[str], None]
    latest_sample: Callable[[], Sample | None]
    gpu_problem: Callable[[], str]
    active_runs: Callable[[], Sequence[Run]]
    read_interval_s: Callable[[], float]
    read_theme: Callable[[], str]
    save_theme: Callable[[str], object]


class ShellPresenter:
    """Keeps the frame true. Lives as long as the application it was given."""

    def __init__(
        self,
        view: ShellView,
        use_cases: ShellUseCases,
        tasks: TaskRunner,
        events: Events,
        notices: Notices,
    ) -> None:
        self._view = view
        self._use_cases = use_cases
        self._work = Work(tasks, self._warn)
        self._notices = notices
        self._active: dict[str, Run] = {}
        self._ended: set[str] = set()
        self._subscription: Subscription = events.subscribe(self._happened)
        view.reading_due.connect(self.show_reading)
        view.theme_requested.connect(self.change_theme)
        view.environment_requested.connect(self.use_environment)

    def runs_of(self, pid: int) -> int:
        """Return how many runs of that process are under way; those that wait go on another time."""
        return sum(
            run.owner.pid == pid and run.state is not RunState.QUEUED
            for run in self._active.values()
        )

    def start(self) -> None:
        """Show what is known, and ask for the rest."""
        self._view.show_environment(self._use_cases.environment(), tuple(PARENTS))
        self._read_runs()
        self._read_theme()
        self._read_interval()
        self.show_reading()

    def show_reading(self) -> None:
        """Show the newest reading; figures that stand still say by themselves that none came."""
        if not self._work.is_open("sample"):
            self._work.ask("sample", lambda _: self._reading(), self._found_reading)

    def change_theme(self, choice: str) -> None:
        """Look like this at once, and keep it in the environment's settings."""
        self._view.show_theme(choice)
        self._work.change(
            lambda: self._use_cases.save_theme(choice),
            failed=lambda error: self._notices.warn(f"The theme was not saved. {error}"),
        )

    def use_environment(self, name: str) -> None:
        """Let the settings and secrets of this environment hold, at once."""
        self._work.change(lambda: self._use_cases.use_environment(name))

    def close(self) -> None:
        """Stop listening and asking; safe to repeat."""
        self._subscription.close()
        self._work.close()

    def _reading(self) -> MachineReading | None:
        sample = self._use_cases.latest_sample()
        if sample is None:
            return None
        return reading_of(sample, "" if sample.gpus else self._use_cases.gpu_problem())

    def _found_reading(self, reading: MachineReading | None) -> None:
        if reading is not None:
            self._view.show_machine(reading)

    def _read_theme(self) -> None:
        self._work.ask("theme", lambda _: self._use_cases.read_theme(), self._view.show_theme)

    def _read_interval(self) -> None:
        self._work.ask(
            "interval", lambda _: self._use_cases.read_interval_s(), self._view.read_every
        )

    def _warn(self, problem: Problem | None) -> None:
        if problem is not None:
            self._notices.warn(problem.title)

    def _read_runs(self) -> None:
        before = set(self._active)
        self._work.ask(
            "runs",
            lambda _: self._use_cases.active_runs(),
            lambda runs: self._found_runs(runs, before),
        )

    def _found_runs(self, runs: Sequence[Run], before: Set[str]) -> None:
        for gone in before - {run.id for run in runs}:
            self._active.pop(gone, None)
        for run in runs:
            # An event may have overtaken this answer.
            if run.id not in self._ended:
                self._active.setdefault(run.id, run)
        self._show_jobs()

    def _happened(self, event: Event) -> None:
        if isinstance(event, RunChanged):
            self._run_changed(event.run)
        elif isinstance(event, WorkerStopped) and not event.expected:
            self._notices.warn(f"{event.model} ended unexpectedly: {event.reason}")
        elif isinstance(event, SettingsChanged):
            self._settings_changed(event)
        if elsewhere(event, Topic.RUNS):
            self._read_runs()

    def _settings_changed(self, event: SettingsChanged) -> None:
        if isinstance(event, EnvironmentChanged):
            self._use_cases.remember_environment(event.environment)
            self._view.show_environment(event.environment, tuple(PARENTS))
            self._notices.notify(
                f"Switched to {event.environment}.",
                undo=lambda: self.use_environment(event.former),
            )
        if event.concerns(THEME_KEY):
            self._read_theme()
        if event.concerns(INTERVAL_KEY):
            self._read_interval()

    def _run_changed(self, run: Run) -> None:
        if run.state.is_final:
            self._active.pop(run.id, None)
            self._ended.add(run.id)
        else:
            self._active[run.id] = run
        self._show_jobs()

    def _show_jobs(self) -> None:
        if not self._active:
            self._view.show_jobs("", "")
            return
        runs = list(self._active.values())
        at_work = [run for run in runs if run.state is not RunState.QUEUED]
        shown = (at_work or runs)[-1]
        more = f" and {len(runs) - 1} more" if len(runs) > 1 else ""
        self._view.show_jobs(f"{shown.model} · {shown.state}{more}", shown.id)


def reading_of(sample: Sample, gpu_problem: str) -> MachineReading:
    """Return the three figures of a reading, worded."""
    cores = counted(len(sample.cpu_per_core_percent), "core")
    used, total = sample.memory_used_bytes, sample.memory_total_bytes
    return MachineReading(
        cpu=Meter(percent_text(sample.cpu_percent), sample.cpu_percent, f"CPU, all of {cores}"),
        memory=Meter(
            f"{bytes_text(used)} / {bytes_text(total)}",
            100 * used / total if total else None,
            "Memory in use, of the total",
        ),
        gpu=_gpu_meter(sample.gpus[0], len(sample.gpus)) if sample.gpus else _no_gpu(gpu_problem),
    )


def _gpu_meter(gpu: GpuSample, number: int) -> Meter:
    used, total = bytes_text(gpu.memory_used_bytes), bytes_text(gpu.memory_total_bytes)
    more = f", the first of {number}" if number > 1 else ""
    return Meter(
        percent_text(gpu.utilisation_percent),
        gpu.utilisation_percent,
        f"{gpu.name}{more}: {used} of {total} memory",
    )


def _no_gpu(problem: str) -> Meter:
    return Meter("no GPU", None, problem or "No GPU was found on this machine.")
