"""The Library screen: every model of this home, what it is, whether it fits, and how it came in."""

from __future__ import annotations

from contextlib import ExitStack

from heygen_desktop.presentation.desktop.screen import Screen, ScreenContext
from heygen_desktop.presentation.desktop.screens.library.inspector.presenter import (
    InspectorPresenter,
)
from heygen_desktop.presentation.desktop.screens.library.presenter import LibraryPresenter
from heygen_desktop.presentation.desktop.screens.library.registering.presenter import (
    RegisterPresenter,
)
from heygen_desktop.presentation.desktop.screens.library.view import LibraryView

_SCAN = "scan:"
"""No reference of a model holds a colon."""


def build(context: ScreenContext) -> Screen:
    """Return the screen; it fills itself once it is shown."""
    app, tasks, events, notices = (
        context.application, context.tasks, context.events, context.notices,
    )  # fmt: skip
    view = LibraryView(context.theme, context.memory)
    inspector = InspectorPresenter(view.inspector, app, tasks, events, context.navigation, notices)
    library = LibraryPresenter(view, inspector, app, tasks, events, notices)
    register = RegisterPresenter(view.sheet, app, tasks, notices, library.show_model)
    view.paths_chosen.connect(register.look_at)
    view.scan_requested.connect(register.scan)
    closing = ExitStack()
    for presenter in (library, inspector, register):
        closing.callback(presenter.close)

    def receive(argument: str) -> None:
        """A model's reference, or ``scan:`` to choose a folder to look through."""
        if argument == _SCAN:
            view.choose_scan()
        else:
            library.show_model(argument)

    return Screen(
        widget=view,
        presenter=closing,
        first_focus=view.table,
        commands={
            "Register a model folder": view.choose_folder,
            "Register model files": view.choose_files,
            "Scan a folder for models": view.choose_scan,
            "Search the library": view.focus_search,
            "Show or hide the filters": view.facets_button.click,
            "Add the starter model": view.starter_requested.emit,
            "Run the selected model": view.inspector.run_requested.emit,
            "Load the selected model": view.inspector.load_requested.emit,
            "Verify the files of the selected model": view.inspector.verify_requested.emit,
            "Make the selected model a favourite, or no longer": view.inspector.favourite_toggled.emit,
            "Unload the selected model": view.inspector.unload_requested.emit,
            "Copy the list of models as text": view.copy_table,
        },
        receive=receive,
        receive_files=register.look_at,
        shown=library.refresh,
    )
