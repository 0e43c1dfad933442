"""The course of the training follows from the count of steps alone."""

from __future__ import annotations

import pytest
from recipe import Recipe


def test_the_rate_warms_up_and_then_falls_to_almost_nothing() -> None:
    recipe = Recipe(steps=1_000, warm_up_steps=50, last_rate=0.02)

    rates = [recipe.rate_at(step) for step in range(1_000)]

    assert rates[0] == pytest.approx(1 / 50)
    assert max(rates) == pytest.approx(1.0, abs=0.01)
    assert rates[60:] == sorted(rates[60:], reverse=True)
    assert rates[-1] == pytest.approx(0.02, abs=0.001)


def test_only_the_last_steps_read_the_longest_sequences() -> None:
    recipe = Recipe(steps=100, long_share=0.25, short_sequence=256, longest=512)

    assert recipe.sequence_at(0) == 256
    assert recipe.sequence_at(74) == 256
    assert recipe.sequence_at(75) == 512


def test_a_step_reads_whole_sequences_of_either_length() -> None:
    recipe = Recipe()

    assert recipe.tokens_per_step % recipe.short_sequence == 0
    assert recipe.tokens_per_step % recipe.longest == 0
