"""One checksum over names, sizes and contents; heard, stopped and repeatable."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import pytest
from heygen_desktop.domain.errors import ArtifactUnreadableError, RunCancelledError
from heygen_desktop.domain.values.artifact import Artifact, ArtifactFile, ArtifactFormat
from heygen_desktop.infrastructure.artifacts.disk import Disk
from heygen_desktop.infrastructure.artifacts.readers import ArtifactReaders

MEBIBYTE = 1024**2


class SteppingClock:
    """Moves on by a fixed step each time it is read."""

    def __init__(self, step_s: float) -> None:
        self._step_s = step_s
        self.now = 0.0

    def __call__(self) -> float:
        self.now += self._step_s
        return self.now


def _artifact(folder: Path, **contents: bytes) -> Artifact:
    folder.mkdir(exist_ok=True)
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    files = tuple(ArtifactFile(name, len(content)) for name, content in contents.items())
    size = sum(map(len, contents.values()))
    return Artifact(folder, ArtifactFormat.SAFETENSORS, files, size, size, 1)


def _checksum(artifact: Artifact) -> str:
    return ArtifactReaders().checksum(
        artifact, on_progress=lambda done, total: None, should_stop=lambda: False
    )


def test_the_checksum_is_over_framed_names_and_contents_in_order(tmp_path: Path) -> None:
    artifact = _artifact(tmp_path, b=b"second", a=b"1st")

    stream = (
        (1).to_bytes(8, "big") + b"a" + (3).to_bytes(8, "big") + b"1st"
        + (1).to_bytes(8, "big") + b"b" + (6).to_bytes(8, "big") + b"second"
    )  # fmt: skip
    assert _checksum(artifact) == f"sha256:{hashlib.sha256(stream).hexdigest()}"


def test_the_order_in_which_files_are_listed_does_not_matter(tmp_path: Path) -> None:
    artifact = _artifact(tmp_path, a=b"1", b=b"2")

    assert _checksum(artifact) == _checksum(replace(artifact, files=artifact.files[::-1]))


def test_bytes_that_move_from_one_file_to_the_next_change_the_checksum(tmp_path: Path) -> None:
    one = _artifact(tmp_path / "one", a=b"xy", b=b"z")
    two = _artifact(tmp_path / "two", a=b"x", b=b"yz")

    assert _checksum(one) != _checksum(two)


def test_the_same_bytes_under_another_name_have_another_checksum(tmp_path: Path) -> None:
    assert _checksum(_artifact(tmp_path / "1", a=b"x")) != _checksum(
        _artifact(tmp_path / "2", b=b"x")
    )


def test_progress_grows_and_comes_at_most_ten_times_a_second(tmp_path: Path) -> None:
    artifact = _artifact(tmp_path, a=bytes(40 * MEBIBYTE))
    clock = SteppingClock(step_s=0.03)
    calls: list[tuple[float, int]] = []

    ArtifactReaders(clock=clock).checksum(
        artifact,
        on_progress=lambda done, total: calls.append((clock.now, done)),
        should_stop=lambda: False,
    )

    assert [done for _, done in calls] == sorted(done for _, done in calls)
    assert calls[-1][1] == 40 * MEBIBYTE
    assert len(calls) > 3
    for time_s, _ in calls:
        assert len([other for other, _ in calls if time_s <= other < time_s + 1]) <= 10


def test_a_stop_is_heard_within_a_mebibyte(tmp_path: Path) -> None:
    artifact = _artifact(tmp_path, a=bytes(5 * MEBIBYTE))
    answers = iter([False, False, True])

    with pytest.raises(RunCancelledError):
        ArtifactReaders().checksum(
            artifact, on_progress=lambda done, total: None, should_stop=lambda: next(answers)
        )

    assert list(answers) == []


@pytest.mark.parametrize("content", [b"short", b"longer than it was"])
def test_a_file_that_changes_under_the_reader_is_told(tmp_path: Path, content: bytes) -> None:
    artifact = _artifact(tmp_path, a=b"as it was.")

    def changed(path: Path) -> BinaryIO:
        del path
        return io.BytesIO(content)

    with pytest.raises(ArtifactUnreadableError) as caught:
        ArtifactReaders(Disk(changed)).checksum(
            artifact, on_progress=lambda done, total: None, should_stop=lambda: False
        )

    assert "changed while" in caught.value.cause
