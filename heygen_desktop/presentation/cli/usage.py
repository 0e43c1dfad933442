"""What happens before and around a command: wrong usage under ``--json``: typer words it on stderr, and stdout gets its document all the same."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Sequence
from typing import Any, NoReturn, Protocol, runtime_checkable

from typer.core import TyperGroup

from heygen_desktop.application.documents import Document, error_body
from heygen_desktop.domain.errors import HeyGenError
from heygen_desktop.presentation.cli.output import Output, ReaderGoneError, stdout_trouble
from heygen_desktop.presentation.cli.session import FAILURE, SUCCESS

WRONG_USAGE = 2
_FLAG, _END_OF_OPTIONS = "--json", "--"


@runtime_checkable
class _Worded(Protocol):
    """What typer raises on wrong usage; its own class is private."""

    def format_message(self) -> str:
        """Return what was wrong."""


class Root(TyperGroup):
    """The root of the tree of commands."""

    given: Sequence[str] = ()
    """What was typed."""

    def main(self, args: Sequence[str] | None = None, *more: Any, **named: Any) -> Any:
        """Run the command of these arguments (the process's own where None)."""
        self.given = given = list(sys.argv[1:] if args is None else args)
        try:
            return super().main(args, *more, **named)
        except SystemExit as ended:
            if ended.code == WRONG_USAGE and wants_json(given):
                _tell(ended.__context__)
            raise
        except ReaderGoneError:
            sys.exit(SUCCESS)
        except HeyGenError as error:
            _fail(error)
        except OSError as error:  # commands word their own; help is written by typer itself
            _fail(stdout_trouble(error))


def _fail(error: HeyGenError) -> NoReturn:
    Output(as_json=False).failure(error_body(error))
    sys.exit(FAILURE)


def wants_json(given: Sequence[str]) -> bool:
    """Whether the flag was typed, for what cannot wait until all is read, or was not read as a whole."""
    options = given[: given.index(_END_OF_OPTIONS)] if _END_OF_OPTIONS in given else given
    return _FLAG in options


def _tell(wrong: BaseException | None) -> None:
    with contextlib.suppress(ReaderGoneError, HeyGenError):
        Output(as_json=True).answer({"error": usage_error(wrong)})


def usage_error(wrong: BaseException | None) -> Document:
    """Return the five parts of the error; ``wrong`` is what typer raised, with its context."""
    path = getattr(getattr(wrong, "ctx", None), "command_path", "heygen")
    return {
        "code": "wrong_usage",
        "message": f"'{path}' cannot be run as it was typed.",
        "cause": _sentence(wrong),
        "remedy": f"'{path} --help' shows how it is used.",
        "details": {"command": path},
    }


def _sentence(wrong: BaseException | None) -> str:
    """What typer says; the whole help, which it says where nothing was typed, is no sentence."""
    said = wrong.format_message() if isinstance(wrong, _Worded) else ""
    if not said or "\n" in said:
        return "Something is missing after it."
    return said if said.endswith((".", "?", "!")) else f"{said}."
