"""The search for models: what is found, what is passed over, and what it never enters."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from heygen_desktop.application.ports.artifacts import ScanFinding
from heygen_desktop.domain.errors import (
    ArtifactError,
    ArtifactUnreadableError,
    ArtifactUnsafeError,
    ArtifactUnsupportedError,
    RunCancelledError,
)
from heygen_desktop.domain.values.artifact import Artifact
from heygen_desktop.infrastructure.artifacts.disk import Disk
from heygen_desktop.infrastructure.artifacts.readers import ArtifactReaders

from tests.factories.model_folders import write_json, write_model


def _scan(*folders: Path) -> Sequence[ScanFinding]:
    return ArtifactReaders().scan(folders, should_stop=lambda: False)


def _found(*folders: Path) -> list[Path]:
    return [finding.path for finding in _scan(*folders)]


def _problem(finding: ScanFinding) -> ArtifactError:
    assert isinstance(finding.problem, ArtifactError)
    return finding.problem


def test_models_are_found_at_any_depth_and_not_entered(tmp_path: Path) -> None:
    write_model(tmp_path / "a")
    write_model(tmp_path / "b" / "c" / "d")
    write_model(tmp_path / "a" / "checkpoint")

    assert _found(tmp_path) == [tmp_path / "a", tmp_path / "b" / "c" / "d"]


@pytest.mark.parametrize("name", [".git", ".hidden", "node_modules", "site-packages"])
def test_hidden_folders_and_folders_of_programs_are_not_entered(tmp_path: Path, name: str) -> None:
    write_model(tmp_path / name / "model")

    assert _found(tmp_path) == []


def test_a_hidden_folder_that_is_named_is_searched(tmp_path: Path) -> None:
    write_model(tmp_path / ".cache" / "model")

    assert _found(tmp_path / ".cache") == [tmp_path / ".cache" / "model"]


def test_links_are_not_followed_so_that_circles_end(tmp_path: Path) -> None:
    write_model(tmp_path / "elsewhere" / "model")
    (tmp_path / "here" / "sub").mkdir(parents=True)
    (tmp_path / "here" / "out").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "here" / "sub" / "circle").symlink_to(tmp_path / "here")

    assert _found(tmp_path / "here") == []


def test_single_files_that_look_like_models_are_found_with_their_problem(tmp_path: Path) -> None:
    (tmp_path / "a.gguf").write_bytes(b"GGUF\x03\0\0\0")
    (tmp_path / "b.ckpt").write_bytes(b"\x80\x02}q\x00.")
    (tmp_path / "c.jpg").write_bytes(b"\xff\xd8")
    (tmp_path / "d.bin").write_bytes(b"firmware")

    findings = _scan(tmp_path)

    assert [finding.path.name for finding in findings] == ["a.gguf", "b.ckpt"]
    assert isinstance(_problem(findings[0]), ArtifactUnsupportedError)
    assert isinstance(_problem(findings[1]), ArtifactUnsafeError)


def test_a_folder_with_pickled_weights_is_one_finding(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "config.json").write_text("{}")
    (tmp_path / "model" / "pytorch_model.bin").write_bytes(b"\x80\x02}q\x00.")

    findings = _scan(tmp_path)

    assert [finding.path for finding in findings] == [tmp_path / "model"]
    assert isinstance(_problem(findings[0]), ArtifactUnsafeError)


def test_a_config_without_weights_is_no_model(tmp_path: Path) -> None:
    write_json(tmp_path / "config.json", {"name": "some program"})
    write_model(tmp_path / "models" / "one")

    assert _found(tmp_path) == [tmp_path / "models" / "one"]


def test_shards_without_config_and_index_are_one_finding(tmp_path: Path) -> None:
    write_model(tmp_path / "model", shards=3)
    (tmp_path / "model" / "config.json").unlink()
    (tmp_path / "model" / "model.safetensors.index.json").unlink()

    assert _found(tmp_path) == [tmp_path / "model"]


def test_a_file_may_be_scanned_too(tmp_path: Path) -> None:
    (tmp_path / "a.gguf").write_bytes(b"GGUF\x03\0\0\0")

    assert _found(tmp_path / "a.gguf") == [tmp_path / "a.gguf"]


def test_a_folder_that_cannot_be_listed_is_a_finding_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_model(tmp_path / "open")
    (tmp_path / "closed").mkdir()
    real = os.scandir

    def refuse(path: Path) -> object:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)
    findings = _scan(tmp_path)

    assert [finding.path.name for finding in findings] == ["closed", "open"]
    assert isinstance(_problem(findings[0]), ArtifactUnreadableError)
    assert findings[1].artifact is not None


def test_a_folder_that_cannot_even_be_looked_at_is_a_finding(tmp_path: Path) -> None:
    write_model(tmp_path / "open")
    beyond = tmp_path / ("x" * 5_000)

    findings = _scan(beyond, tmp_path)

    assert [finding.path for finding in findings] == [tmp_path / "open", beyond]
    assert isinstance(_problem(findings[1]), ArtifactUnreadableError)


def test_a_stop_is_heard_before_each_folder(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / name).mkdir()
    answers = iter([False, False, True])

    with pytest.raises(RunCancelledError):
        ArtifactReaders().scan([tmp_path], should_stop=lambda: next(answers))

    assert list(answers) == []


def _cache(root: Path, *commits: str) -> Path:
    """Write a Hugging Face cache with one model of several snapshots, the first the oldest."""
    repository = root / "models--org--name"
    (repository / "blobs").mkdir(parents=True)
    for age, commit in enumerate(commits):
        snapshot = repository / "snapshots" / commit
        write_model(snapshot)
        for file in list(snapshot.iterdir()):
            blob = repository / "blobs" / f"{commit}-{file.name}"
            file.rename(blob)
            file.symlink_to(Path("../../blobs") / blob.name)
        os.utime(snapshot, (1_000 + age, 1_000 + age))
    return repository


def test_a_snapshot_of_a_cache_is_read_through_its_links(tmp_path: Path) -> None:
    repository = _cache(tmp_path, "c1")

    artifact: Artifact = ArtifactReaders().inspect(repository / "snapshots" / "c1")

    assert artifact.parameters > 0
    assert artifact.size_bytes > artifact.weights_bytes
    assert artifact.licence == "apache-2.0"


def test_of_a_cache_the_snapshot_of_the_main_branch_is_found(tmp_path: Path) -> None:
    repository = _cache(tmp_path, "c1", "c2")
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("c1\n")

    assert _found(tmp_path) == [repository / "snapshots" / "c1"]
    assert ArtifactReaders().inspect(repository).path == repository / "snapshots" / "c1"


@pytest.mark.parametrize("reference", [None, "", "gone", "../../..", "x" * 1_000])
def test_of_a_cache_without_a_usable_main_the_newest_snapshot_is_found(
    tmp_path: Path, reference: str | None
) -> None:
    repository = _cache(tmp_path, "c2", "c1")
    if reference is not None:
        (repository / "refs").mkdir()
        (repository / "refs" / "main").write_text(reference)

    assert _found(tmp_path) == [repository / "snapshots" / "c1"]


def test_a_cache_without_a_snapshot_holds_no_model(tmp_path: Path) -> None:
    (tmp_path / "models--org--name" / "snapshots").mkdir(parents=True)

    assert _found(tmp_path) == []
    with pytest.raises(ArtifactError):
        ArtifactReaders().inspect(tmp_path / "models--org--name")


def test_a_scan_reads_with_the_disk_it_was_given(tmp_path: Path) -> None:
    write_model(tmp_path / "model")

    def refuse(path: Path) -> object:
        raise PermissionError(13, "Permission denied", str(path))

    findings = ArtifactReaders(Disk(refuse)).scan([tmp_path], should_stop=lambda: False)  # type: ignore[arg-type]  # it never returns

    assert isinstance(_problem(findings[0]), ArtifactUnreadableError)
