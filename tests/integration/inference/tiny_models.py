"""Tiny models with random weights, saved as the library saves them: real files, nonsense text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
import transformers
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

_TEXT = [
    "It is a truth universally acknowledged, that a single man in possession of a good fortune, "
    "must be in want of a wife. Grüße aus Köln, naïve café, 日本語 テスト, emoji 🙂🚀 and so on."
] * 4
_VOCABULARY = 400
_SMALL = {
    "vocab_size": _VOCABULARY,
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "max_position_embeddings": 512,
    "bos_token_id": 0,
    "eos_token_id": 1,
}


def configuration(kind: str, **changes: Any) -> Any:  # Any: the library is untyped
    """Return a small configuration of that architecture."""
    if kind == "gpt2":
        small = {
            "vocab_size": _VOCABULARY,
            "n_embd": 32,
            "n_layer": 2,
            "n_head": 4,
            "n_positions": 512,
            "bos_token_id": 0,
            "eos_token_id": 1,
        }
    else:
        small = {**_SMALL, "intermediate_size": 64}
    if kind in ("llama", "qwen2"):
        small["num_key_value_heads"] = 2
    return transformers.AutoConfig.for_model(kind, **{**small, **changes})


def save(folder: Path, config: Any, *, shard_size: str = "5GB", seed: int = 0) -> Any:
    """Write a model with random weights and its tokeniser; return the model."""
    torch.manual_seed(seed)
    model = transformers.AutoModelForCausalLM.from_config(config).eval()
    for parameter in model.parameters():  # wide enough that no two tokens tie
        torch.nn.init.normal_(parameter.data, std=0.3)
    model.save_pretrained(folder, max_shard_size=shard_size)
    transformers.PreTrainedTokenizerFast(
        tokenizer_object=byte_level_tokeniser(),
        bos_token="<s>",
        eos_token="</s>",
    ).save_pretrained(folder)
    return model


def byte_level_tokeniser() -> Tokenizer:
    """Return a byte-level BPE: every byte is a token, so characters come in pieces."""
    tokeniser = Tokenizer(models.BPE())
    tokeniser.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokeniser.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=_VOCABULARY,
        special_tokens=["<s>", "</s>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokeniser.train_from_iterator(_TEXT, trainer)
    return tokeniser
