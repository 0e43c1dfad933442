"""What follows from a task's schemas: checks, defaults, summaries, texts and tables."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from heygen_desktop.application.settings.schema import Settings
from heygen_desktop.application.tasks.parts import TablePart, TextPart, parts_of
from heygen_desktop.application.tasks.registry import TASKS
from heygen_desktop.application.tasks.task import Tasks
from heygen_desktop.application.tasks.text_generation import TEXT_GENERATION
from heygen_desktop.domain.entities.run import Json
from heygen_desktop.domain.errors import (
    ArtifactUnsupportedError,
    InvalidParameterError,
    WrongOutputError,
)

from tests.factories.labels import A_LABELLING, LABELS, WITH_LABELS, LabelsOutput


def test_two_tasks_of_one_tag_are_refused() -> None:
    with pytest.raises(ValueError, match="text-generation"):
        Tasks((*TASKS, TEXT_GENERATION))


def test_a_task_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(ArtifactUnsupportedError) as refused:
        WITH_LABELS.named("fill-mask", model="bert")

    assert "this version runs text-generation, text-classification" in refused.value.cause


def test_presets_of_the_settings_belong_to_the_task_that_names_them() -> None:
    settings = Settings.model_validate({"generation": {"max_tokens": 33}})

    generation, labels = TEXT_GENERATION.defaults(settings), LABELS.defaults(settings)

    assert generation["max_tokens"] == 33
    assert labels == {"max_tokens": 7, "top_k": 2}


def test_an_input_without_a_default_must_be_given() -> None:
    with pytest.raises(InvalidParameterError) as refused:
        LABELS.checked_inputs({"context": "before"})

    assert refused.value.details["parameter"] == "sentence"


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ({"labels": []}, "is_sure: Field required"),
        ({"labels": "joy", "is_sure": True}, "labels: Input should be a valid list"),
        ({**A_LABELLING, "is_sure": 1}, "is_sure: Input should be a valid boolean"),
        ({**A_LABELLING, "more": 1}, "more: Extra inputs are not permitted"),
        ({"labels": [{"label": "joy", "score": 2}], "is_sure": True}, "labels.0.score: Input"),
    ],
)
def test_an_output_that_the_schema_does_not_allow_is_refused_with_the_evidence(
    output: Mapping[str, Json], reason: str
) -> None:
    with pytest.raises(WrongOutputError) as refused:
        LABELS.checked_output(output)

    assert reason in refused.value.cause
    assert str(refused.value.details["evidence"]).startswith("{")


def test_an_output_that_the_schema_allows_is_kept_as_it_is() -> None:
    assert LABELS.checked_output(A_LABELLING) == A_LABELLING


def test_an_output_is_shown_as_texts_and_tables_under_their_titles() -> None:
    assert LABELS.parts(A_LABELLING) == (
        TablePart("Labels", ("Label", "Score"), (("joy", "0.75"), ("anger", "0.25"))),
        TextPart("Sure", "yes"),
    )


def test_a_text_alone_is_copied_as_it_is_and_more_under_their_titles() -> None:
    assert TEXT_GENERATION.as_text({"text": " a truth.\n"}) == " a truth.\n"
    assert LABELS.as_text(A_LABELLING) == (
        "Labels\nLabel\tScore\njoy\t0.75\nanger\t0.25\n\nSure\nyes"
    )


def test_summaries_are_the_beginning_of_what_went_in_and_came_out() -> None:
    assert LABELS.input_summary({"sentence": "So\n glad ", "context": "x"}) == "So glad"
    assert LABELS.output_summary(A_LABELLING) == "joy 0.75, anger 0.25"
    assert LABELS.output_summary({}) == ""


def test_a_summary_that_is_cut_says_so() -> None:
    whole = TEXT_GENERATION.input_summary({"prompt": "word " * 40})
    cut = TEXT_GENERATION.input_summary({"prompt": "word " * 60})
    blank = TEXT_GENERATION.input_summary({"prompt": f"word{' ' * 1000}word"})

    assert whole == " ".join(["word"] * 40)
    assert (len(cut), cut[-6:]) == (240, " word…")
    assert blank == "word…"


def test_a_run_of_a_task_that_is_gone_can_still_be_read() -> None:
    gone = TASKS.of("older-task")

    assert gone.input_summary({"image": "cat.png"}) == "cat.png"
    assert gone.as_text({"best": "cat", "rest": ["dog", None, False]}) == (
        "best\ncat\n\nrest\ndog\n\nno"
    )


def test_values_that_no_schema_names_are_worded_too() -> None:
    values: dict[str, Json] = {
        "labels": [{"label": "joy", "why": {"word": "glad", "weight": 0.5}}],
        "note": None,
        "count": 3,
    }

    parts = parts_of(LabelsOutput, values)

    assert parts == (
        TablePart("Labels", ("Label", "Score", "why"), (("joy", "", "word glad, weight 0.5"),)),
        TextPart("count", "3"),
    )


def test_only_a_task_that_streams_has_an_unfinished_output() -> None:
    assert TEXT_GENERATION.unfinished("It is") == {"text": "It is"}
    assert TEXT_GENERATION.unfinished("") == LABELS.unfinished("x") == {}
