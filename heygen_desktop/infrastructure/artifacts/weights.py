"""Which files hold a folder's weights, and the tensors in them.

The choice is that of ``transformers``: ``model.safetensors`` where it is there, else the shards that
``model.safetensors.index.json`` names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from heygen_desktop.domain.errors import ArtifactCorruptError, ArtifactUnsupportedError
from heygen_desktop.infrastructure.artifacts.candidate import Candidate, file_within
from heygen_desktop.infrastructure.artifacts.disk import Disk
from heygen_desktop.infrastructure.artifacts.magic import FileKind, kind_of
from heygen_desktop.infrastructure.artifacts.refused import refusal
from heygen_desktop.infrastructure.artifacts.safetensors_header import StoredTensor, read_header
from heygen_desktop.infrastructure.artifacts.strict_json import parse_object, shown

SINGLE = "model.safetensors"
INDEX = "model.safetensors.index.json"
SHARD = re.compile(r"model-\d{5}-of-\d{5}\.safetensors")
_MAX_INDEX_BYTES = 32 * 1024**2
_PLAIN_NAME = re.compile(r"[^/\\:\0]{1,255}")


@dataclass(frozen=True)
class Weights:
    """The tensors of a model and the files that hold them."""

    files: tuple[str, ...]
    """Names in the folder, sorted; the index comes with the shards."""
    shards: int
    """Files with tensors in them."""
    tensors: tuple[StoredTensor, ...]

    @property
    def size_bytes(self) -> int:
        """Bytes of the tensors alone."""
        return sum(tensor.end - tensor.begin for tensor in self.tensors)


def read_weights(disk: Disk, folder: Candidate) -> Weights:
    """Return the tensors of the model in the folder, from headers only.

    Raises:
        ArtifactCorruptError: A header lies, a shard is missing, or index and shards disagree.
        ArtifactUnsafeError: A file is a pickle in spite of its name.
        ArtifactUnsupportedError: The weights stand under a name that is not loaded.
    """
    if SINGLE in folder.names:
        weights = Weights((SINGLE,), 1, _tensors_of(disk, folder.path, SINGLE))
    elif INDEX in folder.names:
        weights = _read_shards(disk, folder)
    else:
        raise _misnamed(folder)
    if not weights.tensors:
        raise ArtifactCorruptError(str(folder.path), "The weights files hold no tensor.")
    return weights


def _tensors_of(disk: Disk, folder: Path, name: str) -> tuple[StoredTensor, ...]:
    path = file_within(disk, folder, name)
    kind = kind_of(disk, path)
    if kind is not FileKind.SAFETENSORS:
        raise refusal(path, kind)
    return read_header(disk, path)


def _read_shards(disk: Disk, folder: Candidate) -> Weights:
    places = _places(disk, folder)
    shards = sorted(set(places.values()))
    found: dict[str, StoredTensor] = {}
    for shard in shards:
        for tensor in _tensors_of(disk, folder.path, shard):
            _check_place(folder, tensor.name, shard, found=found, places=places)
            found[tensor.name] = tensor
    for name, shard in places.items():
        if name not in found:
            reason = f"The index places {name[:80]!r} in {shard[:80]}, which does not hold it."
            raise ArtifactCorruptError(str(folder.path), reason)
    return Weights((*shards, INDEX), len(shards), tuple(found.values()))


def _check_place(
    folder: Candidate,
    tensor: str,
    shard: str,
    *,
    found: Mapping[str, StoredTensor],
    places: Mapping[str, str],
) -> None:
    """A tensor that the index does not name is loaded too, as long as one shard holds it."""
    place = places.get(tensor, shard)
    if place != shard:
        reason = f"The index places {tensor[:80]!r} in {place[:80]}, but {shard[:80]} holds it."
        raise ArtifactCorruptError(str(folder.path), reason)
    if tensor in found:
        raise ArtifactCorruptError(str(folder.path), f"Two shards hold {tensor[:80]!r}.")


def _places(disk: Disk, folder: Candidate) -> Mapping[str, str]:
    """Return the shard of each tensor, as the index names it."""
    path = file_within(disk, folder.path, INDEX)
    try:
        places = parse_object(disk.read(path, _MAX_INDEX_BYTES)).get("weight_map")
        return _checked_places(places, folder.names)
    except ValueError as error:
        raise ArtifactCorruptError(str(path), str(error)) from error


def _checked_places(places: object, names: frozenset[str]) -> Mapping[str, str]:
    if not isinstance(places, dict) or not places:
        raise ValueError("It has no weight_map that names the shards.")
    checked: dict[str, str] = {}
    for tensor, shard in places.items():
        if not isinstance(shard, str) or not _is_plain(shard):
            raise ValueError(f"It names {shown(shard)}, which is not a file in this folder.")
        if shard not in names:
            raise ValueError(f"The shard {shard[:80]} that it names is missing.")
        checked[tensor] = shard
    return checked


def _is_plain(name: str) -> bool:
    return _PLAIN_NAME.fullmatch(name) is not None and name not in {".", ".."}


def _misnamed(folder: Candidate) -> ArtifactCorruptError | ArtifactUnsupportedError:
    names = sorted(name for name in folder.names if name.endswith(".safetensors"))
    if any(SHARD.fullmatch(name) for name in names):
        return ArtifactCorruptError(
            str(folder.path), f"The weights are in shards, and {INDEX} is missing."
        )
    if "adapter_model.safetensors" in names:
        return ArtifactUnsupportedError(
            str(folder.path),
            "It is an adapter, which needs the model that it was made for.",
            remedy="Merge it into its base model and register the result.",
        )
    return ArtifactUnsupportedError(
        str(folder.path),
        f"The weights are named {names[0][:80]}; only {SINGLE} or shards with an index are loaded.",
        remedy=f"Rename the file to {SINGLE} if it holds the whole model.",
    )
