"""The tree of commands: which word leads to which module."""

from __future__ import annotations

from typing import Annotated

import typer

from heygen_desktop import __version__
from heygen_desktop.presentation.cli.command import AsJson, Env, Home, command, common_options
from heygen_desktop.presentation.cli.commands import (
    doctor,
    environments,
    logs,
    memory,
    models,
    monitor,
    quickstart,
    run,
    runs,
    secrets,
    self_test,
)
from heygen_desktop.presentation.cli.output import Output
from heygen_desktop.presentation.cli.services import Services
from heygen_desktop.presentation.cli.usage import Root

_HELP = (
    "The offline AI workstation: find every local model, know whether it fits, run it, watch it."
)
_STYLE = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


def make_command_line(services: Services) -> typer.Typer:
    """Return the whole command line on these services. Nothing is built before a command needs it."""
    root = typer.Typer(
        name="heygen",
        cls=Root,
        help=_HELP,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={**_STYLE, "obj": services},
    )
    root.callback(invoke_without_command=True)(_root)
    root.command("quickstart")(command(quickstart.quickstart))
    _add_models(root)
    root.command("run", epilog=run.parameters_help())(command(run.run))
    _add_runs(root)
    root.command("ps")(command(memory.ps))
    root.command("load")(command(memory.load))
    root.command("unload")(command(memory.unload))
    _add_environments(root)
    _add_secrets(root)
    root.command("monitor")(command(monitor.monitor))
    root.command("logs")(command(logs.logs))
    root.command("doctor")(command(doctor.doctor))
    root.command("self-test")(command(self_test.self_test))
    return root


def _root(
    ctx: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
    as_json: AsJson = False,
    home: Home = None,
    env: Env = None,
) -> None:
    if version:
        output = Output(as_json=as_json)
        output.answer({"name": "heygen-desktop", "version": __version__}, f"heygen {__version__}")
        raise typer.Exit
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help())


def _group(root: typer.Typer, name: str, about: str) -> typer.Typer:
    group = typer.Typer(
        name=name, help=about, no_args_is_help=True, rich_markup_mode=None, context_settings=_STYLE
    )
    group.callback()(common_options)
    root.add_typer(group, help=about)
    return group


def _add_models(root: typer.Typer) -> None:
    group = _group(root, "models", "Register, find, show and remove models.")
    group.command("register")(command(models.register))
    group.command("scan")(command(models.scan))
    group.command("list")(command(models.list_))
    group.command("show")(command(models.show))
    group.command("remove")(command(models.remove))


def _add_runs(root: typer.Typer) -> None:
    group = _group(root, "runs", "What was run; stop what runs.")
    group.command("list")(command(runs.list_))
    group.command("show")(command(runs.show))
    group.command("cancel")(command(runs.cancel))


def _add_environments(root: typer.Typer) -> None:
    group = _group(root, "env", "Settings, environment by environment.")
    group.command("list")(command(environments.list_))
    group.command("show")(command(environments.show))
    group.command("get")(command(environments.get))
    group.command("set")(command(environments.set_))
    group.command("unset")(command(environments.unset))


def _add_secrets(root: typer.Typer) -> None:
    group = _group(root, "secret", "Secrets in the system's keyring, or in the vault.")
    group.command("set")(command(secrets.set_))
    group.command("list")(command(secrets.list_))
    group.command("delete")(command(secrets.delete))
