"""Files in and out on the command line, with a task that was written nowhere but in its schemas."""

from __future__ import annotations

from pathlib import Path

import pytest
from heygen_desktop.application.tasks.blob import blobs_in

from tests.cli.terminal import Terminal
from tests.factories.parts import STARTER_PATH, FakeParts, an_artifact
from tests.factories.pictures import NEGATIVE, PICTURE, PICTURES, WITH_PICTURES, turned_round
from tests.fakes.blobs import FakeBlobs


@pytest.fixture
def picturing(tmp_path: Path) -> Terminal:
    """A terminal on a home with a model that takes pictures."""
    (tmp_path / "kept").mkdir()
    terminal = Terminal(parts=FakeParts(blobs=FakeBlobs(tmp_path / "kept")), tasks=WITH_PICTURES)
    terminal.parts.artifacts.known[STARTER_PATH] = an_artifact(task=PICTURES.tag)
    terminal.parts.inference.makes[PICTURES.tag] = turned_round
    terminal.application().ensure_starter_model()
    return terminal


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "cat.png"
    path.write_bytes(PICTURE)
    return path


def test_a_file_is_the_input_and_the_output_is_written_to_one(
    picturing: Terminal, picture: Path, tmp_path: Path
) -> None:
    answer = picturing.run("run", "starter", picture, "--output", tmp_path / "out.png")

    assert (answer.code, answer.out) == (0, "")
    assert (tmp_path / "out.png").read_bytes() == NEGATIVE


def test_a_file_can_be_named_by_its_input(picturing: Terminal, picture: Path) -> None:
    answer = picturing.run(
        "run", "starter", "--input", f"image={picture}", "--input", f"mask={picture}", "--json"
    )

    run = answer.document["run"]
    assert run["inputs"]["image"]["name"] == run["inputs"]["mask"]["name"] == "cat.png"
    assert [blob.name for blob in blobs_in(answer.document["output"])] == ["negative.png"]


def test_without_a_file_for_it_the_output_is_told_by_name_and_size(
    picturing: Terminal, picture: Path
) -> None:
    answer = picturing.run("run", "starter", picture)
    shown = picturing.run("runs", "show", "00000").out

    assert "negative.png, 10,240 bytes" in answer.out
    assert "cat.png, 10,240 bytes" in shown


@pytest.mark.parametrize("how", [("-",), ()])
def test_a_file_can_be_piped_in(picturing: Terminal, how: tuple[str, ...]) -> None:
    answer = picturing.run("run", "starter", *how, "--json", stdin=PICTURE)

    assert answer.code == 0
    assert answer.document["run"]["inputs"]["image"]["size_bytes"] == len(PICTURE)


def test_nothing_piped_in_is_wrong_usage(picturing: Terminal) -> None:
    answer = picturing.run("run", "starter", stdin=b"")

    assert answer.code == 2
    assert "Nothing was given for image." in answer.err


def test_a_file_that_is_missing_is_named(picturing: Terminal, tmp_path: Path) -> None:
    answer = picturing.run("run", "starter", tmp_path / "no.png", "--json")

    assert (answer.code, answer.document["error"]["code"]) == (1, "file_unreadable")
