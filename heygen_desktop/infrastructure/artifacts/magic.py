"""What a file is by its first bytes; its name is only a hint where they say nothing."""

from __future__ import annotations

import re
from enum import Enum, auto
from pathlib import Path

from heygen_desktop.infrastructure.artifacts.disk import Disk

_HEAD_BYTES = 4096
_ZIP_TAIL_BYTES = 1024**2
"""The names of a zip stand at its end; nothing in it is unpacked or parsed."""
_TEXT_PICKLE = re.compile(rb"\(*(?:[ci][A-Za-z_][\w.]*\n[A-Za-z_][\w.]*\n[()pqNR]|[dl]p\d+\n)")
"""Protocols 0 and 1 have no mark of their own: a global and what is done to it, or an empty list."""
_ONNX_FIELDS = frozenset(b"\x12\x1a\x22\x28\x32\x3a\x42")
"""Tags of the fields that may follow ir_version in an ONNX ModelProto."""
_MAX_ONNX_IR_VERSION = 64


class FileKind(Enum):
    """The formats that are told apart."""

    SAFETENSORS = auto()
    PICKLE = auto()
    TORCH_PROGRAM = auto()
    """TorchScript and .pt2: zip archives with code in them."""
    GGUF = auto()
    ONNX = auto()
    HDF5 = auto()
    ZIP = auto()
    UNKNOWN = auto()


_BY_SUFFIX = {
    ".safetensors": FileKind.SAFETENSORS,
    ".bin": FileKind.UNKNOWN,
    ".pt": FileKind.PICKLE,
    ".pth": FileKind.PICKLE,
    ".ckpt": FileKind.PICKLE,
    ".pkl": FileKind.PICKLE,
    ".pickle": FileKind.PICKLE,
    ".pt2": FileKind.TORCH_PROGRAM,
    ".gguf": FileKind.GGUF,
    ".onnx": FileKind.ONNX,
    ".h5": FileKind.HDF5,
}
MODEL_SUFFIXES = frozenset(_BY_SUFFIX)
"""Names that are worth a look at the first bytes."""


def has_model_suffix(name: str) -> bool:
    """Return whether a file of that name may hold a model."""
    return Path(name).suffix.lower() in MODEL_SUFFIXES


def kind_of(disk: Disk, path: Path) -> FileKind:
    """Return what the file is: by its bytes, then by its name."""
    kind = _kind_of_head(disk.head(path, _HEAD_BYTES))
    if kind is FileKind.ZIP:
        return _kind_of_zip(disk.head(path, _HEAD_BYTES) + disk.tail(path, _ZIP_TAIL_BYTES))
    if kind is FileKind.UNKNOWN:
        return _BY_SUFFIX.get(path.suffix.lower(), FileKind.UNKNOWN)
    return kind


def _kind_of_head(head: bytes) -> FileKind:
    if head.startswith(b"GGUF"):
        return FileKind.GGUF
    if head.startswith(b"PK\x03\x04"):
        return FileKind.ZIP
    if head.startswith(b"\x89HDF\r\n\x1a\n"):
        return FileKind.HDF5
    if _begins_like_safetensors(head):
        return FileKind.SAFETENSORS
    if _begins_like_pickle(head):
        return FileKind.PICKLE
    if _begins_like_onnx(head):
        return FileKind.ONNX
    return FileKind.UNKNOWN


def _begins_like_safetensors(head: bytes) -> bool:
    """A length, then JSON. A small length may begin with the two bytes of a pickle or of ONNX."""
    if head[8:9] != b"{":
        return False
    is_believable = head[5:8] == b"\0\0\0"
    return is_believable or not (_begins_like_pickle(head) or _begins_like_onnx(head))


def _begins_like_pickle(head: bytes) -> bool:
    binary = len(head) > 2 and head[0] == 0x80 and 2 <= head[1] <= 5
    return binary or _TEXT_PICKLE.match(head) is not None


def _begins_like_onnx(head: bytes) -> bool:
    return (
        len(head) > 2
        and head[0] == 0x08
        and 1 <= head[1] <= _MAX_ONNX_IR_VERSION
        and head[2] in _ONNX_FIELDS
    )


def _kind_of_zip(names: bytes) -> FileKind:
    is_program = (
        b"/code/__torch__" in names
        or b"models/model.json" in names
        or b"archive_format" in names
        or b"constants.pkl" in names
    )
    if is_program:
        return FileKind.TORCH_PROGRAM
    return FileKind.PICKLE if b".pkl" in names else FileKind.ZIP
