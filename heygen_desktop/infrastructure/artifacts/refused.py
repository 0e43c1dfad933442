"""Formats that are told apart so that the refusal is right: programs, and what comes later."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

from heygen_desktop.domain.errors import (
    ArtifactCorruptError,
    ArtifactError,
    ArtifactUnsafeError,
    ArtifactUnsupportedError,
)
from heygen_desktop.infrastructure.artifacts.candidate import Candidate
from heygen_desktop.infrastructure.artifacts.disk import Disk
from heygen_desktop.infrastructure.artifacts.magic import (
    MODEL_SUFFIXES,
    FileKind,
    has_model_suffix,
    kind_of,
)

_MAX_FILES_LOOKED_AT = 256
"""In one folder; a folder of 10,000 .bin files that are no model answers quickly."""
_ORDER = (
    FileKind.PICKLE,
    FileKind.TORCH_PROGRAM,
    FileKind.GGUF,
    FileKind.ONNX,
    FileKind.HDF5,
)
"""Which of several files in a folder gives the reason."""


_NO_RUNTIME = "{} is recognised, but this version has no runtime for it."
_REASONS = {
    FileKind.PICKLE: (
        "It is a pickle, which is a program that runs when it is read; convert it to safetensors."
    ),
    FileKind.TORCH_PROGRAM: (
        "It is a TorchScript or .pt2 archive, which is a program, not only weights."
    ),
    FileKind.GGUF: _NO_RUNTIME.format("GGUF"),
    FileKind.ONNX: _NO_RUNTIME.format("ONNX"),
    FileKind.HDF5: _NO_RUNTIME.format("HDF5 (Keras)"),
    FileKind.ZIP: "It is a zip archive with no model in it that this program knows.",
}


def refusal(path: Path, kind: FileKind) -> ArtifactError:
    """Return why a file of that kind is not used."""
    reason = _REASONS.get(kind, "It is no model file that this program knows.")
    if kind in (FileKind.PICKLE, FileKind.TORCH_PROGRAM):
        return ArtifactUnsafeError(str(path), reason)
    unpack = "Unpack it and register the folder that holds config.json."
    remedy = unpack if kind is FileKind.ZIP else ""
    return ArtifactUnsupportedError(str(path), reason, remedy=remedy)


class RefusedFormats:
    """Answers for the files and folders that no reader recognises."""

    suffixes = MODEL_SUFFIXES

    def __init__(self, disk: Disk) -> None:
        self._disk = disk

    def recognises(self, candidate: Candidate) -> bool:
        if not candidate.is_folder:
            return True
        return self._reason(candidate) is not None

    def read(self, candidate: Candidate) -> NoReturn:
        if candidate.is_folder:
            raise self._reason(candidate) or refusal(candidate.path, FileKind.UNKNOWN)
        if self._disk.size(candidate.path) == 0:
            raise ArtifactCorruptError(str(candidate.path), "The file is empty.")
        raise refusal(candidate.path, candidate.kind)

    def _reason(self, folder: Candidate) -> ArtifactError | None:
        if "model_index.json" in folder.names:
            return ArtifactUnsupportedError(
                str(folder.path),
                "It is a diffusers pipeline, and this version has no runtime for it.",
            )
        found = self._kinds(folder)
        for kind in _ORDER:
            if kind in found:
                return refusal(folder.path / found[kind], kind)
        if "config.json" in folder.names:
            return ArtifactCorruptError(
                str(folder.path), "There is a config.json, but no weights beside it."
            )
        return None

    def _kinds(self, folder: Candidate) -> dict[FileKind, str]:
        """Return one file of each kind, the first by name."""
        names = sorted(filter(has_model_suffix, folder.names))[:_MAX_FILES_LOOKED_AT]
        found: dict[FileKind, str] = {}
        for name in names:
            path = folder.path / name
            if self._disk.has_file(path):
                found.setdefault(self._kind(path), name)
        return found

    def _kind(self, path: Path) -> FileKind:
        kind = kind_of(self._disk, path)
        is_named_so = path.name.startswith("pytorch_model") and path.suffix == ".bin"
        return FileKind.PICKLE if kind is FileKind.UNKNOWN and is_named_so else kind
