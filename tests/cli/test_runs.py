"""``heygen runs``: the history, one run, and stopping one."""

from __future__ import annotations

from heygen_desktop.application.use_cases.runs.start_run import RunRequest
from heygen_desktop.domain.entities.run import RunState
from heygen_desktop.domain.errors import RunFailedError

from tests.cli.terminal import Terminal


def a_queued_run(terminal: Terminal) -> str:
    """Return the id of a run that waits in another process."""
    terminal.parts.executor.is_busy = True
    request = RunRequest("starter", {"prompt": "x"}, seed=5)
    return terminal.application().start_run(request).run.id


def put_into(terminal: Terminal, state: RunState, run_id: str) -> None:
    """Say in the books that the run has come so far."""
    with terminal.parts.units() as unit:
        run = unit.runs.by_id(run_id)
        assert run is not None
        unit.runs.save(run.become(state, at=run.queued_at))
        unit.commit()


def test_no_runs_is_said_with_what_to_do(terminal: Terminal) -> None:
    answer = terminal.run("runs", "list")

    assert (answer.code, answer.out) == (0, "")
    assert "heygen quickstart" in answer.err


def test_the_newest_run_is_listed_first(with_starter: Terminal) -> None:
    with_starter.run("run", "starter", "one")
    with_starter.parts.clock.advance(60)
    queued = a_queued_run(with_starter)

    person = with_starter.run("runs", "list").out.splitlines()
    script = with_starter.run("runs", "list", "--json").document

    assert person[0].split() == [
        "RUN",
        "MODEL",
        "STATE",
        "INPUT",
        "OUTPUT",
        "SPEED",
        "PEAK",
        "QUEUED",
    ]
    assert person[1].split()[:4] == [queued, "starter@1.0.0", "queued", "x"]
    assert "one    It is a truth." in person[2]
    assert [run["state"] for run in script["items"]] == ["queued", "succeeded"]
    assert script["total"] == 2


def test_a_list_can_be_narrowed_and_cut(with_starter: Terminal) -> None:
    for _ in range(3):
        a_queued_run(with_starter)

    cut = with_starter.run("runs", "list", "--limit", "2", "--json").document
    none = with_starter.run("runs", "list", "--state", "failed", "--json").document

    assert (len(cut["items"]), cut["total"]) == (2, 3)
    assert none["total"] == 0
    assert with_starter.run("runs", "list", "--limit", "0").code == 2


def test_a_list_is_searched_in_what_went_in_and_came_out(with_starter: Terminal) -> None:
    for prompt in ("An apple", "A pear"):
        with_starter.run("run", "starter", prompt)

    found = with_starter.run("runs", "list", "--search", "APPLE truth", "--json")
    nothing = with_starter.run("runs", "list", "--search", "cherry")

    assert [run["inputs"]["prompt"] for run in found.document["items"]] == ["An apple"]
    assert "No run has all of these words." in nothing.err


def test_the_name_of_a_run_is_told(with_starter: Terminal) -> None:
    run = with_starter.run("run", "starter", "An apple", "--json").document["run"]["id"]
    with with_starter.parts.units() as unit:
        unit.runs.label(run, title="The good one", is_pinned=True)
        unit.commit()

    shown = with_starter.run("runs", "show", run)
    told = with_starter.run("runs", "show", run, "--json").document

    assert "The good one" in shown.out
    assert (told["title"], told["pinned"]) == ("The good one", True)


def test_a_run_is_shown_by_the_beginning_of_its_id(with_starter: Terminal) -> None:
    with_starter.run("run", "starter", "Begin", "--seed", "5")

    answer = with_starter.run("runs", "show", "00000000000")

    assert answer.code == 0
    assert "Prompt  Begin" in answer.out
    assert "Text    It is a truth." in answer.out
    assert "seed    5" in answer.out


def test_a_failed_run_shows_why(with_starter: Terminal) -> None:
    with_starter.parts.inference.trouble = RunFailedError("The tokenizer is missing.")
    with_starter.run("run", "starter", "x")

    answer = with_starter.run("runs", "show", "00000000000")

    assert "cause   The tokenizer is missing." in answer.out


def test_a_run_that_does_not_exist_is_an_error(terminal: Terminal) -> None:
    answer = terminal.run("runs", "show", "abc", "--json")

    assert (answer.code, answer.document["error"]["code"]) == (1, "run_not_found")


def test_a_living_run_is_asked_to_stop(with_starter: Terminal) -> None:
    run = a_queued_run(with_starter)
    put_into(with_starter, RunState.LOADING, run)

    answer = with_starter.run("runs", "cancel", run)

    assert answer.out == f"Run {run} was asked to stop.\n"
    assert run in with_starter.parts.units.state.cancels


def test_a_run_that_only_waits_in_another_process_ends_at_once(with_starter: Terminal) -> None:
    run = a_queued_run(with_starter)

    answer = with_starter.run("runs", "cancel", run)
    with_starter.parts.executor.let_go()

    assert answer.out == f"Run {run} is cancelled.\n"
    assert with_starter.application().get_run(run).state is RunState.CANCELLED
    assert with_starter.parts.inference.requests == []


def test_a_run_whose_process_is_gone_is_cancelled_at_once(with_starter: Terminal) -> None:
    run = a_queued_run(with_starter)
    put_into(with_starter, RunState.LOADING, run)
    with_starter.parts.processes.alive.clear()

    answer = with_starter.run("runs", "cancel", run, "--json")

    assert answer.document["state"] == "cancelled"
    assert f"Run {run} is cancelled." not in answer.err


def test_a_run_that_has_ended_cannot_be_cancelled(with_starter: Terminal) -> None:
    with_starter.run("run", "starter", "x")

    answer = with_starter.run("runs", "cancel", "00000000000", "--json")

    assert (answer.code, answer.document["error"]["code"]) == (1, "invalid_transition")
