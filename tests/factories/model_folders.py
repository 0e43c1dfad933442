"""Small Hugging Face style folders, written byte by byte: no torch, no transformers, milliseconds."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from heygen_desktop.infrastructure.artifacts.safetensors_header import DTYPE_BITS

Family = Literal["llama", "gpt2", "qwen2", "gpt_neox"]
Shape = tuple[int, ...]
Tensors = Mapping[str, tuple[str, Shape]]
"""Precision and shape by name."""

CARD = "---\nlicense: apache-2.0\n---\n# A model of zeros, for tests\n"


@dataclass(frozen=True)
class ModelSize:
    """The numbers that a config.json gives; all small."""

    layers: int = 2
    hidden: int = 32
    heads: int = 4
    kv_heads: int = 2
    feed_forward: int = 64
    vocabulary: int = 48
    context: int = 64


@dataclass(frozen=True)
class WrittenModel:
    """A folder that was written, and what a reader should find in it."""

    path: Path
    parameters: int
    tensors: Tensors = field(repr=False)


def write_model(
    folder: Path,
    family: Family = "llama",
    *,
    tied: bool = True,
    shards: int = 1,
    dtype: str = "F32",
    size: ModelSize | None = None,
    tokenizer: bool = True,
    card: str = CARD,
    config: Mapping[str, object] | None = None,
    extra_tensors: Tensors | None = None,
) -> WrittenModel:
    """Write a model of zeros and return what it is.

    Args:
        folder: Made where it does not exist.
        shards: 1 writes ``model.safetensors``; more write that many shards and their index.
        card: The text of README.md; empty writes none.
        config: Keys that replace or join those of the family's config.json.
        extra_tensors: Stored beside the model's own, and not counted in ``parameters``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    numbers = size or ModelSize()
    own = model_tensors(family, numbers, tied=tied, dtype=dtype)
    write_json(
        folder / "config.json", {**model_config(family, numbers, tied=tied), **(config or {})}
    )
    write_weights(folder, {**own, **(extra_tensors or {})}, shards=shards)
    if tokenizer:
        write_tokenizer(folder)
    if card:
        (folder / "README.md").write_text(card, encoding="utf-8")
    parameters = sum(math.prod(shape) for _, shape in own.values())
    return WrittenModel(folder, parameters, own)


def write_json(path: Path, value: object) -> None:
    """Write ``value`` as JSON."""
    path.write_text(json.dumps(value), encoding="utf-8")


def write_tokenizer(folder: Path) -> None:
    """Write a tokenizer of a few words that the ``tokenizers`` library can load."""
    words = ["<unk>", "<s>", "</s>", "the", "a", "model", "of", "zeros"]
    write_json(
        folder / "tokenizer.json",
        {
            "version": "1.0",
            "truncation": None,
            "padding": None,
            "added_tokens": [],
            "normalizer": None,
            "pre_tokenizer": {"type": "Whitespace"},
            "post_processor": None,
            "decoder": None,
            "model": {
                "type": "WordLevel",
                "vocab": {word: number for number, word in enumerate(words)},
                "unk_token": "<unk>",
            },
        },
    )
    write_json(folder / "tokenizer_config.json", {"tokenizer_class": "PreTrainedTokenizerFast"})


def write_weights(folder: Path, tensors: Tensors, *, shards: int = 1) -> None:
    """Write the tensors into one file, or into shards with their index."""
    if shards == 1:
        (folder / "model.safetensors").write_bytes(safetensors_bytes(tensors))
        return
    names = [f"model-{number + 1:05}-of-{shards:05}.safetensors" for number in range(shards)]
    places = {tensor: names[number % shards] for number, tensor in enumerate(tensors)}
    for name in names:
        part = {tensor: tensors[tensor] for tensor, place in places.items() if place == name}
        (folder / name).write_bytes(safetensors_bytes(part))
    index = {"metadata": {"total_size": stored_bytes(tensors)}, "weight_map": places}
    write_json(folder / "model.safetensors.index.json", index)


def safetensors_bytes(tensors: Tensors) -> bytes:
    """Return a whole .safetensors file of zeros."""
    return framed(safetensors_header(tensors)) + bytes(stored_bytes(tensors))


def safetensors_header(tensors: Tensors) -> dict[str, object]:
    """Return the header's JSON object for tensors that stand one after the other."""
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    position = 0
    for name, (dtype, shape) in tensors.items():
        end = position + _bytes_of(dtype, shape)
        header[name] = {"dtype": dtype, "shape": list(shape), "data_offsets": [position, end]}
        position = end
    return header


def framed(header: object) -> bytes:
    """Return the header with its length in front, as a .safetensors file begins."""
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text


def stored_bytes(tensors: Tensors) -> int:
    """Return the bytes of the data alone."""
    return sum(_bytes_of(dtype, shape) for dtype, shape in tensors.values())


def _bytes_of(dtype: str, shape: Shape) -> int:
    return math.prod(shape) * DTYPE_BITS[dtype] // 8


def model_config(family: Family, size: ModelSize, *, tied: bool) -> dict[str, object]:
    """Return the config.json that ``transformers`` would write for such a model."""
    if family == "gpt2":
        return {
            "architectures": ["GPT2LMHeadModel"],
            "model_type": "gpt2",
            "n_layer": size.layers,
            "n_embd": size.hidden,
            "n_head": size.heads,
            "n_inner": size.feed_forward,
            "n_positions": size.context,
            "vocab_size": size.vocabulary,
            "tie_word_embeddings": tied,
        }
    architectures = {
        "llama": "LlamaForCausalLM",
        "qwen2": "Qwen2ForCausalLM",
        "gpt_neox": "GPTNeoXForCausalLM",
    }
    config: dict[str, object] = {
        "architectures": [architectures[family]],
        "model_type": family,
        "num_hidden_layers": size.layers,
        "hidden_size": size.hidden,
        "num_attention_heads": size.heads,
        "intermediate_size": size.feed_forward,
        "max_position_embeddings": size.context,
        "vocab_size": size.vocabulary,
        "tie_word_embeddings": tied,
    }
    return config if family == "gpt_neox" else {**config, "num_key_value_heads": size.kv_heads}


def model_tensors(family: Family, size: ModelSize, *, tied: bool, dtype: str = "F32") -> Tensors:
    """Return the tensors under the names that ``transformers`` saves them with."""
    makers = {"llama": _llama, "qwen2": _qwen2, "gpt2": _gpt2, "gpt_neox": _gpt_neox}
    shapes = makers[family](size)
    if not tied:
        output = "embed_out.weight" if family == "gpt_neox" else "lm_head.weight"
        shapes[output] = (size.vocabulary, size.hidden)
    return {name: (dtype, shape) for name, shape in shapes.items()}


def _llama(size: ModelSize) -> dict[str, Shape]:
    width, inner = size.hidden, size.feed_forward
    keys = width // size.heads * size.kv_heads
    shapes: dict[str, Shape] = {"model.embed_tokens.weight": (size.vocabulary, width)}
    for layer in range(size.layers):
        shapes |= {
            f"model.layers.{layer}.{name}.weight": shape
            for name, shape in {
                "input_layernorm": (width,),
                "post_attention_layernorm": (width,),
                "self_attn.q_proj": (width, width),
                "self_attn.k_proj": (keys, width),
                "self_attn.v_proj": (keys, width),
                "self_attn.o_proj": (width, width),
                "mlp.gate_proj": (inner, width),
                "mlp.up_proj": (inner, width),
                "mlp.down_proj": (width, inner),
            }.items()
        }
    return {**shapes, "model.norm.weight": (width,)}


def _qwen2(size: ModelSize) -> dict[str, Shape]:
    keys = size.hidden // size.heads * size.kv_heads
    shapes = _llama(size)
    for layer in range(size.layers):
        for name, width in {"q": size.hidden, "k": keys, "v": keys}.items():
            shapes[f"model.layers.{layer}.self_attn.{name}_proj.bias"] = (width,)
    return shapes


def _gpt2(size: ModelSize) -> dict[str, Shape]:
    width, inner = size.hidden, size.feed_forward
    shapes: dict[str, Shape] = {
        "transformer.wte.weight": (size.vocabulary, width),
        "transformer.wpe.weight": (size.context, width),
    }
    layers: dict[str, Shape] = {
        "ln_1": (width,),
        "ln_2": (width,),
        "attn.c_attn": (width, 3 * width),
        "attn.c_proj": (width, width),
        "mlp.c_fc": (width, inner),
        "mlp.c_proj": (inner, width),
    }
    for layer in range(size.layers):
        for name, shape in layers.items():
            shapes[f"transformer.h.{layer}.{name}.weight"] = shape
            shapes[f"transformer.h.{layer}.{name}.bias"] = shape[-1:]
    return {**shapes, "transformer.ln_f.weight": (width,), "transformer.ln_f.bias": (width,)}


def _gpt_neox(size: ModelSize) -> dict[str, Shape]:
    width, inner = size.hidden, size.feed_forward
    shapes: dict[str, Shape] = {"gpt_neox.embed_in.weight": (size.vocabulary, width)}
    layers: dict[str, Shape] = {
        "input_layernorm": (width,),
        "post_attention_layernorm": (width,),
        "attention.query_key_value": (3 * width, width),
        "attention.dense": (width, width),
        "mlp.dense_h_to_4h": (inner, width),
        "mlp.dense_4h_to_h": (width, inner),
    }
    for layer in range(size.layers):
        for name, shape in layers.items():
            shapes[f"gpt_neox.layers.{layer}.{name}.weight"] = shape
            shapes[f"gpt_neox.layers.{layer}.{name}.bias"] = shape[:1]
    return {
        **shapes,
        "gpt_neox.final_layer_norm.weight": (width,),
        "gpt_neox.final_layer_norm.bias": (width,),
    }
