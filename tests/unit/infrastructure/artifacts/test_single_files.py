"""A format whose models are one file each: a toy reader beside the real ones."""

from __future__ import annotations

import os
import struct
from pathlib import Path

import pytest
from heygen_desktop.domain.errors import ArtifactMissingError, ArtifactUnsupportedError
from heygen_desktop.domain.values.artifact import Artifact, ArtifactFormat
from heygen_desktop.infrastructure.artifacts.candidate import Candidate
from heygen_desktop.infrastructure.artifacts.disk import Disk
from heygen_desktop.infrastructure.artifacts.readers import READERS, ArtifactReaders

BITS = 4.5


class ToyReader:
    """A file that begins with TOY1, then counts its weights, of four and a half bits each."""

    suffixes = frozenset({".toy"})

    def __init__(self, disk: Disk) -> None:
        self._disk = disk

    def recognises(self, candidate: Candidate) -> bool:
        return not candidate.is_folder and self._disk.head(candidate.path, 4) == b"TOY1"

    def read(self, candidate: Candidate) -> Artifact:
        (count,) = struct.unpack("<I", self._disk.head(candidate.path, 8)[4:])
        file = self._disk.file(candidate.path.parent, candidate.path.name)
        return Artifact(
            path=candidate.path,
            format=ArtifactFormat.GGUF,
            files=(file,),
            size_bytes=file.size_bytes,
            weights_bytes=int(count * BITS / 8),
            parameters=count,
            dtypes={"Q4_K": count},
            task="text-generation",
            is_file=True,
        )


@pytest.fixture
def artifacts() -> ArtifactReaders:
    return ArtifactReaders(readers=(ToyReader, *READERS))


def toy(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"TOY1" + struct.pack("<I", 8_000) + bytes(4_500))
    return path


def checksum(artifacts: ArtifactReaders, artifact: Artifact) -> str:
    return artifacts.checksum(artifact, on_progress=lambda *_: None, should_stop=lambda: False)


def test_a_single_file_is_named_after_itself_without_its_ending(
    artifacts: ArtifactReaders, tmp_path: Path
) -> None:
    artifact = artifacts.inspect(toy(tmp_path / "llama 7b.q4.toy"))

    assert artifact.suggested_name == "llama-7b.q4"
    assert artifact.folder == tmp_path
    assert artifact.weights_bytes == 4_500


def test_a_search_finds_single_files_of_every_format_that_has_a_reader(
    artifacts: ArtifactReaders, tmp_path: Path
) -> None:
    toy(tmp_path / "a.toy")
    toy(tmp_path / "deep" / "B.TOY")
    (tmp_path / "notes.txt").write_text("TOY1")

    found = artifacts.scan([tmp_path], should_stop=lambda: False)

    assert [finding.path.name for finding in found] == ["a.toy", "B.TOY"]
    assert all(finding.artifact for finding in found)


def test_a_single_file_has_a_checksum_that_changes_with_it(
    artifacts: ArtifactReaders, tmp_path: Path
) -> None:
    path = toy(tmp_path / "a.toy")
    artifact = artifacts.inspect(path)
    first, again = checksum(artifacts, artifact), checksum(artifacts, artifact)

    path.write_bytes(path.read_bytes()[:-1] + b"x")

    assert first == again != checksum(artifacts, artifact)


def test_a_single_file_that_changed_or_went_is_noticed_at_a_glance(
    artifacts: ArtifactReaders, tmp_path: Path
) -> None:
    path = toy(tmp_path / "a.toy")
    artifact = artifacts.inspect(path)
    unchanged = artifact.changed_files(artifacts.files_now(artifact))

    os.utime(path, ns=(1, 1))
    changed = artifact.changed_files(artifacts.files_now(artifact))
    path.unlink()

    assert (unchanged, changed) == ((), ("a.toy",))
    with pytest.raises(ArtifactMissingError):
        artifacts.files_now(artifact)


def test_a_single_file_may_be_a_link_to_anywhere(
    artifacts: ArtifactReaders, tmp_path: Path
) -> None:
    far = toy(tmp_path / "far" / "away.toy")
    near = tmp_path / "near" / "link.toy"
    near.parent.mkdir()
    near.symlink_to(far)

    artifact = artifacts.inspect(near)

    assert (artifact.path, artifact.suggested_name) == (near, "link")
    assert checksum(artifacts, artifact).startswith("sha256:")


def test_a_file_that_no_reader_recognises_is_refused_as_before(
    artifacts: ArtifactReaders, tmp_path: Path
) -> None:
    path = tmp_path / "other.gguf"
    path.write_bytes(b"GGUF" + bytes(100))

    with pytest.raises(ArtifactUnsupportedError, match="cannot be used"):
        artifacts.inspect(path)
