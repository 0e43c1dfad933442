"""Stop strings: an output ends before the first of them, however it comes in pieces."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from heygen_desktop.infrastructure.inference.worker.stops import Stops
from hypothesis import given
from hypothesis import strategies as st


def told(stops: Stops, pieces: Sequence[str]) -> list[str]:
    return [*(stops.add(piece) for piece in pieces), stops.rest()]


@given(st.text("ab\n"), st.lists(st.text("ab\n", max_size=3), max_size=3), st.integers(1, 4))
def test_the_output_ends_before_the_first_stop_however_it_comes(
    text: str, stops: list[str], size: int
) -> None:
    found = [(text.find(each) + len(each), text.find(each)) for each in stops if each in text]
    whole_first = min((place for place in found if place[0] > place[1]), default=None)
    watching = Stops(stops)

    pieces = told(watching, [text[at : at + size] for at in range(0, len(text), size)])

    assert "".join(pieces) == text[: whole_first[1] if whole_first else len(text)]
    assert watching.reached == bool(whole_first)


@pytest.mark.parametrize(
    ("stops", "pieces", "shown"),
    [
        ([], ["a", "b"], ["a", "b", ""]),
        (["\n\n"], ["a", "\n"], ["a", "", "\n"]),
        (["End", "Enough"], ["it En", "d", " more"], ["it ", "", "", ""]),
    ],
)
def test_what_could_be_the_beginning_of_a_stop_waits(
    stops: list[str], pieces: list[str], shown: list[str]
) -> None:
    assert told(Stops(stops), pieces) == shown
