"""What every command has in common: ``--json --home --env``, a session, an exit code.

::

    def show(session: Session, name: Annotated[str, typer.Argument(help="...")]) -> None:
        \"\"\"Show one model.\"\"\"

    group.command("show")(command(show))
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Concatenate, ParamSpec

import typer

from heygen_desktop.presentation.cli.session import LaunchChoices, Services, Session, perform

P = ParamSpec("P")

AsJson = Annotated[
    bool, typer.Option("--json", help="Print one JSON document on stdout, and nothing else there.")
]
Home = Annotated[
    Path | None,
    typer.Option(
        "--home",
        metavar="DIR",
        readable=False,
        help="Keep everything in this folder. [HEYGEN_HOME]",
        show_default=False,
    ),
]
Env = Annotated[
    str | None,
    typer.Option(
        "--env",
        metavar="NAME",
        help="Act in this environment: development, testing, staging, production. [HEYGEN_ENV]",
        show_default=False,
    ),
]

_NAMES = ("as_json", "home", "env")


def common_options(
    ctx: typer.Context, as_json: AsJson = False, home: Home = None, env: Env = None
) -> None:
    """Take the common options before the name of a command, too."""


def command(work: Callable[Concatenate[Session, P], int | None]) -> Callable[..., None]:
    """Return what typer calls: the work's own parameters and the common ones."""
    own = list(inspect.signature(work, eval_str=True).parameters.values())[1:]
    shared = list(inspect.signature(common_options, eval_str=True).parameters.values())
    context, options = shared[0], shared[1:]

    def entry(ctx: typer.Context, **given: Any) -> None:  # typer gives what the signature says
        arguments = {name: value for name, value in given.items() if name not in _NAMES}
        services: Services = ctx.obj
        home = _chosen(ctx, "home")
        choices = LaunchChoices(home and Path(home), _chosen(ctx, "env"))
        raise typer.Exit(
            perform(
                partial(_call, work, arguments),
                services,
                choices,
                as_json=bool(_chosen(ctx, "as_json")),
            )
        )

    parameters = [context, *own, *options]
    signature = inspect.Signature([_by_name(each) for each in parameters])
    entry.__signature__ = signature  # type: ignore[attr-defined]  # inspect reads it; mypy does not
    entry.__annotations__ = {each.name: each.annotation for each in parameters}
    entry.__name__, entry.__doc__ = work.__name__, work.__doc__
    return entry


def _call(
    work: Callable[..., int | None], arguments: dict[str, Any], session: Session
) -> int | None:
    return work(session, **arguments)


def _by_name(parameter: inspect.Parameter) -> inspect.Parameter:
    """Every parameter is passed by name, so that those with defaults may stand anywhere."""
    return parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)


def _chosen(ctx: typer.Context, name: str) -> Any:  # each option has its own type
    """Return the option as given nearest to the command, or None."""
    here: Any = ctx
    while here is not None:
        if here.params.get(name):
            return here.params[name]
        here = here.parent
    return None
