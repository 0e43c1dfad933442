"""The line before a worker: first come, first served, and anyone may give up."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from heygen_desktop.domain.errors import RunCancelledError
from heygen_desktop.infrastructure.inference.scheduler import WaitingLine


def never() -> bool:
    return False


class Place:
    """Somebody in the line, and when they came to stand in it."""

    def __init__(self, line: WaitingLine, name: str, order: list[str]) -> None:
        self._line = line
        self._name = name
        self._order = order
        self.stands = threading.Event()

    def _asked(self) -> bool:
        self.stands.set()
        return False

    def take_turn(self) -> None:
        with self._line.turn(self._asked):
            self._order.append(self._name)


def test_turns_come_in_the_order_of_coming() -> None:
    line, order = WaitingLine(poll_s=0.005), list[str]()
    places = [Place(line, name, order) for name in "abcde"]

    with ThreadPoolExecutor(len(places)) as pool, line.turn(never):
        for place in places:
            pool.submit(place.take_turn)
            assert place.stands.wait(5)
        assert line.length == 6
        assert order == []

    assert order == list("abcde")
    assert line.length == 0


def test_who_gives_up_while_waiting_leaves_the_line() -> None:
    line, asked = WaitingLine(poll_s=0.001), list[bool]()

    def gives_up() -> bool:
        asked.append(True)
        return len(asked) > 3

    with line.turn(never):
        with ThreadPoolExecutor(1) as pool, pytest.raises(RunCancelledError) as caught:
            pool.submit(lambda: line.turn(gives_up).__enter__()).result(5)
        assert line.length == 1

    assert caught.value.details == {"phase": "waiting", "tokens": 0}


def test_who_wants_to_stop_gets_no_turn_even_in_an_empty_line() -> None:
    line = WaitingLine()

    with pytest.raises(RunCancelledError), line.turn(lambda: True):
        pytest.fail("the turn was given")

    assert line.length == 0


def test_a_turn_that_ends_in_an_error_is_given_back() -> None:
    line = WaitingLine()

    with pytest.raises(KeyError), line.turn(never):
        raise KeyError

    with line.turn(never):
        assert line.length == 1
