"""Folders and files as a person brings them: what is recognised, and what each refusal says."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import BinaryIO

import pytest
from heygen_desktop.domain.errors import (
    ArtifactCorruptError,
    ArtifactEmptyError,
    ArtifactError,
    ArtifactMissingError,
    ArtifactUnreadableError,
    ArtifactUnsafeError,
    ArtifactUnsupportedError,
)
from heygen_desktop.domain.values.artifact import ArtifactFormat
from heygen_desktop.infrastructure.artifacts.disk import Disk
from heygen_desktop.infrastructure.artifacts.readers import ArtifactReaders

from tests.factories.model_folders import (
    Family,
    framed,
    safetensors_bytes,
    write_json,
    write_model,
)

PICKLE = b"\x80\x02}q\x00."


def _problem(path: Path) -> ArtifactError:
    with pytest.raises(ArtifactError) as caught:
        ArtifactReaders().inspect(path)
    return caught.value


@pytest.mark.parametrize("shards", [1, 3])
@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("family", ["llama", "gpt2", "qwen2", "gpt_neox"])
def test_a_model_folder_is_described_from_its_headers(
    tmp_path: Path, family: Family, tied: bool, shards: int
) -> None:
    written = write_model(tmp_path / "model", family, tied=tied, shards=shards, dtype="BF16")

    artifact = ArtifactReaders().inspect(written.path)

    assert artifact.format is ArtifactFormat.SAFETENSORS
    assert artifact.parameters == written.parameters
    assert artifact.dtypes == {"BF16": written.parameters}
    assert artifact.weights_bytes == 2 * written.parameters
    assert artifact.task == "text-generation"
    assert artifact.context_length == 64
    assert artifact.licence == "apache-2.0"
    assert artifact.warnings == ()
    assert artifact.kv_elements_per_token == 2 * 2 * (2 if family in {"llama", "qwen2"} else 4) * 8
    assert artifact.header["vocabulary"] == "48"
    assert artifact.header["weights files"] == str(shards)
    assert artifact.header["tied embeddings"] == ("yes" if tied else "no")


def test_the_files_are_those_that_make_the_model_and_no_others(tmp_path: Path) -> None:
    written = write_model(tmp_path / "model")
    (written.path / "notes.txt").write_text("mine")
    (written.path / "consolidated.safetensors").write_bytes(b"not looked at")
    (written.path / "pytorch_model.bin").write_bytes(PICKLE)

    artifact = ArtifactReaders().inspect(written.path)

    assert [file.name for file in artifact.files] == [
        "config.json",
        "model.safetensors",
        "tokenizer.json",
        "tokenizer_config.json",
    ]
    on_disk = sum((written.path / file.name).stat().st_size for file in artifact.files)
    assert artifact.size_bytes == on_disk


def test_a_single_weights_file_stands_for_the_folder_around_it(tmp_path: Path) -> None:
    written = write_model(tmp_path / "model")

    artifact = ArtifactReaders().inspect(written.path / "model.safetensors")

    assert artifact.path == written.path
    assert artifact.parameters == written.parameters


def test_a_relative_path_becomes_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_model(tmp_path / "model")
    monkeypatch.chdir(tmp_path)

    assert ArtifactReaders().inspect(Path("x/../model")).path == tmp_path / "model"


def test_a_model_without_a_tokenizer_carries_a_warning(tmp_path: Path) -> None:
    written = write_model(tmp_path / "model", tokenizer=False)

    warnings = ArtifactReaders().inspect(written.path).warnings

    assert warnings == ("No tokenizer was found; it cannot run text-generation.",)


def test_a_model_that_reads_no_text_needs_no_tokenizer(tmp_path: Path) -> None:
    config = {"architectures": ["ViTForImageClassification"], "model_type": "vit"}
    written = write_model(tmp_path / "model", tokenizer=False, config=config)

    assert ArtifactReaders().inspect(written.path).warnings == ()


def test_a_model_without_a_card_has_no_licence(tmp_path: Path) -> None:
    written = write_model(tmp_path / "model", card="")

    assert ArtifactReaders().inspect(written.path).licence == ""


def test_a_card_that_cannot_be_read_is_a_warning_and_no_refusal(tmp_path: Path) -> None:
    written = write_model(tmp_path / "model", card="")
    (written.path / "README.md").mkdir()

    assert ArtifactReaders().inspect(written.path).warnings == (
        "The model card could not be read: It is not a regular file.",
    )


def test_only_the_beginning_of_a_long_card_is_read(tmp_path: Path) -> None:
    card = "---\n" + "x: y\n" * 20_000 + "license: mit\n---\n"
    written = write_model(tmp_path / "model", card=card)

    assert ArtifactReaders().inspect(written.path).licence == ""


@pytest.mark.parametrize("path", ["gone", "gone/deeper", "file.txt/below", "zero\0byte"])
def test_a_path_that_leads_nowhere_is_missing(tmp_path: Path, path: str) -> None:
    (tmp_path / "file.txt").write_text("x")

    problem = _problem(tmp_path / path)

    assert isinstance(problem, ArtifactMissingError)
    assert problem.cause
    assert problem.remedy


def test_a_path_too_long_for_the_system_is_unreadable(tmp_path: Path) -> None:
    assert isinstance(_problem(tmp_path / ("x" * 5_000)), ArtifactUnreadableError)


def test_an_empty_folder_says_so(tmp_path: Path) -> None:
    problem = _problem(tmp_path)

    assert isinstance(problem, ArtifactEmptyError)
    assert problem.cause == "The folder is empty."


def test_a_folder_that_the_system_closes_to_us_is_unreadable(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("the superuser may read everything; the test with a refusing opener stands in")
    tmp_path.chmod(0)
    try:
        problem = _problem(tmp_path)
    finally:
        tmp_path.chmod(0o700)

    assert isinstance(problem, ArtifactUnreadableError)


def test_a_folder_that_may_be_listed_but_not_entered_is_unreadable(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("the superuser may enter everything")
    (tmp_path / "model.gguf").write_bytes(b"GGUF\x03\0\0\0")
    tmp_path.chmod(0o400)
    try:
        problem = _problem(tmp_path)
    finally:
        tmp_path.chmod(0o700)

    assert isinstance(problem, ArtifactUnreadableError)


@pytest.mark.parametrize("name", ["config.json", "model.safetensors"])
def test_a_file_that_the_system_closes_to_us_is_unreadable(tmp_path: Path, name: str) -> None:
    written = write_model(tmp_path / "model")

    def refuse(path: Path) -> BinaryIO:
        if path.name == name:
            raise PermissionError(13, "Permission denied", str(path))
        return path.open("rb")

    with pytest.raises(ArtifactUnreadableError) as caught:
        ArtifactReaders(Disk(refuse)).inspect(written.path)

    assert caught.value.details["path"] == str(written.path / name)
    assert "chmod" in caught.value.remedy


def test_a_disk_that_fails_is_unreadable_with_the_systems_words(tmp_path: Path) -> None:
    written = write_model(tmp_path / "model")

    def fail(path: Path) -> BinaryIO:
        raise OSError(5, "Input/output error", str(path))

    with pytest.raises(ArtifactUnreadableError) as caught:
        ArtifactReaders(Disk(fail)).inspect(written.path)

    assert "Input/output error" in caught.value.cause


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "model.safetensors")

    problem = _problem(tmp_path / "model.safetensors")

    assert isinstance(problem, ArtifactUnsupportedError)
    assert "not a regular file" in problem.cause


def test_weights_without_a_config_are_unsupported(tmp_path: Path) -> None:
    written = write_model(tmp_path / "model")
    (written.path / "config.json").unlink()

    for path in (written.path, written.path / "model.safetensors"):
        problem = _problem(path)

        assert isinstance(problem, ArtifactUnsupportedError)
        assert "config.json is missing" in problem.cause


def test_a_config_without_weights_is_incomplete(tmp_path: Path) -> None:
    write_json(tmp_path / "config.json", {})

    problem = _problem(tmp_path)

    assert isinstance(problem, ArtifactCorruptError)
    assert "no weights" in problem.cause


@pytest.mark.parametrize("name", ["pytorch_model.bin", "model.pt", "model.ckpt", "weights.pth"])
def test_a_folder_with_only_pickled_weights_is_unsafe(tmp_path: Path, name: str) -> None:
    write_json(tmp_path / "config.json", {"model_type": "llama"})
    (tmp_path / name).write_bytes(PICKLE)

    problem = _problem(tmp_path)

    assert isinstance(problem, ArtifactUnsafeError)
    assert name in problem.message


def test_a_pickled_checkpoint_that_was_cut_short_is_still_called_a_pickle(tmp_path: Path) -> None:
    (tmp_path / "pytorch_model.bin").write_bytes(b"\0\0\0")

    assert isinstance(_problem(tmp_path), ArtifactUnsafeError)


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("model-q4.gguf", b"GGUF\x03\0\0\0", "GGUF"),
        ("model.onnx", b"\x08\x08\x12\x07pytorch", "ONNX"),
        ("tf_model.h5", b"\x89HDF\r\n\x1a\n", "HDF5"),
        ("model_index.json", b"{}", "diffusers"),
        ("adapter_model.safetensors", b"", "config.json is missing"),
    ],
)
def test_a_folder_of_a_known_format_without_a_runtime_says_which(
    tmp_path: Path, name: str, content: bytes, word: str
) -> None:
    (tmp_path / name).write_bytes(content)

    problem = _problem(tmp_path)

    assert isinstance(problem, ArtifactUnsupportedError)
    assert word in problem.cause
    assert problem.remedy


@pytest.mark.parametrize(
    ("name", "error", "word"),
    [
        ("adapter_model.safetensors", ArtifactUnsupportedError, "adapter"),
        ("weights.safetensors", ArtifactUnsupportedError, "weights.safetensors"),
        ("model-00001-of-00002.safetensors", ArtifactCorruptError, "index.json is missing"),
    ],
)
def test_weights_under_a_name_that_is_not_loaded_are_refused(
    tmp_path: Path, name: str, error: type[ArtifactError], word: str
) -> None:
    written = write_model(tmp_path / "model")
    (written.path / "model.safetensors").rename(written.path / name)

    problem = _problem(written.path)

    assert isinstance(problem, error)
    assert word in problem.cause


def test_a_pickle_named_safetensors_is_unsafe(tmp_path: Path) -> None:
    written = write_model(tmp_path / "model")
    (written.path / "model.safetensors").write_bytes(PICKLE)

    assert isinstance(_problem(written.path), ArtifactUnsafeError)


def test_weights_cut_short_are_damage(tmp_path: Path) -> None:
    written = write_model(tmp_path / "model")
    path = written.path / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-1])

    problem = _problem(written.path)

    assert isinstance(problem, ArtifactCorruptError)
    assert "cut short" in problem.cause


def test_weights_without_a_tensor_are_damage(tmp_path: Path) -> None:
    written = write_model(tmp_path / "model")
    (written.path / "model.safetensors").write_bytes(framed({}))

    assert "no tensor" in _problem(written.path).cause


@pytest.mark.parametrize(
    ("index", "reason"),
    [
        ({}, "no weight_map"),
        ({"weight_map": []}, "no weight_map"),
        ({"weight_map": {}}, "no weight_map"),
        ({"weight_map": {"a": 1}}, "not a file in this folder"),
        ({"weight_map": {"a": ".."}}, "not a file in this folder"),
        ({"weight_map": {"a": "../x.safetensors"}}, "not a file in this folder"),
        ({"weight_map": {"a": "/etc/passwd"}}, "not a file in this folder"),
        ({"weight_map": {"a": "c:\\x"}}, "not a file in this folder"),
        ({"weight_map": {"a": "gone.safetensors"}}, "is missing"),
        ({"weight_map": {"gone": "one.safetensors"}}, "which does not hold it"),
        (
            {"weight_map": {"a": "two.safetensors", "b": "one.safetensors"}},
            "one.safetensors holds it",
        ),
        (
            {"weight_map": {"a": "one.safetensors", "c": "copy.safetensors"}},
            "copy.safetensors holds",
        ),
        (
            {
                "weight_map": {
                    "b": "two.safetensors",
                    "c": "copy.safetensors",
                    "d": "more.safetensors",
                }
            },
            "Two shards hold 'a'",
        ),
    ],
)
def test_an_index_that_does_not_fit_its_shards_is_damage(
    tmp_path: Path, index: object, reason: str
) -> None:
    write_json(tmp_path / "config.json", {})
    write_json(tmp_path / "model.safetensors.index.json", index)
    one: dict[str, tuple[str, tuple[int, ...]]] = {"a": ("F32", (2,))}
    (tmp_path / "one.safetensors").write_bytes(safetensors_bytes(one))
    (tmp_path / "two.safetensors").write_bytes(safetensors_bytes({"b": ("F32", (2,))}))
    (tmp_path / "copy.safetensors").write_bytes(safetensors_bytes({**one, "c": ("F32", (2,))}))
    (tmp_path / "more.safetensors").write_bytes(safetensors_bytes({**one, "d": ("F32", (2,))}))

    problem = _problem(tmp_path)

    assert isinstance(problem, ArtifactCorruptError)
    assert reason in problem.cause


def test_a_tensor_that_the_index_forgot_counts_as_it_is_loaded(tmp_path: Path) -> None:
    written = write_model(tmp_path / "model", shards=2)
    index = written.path / "model.safetensors.index.json"
    places = json.loads(index.read_text())["weight_map"]
    del places["model.norm.weight"]
    write_json(index, {"weight_map": places})

    assert ArtifactReaders().inspect(written.path).parameters == written.parameters


def test_a_folder_named_like_weights_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "notes.bin").mkdir()

    assert isinstance(_problem(tmp_path), ArtifactEmptyError)


def test_an_index_that_is_not_json_is_damage(tmp_path: Path) -> None:
    write_json(tmp_path / "config.json", {})
    (tmp_path / "model.safetensors.index.json").write_text("{")

    assert isinstance(_problem(tmp_path), ArtifactCorruptError)


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "tokenizer.json"])
def test_a_link_out_of_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    written = write_model(tmp_path / "model")
    (written.path / name).rename(tmp_path / "elsewhere")
    (written.path / name).symlink_to(tmp_path / "elsewhere")

    problem = _problem(written.path)

    assert isinstance(problem, ArtifactUnsupportedError)
    assert "link to a file outside" in problem.cause


def test_links_within_the_folder_and_to_the_folder_are_fine(tmp_path: Path) -> None:
    written = write_model(tmp_path / "model")
    (written.path / "model.safetensors").rename(written.path / "real")
    (written.path / "model.safetensors").symlink_to("real")
    (tmp_path / "current").symlink_to(written.path)

    artifact = ArtifactReaders().inspect(tmp_path / "current")

    assert artifact.path == tmp_path / "current"
    assert artifact.parameters == written.parameters


def test_a_link_that_points_at_nothing_is_missing(tmp_path: Path) -> None:
    written = write_model(tmp_path / "model")
    (written.path / "tokenizer.json").unlink()
    (written.path / "tokenizer.json").symlink_to("gone")

    assert isinstance(_problem(written.path), ArtifactMissingError)


def test_links_in_a_circle_are_unreadable(tmp_path: Path) -> None:
    written = write_model(tmp_path / "model")
    (written.path / "tokenizer.json").unlink()
    (written.path / "tokenizer.json").symlink_to("tokenizer.json")

    assert isinstance(_problem(written.path), ArtifactUnreadableError)
