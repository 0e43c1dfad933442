"""The one list of screens, in the order of the rail.

A screen is added here and nowhere else: a function that imports its package on the first visit, and a
line in ``SCREENS``::

    def _library(context: ScreenContext) -> Screen:
        from heygen_desktop.presentation.desktop.screens.library import build  # noqa: PLC0415 - first visit

        return build(context)

    ScreenSpec("library", "Library", "cube-outline", _library, takes_files=True),
"""

from __future__ import annotations

from heygen_desktop.presentation.desktop.screen import Screen, ScreenContext, ScreenSpec


def _library(context: ScreenContext) -> Screen:
    from heygen_desktop.presentation.desktop.screens.library import build  # noqa: PLC0415 - first visit

    return build(context)


def _run(context: ScreenContext) -> Screen:
    from heygen_desktop.presentation.desktop.screens.run import build  # noqa: PLC0415 - first visit

    return build(context)


def _environments(context: ScreenContext) -> Screen:
    from heygen_desktop.presentation.desktop.screens.environments import build  # noqa: PLC0415 - first visit

    return build(context)


def _monitor(context: ScreenContext) -> Screen:
    from heygen_desktop.presentation.desktop.screens.monitor import build  # noqa: PLC0415 - first visit

    return build(context)


def _logs(context: ScreenContext) -> Screen:
    from heygen_desktop.presentation.desktop.screens.logs import build  # noqa: PLC0415 - first visit

    return build(context)


SCREENS: tuple[ScreenSpec, ...] = (
    ScreenSpec("library", "Library", "cube-outline", _library, takes_files=True),
    ScreenSpec("run", "Run", "play-outline", _run),
    ScreenSpec("monitor", "Monitor", "chart-line", _monitor),
    ScreenSpec("logs", "Logs", "text-box-outline", _logs),
    ScreenSpec("environments", "Environments", "layers-outline", _environments),
)
