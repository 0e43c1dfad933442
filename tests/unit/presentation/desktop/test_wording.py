"""The window's own ways of wording figures."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from heygen_desktop.presentation.desktop.wording import (
    count_text,
    number_text,
    relative_text,
)

NOW = datetime(2026, 3, 15, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ago", "said"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=44), "just now"),
        (timedelta(seconds=50), "1 min ago"),
        (timedelta(minutes=44), "44 min ago"),
        (timedelta(minutes=50), "1 h ago"),
        (timedelta(hours=21), "21 h ago"),
        (timedelta(hours=24), "yesterday"),
        (timedelta(days=3), "3 days ago"),
        (timedelta(days=30), "2026-02-13"),
    ],
)
def test_a_moment_is_said_from_now(ago: timedelta, said: str) -> None:
    assert relative_text(NOW - ago, NOW) == said


def test_what_never_was_is_a_dash() -> None:
    assert relative_text(None, NOW) == number_text(None) == count_text(None) == "–"


@pytest.mark.parametrize(
    ("value", "said"), [(0.384, "0.38 s"), (41.72, "41.7 s"), (1234.0, "1234 s"), (99.96, "100 s")]
)
def test_a_figure_has_three_significant_digits(value: float, said: str) -> None:
    assert number_text(value, "s") == said


def test_large_counts_are_grouped() -> None:
    assert count_text(1234567) == "1,234,567"
