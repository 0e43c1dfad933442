"""What can be taken back: the newest first, once, and not for ever."""

from __future__ import annotations

from heygen_desktop.presentation.desktop.undo import MOST_DEEDS, Deed, UndoStack


def a_stack(number: int, undone: list[int]) -> UndoStack:
    """Return a stack of so many deeds that note their number when they are undone."""
    stack = UndoStack()
    for at in range(number):
        stack.push(Deed(f"did {at}", lambda at=at: undone.append(at)))  # type: ignore[misc]  # mypy cannot type a lambda's default
    return stack


def test_an_empty_stack_takes_nothing_back() -> None:
    stack = UndoStack()

    stack.take_back(stack.newest)

    assert stack.newest is None


def test_a_deed_in_the_middle_is_taken_back_once() -> None:
    undone: list[int] = []
    stack = a_stack(1, undone)
    first = stack.newest
    stack.push(Deed("more", lambda: undone.append(99)))

    stack.take_back(first)
    stack.take_back(first)

    assert undone == [0]
    assert first not in stack
    assert stack.newest is not None
    assert stack.newest.text == "more"


def test_the_oldest_of_too_many_is_let_go() -> None:
    undone: list[int] = []
    stack = a_stack(MOST_DEEDS + 1, undone)

    while stack.newest is not None:
        stack.take_back(stack.newest)

    assert undone == list(range(MOST_DEEDS, 0, -1))


def test_all_are_let_go_where_no_place_is_named() -> None:
    stack = a_stack(3, [])

    stack.let_go()

    assert stack.newest is None
