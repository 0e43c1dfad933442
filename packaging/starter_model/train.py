"""Make the starter model: one command from a Debian package to a folder with a model card.

    python packaging/starter_model/train.py --out resources/starter-model

It needs `apt-get` and `dpkg-deb` for the text, and torch, transformers and tokenizers for the rest.
The order below is the whole story; each part has a module of its own in this folder.
"""

from __future__ import annotations

import argparse
import logging
import platform
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import tokenizers
import torch
import transformers
from card import CardFacts, card_of
from corpus import KNOWN_VERSION, PACKAGE, Corpus, CorpusError, corpus_of, fetch_novels
from export import FolderTooLargeError, read_model, seal, write_model
from recipe import Recipe
from safetensors.torch import save_model
from samples import Sample, samples_of
from training import Checkpoint, Measured, measure, new_model, stream_of, tokenizer_for, train
from transformers import LlamaForCausalLM

_log = logging.getLogger("starter_model")
_REPOSITORY = Path(__file__).resolve().parents[2]
_PROMPTS = ("It was a", "Mr. Knightley said", "She had never", '"My dear Emma,')
_SAMPLE_SEED = 1
_SAMPLE_TOKENS = 200


@dataclass(frozen=True)
class Run:
    """What a finished run has to tell."""

    corpus: Corpus
    recipe: Recipe
    seconds: float
    parameters: int
    training_tokens: int
    measured: Measured
    samples: tuple[Sample, ...]
    weights_bytes: int


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the model and return the exit code: 0, or 1 with a sentence on why not."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    chosen = _parser().parse_args(arguments)
    try:
        novels = fetch_novels(chosen.work / "corpus")
        corpus = corpus_of(novels, any_corpus=chosen.any_corpus)
        run = make_model(corpus, Recipe(), chosen.out, chosen.work / "checkpoints")
        (chosen.out / "README.md").write_text(card_of(facts_of(run)), encoding="utf-8")
        size_bytes = seal(chosen.out)
    except (CorpusError, FolderTooLargeError) as error:
        _log.error("%s", error)
        return 1
    _log.info(
        "%s: %d bytes, %.3f bits a character",
        chosen.out,
        size_bytes,
        run.measured.bits_per_character,
    )
    return 0


def make_model(corpus: Corpus, recipe: Recipe, out: Path, checkpoints: Path) -> Run:
    """Train a model on the corpus, write it to a folder and measure what was written."""
    torch.set_num_threads(recipe.threads)
    torch.use_deterministic_algorithms(True)
    tokenizer = tokenizer_for(corpus.training, recipe)
    stream = stream_of(corpus.training, tokenizer)
    model = new_model(recipe)
    started = time.monotonic()
    train(model, stream, recipe, _saving_to(checkpoints))
    seconds = time.monotonic() - started
    write_model(model, tokenizer, recipe, out)

    stored, stored_tokenizer = read_model(out)
    held_out = stream_of(corpus.held_out, tokenizer)
    return Run(
        corpus=corpus,
        recipe=recipe,
        seconds=seconds,
        parameters=stored.num_parameters(),
        training_tokens=len(stream),
        measured=measure(stored, held_out, recipe, sum(map(len, corpus.held_out))),
        samples=samples_of(
            stored, stored_tokenizer, _PROMPTS, seed=_SAMPLE_SEED, new_tokens=_SAMPLE_TOKENS
        ),
        weights_bytes=(out / "model.safetensors").stat().st_size,
    )


def facts_of(run: Run) -> CardFacts:
    """Return what the model card says about a run."""
    return CardFacts(
        parameters=run.parameters,
        longest=run.recipe.longest,
        figures=_figures(run),
        training=_training(run),
        text=_text(run.corpus),
        sample_seed=_SAMPLE_SEED,
        samples=[(sample.prompt, sample.continuation) for sample in run.samples],
    )


def _figures(run: Run) -> list[tuple[str, str]]:
    recipe, measured = run.recipe, run.measured
    return [
        ("Validation loss", f"{measured.nats_per_token:.3f} nats per token"),
        ("Validation bits per character", f"{measured.bits_per_character:.3f}"),
        ("Validation perplexity", f"{measured.perplexity:.1f} (per token)"),
        ("Validation text", f"{measured.tokens:,} tokens, {measured.characters:,} characters"),
        ("Parameters", f"{run.parameters:,} (embeddings tied)"),
        (
            "Shape",
            f"Llama, {recipe.layers} layers, {recipe.hidden} wide, {recipe.feed_forward} in "
            f"the feed-forward part, {recipe.heads} heads, {recipe.key_value_heads} of keys and values",
        ),
        ("Vocabulary", f"{recipe.vocabulary:,} tokens, byte-level BPE"),
        ("Context", f"{recipe.longest} tokens"),
        ("Weights", f"{run.weights_bytes / 1e6:.2f} MB, float16 safetensors"),
    ]


def _training(run: Run) -> list[tuple[str, str]]:
    recipe = run.recipe
    seen = recipe.steps * recipe.tokens_per_step
    return [
        ("Steps", f"{recipe.steps:,}, each of {recipe.tokens_per_step:,} tokens"),
        ("Tokens seen", f"{seen:,} ({seen / run.training_tokens:.1f} times the training text)"),
        (
            "Sequences",
            f"{recipe.short_sequence} tokens, in the last {recipe.long_share:.0%} of the "
            f"steps {recipe.longest}",
        ),
        ("Seed", str(recipe.seed)),
        ("Time", f"{run.seconds / 60:.1f} minutes, {seen / run.seconds:,.0f} tokens per second"),
        ("Hardware", f"{_processor()}, {recipe.threads} threads, no GPU"),
        (
            "Software",
            f"torch {torch.__version__}, transformers {transformers.__version__}, "
            f"tokenizers {tokenizers.__version__}, Python {platform.python_version()}",
        ),
    ]


def _text(corpus: Corpus) -> list[tuple[str, str]]:
    version = f"{PACKAGE} {KNOWN_VERSION}" if corpus.is_known else f"{PACKAGE}, not the known text"
    return [
        (
            "Novels",
            "Emma, Mansfield Park, Northanger Abbey, Persuasion, Pride and Prejudice, "
            "Sense and Sensibility (Jane Austen; public domain)",
        ),
        ("Source", f"Debian package {version} (MIT)"),
        ("sha256 of the lines", f"`{corpus.digest}`"),
        (
            "Training text",
            f"{len(corpus.training)} chapters, {sum(map(len, corpus.training)):,} characters",
        ),
        ("Validation text", f"{len(corpus.held_out)} chapters"),
    ]


def _saving_to(folder: Path) -> Checkpoint:
    def save(step: int, model: LlamaForCausalLM) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        save_model(model, str(folder / f"step-{step:05}.safetensors"))

    return save


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, required=True, help="the folder of the model")
    parser.add_argument(
        "--work",
        type=Path,
        default=_REPOSITORY / "build" / "starter-model",
        help="where the text and the checkpoints are kept",
    )
    parser.add_argument("--any-corpus", action="store_true", help="accept text that is not known")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
