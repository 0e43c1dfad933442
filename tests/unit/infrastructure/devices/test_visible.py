"""CUDA_VISIBLE_DEVICES, read as torch and CUDA read it."""

from __future__ import annotations

from itertools import takewhile

import pytest
from heygen_desktop.infrastructure.devices.local import visible_cards
from heygen_desktop.infrastructure.devices.nvidia import Card

UUIDS = ("GPU-aa11-01", "GPU-aa22-02", "GPU-bb33-03", "GPU-cc44-04")
CARDS = tuple(Card(index, f"Card {index}", uuid) for index, uuid in enumerate(UUIDS))
PART = Card(0, "A seventh of a card", "MIG-1234")

CASES = [
    (None, (0, 1, 2, 3)),
    ("", ()),
    ("-1", ()),
    ("none", ()),
    ("2", (2,)),
    ("1,0", (1, 0)),
    (" 3 , 1 ", (3, 1)),
    ("+1", (1,)),
    ("0,-1,2", (0,)),
    ("0,9,1", (0,)),
    ("7", ()),
    ("1,1", ()),
    ("0,,1", (0,)),
    ("2nd,1st", (2, 1)),
    ("0,GPU-aa22", (0,)),
    ("GPU-aa22-02,GPU-cc44-04", (1, 3)),
    ("GPU-bb", (2,)),
    ("GPU-aa", ()),
    ("GPU-cc,GPU-aa", (3,)),
    ("GPU-dd", ()),
    ("GPU-bb,GPU-bb", ()),
    ("GPU-bb,GPU-bb33", ()),
    ("GPU-bb,1", (2,)),
]


def no_part(uuid: str) -> Card | None:
    return None


@pytest.mark.parametrize(("variable", "expected"), CASES)
def test_the_variable_says_which_cards_are_seen_and_in_which_order(
    variable: str | None, expected: tuple[int, ...]
) -> None:
    shown = visible_cards(CARDS, variable, no_part)

    assert tuple(card.index for card in shown) == expected


@pytest.mark.parametrize("variable", ["MIG-1234", "MIG-1234,MIG-5678"])
def test_of_a_card_in_parts_one_part_is_used(variable: str) -> None:
    asked: list[str] = []

    def part(uuid: str) -> Card:
        asked.append(uuid)
        return PART

    assert visible_cards(CARDS, variable, part) == (PART,)
    assert asked == ["MIG-1234"]


def test_a_part_that_is_not_there_leaves_nothing() -> None:
    assert visible_cards(CARDS, "MIG-1", no_part) == ()


@pytest.mark.slow
@pytest.mark.parametrize(("variable", "expected"), [case for case in CASES if case[0] is not None])
def test_torch_reads_the_variable_in_the_same_way(
    variable: str, expected: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    from torch import cuda  # noqa: PLC0415  only where slow tests are wanted

    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", variable)

    named = [str(each) for each in cuda._parse_visible_devices()]
    is_by_uuid = variable.startswith("GPU-")
    seen = cuda._transform_uuid_to_ordinals(named, list(UUIDS)) if is_by_uuid else map(int, named)
    # torch's own count ends at the first number beyond the cards, too
    counted = takewhile(lambda index: index < len(CARDS), seen)

    assert tuple(counted) == expected
