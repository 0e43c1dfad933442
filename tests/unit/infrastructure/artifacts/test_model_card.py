"""The licence comes from the block at the top of the model card."""

from __future__ import annotations

import time

import pytest
from heygen_desktop.infrastructure.artifacts.safetensors_folder import licence_of


@pytest.mark.parametrize(
    ("card", "licence"),
    [
        ("---\nlicense: apache-2.0\n---\n# Model", "apache-2.0"),
        ("---\r\nlanguage: en\r\nlicense: mit\r\n---\r\n", "mit"),
        ("\ufeff---\nlicense: 'mit'  # checked\n---\n", "mit"),
        ('---\nlicense: "cc-by-4.0"\n---\n', "cc-by-4.0"),
        ("---\nlicense:\n- mit\n- apache-2.0\nlanguage: en\n---\n", "mit, apache-2.0"),
        ("---\nlicense: [mit, apache-2.0]\n---\n", "mit, apache-2.0"),
        ("---\nlicense: other\nlicense_name: llama3\n---\n", "llama3"),
        ("---\nlicense: other\n---\n", "other"),
        ("---\nlicense: mit\nlicense_name: llama3\n---\n", "mit"),
        ("---\nlanguage: en\n---\nlicense: mit\n", ""),
        ("---\n  license: nested\n---\n", ""),
        ("---\nlicense:\n---\n", ""),
        ("---\nlicense: mit", "mit"),
        ("license: mit\n", ""),
        ("# Model\n---\nlicense: mit\n---\n", ""),
        ("", ""),
        ("---\nlicense:\n- mit", "mit"),
        ("---\nlanguage: en", ""),
        ("---\nlicense: m\x1b[31mit\n---\n", "m[31mit"),
    ],
)
def test_the_licence_is_what_the_card_names(card: str, licence: str) -> None:
    assert licence_of(card) == licence


def test_a_licence_of_any_length_becomes_a_short_one() -> None:
    assert len(licence_of(f"---\nlicense: {'x' * 5_000}\n---\n")) == 100


@pytest.mark.parametrize("before", ["license: ", "license:\n - "])
def test_a_card_full_of_blanks_is_read_in_no_time(before: str) -> None:
    card = f"---\n{before}a{' ' * 60_000}b\n---\n"
    began = time.process_time()

    licence = licence_of(card)

    assert licence.startswith("a ")
    assert time.process_time() - began < 1.0
