"""Inputs and outputs that are files: kept, lent to the worker, taken over, swept."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from heygen_desktop.application.application import Application
from heygen_desktop.application.ports.inference import TaskRequest
from heygen_desktop.application.tasks.blob import Blob, blob_of, blobs_in
from heygen_desktop.application.use_cases.runs.keep_files import UNTOUCHED_S
from heygen_desktop.application.use_cases.runs.start_run import RunRequest
from heygen_desktop.domain.entities.run import Json, Run, RunState
from heygen_desktop.domain.errors import (
    BlobMissingError,
    FileUnreadableError,
    InvalidParameterError,
)

from tests.factories.application import ended, fake_application
from tests.factories.parts import FakeParts
from tests.factories.pictures import NEGATIVE, PICTURE, PICTURES, WITH_PICTURES, turned_round
from tests.fakes.blobs import FakeBlobs
from tests.unit.infrastructure.files.test_blobs import BrokenStream


@pytest.fixture
def parts(tmp_path: Path) -> FakeParts:
    (tmp_path / "kept").mkdir()
    parts = FakeParts(blobs=FakeBlobs(tmp_path / "kept"))
    parts.inference.makes[PICTURES.tag] = turned_round
    return parts


@pytest.fixture
def application(parts: FakeParts) -> Application:
    built = fake_application(parts, tasks=WITH_PICTURES)
    built.ensure_starter_model()
    return built


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "cat.png"
    path.write_bytes(PICTURE)
    return path


def run_on(application: Application, image: Json) -> Run:
    request = RunRequest("starter", {"image": image}, task=PICTURES.tag)
    return ended(application.start_run(request))


def content(application: Application, reference: Json) -> bytes:
    blob = blob_of(reference)
    assert blob is not None
    return application.files.path(blob).read_bytes()


def test_a_file_goes_in_and_a_file_comes_out(
    application: Application, parts: FakeParts, picture: Path
) -> None:
    done = run_on(application, application.files(picture))

    assert done.state is RunState.SUCCEEDED
    assert content(application, done.output["image"]) == NEGATIVE
    assert done.output["pixels"] == len(PICTURE)
    kept = Blob.model_validate(done.inputs["image"])
    assert (kept.name, kept.media_type, kept.size_bytes) == ("cat.png", "image/png", len(PICTURE))
    assert "path" not in done.inputs["image"]  # type: ignore[operator]  # it is a reference
    [(_, task)] = parts.inference.requests
    assert task.folder is not None
    assert not task.folder.exists()


def test_what_went_in_and_came_out_is_told_by_name_and_size(
    application: Application, picture: Path
) -> None:
    done = run_on(application, application.files(picture))

    assert PICTURES.input_summary(done.inputs) == "cat.png, 10,240 bytes"
    assert PICTURES.output_summary(done.output) == "negative.png, 10,240 bytes"
    saved = application.files.saved(PICTURES, done.output)
    assert isinstance(saved, Path)
    assert saved.read_bytes() == NEGATIVE


@pytest.mark.parametrize("given", ["cat.png", 5, {"blob": "sha256:ab"}, None])
def test_only_a_kept_file_can_be_a_file_input(application: Application, given: Json) -> None:
    with pytest.raises(InvalidParameterError, match="image cannot be"):
        application.start_run(RunRequest("starter", {"image": given}, task=PICTURES.tag))


def test_a_file_that_is_not_kept_any_more_is_refused_before_the_run(
    application: Application, picture: Path, parts: FakeParts
) -> None:
    reference = application.files(picture)
    parts.blobs.contents.clear()

    with pytest.raises(BlobMissingError, match=r"cat\.png"):
        application.start_run(RunRequest("starter", {"image": reference}, task=PICTURES.tag))


def made_by(act: Callable[[Path], object], name: str) -> Callable[[TaskRequest], dict[str, Json]]:
    def make(task: TaskRequest) -> dict[str, Json]:
        assert task.folder is not None
        act(task.folder)
        return {"image": {"file": name, "media_type": "image/png"}, "pixels": 1}

    return make


@pytest.mark.parametrize(
    ("act", "name"),
    [
        (lambda folder: None, "missing.png"),
        (lambda folder: (folder.parent / "beside.png").touch(), "../beside.png"),
        (lambda folder: (folder / "link.png").symlink_to("/etc/hostname"), "link.png"),
        (lambda folder: os.mkfifo(folder / "pipe.png"), "pipe.png"),
        (lambda folder: (folder / "folder.png").mkdir(), "folder.png"),
        (lambda folder: None, ""),
    ],
)
def test_a_worker_gives_files_of_its_own_folder_alone(
    application: Application,
    parts: FakeParts,
    picture: Path,
    act: Callable[[Path], object],
    name: str,
) -> None:
    parts.inference.makes[PICTURES.tag] = made_by(act, name)

    failed = run_on(application, application.files(picture))

    assert failed.state is RunState.FAILED
    assert failed.failure is not None
    assert failed.failure.code == "wrong_output"
    assert parts.blobs.usage().count == 1


def test_a_folder_or_device_is_no_file_to_keep(application: Application, tmp_path: Path) -> None:
    for path in (tmp_path, Path("/dev/zero"), tmp_path / "missing"):
        with pytest.raises(FileUnreadableError):
            application.files(path)


def test_a_stream_that_cannot_be_read_is_told(application: Application) -> None:
    with (
        BrokenStream() as broken,
        pytest.raises(FileUnreadableError, match="standard input") as told,
    ):
        application.files.keep(broken, name="standard input")  # type: ignore[arg-type]  # it has what is used

    assert told.value.cause == "Input/output error."


def test_what_no_run_refers_to_is_swept_in_time_and_the_rest_stays(
    application: Application, parts: FakeParts, picture: Path, tmp_path: Path
) -> None:
    done = run_on(application, application.files(picture))
    (tmp_path / "other.png").write_bytes(b"chosen and not run")
    application.files(tmp_path / "other.png")

    soon = application.files.sweep()
    parts.blobs.now_s += UNTOUCHED_S + 1
    later = application.files.sweep()

    assert (soon.count, later.count) == (0, 1)
    assert content(application, done.output["image"]) == NEGATIVE


def test_references_are_found_wherever_they_stand(application: Application, picture: Path) -> None:
    reference = application.files(picture)
    value: Json = {"all": [{"image": reference}, "text"], "one": reference, "blob": "no"}

    assert [blob.name for blob in blobs_in(value)] == ["cat.png", "cat.png"]
    assert application.files.lent({"all": [reference]}).keys() == {"all"}
