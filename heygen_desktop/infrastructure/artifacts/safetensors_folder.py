"""The reader of Hugging Face style folders: config.json, tokenizer, model card and .safetensors weights."""

from __future__ import annotations

from heygen_desktop.domain.errors import (
    ArtifactMissingError,
    ArtifactUnreadableError,
    ArtifactUnsupportedError,
)
from heygen_desktop.domain.values.artifact import Artifact, ArtifactFile, ArtifactFormat
from heygen_desktop.infrastructure.artifacts.architectures import TEXT_TASKS
from heygen_desktop.infrastructure.artifacts.candidate import Candidate, file_within
from heygen_desktop.infrastructure.artifacts.disk import Disk
from heygen_desktop.infrastructure.artifacts.magic import FileKind
from heygen_desktop.infrastructure.artifacts.model_config import CONFIG, ModelConfig, read_config
from heygen_desktop.infrastructure.artifacts.parameters import elements_by_dtype, model_parameters
from heygen_desktop.infrastructure.artifacts.safetensors_header import read_header
from heygen_desktop.infrastructure.artifacts.weights import INDEX, Weights, read_weights

CARD = "README.md"
MAX_CARD_BYTES = 64 * 1024
_VOCABULARIES = frozenset({
    "tokenizer.json", "tokenizer.model", "spiece.model", "sentencepiece.bpe.model", "vocab.json",
    "vocab.txt", "tekken.json", "source.spm",
})  # fmt: skip
"""Any one of these makes a tokenizer."""
_SMALL_FILES = _VOCABULARIES | {
    CONFIG, "generation_config.json", "tokenizer_config.json", "special_tokens_map.json",
    "added_tokens.json", "merges.txt", "target.spm", "chat_template.json", "chat_template.jinja",
    "preprocessor_config.json", "processor_config.json",
}  # fmt: skip
"""What changes how the model behaves, and so belongs to the artifact."""
_FENCE = "---"
_KEYS = frozenset({"license", "license_name"})
_MAX_LICENCE = 100


class SafetensorsReader:
    """Reads a folder, or the folder around a single .safetensors file."""

    suffixes = frozenset({".safetensors"})

    def __init__(self, disk: Disk) -> None:
        self._disk = disk

    def recognises(self, candidate: Candidate) -> bool:
        if not candidate.is_folder:
            return candidate.kind is FileKind.SAFETENSORS
        return INDEX in candidate.names or any(
            name.endswith(".safetensors") for name in candidate.names
        )

    def read(self, candidate: Candidate) -> Artifact:
        folder = candidate if candidate.is_folder else self._around(candidate)
        if CONFIG not in folder.names:
            raise _without_config(candidate)
        config = read_config(self._disk, folder.path)
        weights = read_weights(self._disk, folder)
        return self._artifact(folder, config, weights)

    def _around(self, file: Candidate) -> Candidate:
        read_header(self._disk, file.path)
        names = frozenset(self._disk.names(file.path.parent))
        return Candidate(file.path.parent, True, names, FileKind.UNKNOWN)

    def _artifact(self, folder: Candidate, config: ModelConfig, weights: Weights) -> Artifact:
        files = self._files(folder, weights)
        parameters = model_parameters(weights.tensors, is_tied=config.is_tied)
        licence, unread = self._licence(folder)
        return Artifact(
            path=folder.path,
            format=ArtifactFormat.SAFETENSORS,
            files=files,
            size_bytes=sum(file.size_bytes for file in files),
            weights_bytes=weights.size_bytes,
            parameters=sum(tensor.elements for tensor in parameters),
            dtypes=elements_by_dtype(parameters),
            architecture=config.architecture,
            task=config.task,
            context_length=config.context_length,
            licence=licence,
            warnings=(*config.warnings, *_tokenizer_warnings(folder, config), *unread),
            layers=config.layers,
            kv_heads=config.kv_heads,
            head_dim=config.head_dim,
            header={
                **config.header,
                "tensors": f"{len(weights.tensors):,}",
                "weights files": f"{weights.shards:,}",
            },
        )

    def _files(self, folder: Candidate, weights: Weights) -> tuple[ArtifactFile, ...]:
        names = sorted({*weights.files, *(_SMALL_FILES & folder.names)})
        for name in names:
            file_within(self._disk, folder.path, name)
        return tuple(self._disk.file(folder.path, name) for name in names)

    def _licence(self, folder: Candidate) -> tuple[str, tuple[str, ...]]:
        """Return it with warnings: a card that cannot be read is no reason to refuse the model."""
        if CARD not in folder.names:
            return "", ()
        try:
            path = file_within(self._disk, folder.path, CARD)
            text = self._disk.head(path, MAX_CARD_BYTES)
        except (ArtifactMissingError, ArtifactUnreadableError, ArtifactUnsupportedError) as error:
            return "", (f"The model card could not be read: {error.cause}",)
        return licence_of(text.decode("utf-8", errors="replace")), ()


def _without_config(candidate: Candidate) -> ArtifactUnsupportedError:
    return ArtifactUnsupportedError(
        str(candidate.path),
        "config.json is missing, so nothing says how the weights make a model.",
        remedy="Put the model's config.json and tokenizer files beside its weights.",
    )


def _tokenizer_warnings(folder: Candidate, config: ModelConfig) -> tuple[str, ...]:
    if config.task not in TEXT_TASKS or _VOCABULARIES & folder.names:
        return ()
    return (f"No tokenizer was found; it cannot run {config.task}.",)


def licence_of(card: str) -> str:
    """Return the licence as the card names it, or an empty string.

    Args:
        card: The text of README.md, or its beginning. Of the YAML between the two lines ``---``
            only ``license`` (a word or a list) and ``license_name`` (where that says "other") are
            understood.
    """
    lines = card.removeprefix("\ufeff").splitlines()
    if not lines or lines[0].rstrip() != _FENCE:
        return ""
    stated: dict[str, str] = {}
    for number, line in enumerate(lines[1:], start=2):
        if line.rstrip() == _FENCE:
            break
        # By hand: a pattern that trims blanks on both sides takes a minute for 60,000 of them.
        key, _, value = line.partition(":")
        if key in _KEYS:
            stated[key] = _plain(value.partition("#")[0].strip()) or _listed(lines[number:])
    licence = stated.get("license", "")
    return stated.get("license_name") or licence if licence == "other" else licence


def _listed(lines: list[str]) -> str:
    items = []
    for line in lines:
        text = line.lstrip()
        if text[:1] != "-" or not text[1:2].isspace():
            break
        items.append(_plain(text[1:].strip()))
    return ", ".join(filter(None, items))[:_MAX_LICENCE]


def _plain(value: str) -> str:
    """A word, or the words of an inline list, without quotes and unprintable characters."""
    words = [word.strip().strip("'\"").strip() for word in value.strip("[]").split(",")]
    text = ", ".join(filter(None, words))
    return "".join(filter(str.isprintable, text))[:_MAX_LICENCE]
