"""Work in the background begins, ends when asked, and is not lost in silence."""

from __future__ import annotations

import threading
from collections.abc import Callable

from heygen_desktop.infrastructure.system.threads import Background


def test_it_goes_on_until_it_is_closed_and_leaves_no_thread() -> None:
    begun = threading.Event()
    answers: list[bool] = []

    def work(wait: Callable[[float], bool]) -> None:
        begun.set()
        answers.append(wait(30))

    background = Background("test", work, lambda error: None)
    before = set(threading.enumerate())
    background.start()
    assert begun.wait(10)

    background.close()
    background.close()

    assert answers == [True]
    assert set(threading.enumerate()) <= before  # one of another test may end meanwhile


def test_what_ends_it_before_its_time_is_reported() -> None:
    errors: list[BaseException] = []

    def work(_wait: Callable[[float], bool]) -> None:
        raise LookupError("no such machine")

    background = Background("test", work, errors.append)
    background.start()
    background.close()

    assert [type(error) for error in errors] == [LookupError]
