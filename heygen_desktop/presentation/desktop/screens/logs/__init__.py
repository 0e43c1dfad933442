"""The log screen: what the program did, line by line, as it does it."""

from __future__ import annotations

from heygen_desktop.presentation.desktop.screen import Screen, ScreenContext
from heygen_desktop.presentation.desktop.screens.logs.presenter import LogsPresenter
from heygen_desktop.presentation.desktop.screens.logs.view import LogsScreen


def build(context: ScreenContext) -> Screen:
    """Return the screen over the application's log."""
    view = LogsScreen(context.theme, context.memory)
    presenter = LogsPresenter(
        view,
        context.application.logs,
        context.tasks,
        context.navigation,
        context.notices,
        context.memory,
    )
    return Screen(
        widget=view,
        presenter=presenter,
        first_focus=view.list,
        commands={
            "Filter the log": view.focus_search,
            "Pause or resume the log": presenter.toggle_pause,
            "Clear the log's filters": presenter.clear_filters,
            "Open the log folder": presenter.open_folder,
        },
        receive=presenter.receive,
        shown=presenter.shown,
        hidden=presenter.hidden,
    )
