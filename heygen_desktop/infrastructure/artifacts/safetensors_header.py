"""The header of a .safetensors file, read by hand and believed only where everything agrees.

The format: eight bytes that give the header's length n (little-endian), n bytes of JSON that name
each tensor with its precision, shape and place, then the data. Nothing may overlap, be left out or
stand beyond the end (https://github.com/huggingface/safetensors#format).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from heygen_desktop.domain.errors import ArtifactCorruptError
from heygen_desktop.infrastructure.artifacts.disk import Disk
from heygen_desktop.infrastructure.artifacts.strict_json import parse_object, shown

MAX_HEADER_BYTES = 16 * 1024**2
"""A header of 100,000 tensors fits; the format itself would allow 100 MB."""
MAX_DIMENSIONS = 64
LENGTH_BYTES = 8
DTYPE_BITS: Mapping[str, int] = {
    "BOOL": 8, "U8": 8, "I8": 8, "U16": 16, "I16": 16, "U32": 32, "I32": 32, "U64": 64, "I64": 64,
    "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6, "F8_E4M3": 8, "F8_E5M2": 8, "F8_E8M0": 8,
    "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8, "F16": 16, "BF16": 16, "F32": 32, "F64": 64, "C64": 64,
}  # fmt: skip
"""Bits of one element, by the name that the format gives the precision."""


@dataclass(frozen=True)
class StoredTensor:
    """One tensor as a header describes it."""

    name: str
    dtype: str
    """A key of ``DTYPE_BITS``."""
    shape: tuple[int, ...]
    elements: int
    begin: int
    """First byte, counted from the start of the data."""
    end: int
    """The byte after the last."""


def read_header(disk: Disk, path: Path) -> tuple[StoredTensor, ...]:
    """Return the tensors of the file in the order in which they are stored.

    Reads the header only, at most ``MAX_HEADER_BYTES``, whatever the size of the file.

    Raises:
        ArtifactCorruptError: The header contradicts itself or the size of the file.
    """
    file_bytes = disk.size(path)
    with disk.opened(path) as file:
        prefix = file.read(LENGTH_BYTES)
        try:
            length = _header_length(prefix, file_bytes)
            return parse_header(file.read(length), length, file_bytes)
        except ValueError as error:
            raise ArtifactCorruptError(str(path), str(error)) from error


def parse_header(text: bytes, length: int, file_bytes: int) -> tuple[StoredTensor, ...]:
    """Return the tensors that the header names, checked against the size of the file.

    Args:
        text: The JSON, as read.
        length: The bytes that it should have.
        file_bytes: The size of the whole file.

    Raises:
        ValueError: A sentence that says what does not fit.
    """
    if len(text) != length:
        raise ValueError("The file is cut short within its header.")
    try:
        entries = parse_object(text, unique_keys=True)
    except ValueError as error:
        raise ValueError(f"The header cannot be read. {error}") from error
    _check_metadata(entries.pop("__metadata__", {}))
    tensors = [_tensor(name, entry) for name, entry in entries.items()]
    tensors.sort(key=lambda tensor: (tensor.begin, tensor.end))
    _check_layout(tensors, file_bytes - LENGTH_BYTES - length)
    return tuple(tensors)


def _header_length(prefix: bytes, file_bytes: int) -> int:
    if not prefix:
        raise ValueError("The file is empty.")
    if len(prefix) < LENGTH_BYTES:
        raise ValueError(f"The file has {len(prefix)} bytes, too few for a header.")
    length = int.from_bytes(prefix, "little")
    if length > file_bytes - LENGTH_BYTES:
        raise ValueError(
            f"Its header claims {length:,} bytes; the file has {file_bytes:,} in all: "
            "it is cut short or not a safetensors file."
        )
    if length > MAX_HEADER_BYTES:
        raise ValueError(
            f"Its header claims {length:,} bytes; more than {MAX_HEADER_BYTES:,} are not read."
        )
    return length


def _check_metadata(metadata: object) -> None:
    if not isinstance(metadata, dict) or not all(isinstance(v, str) for v in metadata.values()):
        raise ValueError("The header's __metadata__ is not a list of texts.")


def _tensor(name: str, entry: object) -> StoredTensor:
    label = f"tensor {name[:80]!r}"
    if not isinstance(entry, dict) or entry.keys() != {"dtype", "shape", "data_offsets"}:
        raise ValueError(f"The {label} is not described by dtype, shape and data_offsets.")
    dtype = entry["dtype"]
    if not isinstance(dtype, str) or dtype not in DTYPE_BITS:
        raise ValueError(f"The {label} has the unknown precision {shown(dtype)}.")
    shape = _whole_numbers(entry["shape"], f"The shape of {label}")
    if len(shape) > MAX_DIMENSIONS:
        raise ValueError(f"The {label} has {len(shape)} dimensions.")
    offsets = _whole_numbers(entry["data_offsets"], f"The place of {label}")
    if len(offsets) != 2 or offsets[0] > offsets[1]:
        raise ValueError(f"The place of {label} is not a begin and an end.")
    elements = math.prod(shape)
    bits = elements * DTYPE_BITS[dtype]
    stored = offsets[1] - offsets[0]
    if bits != stored * 8:
        raise ValueError(f"The {label} does not have the bytes that its shape needs.")
    return StoredTensor(name, dtype, shape, elements, offsets[0], offsets[1])


def _whole_numbers(value: object, label: str) -> tuple[int, ...]:
    """Only true integers: JSON's 1.0 and true would pass for numbers in Python."""
    if not isinstance(value, list):
        raise ValueError(f"{label} is not a list.")
    for number in value:
        if type(number) is not int or not 0 <= number < 2**63:
            raise ValueError(f"{label} holds {shown(number)}, not a whole number from 0 up.")
    return tuple(value)


def _check_layout(tensors: list[StoredTensor], data_bytes: int) -> None:
    """The tensors, in order, must fill the data exactly."""
    position = 0
    for tensor in tensors:
        if tensor.end > data_bytes:
            raise ValueError(
                f"The tensor {tensor.name[:80]!r} ends at byte {tensor.end:,} of the data; the file "
                f"holds {data_bytes:,}: it is cut short."
            )
        if tensor.begin < position:
            raise ValueError(f"The tensor {tensor.name[:80]!r} overlaps the one before it.")
        if tensor.begin > position:
            raise ValueError(f"The data before the tensor {tensor.name[:80]!r} belong to nothing.")
        position = tensor.end
    if position != data_bytes:
        raise ValueError(f"The file has {data_bytes - position:,} extra bytes at its end.")
