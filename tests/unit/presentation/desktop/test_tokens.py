"""Text can be read on every surface, in both themes."""

from __future__ import annotations

import re

import pytest
from heygen_desktop.domain.entities.environment import PARENTS
from heygen_desktop.presentation.desktop.theme.tokens import DARK, LIGHT, Tokens

BOTH = pytest.mark.parametrize("tokens", [DARK, LIGHT], ids=lambda tokens: tokens.name)
READABLE = 4.5
SURFACES = ("window", "rail", "card", "raised", "input", "hover", "selected")


def test_contrast_is_the_one_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@BOTH
@pytest.mark.parametrize("text", ["text", "text_soft", "text_quiet", "accent_text"])
def test_text_is_readable_on_every_surface(tokens: Tokens, text: str) -> None:
    for surface in SURFACES:
        assert contrast(getattr(tokens, text), getattr(tokens, surface)) >= READABLE, surface


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


def contrast(first: str, second: str) -> float:
    """Return the WCAG contrast of two ``#rrggbb`` colours, 1 to 21."""
    bright, dim = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
