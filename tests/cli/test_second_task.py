"""A second task on the command line: nothing here was written for it but its schemas."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.terminal import Terminal
from tests.factories.labels import A_LABELLING, LABELS, WITH_LABELS
from tests.factories.parts import STARTER_PATH, an_artifact

COST = "loaded in 3.1 s\n"


@pytest.fixture
def labelling() -> Terminal:
    """A terminal on a home with a model that labels."""
    terminal = Terminal(tasks=WITH_LABELS)
    terminal.parts.artifacts.known[STARTER_PATH] = an_artifact(task=LABELS.tag)
    terminal.parts.inference.answers[LABELS.tag] = A_LABELLING
    terminal.application().ensure_starter_model()
    return terminal


def test_its_output_is_shown_at_the_end(labelling: Terminal) -> None:
    answer = labelling.run("run", "starter", "So glad", "--param", "top_k=3")

    assert (answer.code, answer.err) == (0, COST)
    assert [line.split() for line in answer.out.splitlines()] == [
        ["Sure", "yes"], ["Label", "Score"], ["joy", "0.75"], ["anger", "0.25"]
    ]  # fmt: skip
    [(_, task)] = labelling.parts.inference.requests
    assert (task.inputs["sentence"], task.params) == ("So glad", {"max_tokens": 7, "top_k": 3})


def test_a_script_gets_its_typed_output(labelling: Terminal) -> None:
    answer = labelling.run("run", "starter", "So glad", "--json")

    assert answer.document["output"] == A_LABELLING
    assert answer.document["run"]["task"] == LABELS.tag


def test_it_can_be_named_for_a_model_of_another_task() -> None:
    terminal = Terminal(tasks=WITH_LABELS)
    terminal.application().ensure_starter_model()
    terminal.parts.inference.answers[LABELS.tag] = A_LABELLING

    answer = terminal.run("run", "starter", "So glad", "--task", LABELS.tag)

    assert answer.code == 0
    assert "joy" in answer.out


def test_its_inputs_come_from_files_and_its_output_goes_to_one(
    labelling: Terminal, tmp_path: Path
) -> None:
    (tmp_path / "context.txt").write_text("Before.\n", encoding="utf-8")

    answer = labelling.run(
        "run", "starter", "So glad", "--input", f"context={tmp_path / 'context.txt'}",
        "--output", tmp_path / "labels.txt",
    )  # fmt: skip

    assert (answer.code, answer.out) == (0, "")
    assert labelling.parts.inference.requests[0][1].inputs["context"] == "Before."
    assert (tmp_path / "labels.txt").read_text(encoding="utf-8").startswith("Labels\nLabel\tScore")


def test_a_parameter_out_of_its_range_is_refused(labelling: Terminal) -> None:
    answer = labelling.run("run", "starter", "So glad", "--param", "top_k=11")

    assert answer.code == 1
    assert "cause: top_k must be a whole number from 1 to 10." in answer.err


def test_the_history_tells_what_went_in_and_what_came_out(labelling: Terminal) -> None:
    labelling.run("run", "starter", "So glad")

    [_, row] = labelling.run("runs", "list").out.splitlines()
    shown = labelling.run("runs", "show", "00000").out

    assert "So glad" in row
    assert "joy 0.75, anger 0.25" in row
    assert "Sentence  So glad" in shown
    assert "anger  0.25" in shown
