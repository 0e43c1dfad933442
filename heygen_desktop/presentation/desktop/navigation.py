"""The one list of screens, in the order of the rail. A screen is added here and nowhere else: a line."""

from __future__ import annotations

from importlib import import_module

from heygen_desktop.presentation.desktop.screen import Screen, ScreenContext, ScreenSpec


def _screen(folder: str, title: str, icon: str, *, takes_files: bool = False) -> ScreenSpec:
    def build(context: ScreenContext) -> Screen:
        package = import_module(f"heygen_desktop.presentation.desktop.screens.{folder}")
        screen: Screen = package.build(context)
        return screen

    return ScreenSpec(folder, title, icon, build, takes_files)


SCREENS: tuple[ScreenSpec, ...] = (
    _screen("library", "Library", "cube-outline", takes_files=True),
    _screen("run", "Run", "play-outline"),
    _screen("monitor", "Monitor", "chart-line"),
    _screen("logs", "Logs", "text-box-outline"),
    _screen("environments", "Environments", "layers-outline"),
)
