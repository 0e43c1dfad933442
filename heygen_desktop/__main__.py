"""Chooses the front. The one place that sees the composition root and the fronts together.

``python -m heygen_desktop`` and ``heygen-desktop`` open the window, ``heygen`` is the command line. What
a front does not need is not imported: the window is painted before the program is loaded behind it.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from heygen_desktop import __version__

if TYPE_CHECKING:
    import argparse

    from heygen_desktop.application.application import Application
    from heygen_desktop.application.ports.executor import Executor
    from heygen_desktop.bootstrap import LaunchOptions
    from heygen_desktop.presentation.cli.session import LaunchChoices

INTERRUPTED = 130
_IMPORTED = 250_000
"""More objects than any command's imports make: to look for garbage among them takes 25 ms."""
QUICKSTART = ("quickstart",)


def command_line(arguments: Sequence[str] | None = None) -> None:
    """Run ``heygen`` with these arguments (the process's own where None); exits the process."""
    _open_closed_streams(os.O_RDONLY)
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # to look for them takes 5 ms
    thresholds = gc.get_threshold()
    gc.set_threshold(_IMPORTED, *thresholds[1:])
    before = signal.getsignal(signal.SIGINT)
    if before is signal.default_int_handler:
        signal.signal(signal.SIGINT, _leave)
    try:
        from heygen_desktop.presentation.cli.main import make_command_line  # noqa: PLC0415  one front
        from heygen_desktop.presentation.cli.session import Services  # noqa: PLC0415  of several

        tree = make_command_line(Services(build=_build_for_terminal))
        tree(args=None if arguments is None else list(arguments), prog_name="heygen")
    finally:
        signal.signal(signal.SIGINT, before)
        gc.set_threshold(*thresholds)


def _open_closed_streams(stdout: int) -> None:
    """Keep the places of standard streams that were closed (``>&-``, a program without a console).

    A file opened later would get the number of stdout, and whatever prints would write into it.

    Args:
        stdout: How it is opened: ``O_RDONLY`` lets writing fail, for an answer that nobody can get.
    """
    for number, (name, mode, how) in enumerate(
        (("stdin", "r", os.O_WRONLY), ("stdout", "w", stdout), ("stderr", "w", os.O_WRONLY))
    ):
        if getattr(sys, name) is None and os.open(os.devnull, how) == number:
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115  a number, open to the end


def _leave(_number: int, _frame: FrameType | None) -> None:
    """End at Ctrl-C while imports go on: nothing is open yet, and libraries reword what is raised."""
    os._exit(INTERRUPTED)


def _build_for_terminal(choices: LaunchChoices) -> Application:
    from heygen_desktop.bootstrap import LaunchOptions, build  # noqa: PLC0415  not for --help

    return build(
        LaunchOptions(
            home=choices.home,
            environment=choices.environment,
            settings=choices.settings,
            front="cli",
        )
    )


def window(arguments: Sequence[str] | None = None) -> None:
    """Open the window (``heygen-desktop``); exits the process."""
    _open_closed_streams(os.O_WRONLY)
    given = _window_arguments().parse_args(arguments)
    if given.keep:
        _keep_models(given)
        return
    from heygen_desktop.domain.errors import DisplayMissingError, HeyGenError  # noqa: PLC0415  --help is quick

    try:
        sys.exit(_open_window(given))
    except DisplayMissingError as error:
        if not given.or_terminal:
            _exit_with(error)
        sys.stderr.write(f"{error.message} {error.cause}\nThe same job runs here instead.\n\n")
        command_line([*QUICKSTART, *_place(given)])
    except HeyGenError as error:
        _exit_with(error)


def _window_arguments() -> argparse.ArgumentParser:
    import argparse  # noqa: PLC0415  the terminal has typer

    parser = argparse.ArgumentParser(
        prog="heygen-desktop", description="The offline AI workstation. 'heygen' is for terminals."
    )
    parser.add_argument("paths", nargs="*", type=Path, help="models to register in the window")
    parser.add_argument("--home", type=Path, metavar="DIR", help="keep everything in this folder")
    parser.add_argument("--env", metavar="NAME", help="act in this environment")
    parser.add_argument(
        "--portable", action="store_true", help="keep everything beside the program"
    )
    parser.add_argument(
        "--or-terminal",
        action="store_true",
        help="where there is no display, run the quickstart in this terminal",
    )
    parser.add_argument("--version", action="version", version=f"heygen-desktop {__version__}")
    parser.add_argument("--keep", action="store_true", help=argparse.SUPPRESS)
    return parser


def _open_window(given: argparse.Namespace) -> int:
    from heygen_desktop.infrastructure.files.home import Home  # noqa: PLC0415  the window's needs
    from heygen_desktop.presentation.desktop.app import run_window  # noqa: PLC0415  alone
    from heygen_desktop.presentation.desktop.navigation import SCREENS  # noqa: PLC0415
    from heygen_desktop.presentation.desktop.session import WindowOptions  # noqa: PLC0415

    home = Home.locate(given.home, os.environ, given.portable)

    def build_behind_the_window(executor: Executor, last_environment: str) -> Application:
        from heygen_desktop.bootstrap import build  # noqa: PLC0415  after the first paint

        application = build(_options(given, "desktop", last_environment), executor=executor)
        _give_something_to_run(application)
        return application

    paths = [path.absolute() for path in given.paths]
    return run_window(
        WindowOptions(build_behind_the_window, SCREENS, home.data, __version__, _report, paths)
    )


def _give_something_to_run(application: Application) -> None:
    """A new home gets the starter model; an installation without it still opens."""
    from heygen_desktop.domain.errors import HeyGenError  # noqa: PLC0415  after the first paint

    try:
        application.ensure_starter_model(only_in_a_new_home=True)
    except HeyGenError as error:
        _report(f"The starter model was not registered: {error}", error)


def _options(given: argparse.Namespace, front: str, last_environment: str = "") -> LaunchOptions:
    from heygen_desktop.bootstrap import LaunchOptions  # noqa: PLC0415  after the first paint

    return LaunchOptions(
        home=given.home,
        environment=given.env,
        last_environment=last_environment,
        portable=given.portable,
        front=front,
    )


def _report(line: str, error: BaseException | None) -> None:
    """Write to the log; the library is imported when the first line comes, not with the window."""
    from loguru import logger  # noqa: PLC0415  see above

    logger.bind(category="program").opt(exception=error).log("ERROR" if error else "INFO", line)


def _keep_models(given: argparse.Namespace) -> None:
    """Hold models in memory for other processes; started by ``heygen load``, never by a person."""
    import threading  # noqa: PLC0415  this process alone

    from heygen_desktop.bootstrap import keep_models  # noqa: PLC0415

    asked_to_end = threading.Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: asked_to_end.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in the terminal is meant for the command
    keep_models(_options(given, "keeper"), wait=asked_to_end.wait)


def _place(given: argparse.Namespace) -> list[str]:
    home = [] if given.home is None else ["--home", str(given.home)]
    return home + ([] if given.env is None else ["--env", given.env])


def _exit_with(error: Exception) -> None:
    cause, remedy = getattr(error, "cause", ""), getattr(error, "remedy", "")
    sys.stderr.write(f"error: {error}\n")
    sys.stderr.writelines(
        f"{name}: {text}\n" for name, text in (("cause", cause), ("remedy", remedy)) if text
    )
    sys.exit(1)


if __name__ == "__main__":
    window()
