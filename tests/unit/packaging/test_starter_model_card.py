"""The model card says what the run found, and quotes the model without editing it."""

from __future__ import annotations

from dataclasses import replace

from card import CardFacts, card_of

_FACTS = CardFacts(
    parameters=2_361_408,
    longest=512,
    figures=[("Validation loss", "3.400 nats per token")],
    training=[("Steps", "2,000")],
    text=[("Source", "Debian package")],
    sample_seed=1,
    samples=[("It was a", " fine day.\n\nShe knew it.")],
)


def test_the_card_opens_with_what_the_hubs_read() -> None:
    card = card_of(_FACTS)

    assert card.startswith("---\nlicense: apache-2.0\n")
    assert "pipeline_tag: text-generation" in card.split("---")[1]


def test_every_figure_of_the_run_is_on_the_card() -> None:
    card = card_of(_FACTS)

    assert "2.36 million parameters" in card
    assert "| Validation loss | 3.400 nats per token |" in card
    assert "| Steps | 2,000 |" in card
    assert "| Source | Debian package |" in card


def test_a_sample_is_quoted_with_its_paragraphs() -> None:
    assert "> **It was a** fine day.\n>\n> She knew it." in card_of(_FACTS)


def test_signs_of_the_novels_do_not_become_markdown() -> None:
    card = card_of(replace(_FACTS, samples=[("He", " said *no* <b>")]))

    assert r"> **He** said \*no\* \<b>" in card


def test_a_dollar_in_a_sample_stays_a_dollar() -> None:
    assert "$figures" in card_of(replace(_FACTS, samples=[("It cost", " $figures")]))
