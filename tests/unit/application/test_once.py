"""A part is made when it is first asked for, and never twice."""

from __future__ import annotations

import threading

from heygen_desktop.application.once import once


class House:
    """Counts what is built."""

    def __init__(self) -> None:
        self.built: list[str] = []
        self.may_go_on = threading.Event()

    @once
    def cellar(self) -> str:
        """Below."""
        self.built.append("cellar")
        return "cellar"

    @once
    def roof(self) -> str:
        self.built.append(f"roof on {self.cellar}")
        return "roof"

    @once
    def slow(self) -> object:
        self.built.append("slow")
        self.may_go_on.wait(5)
        return object()


def test_nothing_is_made_before_it_is_asked_for() -> None:
    house = House()

    assert house.built == []


def test_a_part_is_made_once_and_what_it_needs_before_it() -> None:
    house = House()

    assert (house.roof, house.roof) == ("roof", "roof")
    assert house.built == ["cellar", "roof on cellar"]


def test_another_house_has_parts_of_its_own() -> None:
    first, second = House(), House()

    assert first.cellar == second.cellar
    assert (first.built, second.built) == (["cellar"], ["cellar"])


def test_threads_that_ask_together_get_the_same_part() -> None:
    house = House()
    got: list[object] = []
    threads = [threading.Thread(target=lambda: got.append(house.slow)) for _ in range(4)]

    for thread in threads:
        thread.start()
    house.may_go_on.set()
    for thread in threads:
        thread.join()

    assert house.built == ["slow"]
    assert len(set(map(id, got))) == 1


def test_the_class_itself_shows_what_the_part_is() -> None:
    assert House.cellar.__doc__ == "Below."
