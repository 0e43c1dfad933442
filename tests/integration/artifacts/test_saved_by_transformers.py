"""Folders that transformers itself wrote: the count is right to the last digit."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest
from heygen_desktop.infrastructure.artifacts.model_types import KNOWN_MODEL_TYPES, TIED_BY_DEFAULT
from heygen_desktop.infrastructure.artifacts.readers import ArtifactReaders

from tests.factories.model_folders import Family, ModelSize, write_model

pytestmark = pytest.mark.slow

_COMMON = {
    "vocab_size": 211, "hidden_size": 24, "num_hidden_layers": 3, "num_attention_heads": 4,
    "intermediate_size": 52, "max_position_embeddings": 40,
}  # fmt: skip
_CONFIGS: dict[str, dict[str, int]] = {
    "llama": {**_COMMON, "num_key_value_heads": 2},
    "qwen2": {**_COMMON, "num_key_value_heads": 2},
    "gpt_neox": _COMMON,
    "gpt2": {"vocab_size": 211, "n_embd": 24, "n_layer": 3, "n_head": 4, "n_positions": 40},
}


@pytest.fixture(scope="module")
def transformers() -> ModuleType:
    """Imported late: it takes seconds, and a run without the slow tests does not need it."""
    return importlib.import_module("transformers")


@dataclass(frozen=True)
class Saved:
    """A random model on disk."""

    path: Path
    parameters: int


def _save(
    transformers: ModuleType, family: str, folder: Path, *, tied: bool, max_shard_size: str
) -> Saved:
    config = transformers.AutoConfig.for_model(family, **_CONFIGS[family], tie_word_embeddings=tied)
    model = transformers.AutoModelForCausalLM.from_config(config)
    model.save_pretrained(folder, max_shard_size=max_shard_size)
    return Saved(folder, model.num_parameters())


@pytest.mark.parametrize("max_shard_size", ["1GB", "20KB"])
@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("family", sorted(_CONFIGS))
def test_the_parameters_of_a_saved_model_are_counted_to_the_last_digit(
    transformers: ModuleType, tmp_path: Path, family: str, tied: bool, max_shard_size: str
) -> None:
    saved = _save(
        transformers, family, tmp_path / "model", tied=tied, max_shard_size=max_shard_size
    )

    artifact = ArtifactReaders().inspect(saved.path)

    is_sharded = (saved.path / "model.safetensors.index.json").exists()
    assert is_sharded == (max_shard_size == "20KB")
    assert artifact.parameters == saved.parameters
    assert artifact.task == "text-generation"
    assert (artifact.layers, artifact.context_length, artifact.head_dim) == (3, 40, 6)
    assert artifact.kv_heads == (2 if family in {"llama", "qwen2"} else 4)
    assert artifact.dtypes == {"F32": saved.parameters}


_SEQUENCES = {
    "vocab_size": 211, "d_model": 24, "encoder_layers": 1, "decoder_layers": 1, "encoder_ffn_dim": 40,
    "decoder_ffn_dim": 40, "encoder_attention_heads": 4, "decoder_attention_heads": 4, "num_layers": 1,
    "num_heads": 4, "d_kv": 6, "d_ff": 40,
}  # fmt: skip


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize(
    ("kind", "family", "numbers"),
    [
        *[("CausalLM", family, _COMMON) for family in ("mistral", "falcon", "bloom", "opt", "phi")],
        *[("MaskedLM", family, _COMMON) for family in ("bert", "roberta", "electra")],
        *[("Seq2SeqLM", family, _SEQUENCES) for family in ("t5", "bart", "switch_transformers")],
        *[("ImageClassification", family, _COMMON) for family in ("vit",)],
    ],
)
def test_families_with_other_ways_of_sharing_and_constants_are_counted_right_too(
    transformers: ModuleType,
    tmp_path: Path,
    kind: str,
    family: str,
    numbers: dict[str, int],
    tied: bool,
) -> None:
    config = transformers.AutoConfig.for_model(family, **numbers, tie_word_embeddings=tied)
    model = getattr(transformers, f"AutoModelFor{kind}").from_config(config)
    model.save_pretrained(tmp_path / "model")

    artifact = ArtifactReaders().inspect(tmp_path / "model")

    assert artifact.parameters == model.num_parameters()


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("family", ["llama", "gpt2", "qwen2", "gpt_neox"])
def test_the_handwritten_folders_of_the_other_tests_load_as_the_models_they_claim_to_be(
    transformers: ModuleType, tmp_path: Path, family: Family, tied: bool
) -> None:
    written = write_model(tmp_path / "model", family, tied=tied, size=ModelSize(layers=1))

    model, report = transformers.AutoModelForCausalLM.from_pretrained(
        written.path,
        local_files_only=True,
        trust_remote_code=False,
        use_safetensors=True,
        output_loading_info=True,
    )

    assert not report["missing_keys"]
    assert not report["unexpected_keys"]
    assert model.num_parameters() == written.parameters


@pytest.mark.parametrize("family", ["gpt2", "gpt_neox"])
def test_constants_in_old_checkpoints_are_not_counted(
    transformers: ModuleType, tmp_path: Path, family: Family
) -> None:
    prefix = {"gpt2": "transformer.h.0.attn", "gpt_neox": "gpt_neox.layers.0.attention"}[family]
    constants: dict[str, tuple[str, tuple[int, ...]]] = {
        f"{prefix}.bias": ("BOOL", (1, 1, 64, 64)),
        f"{prefix}.masked_bias": ("F32", ()),
    }
    if family == "gpt_neox":
        constants[f"{prefix}.rotary_emb.inv_freq"] = ("F32", (4,))
    written = write_model(
        tmp_path / "model", family, tied=family == "gpt2", extra_tensors=constants
    )

    artifact = ArtifactReaders().inspect(written.path)
    model = transformers.AutoModelForCausalLM.from_pretrained(
        written.path, local_files_only=True, trust_remote_code=False, use_safetensors=True
    )

    assert artifact.parameters == model.num_parameters() == written.parameters


def test_an_output_embedding_that_is_stored_although_tied_counts_once(
    transformers: ModuleType, tmp_path: Path
) -> None:
    size = ModelSize()
    copy = {"lm_head.weight": ("F32", (size.vocabulary, size.hidden))}
    written = write_model(tmp_path / "model", "llama", tied=True, size=size, extra_tensors=copy)

    artifact = ArtifactReaders().inspect(written.path)
    model = transformers.AutoModelForCausalLM.from_pretrained(
        written.path, local_files_only=True, trust_remote_code=False, use_safetensors=True
    )

    assert artifact.parameters == model.num_parameters()


def test_every_known_model_type_is_one_that_transformers_implements() -> None:
    auto = importlib.import_module("transformers.models.auto.configuration_auto")

    assert set(auto.CONFIG_MAPPING_NAMES) >= KNOWN_MODEL_TYPES
    assert KNOWN_MODEL_TYPES >= TIED_BY_DEFAULT
