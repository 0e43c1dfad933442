"""What config.json says of a model. Anyone may have written it: every key may be absent or odd."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from heygen_desktop.domain.errors import ArtifactCorruptError, ArtifactUnsafeError
from heygen_desktop.infrastructure.artifacts.architectures import GENERATING_TASKS, task_of
from heygen_desktop.infrastructure.artifacts.candidate import file_within
from heygen_desktop.infrastructure.artifacts.disk import Disk
from heygen_desktop.infrastructure.artifacts.model_types import KNOWN_MODEL_TYPES, TIED_BY_DEFAULT
from heygen_desktop.infrastructure.artifacts.strict_json import parse_object

CONFIG = "config.json"
_MAX_CONFIG_BYTES = 8 * 1024**2
_MAX_NUMBER = 2**31
_MAX_TEXT = 200
_CONTEXT = (
    "max_position_embeddings", "n_positions", "n_ctx", "max_seq_len", "max_sequence_length",
    "seq_length", "max_target_positions", "model_max_length",
)  # fmt: skip
_LAYERS = ("num_hidden_layers", "n_layer", "n_layers", "num_layers", "decoder_layers")
_HEADS = ("num_attention_heads", "n_head", "n_heads", "num_heads", "decoder_attention_heads")
_KV_HEADS = ("num_key_value_heads", "num_kv_heads", "n_head_kv", "kv_n_heads")
_HIDDEN = ("hidden_size", "n_embd", "d_model", "dim")
_HEAD_DIM = ("head_dim", "d_kv", "attention_head_dim")
_TEXT_SECTIONS = ("text_config", "llm_config", "language_config", "decoder", "attn_config")
_IMAGE_KEYS = ("vision_config", "image_size", "patch_size", "num_channels")
_AUDIO_KEYS = ("audio_config", "num_mel_bins", "feat_extract_norm", "sampling_rate")
_MULTI_QUERY_TYPES = frozenset({"falcon", "gpt_bigcode"})
"""One key-value head for all, unless config.json says otherwise."""


@dataclass(frozen=True)
class ModelConfig:
    """The facts of a config.json that the program uses."""

    model_type: str
    architecture: str
    task: str
    context_length: int | None
    layers: int | None
    kv_heads: int | None
    head_dim: int | None
    is_tied: bool
    """Input and output embeddings are one tensor."""
    header: Mapping[str, str]
    warnings: tuple[str, ...]


def read_config(disk: Disk, folder: Path) -> ModelConfig:
    """Return what the config.json of the folder says.

    Raises:
        ArtifactCorruptError: It is not a JSON object.
        ArtifactUnsafeError: The model can only be built by code from the folder.
    """
    path = file_within(disk, folder, CONFIG)
    try:
        values = parse_object(disk.read(path, _MAX_CONFIG_BYTES))
    except ValueError as error:
        raise ArtifactCorruptError(str(path), str(error)) from error
    _refuse_own_code(path, values)
    return interpret(values)


def interpret(values: Mapping[str, object]) -> ModelConfig:
    """Return the facts in an already parsed config.json; a key of an odd type counts as absent."""
    sections = (values, *_sections(values))
    architecture = _architecture(values)
    task = task_of(
        architecture,
        sees_images=any(key in values for key in _IMAGE_KEYS),
        hears_audio=any(key in values for key in _AUDIO_KEYS),
    )
    generates = task in GENERATING_TASKS
    return ModelConfig(
        model_type=_text(values.get("model_type")),
        architecture=architecture,
        task=task,
        context_length=_number(sections, _CONTEXT),
        layers=_number(sections, _LAYERS),
        kv_heads=_kv_heads(sections) if generates else None,
        head_dim=_head_dim(sections) if generates else None,
        is_tied=_is_tied(sections),
        header=_header(sections),
        warnings=_warnings(values, architecture, task),
    )


def _refuse_own_code(path: Path, values: Mapping[str, object]) -> None:
    if "auto_map" in values and _text(values.get("model_type")) not in KNOWN_MODEL_TYPES:
        raise ArtifactUnsafeError(
            str(path),
            "Its model type is not one that this program knows, and auto_map names Python code of "
            "the folder to build it with.",
        )


def _sections(values: Mapping[str, object]) -> tuple[Mapping[str, object], ...]:
    found = (values.get(name) for name in _TEXT_SECTIONS)
    return tuple(section for section in found if isinstance(section, dict))


def _architecture(values: Mapping[str, object]) -> str:
    names = values.get("architectures")
    return _text(names[0]) if isinstance(names, list) and names else ""


def _text(value: object) -> str:
    return value[:_MAX_TEXT] if isinstance(value, str) else ""


def _number(sections: Sequence[Mapping[str, object]], names: Sequence[str]) -> int | None:
    """Return the first of the names that holds a believable whole number above 0."""
    for section in sections:
        for name in names:
            value = section.get(name)
            if type(value) is int and 0 < value < _MAX_NUMBER:
                return value
    return None


def _kv_heads(sections: Sequence[Mapping[str, object]]) -> int | None:
    first = sections[0]
    is_multi_query = _text(first.get("model_type")) in _MULTI_QUERY_TYPES
    if is_multi_query and not first.get("new_decoder_architecture"):
        return 1 if first.get("multi_query", True) is True else _number(sections, _HEADS)
    return _number(sections, _KV_HEADS) or _number(sections, _HEADS)


def _head_dim(sections: Sequence[Mapping[str, object]]) -> int | None:
    """Return the width of one head; for latent attention, of a key as ``transformers`` caches it."""
    without_position = _number(sections, ("qk_nope_head_dim",))
    if without_position is not None:
        return without_position + (_number(sections, ("qk_rope_head_dim",)) or 0)
    stated = _number(sections, _HEAD_DIM)
    hidden, heads = _number(sections, _HIDDEN), _number(sections, _HEADS)
    if stated is not None or hidden is None or heads is None:
        return stated
    return hidden // heads or None


def _is_tied(sections: Sequence[Mapping[str, object]]) -> bool:
    for section in sections:
        stated = section.get("tie_word_embeddings")
        if isinstance(stated, bool):
            return stated
    return _text(sections[0].get("model_type")) in TIED_BY_DEFAULT


def _header(sections: Sequence[Mapping[str, object]]) -> dict[str, str]:
    header: dict[str, str] = {}
    numbers = {"vocabulary": ("vocab_size",), "hidden size": _HIDDEN, "attention heads": _HEADS}
    for label, names in numbers.items():
        value = _number(sections, names)
        if value is not None:
            header[label] = f"{value:,}"
    header["tied embeddings"] = "yes" if _is_tied(sections) else "no"
    header["model type"] = _text(sections[0].get("model_type")) or "not stated"
    quantisation = _quantisation(sections[0].get("quantization_config"))
    return {**header, "quantisation": quantisation} if quantisation else header


def _quantisation(value: object) -> str:
    if not isinstance(value, dict):
        return ""
    method = _text(value.get("quant_method")) or "unnamed method"
    bits = _number((value,), ("bits", "num_bits"))
    return f"{method}, {bits} bits" if bits else method


def _warnings(values: Mapping[str, object], architecture: str, task: str) -> tuple[str, ...]:
    model_type = _text(values.get("model_type"))
    found = []
    if "auto_map" in values:
        found.append("config.json names code of its own, which will not be run.")
    if model_type not in KNOWN_MODEL_TYPES:
        found.append("Its model type is not one that this program knows, so it may not load.")
    if not architecture:
        found.append("config.json names no architecture, so its task is unknown.")
    elif not task:
        found.append("Its architecture serves no task that this program knows.")
    if _quantisation(values.get("quantization_config")):
        found.append("Its weights are quantised; parameters counts their elements as stored.")
    return tuple(found)
