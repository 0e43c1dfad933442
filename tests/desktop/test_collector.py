"""Cycles are freed on the UI thread only."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from heygen_desktop.presentation.desktop.qt.collector import UiThreadCollector
from pytestqt.qtbot import QtBot

from tests.desktop.conftest import wait_for


class Knot:
    """A cycle that notes which thread freed it."""

    def __init__(self, freed_on: list[int]) -> None:
        self.itself = self
        weakref.finalize(self, lambda: freed_on.append(threading.get_ident()))


@pytest.fixture
def collector(qtbot: QtBot) -> Iterator[UiThreadCollector]:
    made = UiThreadCollector(interval_ms=10)
    yield made
    made.close()


def test_a_busy_worker_thread_frees_no_cycle(qtbot: QtBot, collector: UiThreadCollector) -> None:
    freed_on: list[int] = []

    def make_garbage() -> None:
        Knot(freed_on)
        kept = [[] for _ in range(20_000)]  # type: list[list[int]]
        assert len(kept) == 20_000

    thread = threading.Thread(target=make_garbage)
    thread.start()
    thread.join()
    assert freed_on == []
    pressure = [[object()] for _ in range(gc.get_threshold()[0] + 100)]
    wait_for(qtbot, lambda: freed_on)

    assert freed_on == [threading.main_thread().ident]
    assert pressure


def test_nothing_is_collected_before_it_is_due(collector: UiThreadCollector) -> None:
    gc.collect()
    freed_on: list[int] = []
    Knot(freed_on)

    collector.collect_if_due()

    assert freed_on == []


def test_what_survives_the_first_whole_look_is_left_out_of_later_ones_until_the_end(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    collector = UiThreadCollector()
    monkeypatch.setattr(gc, "get_count", lambda: (0, 0, 100))
    gc.unfreeze()  # libraries of the tests freeze theirs

    collector.collect_if_due()
    settled = gc.get_freeze_count()
    later = [[] for _ in range(100)]  # type: list[list[int]]
    collector.collect_if_due()
    still = gc.get_freeze_count()
    collector.close()

    assert 0 < settled == still
    assert gc.get_freeze_count() == 0
    assert later


def test_the_automatic_collector_comes_back(qtbot: QtBot) -> None:
    collector = UiThreadCollector()
    assert not gc.isenabled()

    collector.close()
    collector.close()

    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off(qtbot: QtBot) -> None:
    gc.disable()
    try:
        UiThreadCollector().close()
        assert not gc.isenabled()
    finally:
        gc.enable()
