"""How models and files are worded."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from heygen_desktop.application.models import ModelSummary
from heygen_desktop.domain.entities.ai_model import AIModel, ModelId, ModelType, ModelVersion
from heygen_desktop.domain.values.artifact import Artifact, ArtifactFile, ArtifactFormat
from heygen_desktop.domain.values.estimate import FitEstimate, Verdict
from heygen_desktop.domain.values.version import SemanticVersion
from heygen_desktop.presentation.desktop.screens.library.details import (
    README_SHOWN,
    artifact_facts,
    artifact_picture,
    details_of,
    memory_picture,
    precision_shares,
    readme_of,
    safety_sentence,
)
from heygen_desktop.presentation.desktop.screens.library.rows import (
    format_words,
    precisions_of,
    row_of,
)

from tests.factories.parts import an_artifact
from tests.fakes.clock import FAKE_START

FITS = FitEstimate("cpu", 8_000_000, 2_000_000, 90_000_000, 1_000_000_000, None, Verdict.FITS)


def summary(artifact: Artifact, estimate: FitEstimate = FITS) -> ModelSummary:
    version = ModelVersion(SemanticVersion(1, 0, 0), artifact, FAKE_START)
    model = AIModel(
        ModelId("1"), "llama", ModelType.LANGUAGE, FAKE_START, FAKE_START, versions=(version,)
    )
    return ModelSummary(model, version, estimate)


def test_a_precision_of_a_few_elements_is_not_what_a_model_is_stored_in() -> None:
    artifact = an_artifact(dtypes={"F32": 8, "BF16": 992, "I8": 0})

    assert precisions_of(artifact) == ("bf16",)
    assert precision_shares(artifact) == "bf16 99.2 %, fp32 0.8 %, int8 under 0.1 %"


def test_two_precisions_that_matter_are_both_named() -> None:
    artifact = an_artifact(dtypes={"F8_E4M3": 700, "F16": 300})

    assert precisions_of(artifact) == ("f8_e4m3", "fp16")


def test_files_without_a_stated_precision_leave_it_out() -> None:
    artifact = an_artifact(dtypes={}, architecture="", task="", context_length=None, licence="")

    assert precisions_of(artifact) == ()
    assert [name for name, _ in artifact_facts(artifact)] == [
        "Parameters", "Format", "Licence", "Weights", "On disk",
    ]  # fmt: skip
    assert dict(artifact_facts(artifact))["Licence"] == "not stated"


def test_the_file_manager_opens_the_folder_around_a_single_file() -> None:
    file = Path("/models/tiny.gguf")
    artifact = an_artifact(
        file,
        format=ArtifactFormat.GGUF,
        files=(ArtifactFile("tiny.gguf", 7_000_700),),
        is_file=True,
    )

    assert row_of(summary(artifact), ()).folder == "/models"
    assert row_of(summary(an_artifact(Path("/models/a"))), ()).folder == "/models/a"


def test_what_fits_stands_before_what_does_not() -> None:
    verdicts = [Verdict.TOO_LARGE, Verdict.FITS, Verdict.TIGHT]

    rows = [row_of(summary(an_artifact(), replace(FITS, verdict=v)), ()) for v in verdicts]

    assert [r.verdict for r in sorted(rows, key=lambda r: r.verdict_order)] == [
        "Fits", "Tight", "Too large",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("verdict", "device", "sentence"),
    [
        (Verdict.FITS, "cpu", "Fits on the CPU: it needs about 100 MB of 1.0 GB free."),
        (
            Verdict.TIGHT,
            "cuda:0",
            "Tight on cuda:0: it needs about 100 MB of 1.0 GB free, with little to spare.",
        ),
        (
            Verdict.TOO_LARGE,
            "cpu",
            "Too large for the CPU now: it needs about 100 MB, and 1.0 GB are free.",
        ),
    ],
)
def test_the_verdict_is_a_sentence(verdict: Verdict, device: str, sentence: str) -> None:
    picture = memory_picture(replace(FITS, verdict=verdict, device=device))

    assert picture.sentence == sentence
    assert picture.parts == (
        ("Weights", 8_000_000), ("Cache", 2_000_000), ("Overhead", 90_000_000),
    )  # fmt: skip


def test_a_measured_peak_stands_in_place_of_the_estimate() -> None:
    picture = memory_picture(replace(FITS, measured_peak_bytes=400_000_000))

    assert picture.parts == (("Measured peak", 400_000_000),)
    assert picture.sentence == "Fits on the CPU: it needs 400 MB (measured) of 1.0 GB free."


def test_formats_that_can_carry_a_program_say_so() -> None:
    assert "runs no code" in safety_sentence(an_artifact())
    assert safety_sentence(an_artifact(format=ArtifactFormat.PICKLE)) == (
        "Loading may run code from these files: Pickle can carry a program."
    )
    assert format_words("pt2") == "pt2"


def test_many_files_are_shown_by_size_and_the_rest_is_counted() -> None:
    files = tuple(ArtifactFile(f"part-{n:02}", 1_000 * n) for n in range(1, 15))
    artifact = an_artifact(files=files, size_bytes=sum(file.size_bytes for file in files))

    picture = artifact_picture(artifact, FITS)

    assert picture.files[0] == ("part-14", "14.0 kB")
    assert picture.files[-1] == ("and 2 smaller files", "3.0 kB")
    assert picture.files_title == "14 files · 105 kB"


def test_facts_of_the_header_read_as_words() -> None:
    picture = artifact_picture(an_artifact(header={"tied embeddings": "yes"}, licence=""), FITS)

    assert picture.header == (("Tied embeddings", "yes"),)
    assert picture.summary == "LlamaForCausalLM · 3.5 M parameters · fp16 · 7.0 MB"


def test_versions_are_listed_newest_first_with_their_aliases() -> None:
    found = summary(an_artifact())
    newer = ModelVersion(SemanticVersion(1, 1, 0), an_artifact(Path("/b")), FAKE_START)
    found.model.add_version(newer)
    found.model.aliases["champion"] = SemanticVersion(1, 0, 0)

    details = details_of(found, (), ())

    assert [name for name, _ in details.versions] == ["1.1.0", "1.0.0"]
    assert details.versions[1][1].endswith("· champion")
    assert details.short_checksum == "not computed yet"


@pytest.mark.parametrize(
    ("card", "shown"),
    [
        ("", ""),
        ("\ufeff---\r\nlicense: mit\r\n---\r\n# One\r\n", "# One"),
        ("---\nno end", "---\nno end"),
        ('<p align="center">Two</p><br/>', "Two"),
        (
            "<!-- hidden -->See <https://example.org> and a < b.",
            "See <https://example.org> and a < b.",
        ),
        ("A ![picture](http://example.org/p.png) here", "A picture here"),
        ("```\n<b>![x](y)</b>\n```", "```\n<b>![x](y)</b>\n```"),
        ("```\nx\n```\n\n|A|\n|-|", "```\nx\n```\n\n\u200b\n\n|A|\n|-|"),
    ],
)
def test_a_readme_is_shown_without_what_is_not_meant_to_be_read(card: str, shown: str) -> None:
    assert readme_of(card) == shown


def test_a_long_readme_is_cut_at_the_end_of_a_line_and_says_so() -> None:
    shown = readme_of("a line\n" * 10_000)

    assert len(shown) < README_SHOWN + 100
    assert shown.endswith("a line\n\n*The rest is in README.md.*")


@pytest.mark.parametrize("part", ["<!--", "![", "<a ", "](", "</", "`" * 3])
def test_a_hostile_readme_is_gone_through_at_once(part: str) -> None:
    assert len(readme_of(part * 100_000)) <= README_SHOWN + 100
