"""The parts of the Run screen that need neither view nor application."""

from __future__ import annotations

import shlex
from dataclasses import replace
from datetime import timedelta

import pytest
from heygen_desktop.application.tasks.parts import SUMMARY_CHARACTERS
from heygen_desktop.application.tasks.registry import TASKS
from heygen_desktop.application.tasks.text_generation import TEXT_GENERATION
from heygen_desktop.application.use_cases.runs.start_run import RunRequest
from heygen_desktop.domain.entities.run import (
    Loading,
    Produced,
    Progress,
    Run,
    RunFailure,
    RunFigures,
    RunId,
    RunState,
)
from heygen_desktop.domain.events import RunLoading, RunProduced
from heygen_desktop.presentation.desktop.screens.run.draft import Draft, command_line
from heygen_desktop.presentation.desktop.screens.run.known_runs import KnownRun, KnownRuns
from heygen_desktop.presentation.desktop.screens.run.rows import (
    problem_of_run,
    state_line,
)

from tests.factories.updates import produced
from tests.unit.presentation.desktop.runs import AT, a_run

PROMPTS = ["plain", "two words", "it's", "-x", "--help", "a\nb", '$HOME `id` "q" \\', "", "*"]


@pytest.mark.parametrize("prompt", PROMPTS)
def test_the_command_gives_the_shell_the_prompt_as_it_is(prompt: str) -> None:
    request = RunRequest("m@1.0.0", {"prompt": prompt}, params={"top_p": 0.5}, device="cpu")

    words = shlex.split(command_line(request, "staging", "prompt"))

    assert words[:3] == ["heygen", "run", "m@1.0.0"]
    assert words[-1 if prompt.startswith("-") else 3] == prompt
    assert ("--" in words) is prompt.startswith("-")
    assert words[words.index("--param") + 1] == "top_p=0.5"
    assert words[words.index("--device") + 1] == "cpu"
    assert words[words.index("--env") + 1] == "staging"


def test_a_prompt_that_would_mean_stdin_comes_from_stdin() -> None:
    request = RunRequest("m@1.0.0", {"prompt": "-"}, device="auto")

    line = command_line(request, "development", "prompt")

    assert line == "printf '%s' - | heygen run m@1.0.0 -"


def test_inputs_beside_the_main_one_are_read_from_the_shell() -> None:
    request = RunRequest("m@1.0.0", {"prompt": "x", "system": "it's\nso", "context": ""})

    line = command_line(request, "development", "prompt")

    assert line == "heygen run m@1.0.0 x --input system=<(printf %s 'it'\"'\"'s\nso')"


def test_a_switch_is_written_as_the_command_line_reads_it() -> None:
    request = RunRequest("m@1.0.0", {"prompt": "x"}, params={"stream": True})

    assert "--param stream=true" in command_line(request, "development", "prompt")


def test_a_request_without_a_model_is_a_mistake_of_the_program() -> None:
    with pytest.raises(RuntimeError, match="before a model"):
        Draft(TASKS).request()


def test_before_a_model_is_picked_the_first_task_is_shown() -> None:
    assert Draft(TASKS).task is TEXT_GENERATION


def test_a_run_on_another_device_than_auto_would_take_keeps_its_device() -> None:
    form = Draft(TASKS)
    form.follow(form._settings, ("cpu", "cuda:0"))

    form.take_parameters(replace(a_run(), device="cpu", seed=3))
    on_cpu = {row.field.key: row.value for row in form.rows()}["device"]
    form.take_parameters(replace(a_run(), device="cuda:0", seed=3))
    on_gpu = {row.field.key: row.value for row in form.rows()}["device"]

    assert (on_cpu, on_gpu) == ("cpu", "auto")


def test_a_page_that_was_read_before_an_event_does_not_undo_it() -> None:
    book = KnownRuns(TASKS)
    done = _ended(RunState.SUCCEEDED)
    book.note(done)

    book.take_page([a_run("r1", state=RunState.RUNNING)], 1)

    followed = book.find("r1")
    assert followed is not None
    assert followed.run == done
    assert book.total == 1


def test_a_page_brings_the_news_of_runs_that_send_no_events() -> None:
    book = KnownRuns(TASKS)
    book.take_page([a_run("r1", state=RunState.RUNNING)], 1)
    assert len(book.under_way()) == 1

    book.take_page([_ended(RunState.SUCCEEDED)], 1)

    assert book.under_way() == []


def test_a_page_drops_what_is_gone_where_it_stands_and_nothing_below() -> None:
    book = KnownRuns(TASKS)
    runs = [
        replace(
            _ended(RunState.SUCCEEDED), id=RunId(f"r{at}"), queued_at=AT + timedelta(seconds=at)
        )
        for at in range(6)
    ]
    book.take_page(runs, 6)
    asked = book.listed
    book.note(replace(runs[0], id=RunId("meanwhile"), queued_at=AT + timedelta(seconds=9)))

    gone = book.take_page([runs[5], runs[3]], 4, asked=asked)

    assert gone == {"r4"}
    assert book.take_page([], 0, asked={"r3"}) == {"r3"}
    assert book.take_page([], 0, asked={"r5"}, is_all=False) == frozenset()


def test_time_left_is_told_while_output_comes_and_no_longer() -> None:
    followed = KnownRuns(TASKS).note(replace(a_run("r1", state=RunState.RUNNING), started_at=AT))
    assert followed.facts(AT).strip.left == "–"
    followed.produce(RunProduced(AT, "r1", produced("text", 10, 50.0, limit=110)))
    assert followed.facts(AT).strip.left == "–"
    later = AT + timedelta(seconds=1)
    followed.produce(RunProduced(later, "r1", produced("text", 60, 50.0, limit=110)))
    strip = followed.facts(later).strip
    assert (strip.made, strip.left) == ("60 of 110 tokens", "1.0 s")
    assert list(followed.speeds) == [50.0, 50.0]

    followed.run = _ended(RunState.SUCCEEDED)

    strip = followed.facts(later).strip
    assert (strip.made, strip.left) == ("3 of 110 tokens", "–")


def test_what_is_made_is_counted_in_its_own_unit_and_may_have_no_end_in_sight() -> None:
    followed = KnownRuns(TASKS).note(a_run("r1", state=RunState.RUNNING))

    followed.produce(RunProduced(AT, "r1", Produced("", Progress("frames", 10), RunFigures())))
    followed.produce(RunProduced(AT, "r1", Produced("", Progress("frames", 20), RunFigures())))

    strip = followed.facts(AT).strip
    assert (strip.made, strip.speed, strip.left) == ("20 frames", "–", "–")
    assert followed.text == ""


def test_loading_tells_its_stage_and_how_far_it_is() -> None:
    followed = KnownRuns(TASKS).note(a_run("r1", state=RunState.LOADING))

    followed.load(RunLoading(AT, "r1", Loading("reading weights", 0.25)))
    line = followed.facts(AT).state
    assert (line.text, line.fraction) == ("Reading weights, 25%", 0.25)
    followed.load(RunLoading(AT, "r1", Loading("importing torch")))

    assert followed.facts(AT).state.text == "Importing torch"


@pytest.mark.parametrize(
    ("run", "text"),
    [
        (replace(a_run(state=RunState.SUCCEEDED), finish_reason="stop"), "The model ended"),
        (replace(a_run(state=RunState.SUCCEEDED), finish_reason="length"), "Reached max tokens"),
        (a_run(state=RunState.CANCELLED), "before anything was made"),
        (replace(a_run(state=RunState.CANCELLED), output={"text": "a"}), "is kept"),
        (a_run(state=RunState.INTERRUPTED), ""),
    ],
)
def test_every_end_says_how_it_came(run: Run, text: str) -> None:
    assert text in state_line(run, TEXT_GENERATION, Loading(""), stopping=True).text


def test_a_failure_without_last_words_lists_its_code() -> None:
    problem = problem_of_run(RunFailure("run_failed", "It failed.", "Why", "Do", {"reason": "x"}))

    assert problem.details_text == "code: run_failed\nreason: x"
    assert (problem.title, problem.cause, problem.remedy) == ("It failed.", "Why", "Do")


def test_a_long_prompt_is_one_short_line_of_the_history() -> None:
    run = replace(a_run(), inputs={"prompt": "word\n" * 1000})

    row = KnownRun(run, TEXT_GENERATION).row(AT)

    assert "\n" not in row.input
    assert len(row.input) <= SUMMARY_CHARACTERS


def _ended(state: RunState) -> Run:
    return replace(
        a_run("r1", state=state),
        started_at=AT,
        finished_at=AT,
        output={"text": "the end"},
        figures=RunFigures(tokens=3),
    )


def test_a_run_that_has_ended_is_worded_anew_only_where_its_age_or_its_name_is_another() -> None:
    book = KnownRuns(TASKS)
    book.take_page([_ended(RunState.SUCCEEDED)], 1)
    [first] = book.rows(AT)

    [same] = book.rows(AT + timedelta(seconds=5))
    [older] = book.rows(AT + timedelta(minutes=5))
    book.take_page([replace(_ended(RunState.SUCCEEDED), title="Named")], 1)
    [named] = book.rows(AT + timedelta(minutes=5))

    assert same is first
    assert older.when != first.when
    assert named.name == "Named"
