"""Facets and words: which models they leave, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from heygen_desktop.application.models import ModelSummary
from heygen_desktop.domain.entities.ai_model import AIModel, ModelId, ModelType, ModelVersion
from heygen_desktop.domain.values.artifact import ArtifactFormat
from heygen_desktop.domain.values.estimate import FitEstimate, Verdict
from heygen_desktop.domain.values.version import SemanticVersion
from heygen_desktop.presentation.desktop.screens.library.narrowing import (
    Facet,
    Narrowing,
    Shelf,
    with_words,
)
from heygen_desktop.presentation.desktop.screens.library.rows import ModelRow, row_of

from tests.factories.parts import an_artifact
from tests.fakes.clock import FAKE_START

FITS = FitEstimate("cpu", 8_000_000, 2_000_000, 90_000_000, 1_000_000_000, None, Verdict.FITS)


def a_row(name: str, *, verdict: Verdict = Verdict.FITS, **said: object) -> ModelRow:
    artifact = an_artifact(Path("/home/bob/research") / name)
    version = ModelVersion(SemanticVersion(1, 0, 0), artifact, FAKE_START)
    model = AIModel(
        ModelId(name), name, ModelType.LANGUAGE, FAKE_START, FAKE_START, versions=(version,)
    )
    model = replace(model, **said)  # type: ignore[arg-type]  # the names are checked by replace
    return row_of(ModelSummary(model, version, replace(FITS, verdict=verdict)), ())


HARBOUR = a_row("harbour-llama", tags=("chat",), note="Writes poems well.", is_favourite=True)
QWEN = a_row("lantern-qwen2", tags=("chat", "draft"), verdict=Verdict.TOO_LARGE)
WHISPER = replace(
    a_row("whisper", description="Hears."), type="audio", format=str(ArtifactFormat.GGUF)
)
ALL = (HARBOUR, QWEN, WHISPER)


def names(rows: list[ModelRow]) -> list[str]:
    return [row.name for row in rows]


def facets(by: Narrowing) -> dict[str, dict[str, int]]:
    """Return the counts of each value by the title of its group."""
    _rows, groups = Shelf(ALL).narrowed(by)
    return {group.title: {f.title: f.count for f in group.facets} for group in groups}


def test_facets_count_the_models_of_each_value() -> None:
    assert facets(Narrowing()) == {
        "": {"Favourites": 1},
        "Type": {"Language": 2, "Audio": 1},
        "Task": {"text-generation": 3},
        "Fits?": {"Fits": 2, "Too large": 1},
        "Precision": {"fp16": 3},
        "Format": {"safetensors": 2, "GGUF": 1},
        "Status": {"Registered": 3},
        "Tag": {"chat": 2, "draft": 1},
    }


def test_a_value_counts_what_it_would_leave_beside_other_kinds() -> None:
    counts = facets(Narrowing().toggled("type", "language"))

    assert counts["Type"] == {"Language": 2, "Audio": 1}
    assert counts["Fits?"] == {"Fits": 1, "Too large": 1}
    assert counts["Format"] == {"safetensors": 2, "GGUF": 0}


def test_values_of_one_kind_widen_and_kinds_narrow() -> None:
    both = Narrowing().toggled("tag", "draft").toggled("tag", "chat")

    assert names(Shelf(ALL).narrowed(both)[0]) == ["harbour-llama", "lantern-qwen2"]
    assert names(Shelf(ALL).narrowed(both.toggled("fits", "Fits"))[0]) == ["harbour-llama"]


def test_favourites_are_a_facet_of_their_own() -> None:
    assert names(Shelf(ALL).narrowed(Narrowing().toggled("favourite", "Favourites"))[0]) == [
        "harbour-llama"
    ]


def test_facets_count_what_the_words_found() -> None:
    assert facets(Narrowing("poems"))["Type"] == {"Language": 1, "Audio": 0}


def test_one_model_leaves_nothing_to_choose() -> None:
    assert Shelf([HARBOUR]).narrowed(Narrowing())[1] == ()


def test_a_chosen_value_that_no_model_has_stays_to_be_taken_back() -> None:
    _rows, groups = Shelf([WHISPER]).narrowed(Narrowing().toggled("tag", "gone"))

    assert [group.facets for group in groups] == [(Facet("tag", "gone", "gone", 0, True),)]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", ["harbour-llama", "lantern-qwen2", "whisper"]),
        ("LLAMA", ["harbour-llama", "lantern-qwen2", "whisper"]),
        ("poems", ["harbour-llama"]),
        ("hears", ["whisper"]),
        ("chat well", ["harbour-llama"]),
        ("research", ["harbour-llama", "lantern-qwen2", "whisper"]),
        ("large", ["lantern-qwen2"]),
        ("hllama", ["harbour-llama"]),
        ("qwn lntrn", ["lantern-qwen2"]),
        ("ｗｈｓｐｒ", ["whisper"]),
        ("bbrs", []),
        ("zebra", []),
    ],
)
def test_words_find_what_they_mean(words: str, found: list[str]) -> None:
    assert [row.name for row in with_words(ALL, words)] == found


def test_letters_that_are_scattered_over_a_path_or_a_note_find_nothing() -> None:
    assert with_words([HARBOUR], "bhrl") == []
    assert with_words([HARBOUR], "wrtspms") == []


@pytest.mark.parametrize(
    ("by", "nothing", "way_back"),
    [
        (Narrowing(), "", ""),
        (Narrowing("poem"), "No model matches “poem”.", "Clear search"),
        (Narrowing().toggled("format", "gguf"), "No model matches GGUF.", "Clear filters"),
        (
            Narrowing("poem").toggled("type", "audio"),
            "No model matches “poem”, Audio.",
            "Clear search and filters",
        ),
    ],
)
def test_what_leaves_nothing_is_said_with_the_way_back(
    by: Narrowing, nothing: str, way_back: str
) -> None:
    assert (by.nothing_found, by.way_back) == (nothing, way_back)
