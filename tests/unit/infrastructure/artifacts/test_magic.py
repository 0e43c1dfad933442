"""A file is what its bytes say; its name only decides where they say nothing."""

from __future__ import annotations

import io
import pickle
import zipfile
from pathlib import Path

import pytest
from heygen_desktop.domain.errors import (
    ArtifactCorruptError,
    ArtifactError,
    ArtifactUnsafeError,
    ArtifactUnsupportedError,
)
from heygen_desktop.infrastructure.artifacts.disk import Disk
from heygen_desktop.infrastructure.artifacts.magic import FileKind, kind_of
from heygen_desktop.infrastructure.artifacts.readers import ArtifactReaders

from tests.factories.model_folders import framed, safetensors_bytes

NAMES = (
    "m.safetensors", "m.SafeTensors", "m.bin", "m.pt", "m.pth", "m.ckpt", "m.pkl", "m.pt2",
    "m.gguf", "m.onnx", "m.h5", "m.zip", "m.txt", "m",
)  # fmt: skip


def _zip(*names: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(name, b"x" * 100)
    return content.getvalue()


PICKLES = {
    "protocol 0": pickle.dumps(print, protocol=0),
    "protocol 1": pickle.dumps(print, protocol=1),
    "an old dict": pickle.dumps({}, protocol=0),
    "a payload in protocol 0": b"cos\nsystem\n(S'true'\ntR.",
    **{f"protocol {n}": pickle.dumps({"a": 1}, protocol=n) for n in (2, 3, 4, 5)},
    "torch, old": b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.",
    "torch, zip": _zip("archive/data.pkl", "archive/data/0", "archive/version"),
}
PROGRAMS = {
    "TorchScript": _zip("m/data.pkl", "m/code/__torch__.py", "m/constants.pkl"),
    "pt2": _zip("m/archive_format", "m/models/model.json", "m/data/weights/w0"),
}
UNSUPPORTED = {
    "GGUF": b"GGUF\x03\0\0\0" + bytes(60),
    "ONNX": b"\x08\x08\x12\x07pytorch\x1a\x052.3.0" + bytes(60),
    "HDF5": b"\x89HDF\r\n\x1a\n" + bytes(60),
    "zip": _zip("letter.txt", "photo.jpg"),
}


def _verdict(path: Path, content: bytes) -> ArtifactError:
    path.write_bytes(content)
    with pytest.raises(ArtifactError) as caught:
        ArtifactReaders().inspect(path)
    return caught.value


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("content", PICKLES.values(), ids=PICKLES.keys())
def test_a_pickle_is_refused_under_every_name(tmp_path: Path, name: str, content: bytes) -> None:
    problem = _verdict(tmp_path / name, content)

    assert isinstance(problem, ArtifactUnsafeError)
    assert "pickle" in problem.cause
    assert "Converting this one" in problem.remedy


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("content", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_an_archive_with_code_is_refused_under_every_name(
    tmp_path: Path, name: str, content: bytes
) -> None:
    problem = _verdict(tmp_path / name, content)

    assert isinstance(problem, ArtifactUnsafeError)
    assert "which is a program" in problem.cause


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", UNSUPPORTED)
def test_a_format_without_a_runtime_is_named_under_every_name(
    tmp_path: Path, name: str, kind: str
) -> None:
    problem = _verdict(tmp_path / name, UNSUPPORTED[kind])

    assert isinstance(problem, ArtifactUnsupportedError)
    assert kind in problem.cause
    assert problem.remedy


@pytest.mark.parametrize("name", NAMES)
def test_a_lying_header_is_damage_under_every_name(tmp_path: Path, name: str) -> None:
    problem = _verdict(tmp_path / name, (2**63).to_bytes(8, "little") + b"{}" + bytes(50))

    assert isinstance(problem, ArtifactCorruptError)


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_file_is_damage_under_every_name(tmp_path: Path, name: str) -> None:
    problem = _verdict(tmp_path / name, b"")

    assert isinstance(problem, ArtifactCorruptError)
    assert problem.cause == "The file is empty."


@pytest.mark.parametrize("name", NAMES)
def test_weights_without_a_config_are_told_so_under_every_name(tmp_path: Path, name: str) -> None:
    problem = _verdict(tmp_path / name, safetensors_bytes({"a": ("F32", (2,))}))

    assert isinstance(problem, ArtifactUnsupportedError)
    assert "config.json is missing" in problem.cause


def test_a_header_whose_length_looks_like_a_pickle_is_still_safetensors(tmp_path: Path) -> None:
    header = {"__metadata__": {"padding": "x" * (640 - 33)}}
    content = framed(header)
    assert content[:2] == b"\x80\x02"
    path = tmp_path / "model.safetensors"
    path.write_bytes(content)

    assert kind_of(Disk(), path) is FileKind.SAFETENSORS


@pytest.mark.parametrize(
    "text", [b"class Foo\nbar baz\n", b"Dear reader,\n", b"\x80", b"(see below)"]
)
def test_plain_text_is_no_model_and_no_pickle(tmp_path: Path, text: bytes) -> None:
    problem = _verdict(tmp_path / "notes.txt", text)

    assert isinstance(problem, ArtifactUnsupportedError)
    assert "no model file" in problem.cause


def test_a_damaged_zip_is_told_by_what_is_left_of_it(tmp_path: Path) -> None:
    problem = _verdict(tmp_path / "model.pt", PICKLES["torch, zip"][:60])

    assert isinstance(problem, ArtifactUnsafeError)
