"""What the files of a model are, as read from their headers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from heygen_desktop.domain.values.names import suggested_name


class ArtifactFormat(StrEnum):
    """The format decides the runtime."""

    SAFETENSORS = "safetensors"
    """A Hugging Face style folder: config.json and one or more .safetensors files."""
    GGUF = "gguf"
    ONNX = "onnx"
    TORCH_EXPORT = "pt2"
    TORCHSCRIPT = "torchscript"
    PICKLE = "pickle"


CODE_FREE = frozenset({ArtifactFormat.SAFETENSORS, ArtifactFormat.GGUF, ArtifactFormat.ONNX})
"""Formats that hold numbers only; any other may carry a program, and a person is told so."""


@dataclass(frozen=True)
class ArtifactFile:
    """One file of an artifact."""

    name: str
    """Relative to the artifact's folder, with forward slashes."""
    size_bytes: int
    modified_ns: int | None = None
    """When its content was changed last, as the file system says it; None where that was not kept."""

    def is_as(self, other: ArtifactFile) -> bool:
        """Whether nothing speaks for another content: the same size, and the same time if both know it."""
        times = {self.modified_ns, other.modified_ns} - {None}
        return self.size_bytes == other.size_bytes and len(times) < 2


@dataclass(frozen=True)
class Artifact:
    """The files of one version, registered in place: never copied, moved or deleted by us."""

    path: Path
    """Absolute; a folder, or a single file."""
    format: ArtifactFormat
    files: tuple[ArtifactFile, ...]
    size_bytes: int
    """Of all files together, on disk."""
    weights_bytes: int
    """Of the tensors alone, as stored; of those in blocks with what the blocks have beside them."""
    parameters: int
    """Elements of all tensors; tied tensors, stored once, count once."""
    dtypes: Mapping[str, int] = field(default_factory=dict)
    """Elements per stored precision, by its safetensors name (F32, F16, BF16, ...) or the format's own."""
    architecture: str = ""
    """The class named in config.json, such as LlamaForCausalLM; empty where unknown."""
    task: str = ""
    """The Hugging Face task tag that the architecture serves; empty where unknown."""
    context_length: int | None = None
    """Tokens, where the files say it."""
    licence: str = ""
    """As the model card names it, such as apache-2.0; empty where it does not."""
    checksum: str = ""
    """``sha256:<hex>`` over names and contents of the files that matter; empty until computed."""
    warnings: tuple[str, ...] = ()
    """What a person should know before using it, in sentences."""
    layers: int | None = None
    kv_heads: int | None = None
    head_dim: int | None = None
    """With layers and kv_heads: what one token costs in the key-value cache."""
    header: Mapping[str, str] = field(default_factory=dict)
    """Further facts of the headers worth showing, already text: vocabulary, tying, quantisation."""
    is_file: bool = False
    """Whether the path names a file; its files are named from the folder around it then."""

    @property
    def folder(self) -> Path:
        """What the names of the files are relative to."""
        return self.path.parent if self.is_file else self.path

    @property
    def suggested_name(self) -> str:
        """What it is called where nobody says another name."""
        return suggested_name(self.path.stem if self.is_file else self.path.name) or "model"

    def changed_files(self, now: Sequence[ArtifactFile]) -> tuple[str, ...]:
        """Return the names of files that are not as they are kept here: changed, gone or new."""
        kept, found = {f.name: f for f in self.files}, {f.name: f for f in now}
        both = kept.keys() & found.keys()
        changed = {name for name in both if not kept[name].is_as(found[name])}
        return tuple(sorted(changed | (kept.keys() ^ found.keys())))

    @property
    def kv_elements_per_token(self) -> int | None:
        """Numbers in the key-value cache for one token; None where the shape is unknown."""
        if self.layers is None or self.kv_heads is None or self.head_dim is None:
            return None
        return 2 * self.layers * self.kv_heads * self.head_dim
