"""What counts as a parameter, by name and shape."""

from __future__ import annotations

import math

import pytest
from heygen_desktop.infrastructure.artifacts.parameters import elements_by_dtype, model_parameters
from heygen_desktop.infrastructure.artifacts.safetensors_header import StoredTensor


def _tensor(name: str, *shape: int, dtype: str = "F32") -> StoredTensor:
    return StoredTensor(name, dtype, shape, math.prod(shape), 0, 4 * math.prod(shape))


def _counted(*tensors: StoredTensor, is_tied: bool = False) -> list[str]:
    return [tensor.name for tensor in model_parameters(tensors, is_tied=is_tied)]


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("h.0.attn.bias", (1, 1, 8, 8)),
        ("transformer.h.0.attn.masked_bias", ()),
        ("gpt_neox.layers.0.attention.bias", (1, 1, 8, 8)),
        ("gpt_neox.layers.0.attention.rotary_emb.inv_freq", (4,)),
        ("model.rotary_emb.original_inv_freq", (4,)),
        ("bert.embeddings.position_ids", (1, 512)),
        ("resnet.embedder.normalization.running_mean", (64,)),
        ("resnet.embedder.normalization.num_batches_tracked", ()),
        ("model.layers.1.self_attn.slope_rate", (4, 1, 1)),
        ("final_logits_bias", (1, 48)),
        ("transformer.h.0.attn.causal_mask", (1, 1, 8, 8)),
        ("transformer.h.0.attn.embed_positions", (2048, 64)),
        ("model.layers.3.mlp.gate.e_score_correction_bias", (8,)),
    ],
)
def test_constants_are_not_parameters(name: str, shape: tuple[int, ...]) -> None:
    assert _counted(_tensor(name, *shape)) == []


@pytest.mark.parametrize(
    "name",
    ["h.0.attn.bias", "encoder.embed_positions.weight", "model.layers.0.self_attn.q_proj.bias"],
)
def test_what_only_sounds_like_a_constant_is_a_parameter(name: str) -> None:
    assert _counted(_tensor(name, 8)) == [name]


@pytest.mark.parametrize(
    ("source", "copy"),
    [
        ("model.embed_tokens.weight", "lm_head.weight"),
        ("transformer.wte.weight", "lm_head.weight"),
        ("gpt_neox.embed_in.weight", "embed_out.weight"),
        ("bert.embeddings.word_embeddings.weight", "cls.predictions.decoder.weight"),
        ("roberta.embeddings.word_embeddings.weight", "lm_head.decoder.weight"),
    ],
)
def test_a_tied_copy_counts_once_and_an_untied_output_for_itself(source: str, copy: str) -> None:
    both = (_tensor(source, 9, 4), _tensor(copy, 9, 4))

    assert _counted(*both, is_tied=True) == [source]
    assert _counted(*both, is_tied=False) == [source, copy]


def test_an_output_of_another_shape_is_no_copy() -> None:
    both = (_tensor("model.embed_tokens.weight", 9, 4), _tensor("lm_head.weight", 10, 4))

    assert len(_counted(*both, is_tied=True)) == 2


def test_an_output_without_its_input_stays() -> None:
    assert _counted(_tensor("lm_head.weight", 9, 4), is_tied=True) == ["lm_head.weight"]


def test_encoder_and_decoder_share_their_embedding_where_it_is_tied() -> None:
    tensors = (
        _tensor("shared.weight", 9, 4),
        _tensor("encoder.embed_tokens.weight", 9, 4),
        _tensor("decoder.embed_tokens.weight", 9, 4),
        _tensor("lm_head.weight", 9, 4),
    )

    assert _counted(*tensors, is_tied=True) == ["shared.weight"]
    assert len(_counted(*tensors, is_tied=False)) == 4


def test_a_tied_bias_counts_once() -> None:
    both = (_tensor("cls.predictions.bias", 9), _tensor("cls.predictions.decoder.bias", 9))

    assert _counted(*both, is_tied=True) == ["cls.predictions.bias"]
    assert len(_counted(*both, is_tied=False)) == 2


def test_elements_are_counted_for_each_precision_the_largest_first() -> None:
    tensors = [_tensor("a", 2, dtype="F32"), _tensor("b", 9, dtype="F16"), _tensor("c", 3)]

    assert list(elements_by_dtype(tensors).items()) == [("F16", 9), ("F32", 5)]
