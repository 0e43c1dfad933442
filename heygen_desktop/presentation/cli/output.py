"""Where words go: answers to stdout, everything else to stderr, and under ``--json`` one document."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import TextIO, TypeVar

from heygen_desktop.application.documents import Document
from heygen_desktop.domain.entities.run import Json, Loading
from heygen_desktop.domain.errors import DiskFullError, FileUnwritableError, HeyGenError
from heygen_desktop.presentation.cli.shown import Shown
from heygen_desktop.presentation.wording import percent, printable

T = TypeVar("T")
_AT_ONCE = 1000
_RED, _PLAIN, _CLEAR_LINE = "\x1b[1;31m", "\x1b[0m", "\r\x1b[K"


class ReaderGoneError(Exception):
    """Whoever read our output (``head``) has had enough."""


class Output:
    """The two streams of one command. ``as_json`` decides what stdout gets."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self._out: TextIO = sys.stdout
        self._err: TextIO = sys.stderr
        self._has_status = False
        self._has_answered = False
        for stream in (self._out, self._err):
            _never_fail_to_encode(stream)

    @property
    def out_is_terminal(self) -> bool:
        """Whether a person reads stdout as it comes."""
        return self._out.isatty()

    def answer(self, document: Document, *shown: Shown) -> None:
        """Give the answer: the document under ``--json``, else what is shown of it."""
        if self.as_json:
            self._document(document)
            return
        for each in shown:
            self.show(each)

    def record(self, document: Document, line: str) -> None:
        """Give one of a stream of answers, in one line either way."""
        if self.as_json:
            self._has_answered = True
            self.write(_in_lines([document]) + "\n")
        else:
            self.write(printable(line, keep="\n\t") + "\n")

    def listing(
        self, items: Iterable[T], document: Callable[[T], Document], line: Callable[[T], str]
    ) -> int:
        """Give a list of any length in the time and memory of a few, and return its length.

        Args:
            items: Taken one by one.
            document: Makes what ``--json`` shows of one, in ``{"items": [...], "total": n}``.
            line: Makes what a person reads of one.
        """
        left, total = iter(items), 0
        while some := list(islice(left, _AT_ONCE)):
            if self.as_json:
                self._has_answered = True
                before = ",\n" if total else '{"items": [\n'
                self.write(before + _in_lines(map(document, some)))
            else:
                self.write("".join(printable(line(each), keep="\n\t") + "\n" for each in some))
            total += len(some)
        if self.as_json:
            self.write(("" if total else '{"items": [') + f'], "total": {total}}}\n')
        return total

    def show(self, shown: Shown) -> None:
        """Write something for a person to stdout."""
        if isinstance(shown, str):
            self.write(printable(shown, keep="\n\t") + "\n")
            return
        # rich takes 40 ms to import, and scripts that read JSON never see it.
        from heygen_desktop.presentation.cli.rendering import rendered  # noqa: PLC0415

        width = shutil.get_terminal_size().columns if self.out_is_terminal else None
        self.write(rendered(shown, terminal_width=width, colour=_wants_colour(self._out)))

    def stream(self, text: str) -> None:
        """Write a piece of output as it comes; on a terminal it cannot move the cursor."""
        self.write(printable(text, keep="\n\t") if self.out_is_terminal else text)

    def write(self, text: str) -> None:
        """Write to stdout, at once.

        Raises:
            ReaderGoneError: The pipe is closed.
            DiskFullError, FileUnwritableError: stdout is a file that cannot take it.
        """
        self.clear_status()
        try:
            self._out.write(text)
            self._out.flush()
        except BrokenPipeError as error:
            _forget(self._out)
            raise ReaderGoneError from error
        except OSError as error:
            raise stdout_trouble(error) from error

    def note(self, text: str) -> None:
        """Say something beside the answer, on stderr."""
        self.clear_status()
        self._to_err(printable(text, keep="\n\t") + "\n")

    def status(self, text: str) -> None:
        """Say how far things are, on one line that the next word replaces; only to a terminal."""
        if self._err.isatty():
            self._has_status = True
            self._to_err(_CLEAR_LINE + printable(text)[: shutil.get_terminal_size().columns - 1])

    def loading(self, update: Loading) -> None:
        """Say how far a model is on its way into memory."""
        share = "" if update.fraction is None else f" {percent(update.fraction * 100)}"
        self.status(f"Loading: {update.stage}{share}")

    def clear_status(self) -> None:
        """Take the line away."""
        if self._has_status:
            self._has_status = False
            self._to_err(_CLEAR_LINE)

    def failure(
        self, body: Document, *, brief: bool = False, more: Mapping[str, Json] | None = None
    ) -> None:
        """Say why the command failed: in words on stderr and, under ``--json``, on stdout.

        Args:
            body: The five parts of an error.
            brief: One sentence is enough: the user asked for the end.
            more: What else the document has, such as the run.
        """
        message = str(body["message"])
        if brief:
            self.note(message)
        else:
            self.clear_status()
            self._to_err(f"{self._error_word()} ")
            self.note(message)
            for name in ("cause", "remedy"):
                if body[name]:
                    self.note(f"{name}: {body[name]}")
        if self.as_json and not self._has_answered:
            # Where stdout takes nothing, stderr has said it, and the exit code stays that of a failure.
            with contextlib.suppress(ReaderGoneError, HeyGenError):
                self._document({"error": dict(body), **(more or {})})

    def _document(self, document: Document) -> None:
        self._has_answered = True
        self.write(json.dumps(document, indent=2, allow_nan=False) + "\n")

    def _error_word(self) -> str:
        return f"{_RED}error:{_PLAIN}" if _wants_colour(self._err) else "error:"

    def _to_err(self, text: str) -> None:
        """stderr may be closed; then nobody listens, and the answer still counts."""
        try:
            self._err.write(text)
            self._err.flush()
        except OSError:
            _forget(self._err)


def _in_lines(documents: Iterable[Document]) -> str:
    """Return the documents as JSON that any encoding can hold, a line each, with commas between."""
    from orjson import dumps  # noqa: PLC0415  ten times as fast, for those who have many

    def in_a_line(document: Document) -> str:
        fast = dumps(document).decode()
        return fast if fast.isascii() else json.dumps(document, allow_nan=False)

    return ",\n".join(map(in_a_line, documents))


def stdout_trouble(error: OSError) -> HeyGenError:
    """Return what is said of a stdout that cannot take its text, and let go of the text."""
    _forget(sys.stdout)
    if error.errno == errno.ENOSPC:
        return DiskFullError("standard output")
    return FileUnwritableError("standard output", f"{os.strerror(error.errno or 0)}.")


def _wants_colour(stream: TextIO) -> bool:
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _never_fail_to_encode(stream: TextIO) -> None:
    """A model may say what the terminal's encoding cannot; a ``?`` is better than a failed run."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace")


def _forget(stream: TextIO) -> None:
    """Point the stream to nowhere, so that the interpreter's last flush does not fail as well."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
    except OSError:  # not a real file, as in tests: there is nothing left to flush
        return
