"""The line before a worker, which anyone may give up, and how silence is measured."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from heygen_desktop.domain.errors import RunCancelledError
from heygen_desktop.infrastructure.inference.waiting import Silence, WaitingLine

from tests.fakes.clock import FakeClock


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


def test_silence_grows_until_a_sign_of_life() -> None:
    clock = FakeClock()
    silence = Silence(clock)
    silence.measure(0)
    for _ in range(3):
        clock.advance(0.5)
        silence.measure(0)
    assert silence.seconds == 1.5

    assert silence.measure(1) == 0.0


def test_a_pause_of_our_own_is_not_held_against_the_other_side() -> None:
    clock = FakeClock()
    silence = Silence(clock)
    silence.measure(0)

    clock.advance(3600)

    assert silence.measure(0) == 1.0


def test_a_message_ends_the_silence() -> None:
    clock = FakeClock()
    silence = Silence(clock)
    silence.measure(0)
    clock.advance(0.9)
    silence.measure(0)

    silence.reset()
    clock.advance(0.9)

    assert silence.measure(0) == 0.0
