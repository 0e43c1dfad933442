"""The one list of screens, in the order of the rail. A screen is added here and nowhere else: an entry.

What can be done on it is named here too, with its shortcut: the palette offers it before the screen is
built, whose ``commands`` do it.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from heygen_desktop.presentation.desktop.screen import Screen, ScreenContext, ScreenSpec


def _screen(
    folder: str,
    title: str,
    icon: str,
    commands: Mapping[str, str],
    keys: Mapping[str, str],
    *,
    takes_files: bool = False,
    opens_first: bool = False,
) -> ScreenSpec:
    def build(context: ScreenContext) -> Screen:
        package = import_module(f"heygen_desktop.presentation.desktop.screens.{folder}")
        screen: Screen = package.build(context)
        return screen

    return ScreenSpec(folder, title, icon, build, takes_files, opens_first, commands, keys)


SCREENS: tuple[ScreenSpec, ...] = (
    _screen(
        "library",
        "Library",
        "cube-outline",
        {
            "Register a model folder": "Ctrl+O",
            "Register model files": "",
            "Scan a folder for models": "",
            "Search the library": "Ctrl+F",
            "Show or hide the filters": "",
            "Add the starter model": "",
            "Run the selected model": "Enter",
            "Load the selected model": "",
            "Verify the files of the selected model": "",
            "Make the selected model a favourite, or no longer": "",
            "Unload the selected model": "",
            "Copy the list of models as text": "Ctrl+C",
        },
        {
            "Remove the selected models": "Delete",
            "Go from the search into the list": "Down",
            "Reload the list": "F5",
            "Register what was found": "Ctrl+Enter",
            "Close what was found": "Esc",
        },
        takes_files=True,
    ),
    _screen(
        "run",
        "Run",
        "play-outline",
        {
            "Run the model": "Ctrl+Enter",
            "Stop the run": "Esc",
            "Run again with the same seed": "",
            "Run again with a new seed": "",
            "Use the parameters of this run": "",
            "Use the input of this run": "",
            "Write the input": "",
            "Search the runs": "Ctrl+F",
            "Show the queue": "",
            "Clear the queue": "",
            "Clear the history of runs": "",
            "Copy the output": "",
            "Copy the request as CLI": "",
            "Unload the model": "",
        },
        {
            "Name the selected run": "F2",
            "Pin the selected runs, or no longer": "Ctrl+P",
            "Delete the selected runs, or stop a waiting one": "Delete",
            "Let a waiting run begin earlier, or later": "Alt+Up  Alt+Down",
        },
        opens_first=True,
    ),
    _screen(
        "monitor",
        "Monitor",
        "chart-line",
        {
            "Pause or resume the charts": "P",
            "Show what happens now": "",
            "Save the readings as CSV": "",
            "Save the charts as a picture": "",
        },
        {
            "Zoom in or out": "+  -",
            "Move to earlier or later": "Left  Right",
            "Pause, in the charts": "Space",
            "Back to what happens now": "Esc",
        },
    ),
    _screen(
        "logs",
        "Logs",
        "text-box-outline",
        {
            "Filter the log": "Ctrl+F",
            "Pause or resume the log": "Space",
            "Clear the log's filters": "",
            "Open the log folder": "",
        },
        {
            "Select records": "Up  Down  Page Up  Page Down  Home  End",
            "Copy the selected records": "Ctrl+C",
            "Select all records": "Ctrl+A",
            "Close a record": "Esc",
        },
    ),
    _screen(
        "environments",
        "Environments",
        "layers-outline",
        {
            "Search settings": "Ctrl+F",
            "Set a secret": "",
        },
        {"Undo what is being typed": "Esc"},
    ),
)
