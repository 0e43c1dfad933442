"""The monitor: what the machine and the models spend, as it happens and up to a day back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from heygen_desktop.domain.repositories import RunFilter
from heygen_desktop.presentation.desktop.screen import Screen, ScreenContext
from heygen_desktop.presentation.desktop.screens.monitor.presenter import (
    MonitorPresenter,
    MonitorUseCases,
)
from heygen_desktop.presentation.desktop.screens.monitor.processes import ProcessRow, rows_of
from heygen_desktop.presentation.desktop.screens.monitor.unloading import ProcessUseCases
from heygen_desktop.presentation.desktop.screens.monitor.view import MonitorScreen

if TYPE_CHECKING:
    from heygen_desktop.application.application import Application

_MOST_RUNS = 500


def processes_of(application: Application) -> Sequence[ProcessRow]:
    """Return our processes with what they spend now."""
    workers = application.list_loaded.here()
    programs = application.list_loaded.programs(workers)
    return tuple(rows_of(programs, workers, application.watch_machine.latest()))


def build(context: ScreenContext) -> Screen:
    """Return the screen; this package brings pyqtgraph, so it is imported on the first visit."""
    application = context.application
    view = MonitorScreen(context.theme, context.memory)
    presenter = MonitorPresenter(
        view,
        MonitorUseCases(
            since=application.watch_machine.since,
            gpu_problem=application.watch_machine.gpu_problem,
            runs=lambda: application.list_runs(RunFilter(limit=_MOST_RUNS)).runs,
            interval_s=lambda: application.settings().monitoring.interval_s,
            now=lambda: datetime.now(UTC),
            processes=ProcessUseCases(
                look=lambda: processes_of(application),
                unload=application.unload_model,
                end=application.end_worker,
            ),
        ),
        context.tasks,
        context.events,
        context.navigation,
        context.notices,
        context.memory,
    )
    return Screen(
        widget=view,
        presenter=presenter,
        first_focus=view.body,
        commands={
            "Pause or resume the charts": presenter.toggle_pause,
            "Show what happens now": presenter.go_live,
            "Save the readings as CSV": presenter.export_csv,
            "Save the charts as a picture": presenter.export_picture,
        },
        shown=presenter.shown,
        hidden=presenter.hidden,
    )
