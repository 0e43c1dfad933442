"""Columns share the room: what matters is there, nothing is cut that has room."""

from __future__ import annotations

import pytest
from heygen_desktop.presentation.desktop.widgets.column_widths import SMALLEST, Wish, shared

NAME = Wish(width=150, content=200, stretches=True)
SIZE = Wish(width=80, content=60, rank=1)
TAGS = Wish(width=100, content=240, rank=3)
ADDED = Wish(width=120, content=120, rank=2)


def test_where_all_fit_nothing_is_cut_and_the_stretching_one_takes_the_rest() -> None:
    assert shared([NAME, SIZE, TAGS, ADDED], 900) == [460, 80, 240, 120]


def test_a_lesser_column_grows_a_little_and_the_one_that_is_read_most_before_it_grows_more() -> (
    None
):
    tags = Wish(width=100, content=400, rank=3)

    assert shared([NAME, SIZE, tags, ADDED], 520) == [150, 80, 170, 120]
    assert shared([NAME, SIZE, tags, ADDED], 600) == [200, 80, 200, 120]
    assert shared([NAME, SIZE, tags, ADDED], 700) == [200, 80, 300, 120]


def test_the_least_important_columns_go_first() -> None:
    assert shared([NAME, SIZE, TAGS, ADDED], 400) == [200, 80, 0, 120]
    assert shared([NAME, SIZE, TAGS, ADDED], 300) == [220, 80, 0, 0]
    assert shared([NAME, SIZE, TAGS, ADDED], 200) == [200, 0, 0, 0]


def test_of_two_alike_the_right_one_goes_first() -> None:
    assert shared([NAME, SIZE, Wish(80, 80, rank=1)], 250) == [170, 80, 0]


def test_the_stretching_one_gives_before_anything_is_out_of_view() -> None:
    assert shared([NAME, Wish(80, 80)], 180) == [100, 80]


def test_no_column_is_narrower_than_it_can_be_read() -> None:
    assert shared([NAME, Wish(80, 80)], 90) == [SMALLEST, 80]


def test_two_stretching_ones_share_what_is_left() -> None:
    two = [Wish(100, 100, stretches=True), Wish(100, 100, stretches=True)]

    assert shared(two, 301) == [150, 151]


def test_where_none_stretches_the_last_one_takes_the_rest() -> None:
    assert shared([Wish(100, 100), Wish(100, 100), Wish(100, 100, rank=1)], 250) == [100, 150, 0]


@pytest.mark.parametrize("room", [0, 100, 333, 1920])
def test_the_room_is_filled_exactly_where_it_suffices(room: int) -> None:
    widths = shared([NAME, SIZE, TAGS, ADDED], room)

    assert sum(widths) == max(room, SMALLEST)
