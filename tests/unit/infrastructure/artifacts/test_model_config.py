"""config.json is read as it comes: keys may be absent, unknown or of any type."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from heygen_desktop.domain.errors import ArtifactCorruptError, ArtifactUnsafeError
from heygen_desktop.infrastructure.artifacts.disk import Disk
from heygen_desktop.infrastructure.artifacts.model_config import ModelConfig, interpret, read_config
from hypothesis import given, settings
from hypothesis import strategies as st

LLAMA: dict[str, object] = {
    "architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 64,
    "num_attention_heads": 4, "num_key_value_heads": 2, "num_hidden_layers": 3, "vocab_size": 32000,
    "max_position_embeddings": 2048,
}  # fmt: skip


def _config(**changes: object) -> ModelConfig:
    return interpret({**LLAMA, **changes})


def _shape(config: ModelConfig) -> tuple[int | None, int | None, int | None, int | None]:
    return config.layers, config.kv_heads, config.head_dim, config.context_length


@pytest.mark.parametrize(
    ("values", "shape"),
    [
        (LLAMA, (3, 2, 16, 2048)),
        ({**LLAMA, "head_dim": 128}, (3, 2, 128, 2048)),
        (
            {"architectures": ["GPT2LMHeadModel"], "model_type": "gpt2", "n_layer": 12, "n_head": 12,
             "n_embd": 768, "n_positions": 1024, "n_ctx": 1024},
            (12, 12, 64, 1024),
        ),
        (
            {"architectures": ["FalconForCausalLM"], "model_type": "falcon", "num_hidden_layers": 4,
             "hidden_size": 142, "num_attention_heads": 71, "multi_query": True},
            (4, 1, 2, None),
        ),
        (
            {"architectures": ["FalconForCausalLM"], "model_type": "falcon", "num_hidden_layers": 4,
             "hidden_size": 128, "num_attention_heads": 8, "multi_query": False},
            (4, 8, 16, None),
        ),
        (
            {"architectures": ["FalconForCausalLM"], "model_type": "falcon", "num_hidden_layers": 4,
             "hidden_size": 128, "num_attention_heads": 8, "new_decoder_architecture": True,
             "num_kv_heads": 2},
            (4, 2, 16, None),
        ),
        (
            {"architectures": ["MptForCausalLM"], "model_type": "mpt", "n_layers": 2, "n_heads": 4,
             "d_model": 64, "max_seq_len": 99, "attn_config": {"kv_n_heads": 1}},
            (2, 1, 16, 99),
        ),
        (
            {"architectures": ["DeepseekV3ForCausalLM"], "model_type": "deepseek_v3",
             "num_hidden_layers": 2, "num_attention_heads": 8, "num_key_value_heads": 8,
             "hidden_size": 64, "qk_nope_head_dim": 128, "qk_rope_head_dim": 64, "head_dim": 64},
            (2, 8, 192, None),
        ),
        (
            {"architectures": ["Gemma3ForConditionalGeneration"], "model_type": "gemma3",
             "vision_config": {}, "text_config": {**LLAMA, "head_dim": 32}},
            (3, 2, 32, 2048),
        ),
        ({"architectures": ["BertModel"], "model_type": "bert", "hidden_size": 64,
          "num_attention_heads": 4, "num_hidden_layers": 2, "max_position_embeddings": 512},
         (2, None, None, 512)),
        ({"architectures": ["LlamaForCausalLM"]}, (None, None, None, None)),
        ({**LLAMA, "hidden_size": 2}, (3, 2, None, 2048)),
    ],
)  # fmt: skip
def test_the_shape_of_the_cache_is_found_under_each_familys_names(
    values: dict[str, object], shape: tuple[int | None, ...]
) -> None:
    assert _shape(interpret(values)) == shape


@pytest.mark.parametrize(
    ("architecture", "task"),
    [
        ("LlamaForCausalLM", "text-generation"),
        ("GPT2LMHeadModel", "text-generation"),
        ("XLMWithLMHeadModel", "fill-mask"),
        ("BertForSequenceClassification", "text-classification"),
        ("Wav2Vec2ForSequenceClassification", "audio-classification"),
        ("BertForMaskedLM", "fill-mask"),
        ("BertForTokenClassification", "token-classification"),
        ("BertForQuestionAnswering", "question-answering"),
        ("BertModel", "feature-extraction"),
        ("T5ForConditionalGeneration", "text2text-generation"),
        ("MarianMTModel", "translation"),
        ("WhisperForConditionalGeneration", "automatic-speech-recognition"),
        ("ViTForImageClassification", "image-classification"),
        ("VitsModel", "text-to-speech"),
        ("CLIPModel", "zero-shot-image-classification"),
        ("SomethingForConditionalGeneration", ""),
        ("SomethingElse", ""),
    ],
)
def test_an_architecture_serves_its_task(architecture: str, task: str) -> None:
    assert _config(architectures=[architecture]).task == task


@pytest.mark.parametrize(
    ("key", "architecture", "task"),
    [
        ("vision_config", "NewForConditionalGeneration", "image-text-to-text"),
        ("audio_config", "NewForConditionalGeneration", "automatic-speech-recognition"),
        ("image_size", "ViTModel", "image-feature-extraction"),
        ("num_mel_bins", "ASTModel", ""),
    ],
)
def test_what_the_model_sees_or_hears_decides_where_its_name_does_not(
    key: str, architecture: str, task: str
) -> None:
    assert interpret({"architectures": [architecture], key: {}}).task == task


@pytest.mark.parametrize(
    ("values", "is_tied"),
    [
        ({"model_type": "llama"}, False),
        ({"model_type": "gpt2"}, True),
        ({"model_type": "gpt2", "tie_word_embeddings": False}, False),
        ({"model_type": "llama", "tie_word_embeddings": "yes"}, False),
        ({"model_type": "gemma3", "text_config": {"tie_word_embeddings": False}}, False),
    ],
)
def test_tying_is_what_the_config_says_else_what_the_family_does(
    values: dict[str, object], is_tied: bool
) -> None:
    config = interpret(values)

    assert config.is_tied is is_tied
    assert config.header["tied embeddings"] == ("yes" if is_tied else "no")


def test_a_known_model_with_code_beside_it_is_read_with_a_warning() -> None:
    warnings = _config(auto_map={"AutoModelForCausalLM": "modeling.Evil"}).warnings

    assert warnings == ("config.json names code of its own, which will not be run.",)


def test_a_model_that_only_its_own_code_can_build_is_unsafe(tmp_path: Path) -> None:
    values = {**LLAMA, "model_type": "novel", "auto_map": {"AutoConfig": "configuration.Novel"}}
    (tmp_path / "config.json").write_text(json.dumps(values))

    with pytest.raises(ArtifactUnsafeError) as caught:
        read_config(Disk(), tmp_path)

    assert "auto_map" in caught.value.cause


def test_an_unknown_model_type_without_code_is_a_warning() -> None:
    assert any("may not load" in warning for warning in _config(model_type="novel").warnings)


def test_a_config_without_an_architecture_says_that_the_task_is_unknown() -> None:
    config = _config(architectures=[])

    assert config.task == ""
    assert config.warnings == ("config.json names no architecture, so its task is unknown.",)


def test_an_architecture_without_a_task_is_told() -> None:
    assert any("serves no task" in text for text in _config(architectures=["LlamaThing"]).warnings)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"quant_method": "gptq", "bits": 4}, "gptq, 4 bits"),
        ({"quant_method": "fp8"}, "fp8"),
        ({"load_in_4bit": True}, "unnamed method"),
    ],
)
def test_quantisation_is_shown_and_warned_of(value: object, text: str) -> None:
    config = _config(quantization_config=value)

    assert config.header["quantisation"] == text
    assert any("quantised" in warning for warning in config.warnings)


@pytest.mark.parametrize(
    "changes",
    [
        {"architectures": "LlamaForCausalLM"},
        {"architectures": [1]},
        {"architectures": {"a": 1}},
        {"model_type": ["llama"]},
        {"num_hidden_layers": "3", "num_attention_heads": True, "hidden_size": -4},
        {"max_position_embeddings": 10**30},
        {"text_config": [LLAMA], "quantization_config": "int4", "vocab_size": None},
    ],
)
def test_keys_of_an_odd_type_count_as_absent(changes: dict[str, object]) -> None:
    config = _config(**changes)

    assert config.header["model type"] in {"llama", "not stated"}


@pytest.mark.parametrize("text", ["", "[]", "{", '"x"', "\x00", '{"a": Infinity}'])
def test_a_config_that_is_not_a_json_object_is_damage(tmp_path: Path, text: str) -> None:
    (tmp_path / "config.json").write_text(text)

    with pytest.raises(ArtifactCorruptError):
        read_config(Disk(), tmp_path)


def test_a_config_of_many_megabytes_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"a": "' + "x" * (8 * 1024**2) + '"}')

    with pytest.raises(ArtifactCorruptError, match="damaged"):
        read_config(Disk(), tmp_path)


_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)
_KEYS = st.sampled_from(
    [*LLAMA, "text_config", "auto_map", "quantization_config", "tie_word_embeddings", "multi_query"]
)


@settings(max_examples=200, deadline=None)
@given(values=st.dictionaries(_KEYS, _ANY, max_size=8))
def test_no_config_whatever_its_values_breaks_the_reader(values: dict[str, object]) -> None:
    config = interpret(values)

    assert all(isinstance(text, str) for text in config.header.values())
    assert all(warning.endswith(".") for warning in config.warnings)
