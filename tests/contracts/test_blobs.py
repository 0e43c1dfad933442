"""What every store of blobs promises."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest
from heygen_desktop.application.ports.blobs import BlobStore, BlobUsage
from heygen_desktop.domain.errors import BlobMissingError
from heygen_desktop.infrastructure.files.blobs import BlobFolder

from tests.fakes.blobs import FakeBlobs

A_SHA = hashlib.sha256(b"a picture").hexdigest()


class Subject(Protocol):
    """A store, and a way to let time pass."""

    @property
    def store(self) -> BlobStore: ...
    def wait(self, seconds: float) -> None: ...


@dataclass
class FakeSubject:
    store: FakeBlobs

    def wait(self, seconds: float) -> None:
        self.store.now_s += seconds


class RealSubject:
    def __init__(self, folder: Path) -> None:
        self._now = 1_800_000_000.0
        self.store = BlobFolder(folder, now=lambda: self._now)

    def wait(self, seconds: float) -> None:
        self._now += seconds


def keep(store: BlobStore, content: bytes = b"a picture", name: str = "cat.png") -> str:
    return store.keep(io.BytesIO(content), name=name).blob


def nothing() -> set[str]:
    return set()


@pytest.fixture(params=["fake", "real"])
def subject(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Subject]:
    yield FakeSubject(FakeBlobs(tmp_path)) if request.param == "fake" else RealSubject(tmp_path)


class TestBlobsContract:
    def test_a_file_is_kept_under_the_hash_of_its_content(self, subject: Subject) -> None:
        blob = subject.store.keep(io.BytesIO(b"a picture"), name="cat.png")

        assert (blob.blob, blob.name) == (f"sha256:{A_SHA}", "cat.png")
        assert (blob.media_type, blob.size_bytes) == ("image/png", 9)
        assert subject.store.path(blob).read_bytes() == b"a picture"

    def test_what_it_is_can_be_said_and_need_not_be_known(self, subject: Subject) -> None:
        said = subject.store.keep(io.BytesIO(b""), name="x", media_type="audio/wav")
        unknown = subject.store.keep(io.BytesIO(b""), name="x")

        assert (said.media_type, unknown.media_type) == ("audio/wav", "application/octet-stream")

    def test_the_same_content_is_kept_once(self, subject: Subject) -> None:
        keep(subject.store, name="one")
        keep(subject.store, name="two")
        keep(subject.store, b"another", name="two")

        assert subject.store.usage() == BlobUsage(2, 9 + 7)

    def test_a_file_that_is_not_there_is_named(self, subject: Subject) -> None:
        blob = subject.store.keep(io.BytesIO(b"gone"), name="gone.txt")
        subject.wait(61)
        subject.store.sweep(nothing, older_than_s=60)

        with pytest.raises(BlobMissingError, match=r"gone\.txt"):
            subject.store.path(blob)

    def test_a_sweep_leaves_what_is_needed(self, subject: Subject) -> None:
        needed, other = keep(subject.store), keep(subject.store, b"other")
        subject.wait(61)

        gone = subject.store.sweep(lambda: {needed}, older_than_s=60)

        assert gone == BlobUsage(1, 5)
        assert subject.store.usage() == BlobUsage(1, 9)
        assert other != needed

    def test_a_sweep_leaves_what_was_kept_or_asked_for_a_moment_ago(self, subject: Subject) -> None:
        blob = subject.store.keep(io.BytesIO(b"asked for"), name="a")
        keep(subject.store, b"kept again")
        subject.wait(61)
        subject.store.path(blob)
        keep(subject.store, b"kept again")

        assert subject.store.sweep(nothing, older_than_s=60) == BlobUsage(0, 0)
        assert subject.store.usage().count == 2

    def test_a_sweep_without_candidates_asks_nobody(self, subject: Subject) -> None:
        keep(subject.store)

        def asked() -> set[str]:
            raise AssertionError

        assert subject.store.sweep(asked, older_than_s=60) == BlobUsage(0, 0)

    def test_a_run_is_lent_an_empty_folder_that_goes_with_its_end(self, subject: Subject) -> None:
        with subject.store.staging("run-1") as folder:
            assert list(folder.iterdir()) == []
            (folder / "made.wav").write_bytes(b"sound")

        assert not folder.exists()

    def test_nothing_is_counted_where_nothing_was_kept(self, subject: Subject) -> None:
        assert subject.store.usage() == BlobUsage(0, 0)
        assert subject.store.sweep(nothing, older_than_s=0) == BlobUsage(0, 0)


def leave(path: Path, at_s: float, make: Callable[[Path], object]) -> Path:
    """Leave something behind, as a program that was killed does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    make(path)
    os.utime(path, (at_s, at_s))
    return path


def test_a_sweep_takes_what_killed_programs_left_but_nothing_of_a_run_under_way(
    tmp_path: Path,
) -> None:
    store = BlobFolder(tmp_path, now=lambda: 1000.0)
    draft = leave(tmp_path / "drafts" / "half", 10.0, Path.touch)
    dead = leave(tmp_path / "staging" / "dead", 10.0, Path.mkdir)
    alive = leave(tmp_path / "staging" / "alive", 10.0, Path.mkdir)

    store.sweep(lambda: {"alive"}, older_than_s=60)

    assert (draft.exists(), dead.exists(), alive.exists()) == (False, False, True)


def test_a_file_that_is_touched_while_it_is_swept_comes_back(tmp_path: Path) -> None:
    now = [1_800_000_000.0]
    store = BlobFolder(tmp_path, now=lambda: now[0])
    blob = store.keep(io.BytesIO(b"wanted"), name="a")
    now[0] += 61

    def meanwhile() -> set[str]:
        store.path(blob)
        return set()

    assert store.sweep(meanwhile, older_than_s=60) == BlobUsage(0, 0)
    assert store.path(blob).read_bytes() == b"wanted"


def test_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    store = BlobFolder(tmp_path / "blobs")

    path = store.path(store.keep(io.BytesIO(b"private"), name="a"))

    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
