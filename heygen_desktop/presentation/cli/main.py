"""The tree of commands, as a table: a word is imported when it is typed, not when another one is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from types import ModuleType
from typing import Annotated, Any

import typer
from typer.main import get_command

from heygen_desktop import __version__
from heygen_desktop.presentation.cli.command import AsJson, Env, Home, command, common_options
from heygen_desktop.presentation.cli.output import Output
from heygen_desktop.presentation.cli.session import Services
from heygen_desktop.presentation.cli.usage import Root, wants_json

_HELP = (
    "The offline AI workstation: find every local model, know whether it fits, run it, watch it."
)
_STYLE = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
_PLAIN: dict[str, Any] = {
    "add_completion": False,
    "rich_markup_mode": None,
    "context_settings": _STYLE,
}


@dataclass(frozen=True)
class Word:
    """One word after ``heygen``: a command, or a noun with verbs after it."""

    module: str
    """Below ``commands``; it has a function of the word's (or the verb's) name."""
    about: str
    """What the list of commands says of it: the first line of the command's help."""
    verbs: tuple[str, ...] = ()


WORDS: Mapping[str, Word] = {
    "quickstart": Word("quickstart", "Run the model that comes with the program."),
    "models": Word(
        "models",
        "Register, verify, find, show, describe and remove models.",
        ("register", "verify", "scan", "list", "show", "update", "remove"),
    ),
    "run": Word("run", "Run a model on an input."),
    "runs": Word("runs", "What was run; stop what runs.", ("list", "show", "cancel")),
    "ps": Word("memory", "List the models in memory and what they cost."),
    "load": Word("memory", "Bring a model into memory and keep it there."),
    "unload": Word("memory", "Take a model out of memory."),
    "env": Word(
        "environments",
        "Settings, environment by environment.",
        ("list", "show", "get", "set", "unset"),
    ),
    "secret": Word(
        "secrets", "Secrets in the system's keyring, or in the vault.", ("set", "list", "delete")
    ),
    "monitor": Word("monitor", "Watch CPU, memory, disk, network and GPUs."),
    "logs": Word("logs", "Show the log, oldest line first."),
    "doctor": Word("doctor", "Say what works here and what does not."),
    "self-test": Word("self_test", "Prove that this installation works."),
}


def make_command_line(services: Services) -> typer.Typer:
    """Return the whole command line on these services. Nothing is built before a command needs it."""
    root = typer.Typer(
        name="heygen",
        cls=_Heygen,
        help=_HELP,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={**_STYLE, "obj": services},
    )
    root.callback(invoke_without_command=True)(_root)
    return root


@dataclass(frozen=True)
class _Commands(Mapping[str, Any]):  # Any: the classes of commands are private to typer
    """Commands by name; each is made when it is first asked for."""

    makers: Mapping[str, Callable[[], Any]]
    made: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        if name not in self.made:
            self.made[name] = self.makers[name]()
        return self.made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.makers)

    def __len__(self) -> int:
        return len(self.makers)


class _Heygen(Root):
    """The root: it lists its words without importing what stands behind them."""

    def __init__(self, **more: Any) -> None:
        words = {name: partial(_command, name, word) for name, word in WORDS.items()}
        super().__init__(**{**more, "commands": _Commands(words)})

    def list_commands(self, ctx: Any) -> list[str]:
        return list(WORDS)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, word.about) for name, word in WORDS.items()])


def _command(name: str, word: Word) -> Any:
    module = import_module(f"heygen_desktop.presentation.cli.commands.{word.module}")
    if not word.verbs:
        return _leaf(module, name)
    tree = typer.Typer(name=name, help=word.about, no_args_is_help=True, **_PLAIN)
    tree.callback()(common_options)
    noun = get_command(tree)
    noun.commands = _Commands({verb: partial(_leaf, module, verb) for verb in word.verbs})  # type: ignore[attr-defined]  # a group's, whose class is private
    return noun


def _leaf(module: ModuleType, name: str) -> Any:
    """The command of that name: a function of the module, with ``_`` where Python has the name."""
    work = getattr(module, name.replace("-", "_"), None) or getattr(module, f"{name}_")
    epilog = getattr(module, "epilog", None)
    tree = typer.Typer(**_PLAIN)
    tree.command(name, epilog=epilog() if epilog else None)(command(work))
    return get_command(tree)


def _tell_version(ctx: typer.Context, wanted: bool) -> None:
    """Answer before the other options are read: to check those takes longer than all else."""
    if wanted:
        output = Output(as_json=wants_json(getattr(ctx.command, "given", ())))
        output.answer({"name": "heygen-desktop", "version": __version__}, f"heygen {__version__}")
        raise typer.Exit


def _root(
    ctx: typer.Context,
    version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=_tell_version, help="Print the version."),
    ] = False,
    as_json: AsJson = False,
    home: Home = None,
    env: Env = None,
) -> None:
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help())
