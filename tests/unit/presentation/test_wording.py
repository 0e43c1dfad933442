"""Quantities read as a person would say them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from heygen_desktop.domain.entities.run import RunFigures
from heygen_desktop.presentation import wording


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (None, "–"),
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (6_999_000, "7.0 MB"),
        (99_960_000, "100 MB"),
        (999_600_000, "1.0 GB"),
        (5.5e18, "5500 PB"),
    ],
)
def test_bytes_are_said_in_the_unit_that_fits(count: float | None, said: str) -> None:
    assert wording.size(count) == said


def test_a_rate_is_bytes_a_second() -> None:
    assert (wording.size_rate(1_250_000), wording.size_rate(None)) == ("1.2 MB/s", "–")


@pytest.mark.parametrize(("count", "said"), [(12, "12"), (3_499_500, "3.5 M"), (7e9, "7.0 B")])
def test_large_numbers_are_short(count: float, said: str) -> None:
    assert wording.quantity(count) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, "–"),
        (0.0, "0 ms"),
        (0.0063, "6 ms"),
        (0.00994, "10 ms"),
        (0.00996, "0.01 s"),
        (0.124, "0.12 s"),
        (0.997, "1.0 s"),
        (3.14, "3.1 s"),
        (59.97, "1 min 0 s"),
        (75, "1 min 15 s"),
        (7500, "2 h 5 min"),
    ],
)
def test_time_is_said_as_finely_as_it_matters(seconds: float | None, said: str) -> None:
    assert wording.duration(seconds) == said


def test_shares_and_speeds_that_were_not_taken_are_a_dash() -> None:
    assert (wording.percent(12.4), wording.percent(None)) == ("12 %", "–")
    assert (wording.speed(41.25), wording.speed(None)) == ("41.2 tokens/s", "–")


def test_a_moment_is_told_by_the_clock_of_the_reader() -> None:
    noon = datetime(2026, 1, 31, 12, tzinfo=UTC)

    assert wording.moment(noon, zone=timezone(timedelta(hours=2))) == "2026-01-31 14:00:00"
    assert wording.moment(None) == "–"


def test_counting_knows_one_from_many() -> None:
    assert wording.counted(1, "entry", "entries") == "1 entry"
    assert wording.counted(1200, "entry", "entries") == "1,200 entries"
    assert wording.counted(0, "model") == "0 models"


def test_a_run_says_all_that_it_cost() -> None:
    figures = RunFigures(0.12, 41.3, 23, 4, 512_000_000, 3.1)

    assert wording.run_cost(figures) == (
        "23 tokens, 0.12 s to first token, 41.3 tokens/s, peak 512 MB, loaded in 3.1 s"
    )


def test_a_run_says_when_its_model_was_there_already() -> None:
    assert wording.run_cost(RunFigures(tokens=1, load_s=0.0)) == "1 token, already in memory"


def test_figures_that_were_not_taken_are_left_out() -> None:
    assert wording.run_cost(RunFigures()) == wording.NOTHING


def test_control_characters_cannot_move_the_cursor() -> None:
    assert wording.printable("a\x1b[2Jb\nc") == "a\ufffd[2Jb\ufffdc"
    assert wording.printable("a\nb\x07", keep="\n\t") == "a\nb\ufffd"
    assert wording.printable("日本 ✓") == "日本 ✓"
    assert wording.printable("\udc80") == "\ufffd"
