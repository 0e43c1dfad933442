"""Two runs beside each other: what is marked as different, and what is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from heygen_desktop.application.tasks.text_generation import TEXT_GENERATION
from heygen_desktop.domain.entities.run import Json, RunFigures, RunState
from heygen_desktop.presentation.desktop.screens.run.comparison import (
    Comparison,
    Side,
    Told,
    comparison_of,
)

from tests.fakes.clock import FAKE_START
from tests.unit.presentation.desktop.runs import a_run


def told(text: str = "It is", *, later: bool = False, **facts: object) -> Told:
    run = a_run("r2" if later else "r1", state=RunState.SUCCEEDED)
    run = replace(run, queued_at=FAKE_START + timedelta(seconds=later))
    return Told(replace(run, **facts), TEXT_GENERATION, text)  # type: ignore[arg-type]  # checked by replace


def compared(left: str, right: str) -> Comparison:
    return comparison_of(told(left), told(right, later=True))


def marked(side: Side) -> list[str]:
    return [piece.text for piece in side.pieces if piece.differs]


def test_the_words_that_differ_are_marked_and_joined_each_text_is_whole() -> None:
    left, right = "It is a truth, surely.", "It was a truth universally."

    comparison = compared(left, right)

    assert marked(comparison.left) == ["is", ", surely"]
    assert marked(comparison.right) == ["was", " universally"]
    assert "".join(piece.text for piece in comparison.left.pieces) == left
    assert "".join(piece.text for piece in comparison.right.pieces) == right


def test_of_the_same_text_nothing_is_marked() -> None:
    comparison = compared("It is\n\n a truth \N{SNOWMAN}", "It is\n\n a truth \N{SNOWMAN}")

    assert marked(comparison.left) == marked(comparison.right) == []
    assert compared("", "").left.pieces == ()


def test_long_texts_are_compared_by_lines() -> None:
    lines = [f"line {number} of many\n" for number in range(3000)]

    comparison = compared("".join(lines), "".join([*lines[:10], "another line\n", *lines[11:]]))

    assert marked(comparison.left) == [lines[10]]
    assert marked(comparison.right) == ["another line\n"]


def test_the_earlier_run_stands_at_the_left_whichever_was_chosen_first() -> None:
    comparison = comparison_of(told("b", later=True, title="Later"), told("a", title="Earlier"))

    assert (comparison.left.name, comparison.right.name) == ("Earlier", "Later")


def test_facts_that_differ_are_marked_but_those_that_always_do() -> None:
    params: dict[str, Json] = {"temperature": 0.7, "top_p": 0.95}
    left = told(seed=1, params=params, figures=RunFigures(tokens=9))
    right = told(later=True, seed=2, params={**params, "temperature": 1.0}, finished_at=FAKE_START)

    facts = {fact.title: fact for fact in comparison_of(left, right).facts}

    assert {title for title, fact in facts.items() if fact.differs} == {
        "Temperature",
        "Seed",
        "Output",
    }
    assert (facts["Temperature"].left, facts["Temperature"].right) == ("0.7", "1")
    assert facts["Run"].left != facts["Run"].right


def test_a_fact_that_one_run_lacks_is_a_difference() -> None:
    left = told(params={"temperature": 0.7, "top_p": 0.5})

    facts = {
        fact.title: fact
        for fact in comparison_of(left, told(later=True, params={"temperature": 0.7})).facts
    }

    assert facts["Top-p"].differs
