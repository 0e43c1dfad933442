"""Let the finished model speak, so that the card shows what it really says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from transformers import LlamaForCausalLM, PreTrainedTokenizerFast


@dataclass(frozen=True)
class Sample:
    """A prompt and what the model made of it."""

    prompt: str
    continuation: str


def samples_of(
    model: LlamaForCausalLM,
    tokenizer: PreTrainedTokenizerFast,
    prompts: Sequence[str],
    *,
    seed: int,
    new_tokens: int,
) -> tuple[Sample, ...]:
    """Return the model's first answer to each prompt, under its own generation settings.

    Args:
        model: The model as read from its folder.
        tokenizer: The tokenizer of the same folder.
        prompts: Beginnings of a text; none may be empty.
        seed: Where the dice stand before each prompt.
        new_tokens: The most tokens to add.
    """
    return tuple(_sample(model, tokenizer, prompt, seed, new_tokens) for prompt in prompts)


def _sample(
    model: LlamaForCausalLM,
    tokenizer: PreTrainedTokenizerFast,
    prompt: str,
    seed: int,
    new_tokens: int,
) -> Sample:
    torch.manual_seed(seed)
    read = tokenizer(prompt, return_tensors="pt")
    written = model.generate(
        input_ids=read["input_ids"],
        attention_mask=read["attention_mask"],
        max_new_tokens=new_tokens,
    )
    text = tokenizer.decode(written[0], skip_special_tokens=True)
    return Sample(prompt, text[len(prompt) :])
