"""Write the model card: what the model is, how it came to be, what it can and cannot do.

Every figure comes from the run that made the weights beside the card; the sentences around them are
fixed. No clock, no machine and no library is asked here, so that the text can be tested.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from string import Template

_CARD = Template("""\
---
license: apache-2.0
language: en
library_name: transformers
pipeline_tag: text-generation
tags: [llama, tiny, public-domain]
---

# HeyGen Desktop starter model

A language model of $parameters parameters that ships with HeyGen Desktop, so that the program has
something to run the moment it is installed, without a network. It has read six novels and nothing
else: it writes sentences in the manner of Jane Austen, with little sense in them.

## What it is for

- Trying out HeyGen Desktop: generation, streaming, cancelling, benchmarks, quantisation.
- Tests that need real weights and a real tokenizer within seconds and megabytes.

It is **not** an assistant. It follows no instructions, answers no questions, knows no facts and has
no chat format: it continues the text it is given. It knows no language but English as it was
written about 1811 to 1818, and repeats the views of that time. Nothing was done to make it safe or
fair. After some sentences it loses its thread, and beyond $longest tokens it cannot see at all.

## Use

```python
from transformers import AutoModelForCausalLM, AutoTokenizer

folder = "resources/starter-model"
tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
model = AutoModelForCausalLM.from_pretrained(
    folder, dtype="float32", local_files_only=True, use_safetensors=True
)
prompt = tokenizer("It was a", return_tensors="pt")
print(tokenizer.decode(model.generate(**prompt, max_new_tokens=100)[0]))
```

The weights are stored as float16 and meant to run as float32 on a processor. The tokenizer adds no
token at the beginning; `<|endoftext|>` stands between chapters.

## Figures

$figures

The validation text is the middle chapter of each novel; neither the model nor the tokenizer has
seen it. It is read in windows of $longest tokens that begin without context, with the stored float16
weights run as float32.

## Training

$training

Matrices learned with Muon, embeddings and norms with AdamW; one warm-up, then half a cosine. The
products were taken in bfloat16, everything else in float32. To make the weights again:

```
python packaging/starter_model/train.py --out resources/starter-model
```

The same machine, number of threads and releases of torch and tokenizers give the same weights, bit
for bit; another machine gives a model about as good.

## Text

$text

Headings, title pages, editors' notes and the underscores of emphasis were removed, and paragraphs
joined to one line each.

## Licence

The weights, the tokenizer and this card: Apache License 2.0, as HeyGen Desktop. The text they were
made from is in the public domain (Jane Austen died in 1817); the package that carries it is under
the MIT licence.

## Samples

The first answers, unedited, at temperature 0.8 and top-p 0.92 with seed $sample_seed. The prompt is
in bold.

$samples
""")


@dataclass(frozen=True)
class CardFacts:
    """All that a card tells of one run."""

    parameters: int
    longest: int
    figures: Sequence[tuple[str, str]]
    training: Sequence[tuple[str, str]]
    text: Sequence[tuple[str, str]]
    sample_seed: int
    samples: Sequence[tuple[str, str]]
    """Prompts and their continuations."""


def card_of(facts: CardFacts) -> str:
    """Return the card as Markdown, with the front matter the model hubs read."""
    return _CARD.substitute(
        parameters=_millions(facts.parameters),
        longest=facts.longest,
        figures=_table(facts.figures),
        training=_table(facts.training),
        text=_table(facts.text),
        sample_seed=facts.sample_seed,
        samples="\n\n".join(_quoted(prompt, rest) for prompt, rest in facts.samples),
    )


def _millions(count: int) -> str:
    return f"{count / 1e6:.2f} million"


def _table(rows: Sequence[tuple[str, str]]) -> str:
    return "\n".join(["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)])


def _quoted(prompt: str, continuation: str) -> str:
    lines = f"**{_plain(prompt)}**{_plain(continuation)}".rstrip().split("\n")
    return "\n".join(f"> {line}".rstrip() for line in lines)


def _plain(text: str) -> str:
    """Keep Markdown from reading signs of the novels as its own."""
    return "".join(f"\\{sign}" if sign in "*_`<[]#" else sign for sign in text)
