"""What every reader of model files promises, held against the fake and the real one."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import pytest
from heygen_desktop.application.ports.artifacts import Artifacts
from heygen_desktop.bootstrap import resources_folder
from heygen_desktop.domain.errors import (
    ArtifactCorruptError,
    ArtifactEmptyError,
    ArtifactMissingError,
    ArtifactUnsafeError,
    RunCancelledError,
)
from heygen_desktop.domain.values.artifact import ArtifactFile
from heygen_desktop.infrastructure.artifacts.readers import ArtifactReaders

from tests.factories.model_folders import write_model
from tests.fakes.artifacts import FakeArtifacts, text_model


class World(Protocol):
    """A place with models, real or imagined."""

    @property
    def artifacts(self) -> Artifacts: ...
    def place_model(self, path: Path) -> None: ...
    def place_pickle(self, path: Path) -> None: ...
    def place_folder(self, path: Path) -> None: ...
    def change_model(self, path: Path) -> None: ...
    def remove_model(self, path: Path) -> None: ...
    def describe_model(self, path: Path, card: str) -> None: ...
    def give_tokeniser(self, path: Path, *, is_whole: bool) -> None: ...


class ImaginedWorld:
    def __init__(self) -> None:
        self.artifacts = FakeArtifacts()

    def place_model(self, path: Path) -> None:
        self.artifacts.put(text_model(path))

    def place_pickle(self, path: Path) -> None:
        self.artifacts.put_problem(path, ArtifactUnsafeError(str(path), "It is a pickle."))

    def place_folder(self, path: Path) -> None:
        self.artifacts.put_folder(path)

    def change_model(self, path: Path) -> None:
        files = (ArtifactFile("config.json", 201, 2), ArtifactFile("model.safetensors", 4_100, 1))
        self.artifacts.put(replace(self.artifacts.inspect(path), files=files))

    def remove_model(self, path: Path) -> None:
        self.artifacts.remove(path)

    def describe_model(self, path: Path, card: str) -> None:
        self.artifacts.cards[path] = card

    def give_tokeniser(self, path: Path, *, is_whole: bool) -> None:
        self.artifacts.tokenisers[path] = is_whole


class RealWorld:
    def __init__(self) -> None:
        self.artifacts = ArtifactReaders()

    def place_model(self, path: Path) -> None:
        write_model(path, card="")

    def place_pickle(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"\x80\x02}q\x00.")

    def place_folder(self, path: Path) -> None:
        path.mkdir(parents=True)

    def change_model(self, path: Path) -> None:
        with (path / "config.json").open("a") as file:
            file.write("\n")

    def remove_model(self, path: Path) -> None:
        shutil.rmtree(path)

    def describe_model(self, path: Path, card: str) -> None:
        (path / "README.md").write_text(card, encoding="utf-8")

    def give_tokeniser(self, path: Path, *, is_whole: bool) -> None:
        whole = (resources_folder() / "starter-model" / "tokenizer.json").read_bytes()
        (path / "tokenizer.json").write_bytes(whole if is_whole else whole[:100])


@pytest.fixture(params=[ImaginedWorld, RealWorld])
def world(request: pytest.FixtureRequest) -> World:
    made: World = request.param()
    return made


def _never() -> bool:
    return False


def _ignore(done: int, total: int) -> None:
    del done, total


def test_a_path_with_nothing_there_is_missing(world: World, tmp_path: Path) -> None:
    with pytest.raises(ArtifactMissingError):
        world.artifacts.inspect(tmp_path / "gone")


def test_a_folder_without_a_model_is_empty(world: World, tmp_path: Path) -> None:
    world.place_folder(tmp_path / "photos")

    with pytest.raises(ArtifactEmptyError):
        world.artifacts.inspect(tmp_path / "photos")


def test_a_pickle_is_refused_as_unsafe(world: World, tmp_path: Path) -> None:
    world.place_pickle(tmp_path / "model.pt")

    with pytest.raises(ArtifactUnsafeError):
        world.artifacts.inspect(tmp_path / "model.pt")


def test_a_model_is_described_without_its_checksum(world: World, tmp_path: Path) -> None:
    world.place_model(tmp_path / "model")

    artifact = world.artifacts.inspect(tmp_path / "model")

    assert artifact.path == tmp_path / "model"
    assert artifact.checksum == ""
    assert artifact.parameters == sum(artifact.dtypes.values())
    assert artifact.size_bytes == sum(file.size_bytes for file in artifact.files)
    assert 0 < artifact.weights_bytes < artifact.size_bytes


def test_a_scan_finds_models_and_their_likes_in_the_order_of_their_paths(
    world: World, tmp_path: Path
) -> None:
    world.place_model(tmp_path / "b")
    world.place_pickle(tmp_path / "c.pt")
    world.place_model(tmp_path / "a" / "deep")

    findings = world.artifacts.scan([tmp_path], should_stop=_never)

    assert [finding.path for finding in findings] == [
        tmp_path / "a" / "deep",
        tmp_path / "b",
        tmp_path / "c.pt",
    ]
    assert [finding.artifact is None for finding in findings] == [False, False, True]
    assert [finding.problem is None for finding in findings] == [True, True, False]


def test_a_model_below_two_of_the_scanned_folders_is_found_once(
    world: World, tmp_path: Path
) -> None:
    world.place_model(tmp_path / "a" / "model")

    findings = world.artifacts.scan([tmp_path, tmp_path / "a"], should_stop=_never)

    assert [finding.path for finding in findings] == [tmp_path / "a" / "model"]


def test_a_scan_of_a_folder_that_does_not_exist_says_so(world: World, tmp_path: Path) -> None:
    with pytest.raises(ArtifactMissingError):
        world.artifacts.scan([tmp_path / "gone"], should_stop=_never)


def test_a_scan_stops_when_asked(world: World, tmp_path: Path) -> None:
    world.place_model(tmp_path / "model")

    with pytest.raises(RunCancelledError):
        world.artifacts.scan([tmp_path], should_stop=lambda: True)


def test_a_checksum_is_the_same_until_a_file_changes(world: World, tmp_path: Path) -> None:
    world.place_model(tmp_path / "model")
    artifact = world.artifacts.inspect(tmp_path / "model")

    first = world.artifacts.checksum(artifact, on_progress=_ignore, should_stop=_never)
    second = world.artifacts.checksum(artifact, on_progress=_ignore, should_stop=_never)
    world.change_model(tmp_path / "model")
    third = world.artifacts.checksum(artifact, on_progress=_ignore, should_stop=_never)

    assert re.fullmatch(r"sha256:[0-9a-f]{64}", first)
    assert first == second != third


def test_the_progress_of_a_checksum_ends_with_all_bytes(world: World, tmp_path: Path) -> None:
    world.place_model(tmp_path / "model")
    artifact = world.artifacts.inspect(tmp_path / "model")
    calls: list[tuple[int, int]] = []

    world.artifacts.checksum(
        artifact,
        on_progress=lambda done, total: calls.append((done, total)),
        should_stop=_never,
    )

    assert calls[-1] == (artifact.size_bytes, artifact.size_bytes)


def test_a_checksum_stops_when_asked(world: World, tmp_path: Path) -> None:
    world.place_model(tmp_path / "model")
    artifact = world.artifacts.inspect(tmp_path / "model")

    with pytest.raises(RunCancelledError):
        world.artifacts.checksum(artifact, on_progress=_ignore, should_stop=lambda: True)


def test_a_checksum_of_files_that_went_away_says_so(world: World, tmp_path: Path) -> None:
    world.place_model(tmp_path / "model")
    artifact = world.artifacts.inspect(tmp_path / "model")
    world.remove_model(tmp_path / "model")

    with pytest.raises(ArtifactMissingError):
        world.artifacts.checksum(artifact, on_progress=_ignore, should_stop=_never)


def test_files_that_nobody_touched_are_as_they_were_read(world: World, tmp_path: Path) -> None:
    world.place_model(tmp_path / "model")
    artifact = world.artifacts.inspect(tmp_path / "model")

    now = world.artifacts.files_now(artifact)

    assert artifact.changed_files(now) == ()
    assert all(file.modified_ns is not None for file in now)


def test_a_file_that_changed_is_named_at_a_glance(world: World, tmp_path: Path) -> None:
    world.place_model(tmp_path / "model")
    artifact = world.artifacts.inspect(tmp_path / "model")
    world.change_model(tmp_path / "model")

    now = world.artifacts.files_now(artifact)

    assert artifact.changed_files(now) == ("config.json",)


def test_a_glance_at_a_place_that_is_gone_says_so(world: World, tmp_path: Path) -> None:
    world.place_model(tmp_path / "model")
    artifact = world.artifacts.inspect(tmp_path / "model")
    world.remove_model(tmp_path / "model")

    with pytest.raises(ArtifactMissingError):
        world.artifacts.files_now(artifact)


def test_the_card_of_a_model_is_what_its_readme_says(world: World, tmp_path: Path) -> None:
    world.place_model(tmp_path / "model")
    world.describe_model(tmp_path / "model", "# Tiny\n\nReads é.\n")

    assert world.artifacts.card(world.artifacts.inspect(tmp_path / "model")) == (
        "# Tiny\n\nReads é.\n"
    )


def test_tokens_are_counted_by_the_models_own_tokeniser(world: World, tmp_path: Path) -> None:
    world.place_model(tmp_path / "model")
    world.give_tokeniser(tmp_path / "model", is_whole=True)
    artifact = world.artifacts.inspect(tmp_path / "model")

    of_a_file = world.artifacts.tokens(replace(artifact, is_file=True), "It is a truth")
    short = world.artifacts.tokens(artifact, "It is a truth")
    long = world.artifacts.tokens(artifact, "It is a truth " * 2000)

    assert of_a_file is None
    assert short is not None
    assert long is not None
    assert 3 <= short < 10
    assert long > 7000


def test_a_tokeniser_that_is_not_whole_counts_nothing(world: World, tmp_path: Path) -> None:
    world.place_model(tmp_path / "model")
    world.give_tokeniser(tmp_path / "model", is_whole=False)

    with pytest.raises(ArtifactCorruptError, match="damaged"):
        world.artifacts.tokens(world.artifacts.inspect(tmp_path / "model"), "It is")


def test_a_model_without_a_readme_has_no_card(world: World, tmp_path: Path) -> None:
    world.place_model(tmp_path / "model")

    assert world.artifacts.card(world.artifacts.inspect(tmp_path / "model")) == ""


def test_a_single_file_has_no_card_of_its_own(world: World, tmp_path: Path) -> None:
    world.place_model(tmp_path / "model")
    world.describe_model(tmp_path / "model", "About the folder.")
    artifact = world.artifacts.inspect(tmp_path / "model")

    assert world.artifacts.card(replace(artifact, is_file=True)) == ""
