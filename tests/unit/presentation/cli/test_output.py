"""Answers go to stdout, the rest to stderr, and neither can break the program."""

from __future__ import annotations

import errno
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from heygen_desktop.application.documents import Document
from heygen_desktop.domain.errors import DiskFullError, FileUnwritableError
from heygen_desktop.presentation.cli.output import Output, ReaderGoneError
from heygen_desktop.presentation.cli.shown import Facts, Table

from tests.unit.presentation.cli.streams import FailingStream, TerminalStream

BODY: Document = {"code": "x", "message": "No.", "cause": "Why.", "remedy": "", "details": {}}


@pytest.fixture
def colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


def on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> tuple[TerminalStream, TerminalStream]:
    out, err = TerminalStream(), TerminalStream()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    return out, err


def test_a_table_in_a_pipe_is_aligned_uncut_and_colourless(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Output(as_json=False).show(Table(("NAME", ">SIZE"), [("a", "1 B"), ("b" * 200, "1000 kB")]))

    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "NAME" + " " * 198 + "   SIZE"
    assert lines[1] == "a" + " " * 201 + "    1 B"
    assert lines[2] == "b" * 200 + "  1000 kB"


def test_what_looks_like_markup_is_text(capsys: pytest.CaptureFixture[str]) -> None:
    Output(as_json=False).show(Facts([("note", "[red]x[/red] \x1b[2J\nnext")]))

    assert capsys.readouterr().out.splitlines() == ["note  [red]x[/red] \ufffd[2J", "      next"]


@pytest.mark.usefixtures("colours")
def test_a_terminal_gets_styles_unless_it_says_no(monkeypatch: pytest.MonkeyPatch) -> None:
    out, err = on_a_terminal(monkeypatch)
    output = Output(as_json=False)

    output.show(Table(("NAME",), [("a",)]))
    output.failure(BODY)
    with_styles = out.getvalue() + err.getvalue()
    monkeypatch.setenv("NO_COLOR", "1")
    output.failure(BODY)

    assert "\x1b[1mNAME" in with_styles
    assert "\x1b[1;31merror:\x1b[0m No.\n" in with_styles
    assert err.getvalue().endswith("error: No.\ncause: Why.\n")


def test_a_models_words_move_no_cursor_on_a_terminal_and_pass_a_pipe_untouched(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Output(as_json=False).stream("a\x1b[2J\n")
    piped = capsys.readouterr().out
    out, _ = on_a_terminal(monkeypatch)
    Output(as_json=False).stream("a\x1b[2J\n")

    assert piped == "a\x1b[2J\n"
    assert out.getvalue() == "a\ufffd[2J\n"


def test_a_status_is_replaced_by_the_next_word(monkeypatch: pytest.MonkeyPatch) -> None:
    _, err = on_a_terminal(monkeypatch)
    output = Output(as_json=False)

    output.status("Loading: half")
    output.note("Done.")

    assert err.getvalue() == "\r\x1b[KLoading: half\r\x1b[KDone.\n"


def test_there_is_no_status_without_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    Output(as_json=False).status("Loading: half")

    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("count", [0, 1, 2, 2500])
def test_a_listing_is_one_document_of_any_length(
    capsys: pytest.CaptureFixture[str], count: int
) -> None:
    total = Output(as_json=True).listing(
        iter(range(count)), lambda number: {"number": number, "word": "é 😀"}, str
    )

    out = capsys.readouterr().out
    document = json.loads(out)
    assert out.isascii()
    assert (total, document["total"]) == (count, count)
    assert [item["number"] for item in document["items"]] == list(range(count))


def test_a_listing_for_a_person_makes_no_documents(capsys: pytest.CaptureFixture[str]) -> None:
    def no_document(_item: int) -> Document:
        raise AssertionError("nobody reads it")

    assert Output(as_json=False).listing([1, 2], no_document, "line {}\x1b".format) == 2

    assert capsys.readouterr().out.splitlines() == ["line 1�", "line 2�"]


def test_a_listing_that_breaks_off_adds_no_second_document(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def breaking() -> Iterator[int]:
        yield from range(1500)
        raise DiskFullError("x")

    output = Output(as_json=True)
    with pytest.raises(DiskFullError):
        output.listing(breaking(), lambda number: {"number": number}, str)
    output.failure({"message": "It broke", "cause": "", "remedy": ""})

    assert "It broke" not in capsys.readouterr().out


def test_after_an_answer_a_failure_adds_no_second_document(
    capsys: pytest.CaptureFixture[str],
) -> None:
    output = Output(as_json=True)

    output.answer({"a": 1})
    output.failure(BODY)

    printed = capsys.readouterr()
    assert json.loads(printed.out) == {"a": 1}
    assert printed.err == "error: No.\ncause: Why.\n"


def test_a_reader_that_is_gone_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", FailingStream())

    with pytest.raises(ReaderGoneError):
        Output(as_json=False).show("x")


def test_a_full_disk_under_stdout_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", FailingStream(errno.ENOSPC))
    with pytest.raises(DiskFullError):
        Output(as_json=False).show("x")

    monkeypatch.setattr(sys, "stdout", FailingStream(errno.EIO))
    with pytest.raises(FileUnwritableError):
        Output(as_json=False).show("x")


def test_a_closed_stderr_does_not_stop_the_answer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stderr", FailingStream())
    output = Output(as_json=False)

    output.note("nobody hears this")
    output.show("the answer")

    assert capsys.readouterr().out == "the answer\n"


def test_an_encoding_that_lacks_a_character_gets_a_question_mark(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))

    Output(as_json=False).stream("naïve")

    assert raw.getvalue() == b"na?ve"


@pytest.mark.skipif(sys.platform == "win32", reason="pipes close otherwise there")
def test_a_reader_that_leaves_early_leaves_no_noise_behind(tmp_path: Path) -> None:
    program = (
        "from heygen_desktop.presentation.cli.output import Output, ReaderGoneError\n"
        "output = Output(as_json=False)\n"
        "try:\n"
        "    while True: output.show('line')\n"
        "except ReaderGoneError: pass\n"
    )
    errors = tmp_path / "stderr"
    with (
        errors.open("wb") as err,
        subprocess.Popen(
            [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=err, env={**os.environ}
        ) as writer,
    ):
        assert writer.stdout is not None
        writer.stdout.readline()
        writer.stdout.close()

        assert writer.wait(timeout=30) == 0
    assert errors.read_bytes() == b""
