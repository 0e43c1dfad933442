"""Names, versions, estimates: values that are checked when they are made."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from heygen_desktop.domain.entities.run import Progress, RunFigures
from heygen_desktop.domain.errors import InvalidNameError, InvalidVersionError
from heygen_desktop.domain.services.fit import (
    GPU_OVERHEAD_BYTES,
    RUNTIME_OVERHEAD_BYTES,
    computing_dtype,
    estimate_fit,
    loaded_weight_bytes,
)
from heygen_desktop.domain.values.artifact import Artifact, ArtifactFormat
from heygen_desktop.domain.values.device import Device
from heygen_desktop.domain.values.estimate import FitEstimate, MeasuredPeaks, Verdict
from heygen_desktop.domain.values.names import ModelReference, checked_name, suggested_name
from heygen_desktop.domain.values.version import SemanticVersion
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.updates import produced

ARTIFACT = Artifact(
    Path("/models/one"),
    ArtifactFormat.SAFETENSORS,
    (),
    size_bytes=2_100,
    weights_bytes=2_600,
    parameters=1_000,
    dtypes={"F16": 900, "I64": 100},
    context_length=10_000,
    layers=2,
    kv_heads=4,
    head_dim=8,
)
PLAIN_CPU = Device("cpu", "Processor", 1, 1)
CPU_WITH_BF16 = replace(PLAIN_CPU, has_bfloat16=True)
OLD_GPU = Device("cuda:0", "Card", 1, 1)
NEW_GPU = replace(OLD_GPU, has_bfloat16=True)


@pytest.mark.parametrize("name", ["a", "Llama-3.2_1B", "0", "x" * 128])
def test_a_plain_word_is_a_name(name: str) -> None:
    assert checked_name("model", name) == name


@pytest.mark.parametrize(
    "name", ["", "a/b", "..", ".hidden", "-rf", "a b", "x" * 129, "né", "a\0", "a\n", "a\\b"]
)
def test_a_name_that_could_be_a_path_or_an_option_is_refused(name: str) -> None:
    with pytest.raises(InvalidNameError):
        checked_name("model", name)


def test_a_refused_name_comes_with_the_nearest_good_one() -> None:
    with pytest.raises(InvalidNameError) as caught:
        checked_name("model", "my models/llama 3")

    assert caught.value.details["suggestion"] == "my-models-llama-3"


@given(st.text(max_size=300))
def test_a_suggested_name_is_a_name_or_nothing(text: str) -> None:
    suggestion = suggested_name(text)

    assert suggestion == "" or checked_name("model", suggestion) == suggestion


def test_a_reference_names_a_version_or_an_alias() -> None:
    assert ModelReference.parse("llama@champion") == ModelReference("llama", "champion")
    assert str(ModelReference.parse("llama@1.0.0")) == "llama@1.0.0"
    assert str(ModelReference.parse("llama")) == "llama"


def test_versions_are_ordered_as_numbers() -> None:
    written = ["10.0.0", "9.0.0", "1.0.0", "1.0.0-rc.2", "1.0.0-rc.10", "1.0.0-alpha", "1.0.1"]

    ordered = [str(v) for v in sorted(map(SemanticVersion.parse, written))]

    assert ordered == [
        "1.0.0-alpha",
        "1.0.0-rc.2",
        "1.0.0-rc.10",
        "1.0.0",
        "1.0.1",
        "9.0.0",
        "10.0.0",
    ]


@pytest.mark.parametrize("text", ["", "1", "1.0", "1.0.0.0", "01.0.0", "a.b.c", "1.0.-1", "latest"])
def test_what_is_not_three_numbers_is_no_version(text: str) -> None:
    with pytest.raises(InvalidVersionError):
        SemanticVersion.parse(text)


def test_the_next_minor_version_starts_its_patches_anew() -> None:
    assert str(SemanticVersion.parse("v1.2.3").next_minor()) == "1.3.0"


def test_floating_weights_are_converted_and_integers_are_not() -> None:
    assert loaded_weight_bytes(ARTIFACT, "float32") == 900 * 4 + 100 * 8
    assert loaded_weight_bytes(ARTIFACT, "bfloat16") == 900 * 2 + 100 * 8


def test_weights_of_unknown_precision_count_as_they_are_stored() -> None:
    assert loaded_weight_bytes(replace(ARTIFACT, dtypes={}), "float32") == 2_600


def test_weights_in_blocks_take_what_the_reader_counted() -> None:
    quantised = replace(ARTIFACT, dtypes={"Q4_K": 800, "F32": 200}, weights_bytes=450 + 800)

    assert loaded_weight_bytes(quantised, "float32") == 1_250
    assert loaded_weight_bytes(quantised, "float16") == 450 + 400


@pytest.mark.parametrize(
    ("stored", "place", "wanted", "expected"),
    [
        ("BF16", CPU_WITH_BF16, "auto", "bfloat16"),
        ("BF16", PLAIN_CPU, "auto", "float32"),
        ("F16", CPU_WITH_BF16, "auto", "float32"),
        ("F32", CPU_WITH_BF16, "auto", "float32"),
        ("Q4_K", CPU_WITH_BF16, "auto", "float32"),
        ("BF16", NEW_GPU, "auto", "bfloat16"),
        ("BF16", OLD_GPU, "auto", "float16"),
        ("F16", OLD_GPU, "auto", "float16"),
        ("F32", NEW_GPU, "auto", "float32"),
        ("BF16", PLAIN_CPU, "float16", "float16"),
    ],
)
def test_the_precision_is_the_one_that_a_worker_chooses(
    stored: str, place: Device, wanted: str, expected: str
) -> None:
    artifact = replace(ARTIFACT, dtypes={stored: 900, "I64": 100})

    assert computing_dtype(artifact, place, wanted) == expected


def test_the_precision_of_most_weights_is_that_of_the_model() -> None:
    mixed = replace(ARTIFACT, dtypes={"F32": 10, "BF16": 890, "I64": 1_000})

    assert computing_dtype(mixed, NEW_GPU, "auto") == "bfloat16"


@pytest.mark.parametrize(("dtype", "width"), [("float32", 4), ("bfloat16", 2), ("float16", 2)])
def test_the_cache_of_a_context_is_as_wide_as_the_precision(dtype: str, width: int) -> None:
    estimate = _estimate(free=10**12, context_tokens=100, dtype=dtype)

    assert estimate.cache_bytes == 2 * 2 * 4 * 8 * width * 100
    assert estimate.needed_bytes == (
        estimate.weights_bytes + estimate.cache_bytes + RUNTIME_OVERHEAD_BYTES
    )


def test_a_model_of_unknown_shape_has_no_cache_to_count() -> None:
    assert replace(ARTIFACT, layers=None).kv_elements_per_token is None


def test_the_verdict_follows_what_is_free() -> None:
    needed = _estimate(free=10**12).needed_bytes

    assert _estimate(free=needed - 1).verdict is Verdict.TOO_LARGE
    assert _estimate(free=needed + 1).verdict is Verdict.TIGHT
    assert _estimate(free=needed + 1_000).verdict is Verdict.FITS


@pytest.mark.parametrize(("place", "peak"), [(PLAIN_CPU, 700), (NEW_GPU, 200)])
def test_a_measured_peak_of_the_same_memory_replaces_the_estimate(place: Device, peak: int) -> None:
    estimate = _estimate(place, free=10**12, peaks=MeasuredPeaks(700, 200))

    assert estimate.needed_bytes == estimate.measured_peak_bytes == peak


def test_on_a_gpu_that_was_not_measured_its_own_overhead_is_estimated() -> None:
    estimate = _estimate(NEW_GPU, free=10**12, peaks=MeasuredPeaks(700, None))

    assert estimate.measured_peak_bytes is None
    assert estimate.overhead_bytes == GPU_OVERHEAD_BYTES


def test_what_fitted_a_gpu_once_is_tight_and_not_too_large_in_as_much_memory() -> None:
    peaks = MeasuredPeaks(host_bytes=10**12, device_bytes=10**10, tokens=5_000)

    assert _estimate(NEW_GPU, free=10**10, peaks=peaks).verdict is Verdict.TIGHT
    assert _estimate(NEW_GPU, free=10**10 - 1, peaks=peaks).verdict is Verdict.TOO_LARGE
    enough = 10**10 + GPU_OVERHEAD_BYTES + 1_000
    assert _estimate(NEW_GPU, free=enough, peaks=peaks).verdict is Verdict.FITS


def test_a_peak_of_short_runs_is_tight_where_the_whole_context_has_no_room() -> None:
    short = MeasuredPeaks(host_bytes=10**9, tokens=96)
    rest = 4 * 2 * 2 * 4 * 8 * 4

    tight = _estimate(free=10**9 + 1_000 + rest - 1, context_tokens=100, peaks=short)
    fits = _estimate(free=10**9 + 1_000 + rest, context_tokens=100, peaks=short)
    whole = _estimate(free=10**9 + 1_000, context_tokens=100, peaks=replace(short, tokens=100))

    assert (tight.verdict, fits.verdict) == (Verdict.TIGHT, Verdict.FITS)
    assert whole.verdict is Verdict.FITS


def _estimate(
    place: Device = PLAIN_CPU,
    *,
    free: int,
    context_tokens: int | None = None,
    dtype: str = "float32",
    peaks: MeasuredPeaks | None = None,
) -> FitEstimate:
    return estimate_fit(
        ARTIFACT,
        device=replace(place, free_bytes=free),
        dtype=dtype,
        headroom_bytes=1_000,
        context_tokens=context_tokens,
        peaks=peaks,
    )


def test_figures_of_a_later_version_are_passed_over() -> None:
    figures = RunFigures(tokens=3, peak_host_bytes=5)

    assert RunFigures.of({**figures.document(), "joules": 7.5}) == figures


def test_progress_without_a_known_end_has_no_fraction() -> None:
    assert Progress("frames", 3).fraction is None
    assert Progress("frames", 3, 12).fraction == 0.25


def test_a_batch_takes_the_text_of_the_one_before_it() -> None:
    earlier, later = produced("It is", 2), produced(" a truth", 4)

    joined = later.after(earlier)

    assert (joined.text, joined.figures.tokens) == ("It is a truth", 4)
