"""Text can be read on every surface, in both themes."""

from __future__ import annotations

import re

import pytest
from heygen_desktop.domain.entities.environment import PARENTS
from heygen_desktop.presentation.desktop.theme.tokens import DARK, LIGHT, Tokens, contrast

BOTH = pytest.mark.parametrize("tokens", [DARK, LIGHT], ids=lambda tokens: tokens.name)
READABLE = 4.5


def test_contrast_is_the_one_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@BOTH
@pytest.mark.parametrize("text", ["text", "text_soft", "text_quiet", "accent_text"])
def test_text_is_readable_on_every_surface(tokens: Tokens, text: str) -> None:
    for surface in tokens.surfaces:
        assert contrast(getattr(tokens, text), surface) >= READABLE, surface


@BOTH
def test_text_is_readable_on_the_accent_and_on_every_tone(tokens: Tokens) -> None:
    assert contrast(tokens.on_accent, tokens.accent) >= READABLE
    assert contrast(tokens.on_accent, tokens.accent_hover) >= READABLE
    for tone in (*tokens.tones.values(), *tokens.environments.values()):
        assert contrast(tone.text, tone.surface) >= READABLE
        assert contrast(tokens.text, tone.surface) >= READABLE
        assert contrast(tokens.text_soft, tone.surface) >= READABLE


@BOTH
def test_a_tone_in_a_table_is_readable_on_its_row(tokens: Tokens) -> None:
    for tone in tokens.tones.values():
        for surface in (tokens.card, tokens.window, tokens.selected):
            assert contrast(tone.text, surface) >= READABLE


@BOTH
def test_every_environment_has_its_own_colour(tokens: Tokens) -> None:
    assert set(tokens.environments) == set(PARENTS)
    assert len({tone.line for tone in tokens.environments.values()}) == len(PARENTS)


@BOTH
def test_the_focus_and_the_chart_lines_stand_out(tokens: Tokens) -> None:
    for colour in (tokens.focus, *tokens.chart):
        assert contrast(colour, tokens.card) >= 3


@BOTH
def test_every_value_is_a_full_colour(tokens: Tokens) -> None:
    plain = [value for name, value in asdict_plain(tokens).items() if name != "name"]

    assert all(re.fullmatch(r"#[0-9a-f]{6}", value) for value in plain)


@BOTH
def test_a_tone_nobody_knows_is_neutral(tokens: Tokens) -> None:
    assert tokens.tone("weather") == tokens.tones["neutral"]
    assert tokens.tone("production") == tokens.environments["production"]


def asdict_plain(tokens: Tokens) -> dict[str, str]:
    """Return the tokens that are one colour each."""
    return {name: value for name, value in vars(tokens).items() if isinstance(value, str)}
