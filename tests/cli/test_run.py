"""``heygen run`` and ``heygen quickstart``: streaming, figures, files, failures, stops."""

from __future__ import annotations

import errno
import signal
import sys
from pathlib import Path

import pytest
from heygen_desktop.domain.entities.run import Loading, RunState
from heygen_desktop.domain.errors import WorkerCrashedError
from heygen_desktop.domain.events import RunLoading, RunProduced
from heygen_desktop.presentation.cli.commands.run import run

from tests.cli.terminal import Terminal
from tests.factories.updates import produced
from tests.unit.presentation.cli.streams import FailingStream, TerminalStream

TEXT = "It is a truth."
COST = "4 tokens, 0.12 s to first token, 41.2 tokens/s, peak 537 MB, loaded in 3.1 s\n"


def test_output_streams_to_stdout_and_its_cost_goes_to_stderr(with_starter: Terminal) -> None:
    answer = with_starter.run("run", "starter", "Begin", "--seed", "7")

    assert (answer.code, answer.out, answer.err) == (0, TEXT + "\n", COST)


def test_a_script_gets_the_run_and_its_typed_output(with_starter: Terminal) -> None:
    answer = with_starter.run(
        "run", "starter", "Begin", "--json", "--param", "max_tokens=5", "--param", "top_p = 0.5",
        "--seed", "7", "--device", "cpu",
    )  # fmt: skip

    run = answer.document["run"]
    assert answer.document["output"] == {"text": TEXT}
    assert run.keys() >= {
        "id", "model", "version", "task", "state", "params", "seed", "device", "started_at",
        "finished_at", "figures", "error", "log_lines",
    }  # fmt: skip
    assert run["figures"].keys() >= {
        "time_to_first_token_s", "tokens_per_second", "tokens", "peak_memory_bytes", "load_s",
    }  # fmt: skip
    assert (run["state"], run["seed"], run["params"]["max_tokens"]) == ("succeeded", 7, 5)
    assert run["params"]["top_p"] == 0.5
    assert answer.err == COST


def test_the_log_lines_of_the_run_are_with_it(with_starter: Terminal) -> None:
    first = with_starter.run("run", "starter", "x", "--json").document["run"]
    with_starter.parts.logs.add("Run succeeded", ids={"run_id": first["id"]})

    shown = with_starter.run("runs", "show", first["id"], "--json").document

    assert [line["message"] for line in shown["log_lines"]] == ["Run succeeded"]


def test_a_dash_reads_the_prompt_from_stdin(with_starter: Terminal) -> None:
    with_starter.run("run", "starter", "-", stdin=" From a pipe\n\n")

    assert with_starter.parts.inference.requests[0][1].inputs["prompt"] == " From a pipe\n"


def test_a_prompt_that_is_piped_in_is_used(with_starter: Terminal) -> None:
    answer = with_starter.run("run", "starter", stdin="From a pipe\n")

    assert answer.code == 0
    assert with_starter.parts.inference.requests[0][1].inputs["prompt"] == "From a pipe"


@pytest.mark.parametrize("stdin", [None, "", "\n"])
def test_a_run_without_any_input_is_wrong_usage(with_starter: Terminal, stdin: str | None) -> None:
    answer = with_starter.run("run", "starter", "--json", stdin=stdin)

    assert (answer.code, answer.document["error"]["code"]) == (2, "wrong_usage")
    assert "Nothing was given for prompt." in answer.err
    assert with_starter.parts.inference.requests == []


def test_an_empty_prompt_can_be_meant(with_starter: Terminal) -> None:
    assert with_starter.run("run", "starter", "").code == 0


def test_where_an_input_is_given_stdin_is_left_to_others(with_starter: Terminal) -> None:
    with_starter.run("run", "starter", "Mine", stdin="the next line of a loop\n")

    assert with_starter.parts.inference.requests[0][1].inputs["prompt"] == "Mine"


@pytest.mark.parametrize(
    ("arguments", "twice"),
    [
        (("Mine", "--input", "prompt=-"), "prompt"),
        (("--input", "prompt=a", "--input", "prompt=b"), "prompt"),
        (("Mine", "--param", "max_tokens=5", "--param", "max_tokens=6"), "max_tokens"),
    ],
)
def test_what_is_given_twice_is_wrong_usage(
    with_starter: Terminal, arguments: tuple[str, ...], twice: str
) -> None:
    answer = with_starter.run("run", "starter", *arguments)

    assert answer.code == 2
    assert f"{twice} is given twice" in answer.err


def test_text_is_the_same_from_an_argument_a_pipe_and_a_file(
    with_starter: Terminal, tmp_path: Path
) -> None:
    marked = "\ufeffna\u00efve\r\n".encode()
    (tmp_path / "prompt.txt").write_bytes(marked)

    with_starter.run("run", "starter", "na\u00efve")
    with_starter.run("run", "starter", "-", stdin=marked)
    with_starter.run("run", "starter", "--input", "prompt=-", stdin=marked)
    with_starter.run("run", "starter", "--input", f"prompt={tmp_path / 'prompt.txt'}")

    given = [task.inputs["prompt"] for _, task in with_starter.parts.inference.requests]
    assert given == ["na\u00efve"] * 4


def test_the_blanks_of_a_prompt_are_part_of_it(with_starter: Terminal) -> None:
    with_starter.run("run", "starter", " It is \n")

    assert with_starter.parts.inference.requests[0][1].inputs["prompt"] == " It is \n"


def test_stdin_that_is_not_text_is_refused(with_starter: Terminal) -> None:
    answer = with_starter.run("run", "starter", "-", stdin=b"\xff\xfe")

    assert answer.code == 1
    assert "cause: The byte at position 0 is not UTF-8." in answer.err


def test_an_input_can_be_read_from_a_file(with_starter: Terminal, tmp_path: Path) -> None:
    prompt = tmp_path / "prompt.txt"
    prompt.write_text("From a file", encoding="utf-8")

    answer = with_starter.run("run", "starter", "--input", f"prompt={prompt}")

    assert answer.code == 0
    assert with_starter.parts.inference.requests[0][1].inputs["prompt"] == "From a file"


def test_an_input_file_that_is_missing_is_named(with_starter: Terminal, tmp_path: Path) -> None:
    answer = with_starter.run("run", "starter", "--input", f"prompt={tmp_path / 'no'}", "--json")

    assert answer.code == 1
    assert answer.document["error"]["code"] == "file_unreadable"
    assert answer.document["error"]["cause"] == "No such file or directory."


def test_the_output_can_go_to_a_file(with_starter: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "out.txt"

    answer = with_starter.run("run", "starter", "x", "--output", file)

    assert (answer.code, answer.out) == (0, "")
    assert file.read_text(encoding="utf-8") == TEXT
    assert f"Written to {file}\n" in answer.err


def test_a_file_that_cannot_be_written_is_told_before_the_run(
    with_starter: Terminal, tmp_path: Path
) -> None:
    answer = with_starter.run("run", "starter", "x", "--output", tmp_path / "no" / "out.txt")

    assert answer.code == 1
    assert "cause: Its folder does not exist." in answer.err
    assert with_starter.parts.inference.requests == []


def test_a_parameter_that_does_not_exist_names_those_that_do(with_starter: Terminal) -> None:
    answer = with_starter.run("run", "starter", "x", "--param", "max_token=5")

    assert answer.code == 1
    assert (
        "cause: max_token must be one of max_tokens, temperature, top_k, top_p, min_p,"
        in answer.err
    )


@pytest.mark.parametrize("given", ["max_tokens", "=5"])
def test_a_parameter_without_name_or_value_is_wrong_usage(
    with_starter: Terminal, given: str
) -> None:
    answer = with_starter.run("run", "starter", "x", "--param", given, "--json")

    assert (answer.code, answer.document["error"]["code"]) == (2, "wrong_usage")
    assert "is not KEY=VALUE" in answer.err


def test_a_negative_seed_is_refused(with_starter: Terminal) -> None:
    assert with_starter.run("run", "starter", "x", "--seed", "-1").code == 1


def test_the_help_lists_the_parameters_of_the_task(terminal: Terminal) -> None:
    answer = terminal.run("run", "--help")

    assert answer.code == 0
    assert "max_tokens  a whole number from 1 to 131072 (tokens); 256 unless set" in answer.out


def test_a_failed_run_is_told_with_its_cause_and_kept(with_starter: Terminal) -> None:
    with_starter.parts.inference.trouble = WorkerCrashedError("loading", "signal 9")

    person = with_starter.run("run", "starter", "x")
    script = with_starter.run("run", "starter", "x", "--json")

    assert (person.code, person.out) == (1, "")
    assert person.err.startswith("error: The model's process ended unexpectedly while loading")
    assert script.code == 1
    assert script.document["error"]["code"] == "worker_crashed"
    assert script.document["run"]["state"] == "failed"
    assert script.document["run"]["error"] == script.document["error"]


def press(terminal: Terminal, *, at_word: int, times: int = 1, number: int = signal.SIGINT) -> None:
    """Send the signal before a word comes."""

    def before(word: int) -> None:
        if word == at_word:
            for _ in range(times):
                signal.raise_signal(number)

    terminal.parts.inference.before_word = before
    terminal.parts.inference.waits_at = at_word


def only_run(terminal: Terminal) -> RunState:
    [run] = terminal.application().list_runs().runs
    return run.state


def test_ctrl_c_cancels_the_run_and_keeps_what_it_made(with_starter: Terminal) -> None:
    press(with_starter, at_word=2)

    answer = with_starter.run("run", "starter", "x")

    assert answer.code == 130
    assert answer.out == "It \n"
    assert answer.err.splitlines() == [
        "",
        "Stopping the run; press Ctrl-C again to quit at once.",
        "The run was cancelled while running.",
        "What it made is kept: heygen runs show 000000000002",
    ]
    assert only_run(with_starter) is RunState.CANCELLED


def test_ctrl_c_under_json_gives_the_cancelled_run(with_starter: Terminal) -> None:
    press(with_starter, at_word=1)

    answer = with_starter.run("run", "starter", "x", "--json")

    assert answer.code == 130
    assert answer.document["error"]["code"] == "run_cancelled"
    assert answer.document["run"]["state"] == "cancelled"


def test_ctrl_c_leaves_no_output_file(with_starter: Terminal, tmp_path: Path) -> None:
    press(with_starter, at_word=2)

    with_starter.run("run", "starter", "x", "--output", tmp_path / "out.txt")

    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_twice_quits_at_once_and_the_run_is_recorded(with_starter: Terminal) -> None:
    press(with_starter, at_word=2, times=2)

    answer = with_starter.run("run", "starter", "x")

    assert answer.code == 130
    assert only_run(with_starter) is RunState.CANCELLED
    assert with_starter.parts.closed == ["closed"]


def test_sigterm_cancels_the_run_too(with_starter: Terminal) -> None:
    press(with_starter, at_word=2, number=signal.SIGTERM)

    assert with_starter.run("run", "starter", "x").code == 143
    assert only_run(with_starter) is RunState.CANCELLED


def test_a_run_that_somebody_else_cancels_is_a_failure(with_starter: Terminal) -> None:
    def cancel(word: int) -> None:
        if word == 2:
            application = with_starter.application()
            application.cancel_run(application.list_runs().runs[0].id)
            with_starter.parts.clock.advance(1)

    with_starter.parts.inference.before_word = cancel

    answer = with_starter.run("run", "starter", "x")

    assert answer.code == 1
    assert "error: The run was cancelled while running." in answer.err


def test_quickstart_does_the_main_job_in_an_empty_home(terminal: Terminal) -> None:
    answer = terminal.run("quickstart")

    assert answer.code == 0
    assert answer.out == f"It is a truth universally acknowledged, that{TEXT}\n"
    assert answer.err.splitlines() == [
        "Registered starter@1.0.0: 3.5 M parameters, 7.0 MB.",
        COST.rstrip(),
        f"The log is in {Path('logs') / 'heygen.jsonl'}",
    ]


def test_quickstart_registers_only_once(terminal: Terminal) -> None:
    terminal.run("quickstart", "--json")

    again = terminal.run("quickstart", "--json")

    assert again.document["output"] == {"text": TEXT}
    assert again.document["model"]["name"] == "starter"
    assert again.document["log_file"].endswith("heygen.jsonl")
    assert again.err.startswith("Using starter@1.0.0")
    assert len(terminal.application().list_models()) == 1


def test_quickstart_that_fails_says_where_the_log_is(terminal: Terminal) -> None:
    terminal.parts.inference.trouble = WorkerCrashedError("loading", "signal 11")

    answer = terminal.run("quickstart")

    assert answer.code == 1
    assert "The log is in" in answer.err


def test_how_far_the_loading_is_shows_on_a_terminal_until_the_text_comes(
    with_starter: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, err = TerminalStream(), TerminalStream()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)

    code = with_starter.perform(lambda session: run(session, "starter", "x"))

    assert code == 0
    assert out.getvalue() == TEXT + "\n"
    assert err.getvalue() == f"\r\x1b[KLoading: reading weights 50 %\r\x1b[K{COST}"


@pytest.mark.parametrize(("number", "code"), [(errno.EPIPE, 0), (errno.ENOSPC, 1)])
def test_stdout_that_takes_no_more_stops_the_run(
    with_starter: Terminal, monkeypatch: pytest.MonkeyPatch, number: int, code: int
) -> None:
    monkeypatch.setattr(sys, "stdout", FailingStream(number))
    with_starter.parts.inference.waits_at = 2

    assert with_starter.perform(lambda session: run(session, "starter", "x")) == code

    assert only_run(with_starter) is RunState.CANCELLED


def test_output_of_other_runs_is_not_shown(with_starter: Terminal) -> None:
    def meanwhile(word: int) -> None:
        now = with_starter.parts.clock.now()
        with_starter.parts.events.publish(RunProduced(now, "other", produced("!", word)))
        with_starter.parts.events.publish(RunLoading(now, "other", Loading("starting")))

    with_starter.parts.inference.before_word = meanwhile

    assert with_starter.run("run", "starter", "x").out == TEXT + "\n"


def test_an_output_whose_name_no_disk_takes_is_refused_before_the_run(
    with_starter: Terminal, tmp_path: Path
) -> None:
    answer = with_starter.run("run", "starter", "x", "--output", tmp_path / ("n" * 300), "--json")

    assert (answer.code, answer.document["error"]["code"]) == (1, "file_unwritable")
    assert not with_starter.application().list_runs().runs
