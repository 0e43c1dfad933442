"""Teach a small Llama the novels, the same way each time.

Nothing here reads a clock to decide anything: the order of the text, the learning rate and the
number of steps follow from the recipe alone.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch
from muon import Muon
from recipe import Recipe
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import LlamaConfig, LlamaForCausalLM

END_OF_TEXT = "<|endoftext|>"
END_OF_TEXT_ID = 0

_log = logging.getLogger("starter_model")

Checkpoint = Callable[[int, LlamaForCausalLM], None]


@dataclass(frozen=True)
class Measured:
    """How well a model foretells text it has not seen."""

    nats_per_token: float
    tokens: int
    characters: int

    @property
    def perplexity(self) -> float:
        """Among how many equally likely tokens the model hesitates."""
        return math.exp(self.nats_per_token)

    @property
    def bits_per_character(self) -> float:
        """The figure that can be compared between vocabularies."""
        return self.nats_per_token * self.tokens / self.characters / math.log(2)


def tokenizer_for(chapters: Sequence[str], recipe: Recipe) -> Tokenizer:
    """Return a byte-level BPE tokenizer made from the chapters; it can spell any text."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=recipe.vocabulary,
        special_tokens=[END_OF_TEXT],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(chapters, trainer)
    return tokenizer


def stream_of(chapters: Sequence[str], tokenizer: Tokenizer) -> torch.Tensor:
    """Return all chapters as one row of token ids, each begun and ended by the end-of-text token."""
    ids = [END_OF_TEXT_ID]
    for chapter in tokenizer.encode_batch(list(chapters)):
        ids += [*chapter.ids, END_OF_TEXT_ID]
    return torch.tensor(ids, dtype=torch.long)


def new_model(recipe: Recipe) -> LlamaForCausalLM:
    """Return an untrained model of the recipe's shape; its weights follow from the seed."""
    torch.manual_seed(recipe.seed)
    return LlamaForCausalLM(
        LlamaConfig(
            vocab_size=recipe.vocabulary,
            hidden_size=recipe.hidden,
            intermediate_size=recipe.feed_forward,
            num_hidden_layers=recipe.layers,
            num_attention_heads=recipe.heads,
            num_key_value_heads=recipe.key_value_heads,
            max_position_embeddings=recipe.longest,
            tie_word_embeddings=True,
            bos_token_id=END_OF_TEXT_ID,
            eos_token_id=END_OF_TEXT_ID,
            pad_token_id=END_OF_TEXT_ID,
        )
    )


def train(
    model: LlamaForCausalLM, stream: torch.Tensor, recipe: Recipe, checkpoint: Checkpoint
) -> None:
    """Teach the model the stream, in place.

    Args:
        model: An untrained model.
        stream: Token ids, shape (tokens,).
        recipe: What to do; every step reads `tokens_per_step` tokens.
        checkpoint: Called with the count of steps done and the model, every 250 steps.
    """
    muon, adam = _optimisers(model, recipe)
    batches = _Batches(stream, recipe.seed)
    started = time.monotonic()
    for step in range(recipe.steps):
        length = recipe.sequence_at(step)
        loss = _loss(model, batches.next(recipe.tokens_per_step // length, length))
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        rate = recipe.rate_at(step)
        muon.step(recipe.matrix_rate * rate)
        _step(adam, recipe.other_rate * rate)
        if step % 20 == 19:
            _report(step + 1, recipe, loss.item(), time.monotonic() - started)
        if step % 250 == 249:
            checkpoint(step + 1, model)


@torch.no_grad()
def measure(
    model: LlamaForCausalLM, stream: torch.Tensor, recipe: Recipe, characters: int
) -> Measured:
    """Return how well the model foretells a stream, read in windows of the longest length.

    Args:
        model: The model; left in evaluation mode.
        stream: Token ids of text the model has not seen, shape (tokens,).
        recipe: Gives the length of a window.
        characters: How many characters the stream spells, without its end-of-text tokens.
    """
    model.eval()
    total = 0.0
    for start in range(0, len(stream) - 1, recipe.longest):
        window = stream[start : start + recipe.longest + 1].unsqueeze(0)
        total += _cross_entropy(model, window).item() * (window.shape[1] - 1)
    tokens = len(stream) - 1
    return Measured(total / tokens, tokens, characters)


class _Batches:
    """Deals the stream out in random order, every part of it once before any comes again."""

    def __init__(self, stream: torch.Tensor, seed: int) -> None:
        self._stream = stream
        self._random = torch.Generator().manual_seed(seed)
        self._length = 0
        self._starts: Iterator[int] = iter(())

    def next(self, count: int, length: int) -> torch.Tensor:
        """Return token ids, shape (count, length + 1)."""
        if length != self._length:
            self._length, self._starts = length, iter(())
        return torch.stack([self._sequence() for _ in range(count)])

    def _sequence(self) -> torch.Tensor:
        start = next(self._starts, None)
        if start is None:
            self._starts = self._shuffled()
            start = next(self._starts)
        return self._stream[start : start + self._length + 1]

    def _shuffled(self) -> Iterator[int]:
        # A new offset each time, so that sequences do not begin at the same words in every pass.
        offset = int(torch.randint(self._length, (1,), generator=self._random).item())
        count = (len(self._stream) - 1 - offset) // self._length
        order: list[int] = torch.randperm(count, generator=self._random).tolist()
        return (offset + place * self._length for place in order)


def _optimisers(model: LlamaForCausalLM, recipe: Recipe) -> tuple[Muon, torch.optim.Optimizer]:
    named = list(model.named_parameters())
    matrices = [weight for name, weight in named if weight.ndim == 2 and "embed" not in name]
    others = [weight for name, weight in named if weight.ndim != 2 or "embed" in name]
    adam = torch.optim.AdamW(others, lr=recipe.other_rate, betas=(0.9, 0.95), weight_decay=0.0)
    return Muon(matrices, recipe.weight_decay), adam


def _step(optimiser: torch.optim.Optimizer, rate: float) -> None:
    for group in optimiser.param_groups:
        group["lr"] = rate
    optimiser.step()
    optimiser.zero_grad(set_to_none=True)


def _loss(model: LlamaForCausalLM, batch: torch.Tensor) -> torch.Tensor:
    with torch.autocast("cpu", torch.bfloat16):
        return _cross_entropy(model, batch)


def _cross_entropy(model: LlamaForCausalLM, batch: torch.Tensor) -> torch.Tensor:
    logits = model(input_ids=batch[:, :-1], use_cache=False).logits
    return torch.nn.functional.cross_entropy(logits.flatten(0, 1).float(), batch[:, 1:].flatten())


def _report(done: int, recipe: Recipe, loss: float, seconds: float) -> None:
    speed = done * recipe.tokens_per_step / seconds
    _log.info("step %d/%d  loss %.3f  %.0f tokens/s", done, recipe.steps, loss, speed)
